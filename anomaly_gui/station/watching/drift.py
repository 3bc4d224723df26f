"""Whether the station's pictures, scores and rejects are still as its first parts were.

All of it follows from the records: it is the same after a restart. It only says what changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from anomaly_gui.station.judging.judged import StationVerdict
from anomaly_gui.station.watching.look_chart import LookChart
from anomaly_gui.station.watching.reference import SETTLED_PARTS
from anomaly_gui.station.watching.score_chart import ScoreChart
from anomaly_gui.station.watching.share_chart import ShareChart

if TYPE_CHECKING:
    from collections.abc import Mapping

    from anomaly_gui.station.watching.look_chart import Change
    from anomaly_gui.station.watching.score_chart import ScoreChange
    from anomaly_gui.station.watching.share_chart import ShareChange

EPOCH = 2000
"""Numbers of parts after which what remembers everything begins anew, so that a restart reads few rows."""

LIGHT, CONTRAST, SHARPNESS, SCORES, REJECTED = "light", "contrast", "sharpness", "scores", "rejected"
WARNINGS = (LIGHT, CONTRAST, SHARPNESS, SCORES, REJECTED)
"""Names of the warnings."""
FIRST_SCORES = "first_scores"
"""The one on first parts that score unlike what the model was proven on; it stays."""

TOLERANCES = {LIGHT: 0.08, CONTRAST: 0.12, SHARPNESS: 0.25}
"""Changes, as differences of logarithms, that are none: half of what has to be found, and more than lamps,
positions and batches make of good light."""


@dataclass(frozen=True)
class SeenPart:
    """What drift looks at of a part; `look` is brightness, contrast, sharpness and highlights."""

    seq: int
    at: str
    verdict: str
    score: float | None
    look: tuple[float, float, float, float | None] | None


class Drift:
    """The charts of one model at one station.

    Attributes
    ----------
    looks : by name: light, contrast, sharpness
    highlights : of the light, too: steadier than the mean where parts differ in size, or in how dark they are
    """

    def __init__(self) -> None:
        self.looks = {name: LookChart(tolerance) for name, tolerance in TOLERANCES.items()}
        self.highlights = LookChart(TOLERANCES[LIGHT])
        self.scores, self.share = ScoreChart(), ShareChart()
        self._epoch: int | None = None

    def note(self, part: SeenPart) -> None:
        """Take in the next part; challenges are no parts."""
        self._begin_epoch(part.seq // EPOCH)
        if part.look is not None:
            for chart, value in zip(self._charts, part.look, strict=True):
                if value is not None:
                    chart.note(part.at, value)
        if part.verdict == StationVerdict.GOOD and part.score is not None:
            self.scores.note(part.at, part.score)
        if part.verdict != StationVerdict.ERROR:
            self.share.note(part.seq, part.at, part.verdict != StationVerdict.GOOD)

    def _begin_epoch(self, number: int) -> None:
        if self._epoch not in (None, number):
            self.scores.drop_unfinished()
            for chart in self._charts:
                chart.restart_test()
        self._epoch = number

    @property
    def _charts(self) -> tuple[LookChart, ...]:
        """In the order of what a look says."""
        return (*self.looks.values(), self.highlights)

    @property
    def is_settled(self) -> bool:
        """Whether every chart knows what is usual, and will not tell it anew."""
        looks = all(chart.count_first == SETTLED_PARTS for chart in self._charts)
        return looks and self.scores.first is not None and self.share.limits is not None

    def list_changes(self) -> Mapping[str, Change | ScoreChange | ShareChange]:
        """Return what is not as it was, by the name of its warning."""
        found = {name: chart.change for name, chart in self.looks.items()}
        found[LIGHT] = found[LIGHT] or self.highlights.change
        every = {**found, SCORES: self.scores.change, REJECTED: self.share.change}
        return {name: change for name, change in every.items() if change is not None}
