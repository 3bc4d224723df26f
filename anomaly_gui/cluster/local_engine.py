"""Work in processes of this machine: one part at a time each, so that it is known which part ended one."""

from __future__ import annotations

from collections import deque
from contextlib import closing
from multiprocessing import connection
from typing import TYPE_CHECKING, Any, TypeVar

from anomaly_gui.cluster.engine import (
    MOST_DEATHS,
    EngineGoneError,
    Failure,
    PartFailedError,
    WorkerRefusedError,
    list_merges,
)
from anomaly_gui.cluster.local_process import LocalProcess
from anomaly_gui.cluster.threads import count_workers, share_cores
from anomaly_gui.errors import UserError
from anomaly_gui.language import translate
from anomaly_gui.progress import CancelledError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence
    from types import TracebackType

    from anomaly_gui.cluster.outfit import Outfit

T = TypeVar("T")
R = TypeVar("R")

_TICK = 0.2  # seconds after which a wait for results looks whether the work was cancelled


class LocalEngine:
    """An `Engine` of so many processes, which start with the first work.

    Parameters
    ----------
    workers : how many processes; None: one for every pair of cores
    outfit : what each process needs once
    """

    def __init__(self, workers: int | None = None, outfit: Outfit | None = None) -> None:
        self._shares = share_cores(workers or count_workers())
        self._outfit = outfit
        self._processes: list[LocalProcess] = []
        self._cancelled = False

    def __enter__(self) -> LocalEngine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def pids(self) -> tuple[int, ...]:
        """The numbers of the processes at work."""
        return tuple(process.pid for process in self._processes)

    @property
    def has_started(self) -> bool:
        """Whether there is a process that could start."""
        return any(process.is_ready and process.is_of_use for process in self._processes)

    def map_parts(
        self, work: Callable[[T], R], parts: Sequence[T]
    ) -> Generator[tuple[int, R | Failure], None, None]:
        """Yield number and result of each part as they complete (see `Engine`)."""
        self._cancelled = False
        yield from _Mapping(self, work, parts).run()

    def reduce_parts(self, work: Callable[[T], R], merge: Callable[[R, R], R], parts: Sequence[T]) -> R:
        """Return the results of all parts merged in a fixed tree, here (see `Engine`)."""
        if not parts:
            raise ValueError("no part to reduce")
        held: dict[tuple[int, int], R] = {}  # by the part each starts at, and the one it reaches up to
        parents = _list_parents(len(parts))
        with closing(self.map_parts(work, parts)) as results:
            for number, result in results:
                if isinstance(result, Failure):
                    raise PartFailedError(result)
                node = (number, number + 1)
                held[node] = result
                while node in parents and all(child in held for child in _list_children(parents[node])):
                    first, second, end = parents[node]
                    node = (first, end)
                    held[node] = merge(held.pop((first, second)), held.pop((second, end)))
        return held[0, len(parts)]

    def cancel(self) -> None:
        """Stop what is running."""
        self._cancelled = True

    def close(self) -> None:
        """End all processes."""
        for process in self._processes:
            process.end()
        self._processes = []

    def wait(self) -> set[LocalProcess]:
        """Return the processes that have answered or ended, after waiting for one.

        Raises
        ------
        CancelledError : the work was cancelled
        """
        by_source: dict[Any, LocalProcess] = {process.source: process for process in self._processes}
        by_source |= {process.sentinel: process for process in self._processes}
        while True:
            if self._cancelled:
                raise CancelledError
            if ready := connection.wait(list(by_source), _TICK):
                return {by_source[source] for source in ready}

    def start_processes(self) -> list[LocalProcess]:
        """Start what is not running; return all processes."""
        if not self._shares:
            raise EngineGoneError(translate("No worker is left that may do this work."))
        missing, of_use = list(self._shares), [one for one in self._processes if one.is_of_use]
        for process in of_use:
            missing.remove(process.cores)  # several may have the same cores
        for process in set(self._processes) - set(of_use):
            process.end()
        self._processes = [*of_use, *(LocalProcess(cores, self._outfit) for cores in missing)]
        return self._processes

    def drop(self, process: LocalProcess) -> None:
        """Go on without a process that may not do the work."""
        process.end()
        self._shares.remove(process.cores)


def _list_parents(count: int) -> dict[tuple[int, int], tuple[int, int, int]]:
    """Return the merge that takes in each result but the whole; whatever is ready is merged at once."""
    merges = list_merges(count)
    return {child: one for one in merges for child in _list_children(one)}


def _list_children(merge: tuple[int, int, int]) -> tuple[tuple[int, int], tuple[int, int]]:
    return merge[:2], merge[1:]


class _Mapping:
    """One call of `map_parts`: what waits, what runs where, what has cost how many processes."""

    def __init__(self, engine: LocalEngine, work: Callable[[Any], Any], parts: Sequence[Any]) -> None:
        self._engine, self._work, self._parts = engine, work, parts
        self._waiting = deque(range(len(parts)))
        self._running: dict[LocalProcess, int] = {}
        self._deaths: dict[int, int] = {}
        self._false_starts = 0

    def run(self) -> Iterator[tuple[int, Any]]:
        try:
            while self._waiting or self._running:
                self._hand_out()
                for process in self._engine.wait():
                    yield from self._take(process)
        finally:
            for process in self._running:  # cancelled, or nobody asks for more
                process.end()

    def _hand_out(self) -> None:
        for process in self._engine.start_processes():
            if self._waiting and process not in self._running:
                number = self._waiting.popleft()
                self._running[process] = number
                process.send_part(self._work, self._parts[number])

    def _take(self, process: LocalProcess) -> Iterator[tuple[int, Any]]:
        try:
            result = process.read_result()
        except EOFError:
            process.end()
            number = self._running.pop(process, None)
            if not process.is_ready:
                self._count_false_start(process, number)
            elif number is not None and (failure := self._count_death(number)):
                yield number, failure
            return
        if result is None:
            self._false_starts = 0
        elif (number := self._running.pop(process, None)) is not None:
            yield from self._tell(process, number, result)

    def _tell(self, process: LocalProcess, number: int, result: Any) -> Iterator[tuple[int, Any]]:
        if isinstance(result, WorkerRefusedError):
            self._waiting.appendleft(number)
            self._drop(process, result)
        elif isinstance(result, UserError):
            yield number, Failure(number, str(result), ends_worker=False)
        elif isinstance(result, BaseException):
            raise result
        else:
            yield number, result[0]

    def _drop(self, process: LocalProcess, why: WorkerRefusedError) -> None:
        self._engine.drop(process)
        try:
            self._engine.start_processes()
        except EngineGoneError:
            raise why from None

    def _count_false_start(self, process: LocalProcess, number: int | None) -> None:
        """Put back a part that was sent to a process that could not start; go on with those that could."""
        if number is not None:
            self._waiting.appendleft(number)
        self._false_starts += 1
        if self._false_starts < MOST_DEATHS:
            return
        if not self._engine.has_started:
            raise EngineGoneError(
                translate("Processes that work on parts end here before they have begun: see what they said.")
            )
        self._engine.drop(process)
        self._false_starts = 0

    def _count_death(self, number: int) -> Failure | None:
        """Put a part that ended a process back, or return that it is given up."""
        self._deaths[number] = self._deaths.get(number, 0) + 1
        if self._deaths[number] < MOST_DEATHS:
            self._waiting.appendleft(number)
            return None
        return Failure(number, translate("ends the process that works on it"), ends_worker=True)
