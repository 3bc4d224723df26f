"""What the worker is doing, how far it is, and how to stop it."""

from __future__ import annotations

import time
from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from anomaly_gui.gui.widgets.job_progress import JobProgress, PlannedStage
from anomaly_gui.gui.widgets.style import set_role
from anomaly_gui.gui.work.tasks import Task
from anomaly_gui.wording import duration

_FINE = 1000  # steps of the bar of a whole job


class BusyBar(QWidget):
    """Follows one task after the other; hidden while there is none.

    Parameters
    ----------
    in_a_row : side by side, for a narrow place; this one hears the Escape key, and can end the learning of a
        network
    """

    cancel_requested = Signal()
    stop_requested = Signal()  # keep the best a network has learned

    def __init__(self, *, in_a_row: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._total, self._began, self._done, self._first = -1, 0.0, 0, 0
        self._is_learning = self._is_stopping = False
        self._whole: JobProgress | None = None  # of a job whose stages are known beforehand
        self._tasks: list[tuple[Task, Sequence[PlannedStage]]] = []
        self.what = QLabel()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.rate = QLabel()
        set_role(self.rate, faint=True)
        self.waiting = QLabel()
        set_role(self.waiting, faint=True)
        self.waiting.hide()
        self.cancel = QPushButton(self.tr("Cancel"))
        self.cancel.setToolTip(self.tr("Stop; what was there before stays as it is (Esc)"))
        self.cancel.clicked.connect(self._on_cancel)
        self.stop = QPushButton(self.tr("Stop, keep the best"))
        self.stop.setToolTip(self.tr("End the learning now; the network takes the weights of its best epoch"))
        self.stop.clicked.connect(self._on_stop)
        self.stop.hide()
        self._can_stop = in_a_row
        if in_a_row:
            self.cancel.setShortcut("Esc")
            self._lay_out_in_a_row()
        else:
            self._lay_out_in_a_column()
        self.hide()

    def _lay_out_in_a_row(self) -> None:
        self.bar.setFixedWidth(160)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for widget in (self.what, self.bar, self.rate, self.waiting, self.stop, self.cancel):
            layout.addWidget(widget)

    def _lay_out_in_a_column(self) -> None:
        for label in (self.what, self.rate):
            label.setWordWrap(True)  # a long text must not make the panel wider
        below = QHBoxLayout()
        below.addWidget(self.rate, 1)
        below.addWidget(self.waiting)
        below.addWidget(self.cancel)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.what)
        layout.addWidget(self.bar)
        layout.addLayout(below)

    def follow_task(self, task: Task, plan: Sequence[PlannedStage] = ()) -> None:
        """Show how a task goes; where its stages are known, as one progress from its beginning to its end."""
        task.staged.connect(self._on_staged)
        task.advanced.connect(self._on_advanced)
        task.learned.connect(self._on_learned)
        task.ended.connect(self._on_ended)
        self._tasks.append((task, plan))
        if len(self._tasks) == 1 or self.isHidden():
            self._begin(task, plan)
        self.show()

    def _begin(self, task: Task, plan: Sequence[PlannedStage]) -> None:
        self._whole = JobProgress(plan, time.monotonic()) if plan else None
        self._is_stopping = False
        self.cancel.setEnabled(True)
        self._on_staged(task.title, -1)

    @Slot()
    def _on_ended(self) -> None:
        """Turn to the task that was waiting."""
        self._tasks = [one for one in self._tasks if one[0] is not self.sender()]
        if self._tasks:
            self._begin(*self._tasks[0])

    @Slot()
    def show_stopping(self) -> None:
        """Say at once that the work is being stopped, whatever it still tells of itself."""
        self._is_stopping = True
        self.cancel.setEnabled(False)
        self.what.setText(self.tr("Stopping…"))
        self.rate.setText("")
        self.stop.hide()
        self.bar.setRange(0, 0)

    def show_waiting(self, jobs: int) -> None:
        """Say how many jobs wait behind the one at work."""
        self.waiting.setVisible(jobs > 0)
        self.waiting.setText(self.tr("%n more waiting", "", jobs))

    @Slot(str, int)
    def _on_staged(self, name: str, total: int) -> None:
        if self._is_stopping:
            return
        self._total, self._began, self._done, self._first = total, time.monotonic(), 0, 0
        self._is_learning = False
        self.stop.hide()
        if self._whole is not None:
            self._whole.begin_stage(name)
            self.what.setText(name)
            self._show_whole()
            return
        self.bar.setRange(0, max(total, 0))
        self.bar.setValue(0)
        self.what.setText(
            name if total < 0 else self.tr("%1: %2").replace("%1", name).replace("%2", f"{total:,}")
        )
        self.rate.setText("")

    @Slot(int)
    def _on_advanced(self, done: int) -> None:
        if self._is_stopping:
            return
        if self._whole is not None:
            self._whole.advance(done / self._total if self._total > 0 else 0.0)
            self._show_whole()
            return
        self._done = done
        self.bar.setValue(done)
        passed = time.monotonic() - self._began
        if passed < 1 or done <= self._first:
            return
        rate = (done - self._first) / passed
        text = self.tr("%1 images/s").replace("%1", f"{rate:.1f}" if rate < 20 else f"{rate:.0f}")
        if self._total > 0:
            left = self.tr(", at most %1 left") if self._is_learning else self.tr(", %1 left")
            text += left.replace("%1", duration((self._total - done) / rate))
        self.rate.setText(text)

    def _show_whole(self) -> None:
        """Show share and time of the whole job."""
        if self._whole is None:
            return
        self.bar.setRange(0, _FINE)
        self.bar.setValue(round(_FINE * self._whole.share))
        left = self._whole.estimate_left(time.monotonic())
        text = self.tr("about %1 left").replace("%1", duration(max(left, 1.0))) if left is not None else ""
        self.rate.setText(text)

    @Slot()
    def _on_learned(self) -> None:
        """Measure speed from the first epoch on: it is the slowest, and an earlier run's took no time."""
        if not self._is_learning:
            self._is_learning = True
            self.stop.setEnabled(True)
            self.stop.setVisible(self._can_stop)
            self._began, self._first = time.monotonic(), self._done
            self.rate.setText("")

    @Slot()
    def _on_stop(self) -> None:
        self.stop.setEnabled(False)
        self.stop_requested.emit()

    @Slot()
    def _on_cancel(self) -> None:
        self.show_stopping()
        self.cancel_requested.emit()
