"""How far a job of several stages is as a whole, and how much time is left of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from anomaly_gui.language import translate

if TYPE_CHECKING:
    from collections.abc import Sequence

_TELLING = 2.0, 0.05  # seconds, and the share of the work, before which time left is a guess


@dataclass(frozen=True)
class PlannedStage:
    """A stage by its English name, and what it costs: a multiple of reading the good images."""

    name: str
    cost: float


_BEFORE = (
    PlannedStage("Looking at how the parts lie", 0.5),
    PlannedStage("Looking for parts on a plain ground", 0.7),
    PlannedStage("Looking at how the parts can be turned", 0.9),
    PlannedStage("Good images", 1.0),
)
_KNOWN_DEFECTS = PlannedStage("Known defects", 0.4)
_BETWEEN = (PlannedStage("Looking for odd images", 0.2), PlannedStage("Fitting", 0.4))
_OF_DEFECTS = (
    PlannedStage("Looking at where defects are", 0.5),
    PlannedStage("Known defects: where they differ", 0.3),
)
_LAST = PlannedStage("Keeping the model", 0.05)


def plan_training(has_defects: bool) -> tuple[PlannedStage, ...]:
    """Return the stages of a training that may come, in their order; those that do not are passed over."""
    if has_defects:
        return (*_BEFORE, _KNOWN_DEFECTS, *_BETWEEN, *_OF_DEFECTS, _LAST)
    return (*_BEFORE, *_BETWEEN, _LAST)


class JobProgress:
    """Follows a job through its stages. Neither does its share fall, nor the time that is left rise."""

    def __init__(self, plan: Sequence[PlannedStage], began: float) -> None:
        self._plan, self._began = plan, began
        self._at, self._inside = -1, 0.0  # index of the stage at work, and its share that is done
        self._share, self._left = 0.0, float("inf")

    def begin_stage(self, name: str) -> None:
        """Note that a stage begins, by its name in the language in use.

        One that is not planned counts as part of the last one.
        """
        for index in range(self._at + 1, len(self._plan)):
            if translate(self._plan[index].name) == name:
                self._at, self._inside = index, 0.0
                return

    def advance(self, inside: float) -> None:
        """Note which share of the stage at work is done."""
        self._inside = max(self._inside, min(inside, 1.0))

    @property
    def number(self) -> int:
        """The number of the stage at work, from 1."""
        return max(1, self._at + 1)

    @property
    def share(self) -> float:
        """The share of the whole work that is done, 0 to 1."""
        whole = sum(stage.cost for stage in self._plan)
        done = sum(stage.cost for stage in self._plan[: max(self._at, 0)])
        done += self._inside * self._plan[max(self._at, 0)].cost
        self._share = max(self._share, done / whole)
        return self._share

    def estimate_left(self, now: float) -> float | None:
        """Return the seconds that are left; None while nothing tells."""
        passed, share = now - self._began, self.share
        if passed < _TELLING[0] or share < _TELLING[1]:
            return None
        self._left = min(self._left, passed * (1 - share) / share)
        return self._left
