"""Does what the button of the next step says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from anomaly_gui.gui.lead.next_step import Action
from anomaly_gui.gui.state.image_table import ImageLabel
from anomaly_gui.gui.state.mode import Mode

if TYPE_CHECKING:
    from anomaly_gui.gui.lead.next_step_strip import NextStepStrip
    from anomaly_gui.gui.state.session import Session
    from anomaly_gui.gui.train.model_panel import ModelPanel
    from anomaly_gui.gui.train.retraining import Retraining


class LeadingOn(QObject):
    """Stands between the strip of the next step and what takes it."""

    mode_requested = Signal(object)  # a Mode

    def __init__(
        self,
        strip: NextStepStrip,
        panel: ModelPanel,
        session: Session,
        retraining: Retraining,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._panel, self._session, self._retraining = panel, session, retraining
        panel.questions.open_changed.connect(strip.steps.set_asked)
        strip.wanted.connect(self.take_step)

    @Slot(object)
    def take_step(self, action: Action) -> None:
        """Take a step that was asked for."""
        if action is Action.INSPECT:
            self.mode_requested.emit(Mode.INSPECT)
        elif action is Action.ANSWER:
            self.mode_requested.emit(Mode.TRAIN)
            self._panel.show_questions()
        elif action is Action.LEARN_TOO:
            self._retraining.learn_too()
        elif action is Action.TAKE_BACK:
            self._session.thresholds.return_to_calibrated()
        elif action is Action.LOOK_AT_WRONG:
            self._show_missed()
        elif action is Action.ADD_GOOD:
            self.mode_requested.emit(Mode.TRAIN)
            self._panel.good.add_folder()

    def _show_missed(self) -> None:
        """Select a known defect that is not found."""
        table, threshold = self._session.table, self._session.threshold
        self.mode_requested.emit(Mode.TUNE)
        if threshold is not None:
            rows = table.shown_rows
            missed = (table.labels[rows] == ImageLabel.DEFECT) & (table.scores[rows] >= threshold.value)
            self._session.select_rows(rows[missed][:1].tolist())
