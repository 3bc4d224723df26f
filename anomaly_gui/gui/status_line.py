"""The line at the window's bottom: what was said last, the task at work, and what runs the network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QLabel, QStatusBar

from anomaly_gui.gui.style.parts import ElidedLabel
from anomaly_gui.gui.widgets.plain_text import escape_tooltip
from anomaly_gui.gui.work.busy_bar import BusyBar
from anomaly_gui.wording import join_sentences

if TYPE_CHECKING:
    from anomaly_gui.gui.state.session import Session
    from anomaly_gui.gui.work.tasks import Task
    from anomaly_gui.gui.work.workshop import Workshop


class StatusLine(QObject):
    """Fills a status bar; between tasks it says what the threshold rests on."""

    def __init__(self, bar: QStatusBar, session: Session, workshop: Workshop) -> None:
        super().__init__(bar)
        self._session, self._workshop = session, workshop
        self.label = ElidedLabel()
        bar.addWidget(self.label, 1)
        self.busy = BusyBar(in_a_row=True)
        bar.addPermanentWidget(self.busy)
        self.runtime = QLabel()
        bar.addPermanentWidget(self.runtime)
        self.busy.cancel_requested.connect(workshop.runner.cancel_all)
        self.busy.stop_requested.connect(workshop.runner.stop_early)
        workshop.runner.stopping.connect(self.busy.show_stopping)
        workshop.task_started.connect(self._on_task_started)
        workshop.idle.connect(self._on_idle)
        workshop.runner.changed.connect(self._on_queue_changed)
        workshop.noted.connect(self.show_text)
        session.thresholds.changed.connect(self._show_threshold)
        session.model_changed.connect(self._on_model_changed)

    @Slot(str)
    def show_text(self, text: str) -> None:
        """Show a sentence."""
        self.label.setText(text)
        self.label.setToolTip(escape_tooltip(text))

    @Slot()
    def _show_threshold(self) -> None:
        threshold, model = self._session.threshold, self._session.model
        if threshold is None or model is None:
            self.show_text(self.tr("Ready."))
            return
        text = self.tr("Threshold from: %1.").replace("%1", threshold.origin)
        if not model.training.calibration:
            more = self.tr("Give good parts of another day to trust it on other days.")
            text = join_sentences(text, more)
        self.show_text(text)

    @Slot()
    def _on_model_changed(self) -> None:
        model = self._session.model
        self.runtime.setText(model.network if model else "")

    @Slot(object)
    def _on_task_started(self, task: Task) -> None:
        self.busy.follow_task(task, task.plan)
        self.show_text(task.title + "…")

    @Slot()
    def _on_queue_changed(self) -> None:
        self.busy.show_waiting(len(self._workshop.runner.tasks) - 1)

    @Slot()
    def _on_idle(self) -> None:
        self.busy.hide()
        if self.label.text().endswith("…"):  # what was said since stays: it may be a problem
            self._show_threshold()
