"""One mapping over parts on a Dask cluster: what waits, what is with the workers, what is in doubt."""

from __future__ import annotations

import queue
from typing import TYPE_CHECKING, Any

from distributed.scheduler import KilledWorker

from anomaly_gui.cluster.engine import Failure
from anomaly_gui.cluster.on_dask.dask_parts import Refusal
from anomaly_gui.cluster.on_dask.dask_workers import TICK, DaskWorkers, blame_part

if TYPE_CHECKING:
    from collections import deque
    from collections.abc import Iterator, Sequence

    from distributed import Future


class DaskMapping:
    """One call of `map_parts`.

    Parameters
    ----------
    workers : that the work was brought to
    work : its name
    parts : what it is called with

    Attributes
    ----------
    doubtful : parts over which workers ended that had others, too: Dask does not tell which it was
    """

    def __init__(self, workers: DaskWorkers, work: str, parts: Sequence[Any]) -> None:
        self._workers, self._work, self._parts = workers, work, parts
        self._done: queue.SimpleQueue[tuple[int, Future[Any]]] = queue.SimpleQueue()
        self._running: dict[int, Future[Any]] = {}
        self._allowed: dict[int, list[str] | None] = {}
        self.doubtful: list[int] = []

    def run(self, waiting: deque[int]) -> Iterator[tuple[int, Any]]:
        """Yield number and result of each part that waits, but for doubtful ones."""
        is_alone = len(waiting) == 1
        try:
            while waiting or self._running:
                self._take_back(waiting)
                self._hand_out(waiting)
                if (done := self._wait()) is not None:
                    yield from self._take(*done, waiting, is_alone=is_alone)
        finally:
            self._workers.forget(list(self._running.values()))
            self._running.clear()

    def _take_back(self, waiting: deque[int]) -> None:
        """Let parts wait again that only workers may do that have gone."""
        for number in [one for one in self._running if self._workers.is_stranded(self._allowed[one])]:
            self._workers.forget([self._running.pop(number)])
            waiting.appendleft(number)

    def _hand_out(self, waiting: deque[int]) -> None:
        if not waiting:
            return
        wanted, allowed = self._workers.count_wanted(), self._workers.list_allowed()
        while waiting and len(self._running) < wanted:
            number = waiting.popleft()
            future = self._workers.submit_part(self._work, number, self._parts[number], allowed)
            self._running[number], self._allowed[number] = future, allowed
            future.add_done_callback(lambda done, number=number: self._done.put((number, done)))

    def _wait(self) -> tuple[int, Future[Any]] | None:
        self._workers.check()
        try:
            return self._done.get(timeout=TICK)
        except queue.Empty:
            return None

    def _take(
        self, number: int, future: Future[Any], waiting: deque[int], *, is_alone: bool
    ) -> Iterator[tuple[int, Any]]:
        if self._running.get(number) is not future:
            return
        try:
            outcome = self._workers.take_result(future)
        except KilledWorker:
            if is_alone:
                yield number, blame_part(number)
            else:
                self.doubtful.append(number)
        else:
            if isinstance(outcome, Refusal):
                waiting.appendleft(number)
                self._workers.refuse(outcome)
            else:
                yield number, outcome if isinstance(outcome, Failure) else outcome[0]
        finally:
            self._running.pop(number, None)
