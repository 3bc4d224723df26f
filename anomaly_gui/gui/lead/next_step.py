"""What to say of a model in one sentence, and the one step that makes sense next."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from anomaly_gui.detection.judging.promise import BROKEN
from anomaly_gui.detection.judging.verdicts import VERDICTS, Verdict
from anomaly_gui.gui.state.image_table import ImageLabel
from anomaly_gui.wording import join_clauses

if TYPE_CHECKING:
    from anomaly_gui.detection.judging.promise import Promise
    from anomaly_gui.detection.judging.thresholds import ExpectedFalseAlarms, Threshold
    from anomaly_gui.gui.state.session import Session
    from anomaly_gui.gui.work.promise_watch import PromiseWatch

_FEW_PARTS = 20
_FOUND = 0.5  # share of the known defects below which a model is not called ready
_TIMES_MORE, _MANY = 3, 0.1  # false alarms beside what was asked for, and in themselves
_SETTLED = 50  # milliseconds without a change


class Action(Enum):
    """What the button of a step does."""

    ANSWER = "go to the questions of the training"
    INSPECT = "go to Inspect"
    LEARN_TOO = "learn the good images that differ"
    TAKE_BACK = "go back to the threshold that was calibrated"
    LOOK_AT_WRONG = "look at the next image that is judged wrong"
    ADD_GOOD = "choose more good images"


@dataclass(frozen=True)
class NextStep:
    """A sentence, and a button that does what it asks for; `is_ready` says that nothing needs mending."""

    says: str
    button: str
    action: Action
    is_ready: bool = False


class NextSteps(QObject):
    """Follows the model in use, its threshold and what was judged, and tells what to do next."""

    changed = Signal()

    def __init__(self, session: Session, watch: PromiseWatch, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._watch, self._is_asked = session, watch, False
        self.now: NextStep | None = None
        self._timer = QTimer(self, singleShot=True, interval=_SETTLED)
        self._timer.timeout.connect(self.look)
        for signal in (
            session.model_changed,
            session.images_added,
            session.images_replaced,
            session.labels_changed,
            session.thresholds.changed,
            watch.changed,
        ):
            signal.connect(self._look_soon)

    @Slot()
    def _look_soon(self) -> None:
        self._timer.start()  # not connected itself: it would take the rows of images for milliseconds

    @Slot(bool)
    def set_asked(self, is_asked: bool) -> None:
        """Note whether a question of the training is open."""
        self._is_asked = is_asked
        self._timer.start()

    @Slot()
    def look(self) -> None:
        """Find out what is next."""
        found = self._find_step()
        if found != self.now:
            self.now = found
            self.changed.emit()

    def _find_step(self) -> NextStep | None:
        threshold, promise = self._session.threshold, self._watch.promise
        if threshold is None:
            return None
        if self._is_asked:
            text = self.tr("Learned. Something is asked that only you can tell: one click, and it is done.")
            return NextStep(text, self.tr("Answer"), Action.ANSWER)
        if promise is not None and promise.outcome == BROKEN:
            return self._step_by_promise(promise)
        found, defects = self._count_found(threshold)
        if found < _FOUND * defects:
            text = self.tr("Only %1 of %2 known defects are found: look at those that are missed.")
            return NextStep(_put_counts(text, found, defects), self.tr("Show me"), Action.LOOK_AT_WRONG)
        expected = threshold.expected
        if expected is not None and self._rejects_too_many(threshold, expected):
            text = self.tr("As the threshold is now, %1 of %2 good parts will be rejected.")
            return NextStep(self._put_expected(text, expected), self.tr("Take it back"), Action.TAKE_BACK)
        if expected is not None and expected.parts < _FEW_PARTS:
            text = self.tr("A first guess, by %n good part(s): give 100 to rely on it.", "", expected.parts)
            return NextStep(text, self.tr("Add good images…"), Action.ADD_GOOD)
        return self._step_to_inspecting(expected, found, defects)

    def _rejects_too_many(self, threshold: Threshold, expected: ExpectedFalseAlarms) -> bool:
        """Tell whether a threshold that somebody moved rejects far more than was asked for."""
        asked = threshold.asked_rate or 0.0
        was_moved = threshold != self._session.thresholds.calibrated
        return was_moved and expected.rate > max(_TIMES_MORE * asked, _MANY)

    def _step_by_promise(self, promise: Promise) -> NextStep:
        text = self.tr("These %n good part(s) differ from those learned", "", promise.parts)
        if promise.difference:
            text = self.tr("%1 (%2)").replace("%1", text).replace("%2", promise.difference)
        more = self.tr("%1 of them are rejected.").replace("%1", f"{round(promise.false_alarms):,}")
        text = self.tr("%1: %2").replace("%1", text).replace("%2", more)
        return NextStep(text, self.tr("Learn them, too"), Action.LEARN_TOO)

    def _step_to_inspecting(self, expected: ExpectedFalseAlarms | None, found: int, defects: int) -> NextStep:
        parts = []
        if expected is not None:
            parts.append(self._put_expected(self.tr("%1 of %2 good parts will be rejected"), expected))
        if defects:
            parts.append(_put_counts(self.tr("%1 of %2 known defects are found"), found, defects))
        text = self.tr("Ready: %1.").replace("%1", join_clauses(parts)) if parts else self.tr("Ready.")
        return NextStep(text, self.tr("Inspect"), Action.INSPECT, is_ready=True)

    def _count_found(self, threshold: Threshold) -> tuple[int, int]:
        """Return how many of the images labelled as defects are judged so, and how many there are."""
        table = self._session.table
        shown = table.shown_rows  # a file that was given twice counts once
        rows = shown[(table.labels[shown] == ImageLabel.DEFECT) & ~np.isnan(table.scores[shown])]
        codes = table.find_verdict_codes(rows, threshold)
        return int((codes == VERDICTS.index(Verdict.DEFECT)).sum()), len(rows)

    def _put_expected(self, text: str, expected: ExpectedFalseAlarms) -> str:
        count = round(expected.rate * expected.of)
        is_rare = expected.rate > 0 and not count
        guess = self.tr("fewer than 1") if is_rare else self.tr("about %1").replace("%1", str(count))
        return text.replace("%1", guess).replace("%2", f"{expected.of:,}")


def _put_counts(text: str, count: int, total: int) -> str:
    return text.replace("%1", f"{count:,}").replace("%2", f"{total:,}")
