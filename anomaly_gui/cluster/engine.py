"""What runs work on parts, wherever that is: the port that local processes and Dask both implement.

Work is sent to other processes: a function of a module, or a frozen dataclass of plain values that can be
called. What every worker needs and is large, such as the model, is no part of the work: see `outfit`.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar, overload

import anomaly_gui
from anomaly_gui.errors import UserError
from anomaly_gui.language import translate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

T = TypeVar("T")
R = TypeVar("R")

MOST_DEATHS = 3
"""How many processes may end over one part before it is given up."""


@dataclass(frozen=True)
class Failure:
    """A part that has no result.

    Parameters
    ----------
    number : of the part
    reason : a sentence for the user
    ends_worker : whether the processes that worked on it ended, rather than raised an error
    """

    number: int
    reason: str
    ends_worker: bool

    def say(self) -> str:
        """Say that the part failed; people count from 1."""
        return translate("Part {number:,} failed: {reason}", number=self.number + 1, reason=self.reason)


class MadeParts(Sequence[T]):
    """Parts that are each made when they are asked for: those of a million images take memory."""

    @abstractmethod
    def make_part(self, number: int) -> T:
        """Return the part of a number from 0 on."""

    @overload
    def __getitem__(self, index: int) -> T: ...

    @overload
    def __getitem__(self, index: slice) -> list[T]: ...

    def __getitem__(self, index: int | slice) -> T | list[T]:
        """Return a part, or some of them."""
        if isinstance(index, slice):
            return [self.make_part(number) for number in range(*index.indices(len(self)))]
        if not 0 <= index < len(self):
            raise IndexError(index)
        return self.make_part(index)


class PartFailedError(UserError):
    """A part of a reduction has no result, so that the whole has none."""

    def __init__(self, failure: Failure) -> None:
        said = translate("Part {number:,}: {reason}", number=failure.number + 1, reason=failure.reason)
        super().__init__(said)
        self.failure = failure

    def __reduce__(self) -> tuple[type[PartFailedError], tuple[Failure]]:
        return type(self), (self.failure,)


class WorkerRefusedError(UserError):
    """Raised by work on a worker that may not do it: its part is done elsewhere, and it gets no other."""


def check_version(wanted: str) -> None:
    """Raise WorkerRefusedError where this worker has another version of this program than it should."""
    if anomaly_gui.__version__ != wanted:
        raise WorkerRefusedError(
            translate(
                "A worker has version {theirs} of this program, not {ours}: install the same everywhere.",
                theirs=anomaly_gui.__version__,
                ours=wanted,
            )
        )


class EngineGoneError(UserError):
    """What runs the work has gone; what was finished is kept, and the same command goes on from there."""


class Engine(Protocol):
    """Runs work on parts, each in one of several processes; parts of processes that end are repeated."""

    def map_parts(self, work: Callable[[T], R], parts: Sequence[T]) -> Iterable[tuple[int, R | Failure]]:
        """Yield number and result of each part as they complete, each part once.

        A part has a `Failure` where its work raised a `UserError`, or where `MOST_DEATHS` processes ended
        over it. Any other error of the work is raised here.

        Raises
        ------
        CancelledError : `cancel` was called
        EngineGoneError : the scheduler has gone, or no worker is left that may do the work
        """

    def reduce_parts(self, work: Callable[[T], R], merge: Callable[[R, R], R], parts: Sequence[T]) -> R:
        """Return the results of all parts merged in a tree that depends on their number only.

        Neighbours are merged level by level: 0 with 1, 2 with 3, then 01 with 23; a last one without a
        neighbour goes up as it is. Intermediate results stay with the workers where there is a network
        between.

        Raises
        ------
        ValueError : there is no part
        PartFailedError : a part has no result
        CancelledError, EngineGoneError : as for `map_parts`
        """

    def cancel(self) -> None:
        """Stop what is running, from any thread; `map_parts` and `reduce_parts` raise `CancelledError`."""


def list_merges(count: int) -> list[tuple[int, int, int]]:
    """Return the merges of the tree over so many parts, in an order that keeps few results at a time.

    Each is (first, second, end): the result that starts at part `first` takes in the one that starts at
    part `second` and reaches up to part `end`, excluded; `second` > `first`.

    >>> list_merges(5)
    [(0, 1, 2), (2, 3, 4), (0, 2, 4), (0, 4, 5)]
    """
    merges, width = [], 1
    while width < count:
        merges += [
            (first, first + width, min(first + 2 * width, count))
            for first in range(0, count - width, 2 * width)
        ]
        width *= 2
    return sorted(merges, key=lambda merge: (merge[2], -merge[0]))
