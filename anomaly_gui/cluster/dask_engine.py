"""Work on a Dask cluster: a scheduler and workers, on this machine or on others."""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import uuid4

from distributed.scheduler import KilledWorker

from anomaly_gui.cluster.engine import Failure, PartFailedError, list_merges
from anomaly_gui.cluster.on_dask.dask_mapping import DaskMapping
from anomaly_gui.cluster.on_dask.dask_parts import OutfitPlugin, RefusedHereError, work_on_leaf
from anomaly_gui.cluster.on_dask.dask_workers import TICK, DaskWorkers, blame_part

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from distributed import Client, Future

    from anomaly_gui.cluster.outfit import Outfit

_PARTS_AHEAD = 4  # times as many parts as workers are busy with

T = TypeVar("T")
R = TypeVar("R")


class DaskEngine:
    """An `Engine` on the cluster of a client.

    Parameters
    ----------
    client : connected to the scheduler; who made it closes it
    outfit : what each worker needs once
    local_workers : how many workers a cluster of this machine's own has; 0: they are others' machines
    revive : starts anew what is missing of them
    """

    def __init__(
        self,
        client: Client,
        outfit: Outfit | None = None,
        local_workers: int = 0,
        revive: Callable[[], None] | None = None,
    ) -> None:
        self._workers = DaskWorkers(client, revive, local_workers)
        self._plugin = OutfitPlugin(outfit, local_workers, client.id)
        self._workers.register(self._plugin)

    def map_parts(
        self, work: Callable[[T], R], parts: Sequence[T]
    ) -> Generator[tuple[int, R | Failure], None, None]:
        """Yield number and result of each part as they complete (see `Engine`)."""
        self._workers.cancelled = False
        with self._workers.share_work(work) as name:
            mapping = DaskMapping(self._workers, name, parts)
            yield from mapping.run(deque(range(len(parts))))
            for number in mapping.doubtful:  # alone, it shows whether it was this one
                yield from mapping.run(deque([number]))

    def reduce_parts(self, work: Callable[[T], R], merge: Callable[[R, R], R], parts: Sequence[T]) -> R:
        """Return the results of all parts merged in a fixed tree, by the workers (see `Engine`)."""
        if not parts:
            raise ValueError("no part to reduce")
        self._workers.cancelled = False
        with self._workers.share_work(work) as name:
            return self._reduce(name, merge, parts)

    def _reduce(self, work: str, merge: Callable[[Any, Any], R], parts: Sequence[Any]) -> R:
        while True:
            allowed = self._workers.list_allowed()
            try:
                future = self._submit_tree(work, merge, parts, allowed)
                result: R = self._take_result(future, allowed)
            except RefusedHereError as error:
                self._workers.refuse(error.refusal)
            except _StrandedError:
                continue
            except KilledWorker as error:
                raise PartFailedError(blame_part(_number_of(error.task))) from error
            else:
                return result

    def _submit_tree(
        self,
        work: str,
        merge: Callable[[Any, Any], Any],
        parts: Sequence[Any],
        allowed: list[str] | None,
    ) -> Future[Any]:
        """Send all parts and merges, the parts not far ahead of what is done: thousands would take memory."""
        token, submit = uuid4().hex, self._workers.client.submit
        held: dict[int, Future[Any]] = {}
        waiting, ahead = deque(list_merges(len(parts))), deque[Any]()
        for number, part in enumerate(parts):
            if len(ahead) >= _PARTS_AHEAD * self._workers.count_wanted():
                self._wait_for(ahead.popleft(), allowed)
            key = (f"leaf-{token}", number)
            held[number] = submit(
                work_on_leaf, work, number, part, key=key, workers=allowed, priority=-number
            )
            ahead.append(held[number])
            while waiting and waiting[0][2] == number + 1:  # as soon as they can be: results need room
                first, second, _ = waiting.popleft()
                key = (f"merge-{token}-{second}", first)
                both = held[first], held.pop(second)
                held[first] = submit(merge, *both, key=key, workers=allowed, priority=1)
        return held[0]

    def _wait_for(self, future: Future[Any], allowed: list[str] | None) -> None:
        while not future.done():
            self._workers.check()
            if self._workers.is_stranded(allowed):
                raise _StrandedError
            time.sleep(TICK / 20)
        if future.status == "error":
            self._workers.take_result(future)  # raises

    def _take_result(self, future: Future[Any], allowed: list[str] | None) -> Any:
        try:
            self._wait_for(future, allowed)
            return self._workers.take_result(future)
        finally:
            future.release()

    def cancel(self) -> None:
        """Stop what is running: parts that have begun go to their end, and count for nothing."""
        self._workers.cancelled = True

    def close(self) -> None:
        """Take from the workers what they had been given."""
        self._workers.unregister(self._plugin.name)


class _StrandedError(Exception):
    """None of the workers is left that were allowed to do something."""


def _number_of(key: Any) -> int:
    """Return the number in a key of ours."""
    return int(key[1])
