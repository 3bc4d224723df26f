"""How scores are written in the window: relative to the threshold, or as the log-likelihoods they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from anomaly_gui.detection.judging.relative_scores import RelativeScale, format_relative
from anomaly_gui.figures.style import format_score

if TYPE_CHECKING:
    from anomaly_gui.detection.judging.thresholds import Threshold
    from anomaly_gui.gui.state.threshold_state import ThresholdState


class ScoreDisplay(QObject):
    """Writes scores for all views of a window; one switch for all of them."""

    changed = Signal()

    def __init__(self, thresholds: ThresholdState, parent: QObject) -> None:
        super().__init__(parent)
        self._thresholds = thresholds
        self._is_relative = True

    @property
    def is_relative(self) -> bool:
        """Whether 1.0 is the threshold and higher is worse."""
        return self._is_relative

    @Slot(bool)
    def show_log_likelihoods(self, on: bool) -> None:
        """Write log-likelihoods, as the worked example does, or relative scores again."""
        if on == self._is_relative:
            self._is_relative = not on
            self.changed.emit()

    def find_scale(self, threshold: Threshold | None = None) -> RelativeScale | None:
        """Return the relative scale at a threshold (None: the one in use), if there is a model."""
        threshold = threshold or self._thresholds.current
        return None if threshold is None else RelativeScale(threshold.value, self._thresholds.unit)

    def write_score(self, score: float, threshold: Threshold | None = None) -> str:
        """Return a score in words of the switch, at a threshold (None: the one in use)."""
        scale = self.find_scale(threshold)
        if scale is None or not self._is_relative:
            return format_score(score)
        return format_relative(scale.relate(score))
