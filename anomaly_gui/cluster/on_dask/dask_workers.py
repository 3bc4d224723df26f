"""The workers of a Dask cluster, as they come and go: which may work, and whether the scheduler is there."""

from __future__ import annotations

import math
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from anomaly_gui.cluster.engine import EngineGoneError, Failure, WorkerRefusedError
from anomaly_gui.cluster.on_dask.dask_parts import Refusal, WorkPlugin, work_on_part
from anomaly_gui.language import translate
from anomaly_gui.progress import CancelledError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from distributed import Client, Future, WorkerPlugin

TICK = 0.2
"""Seconds after which a wait looks whether the work was cancelled, or the scheduler has gone."""

_AHEAD = 1.5  # parts that are sent for each that can run: the next is there when one is done
_PATIENCE = 120.0  # seconds to wait for a first worker
_TRIES = 5  # to reach all workers, of which one may be ending
_WORKERS_KNOWN = 2.0  # seconds for which the list of workers is believed


class DaskWorkers:
    """The workers that a client reaches.

    Parameters
    ----------
    client : connected to the scheduler
    revive : starts anew what is missing of so many workers; None: that is others' business

    Attributes
    ----------
    client : connected to the scheduler
    cancelled : whether the work is to stop
    """

    def __init__(self, client: Client, revive: Callable[[], None] | None = None, workers: int = 0) -> None:
        self.client = client
        self._revive, self._expected = revive, workers
        self.cancelled = False
        self._refused: set[str] = set()
        self._known: tuple[float, dict[str, int]] = (-math.inf, {})

    def check(self) -> None:
        """Raise CancelledError or EngineGoneError where the work cannot go on."""
        if self.cancelled:
            raise CancelledError
        if self.client.status != "running":
            raise _gone()

    @contextmanager
    def share_work(self, work: Callable[[Any], Any]) -> Iterator[str]:
        """Bring work to every worker once, also to those that come meanwhile, and yield its name."""
        plugin = WorkPlugin(work, self.client.id)
        self.register(plugin)
        try:
            yield plugin.name
        finally:
            self.unregister(plugin.name)

    def register(self, plugin: WorkerPlugin) -> None:
        """Bring to every worker what a plugin holds; raises EngineGoneError where the scheduler has gone."""
        for _ in range(_TRIES):
            with suppress(OSError, TimeoutError):  # one of them has just ended
                self.client.register_plugin(plugin)
                return
            self.check()
            time.sleep(TICK)
        raise _gone()

    def unregister(self, name: str) -> None:
        """Take it from them again, by its name, as far as they are there."""
        if self.client.status == "running":
            with suppress(OSError, TimeoutError, ValueError):
                self.client.unregister_worker_plugin(name)

    def submit_part(self, work: str, number: int, part: Any, allowed: list[str] | None) -> Future[Any]:
        """Send a part to be worked on by a worker that may."""
        key = (f"part-{uuid4().hex}", number)
        return self.client.submit(work_on_part, work, number, part, key=key, workers=allowed)

    def take_result(self, future: Future[Any]) -> Any:
        """Return the result of a future that is done; what it raised is raised."""
        if future.cancelled():
            self.check()
            raise _gone()
        try:
            return future.result()
        except (OSError, TimeoutError) as error:
            if future.status == "error":  # it was the work, not the connection
                raise
            raise _gone() from error

    def forget(self, futures: Sequence[Future[Any]]) -> None:
        """Tell the scheduler that nobody asks for these any more."""
        if futures and self.client.status == "running":
            self.client.cancel(list(futures), force=True)

    def refuse(self, refusal: Refusal) -> None:
        """Go on without a worker.

        Raises
        ------
        WorkerRefusedError : none is left
        """
        self._refused.add(refusal.address)
        self._known = (-math.inf, {})
        if not self._ask():
            raise WorkerRefusedError(refusal.reason)

    def count_wanted(self) -> int:
        """Return how many parts should be with the workers at a time."""
        return max(1, math.ceil(_AHEAD * sum(self._list().values())))

    def list_allowed(self) -> list[str] | None:
        """Return the only workers that may work; None: every one, those that come later, too."""
        return list(self._list()) if self._refused else None

    def is_stranded(self, allowed: list[str] | None) -> bool:
        """Tell whether of the only workers that may do something none is left.

        Raises
        ------
        EngineGoneError : there is no worker at all, or the scheduler has gone
        """
        known = self._list()
        return allowed is not None and not set(allowed) & set(known)

    def _list(self) -> dict[str, int]:
        """Return the threads of each worker that may work, after waiting for a first one.

        Raises
        ------
        EngineGoneError : none came, or the scheduler has gone
        """
        since, known = self._known
        if known and time.monotonic() - since < _WORKERS_KNOWN:
            return known
        end = time.monotonic() + _PATIENCE
        while not (known := self._ask()):
            self.check()
            if time.monotonic() > end:
                raise EngineGoneError(
                    translate("The scheduler has no worker: start some, then give the same command.")
                )
            time.sleep(TICK)
        self._known = (time.monotonic(), known)
        return known

    def _ask(self) -> dict[str, int]:
        try:
            threads = self.client.nthreads()
            if self._revive is not None and len(threads) < self._expected:
                self._revive()
        except (OSError, TimeoutError, ValueError) as error:
            raise _gone() from error
        return {address: count for address, count in threads.items() if address not in self._refused}


def _gone() -> EngineGoneError:
    return EngineGoneError(
        translate(
            "The scheduler has gone. What was finished is kept: start it again, then give the same command, "
            "which goes on from there."
        )
    )


def blame_part(number: int) -> Failure:
    """Return that the processes ended that worked on a part."""
    return Failure(number, translate("ends the process that works on it"), ends_worker=True)
