"""What the panel asks for, sent to the worker, and what becomes of it, shown in the panel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from anomaly_gui.detection.images.region_of_interest import RegionOfInterest
from anomaly_gui.detection.runtimes.protocol import explain_missing_tensorflow, is_installed
from anomaly_gui.detection.settings.detector_kinds import DETECTORS, LEARNED
from anomaly_gui.detection.worked_example import SETTINGS, Example
from anomaly_gui.language import translate

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from anomaly_gui.detection.comparison import CompareResult
    from anomaly_gui.detection.datasets.judging_rate import JudgingRate
    from anomaly_gui.detection.datasets.train_request import TrainRequest
    from anomaly_gui.gui.train.model_panel import ModelPanel
    from anomaly_gui.gui.work.tasks import Task
    from anomaly_gui.gui.work.window_services import WindowServices


class TrainingRequests(QObject):
    """Stands between the panel and the workshop."""

    def __init__(self, panel: ModelPanel, services: WindowServices, window: QWidget) -> None:
        super().__init__(window)
        self._window, self._panel = window, panel
        self._workshop = workshop = services.workshop
        self._measuring_now = self.tr("Measuring how fast images are judged…")
        panel.train_requested.connect(self.start_training)
        panel.compare_requested.connect(self.start_comparing)
        panel.form.size_field.settled.connect(self.measure_speed)
        panel.busy.cancel_requested.connect(workshop.runner.cancel_all)
        workshop.runner.stopping.connect(panel.busy.show_stopping)
        panel.learning.stop_requested.connect(workshop.runner.stop_early)
        workshop.task_started.connect(self._on_task_started)
        workshop.runner.changed.connect(self._on_queue_changed)
        workshop.idle.connect(self._on_idle)
        workshop.compared.connect(self._on_compared)
        workshop.sample_unpacked.connect(self._on_sample_unpacked)

    @Slot(object)
    def start_training(self, request: TrainRequest) -> None:
        """Train, unless this machine cannot; the model in use stays on the project's list."""
        if request.settings.detector in LEARNED and not is_installed("tensorflow"):
            title = translate(DETECTORS[request.settings.detector].title)
            self._workshop.problem_met.emit(explain_missing_tensorflow(title))
            return
        self._panel.show_message("")
        self._workshop.train_model(self._panel.add_corrections(request))

    @Slot()
    def start_comparing(self) -> None:
        """Compare detectors on the images of the panel."""
        request = self._panel.make_request()
        if request is not None:
            self._workshop.compare_detectors(request, learned=self._panel.compare_learned.isChecked())

    @Slot()
    def measure_speed(self) -> None:
        """Show how fast images would be judged with the settings of the panel, once that is measured."""
        form, request = self._panel.form, self._panel.make_request()
        if request is None or self._workshop.is_working:
            return
        if not request.normal:
            form.show_speed(self.tr("Choose good images to see how fast they would be judged."))
            return
        form.show_speed(self._measuring_now)
        task = self._workshop.measure_rate(request)
        task.finished.connect(self._on_rate_measured)
        task.failed.connect(form.show_speed)
        task.ended.connect(self._on_measuring_ended)

    @Slot(object)
    def _on_rate_measured(self, rate: JudgingRate) -> None:
        self._panel.form.show_speed(str(rate))

    @Slot()
    def _on_measuring_ended(self) -> None:
        """Forget a measurement that was cancelled, unless another one goes on."""
        form = self._panel.form
        if not self._workshop.is_measuring and form.size_field.brings.text() == self._measuring_now:
            form.show_speed("")

    @Slot(object)
    def _on_task_started(self, task: Task) -> None:
        self._panel.busy.follow_task(task, task.plan)
        self._panel.learning.follow_task(task)
        self._panel.set_busy(True)

    @Slot()
    def _on_queue_changed(self) -> None:
        self._panel.busy.show_waiting(len(self._workshop.runner.tasks) - 1)

    @Slot()
    def _on_idle(self) -> None:
        self._panel.set_busy(False)

    @Slot(object)
    def _on_compared(self, result: CompareResult) -> None:
        from anomaly_gui.gui.train.comparison_view import ComparisonView  # late: seldom needed

        table = ComparisonView(result, self._panel.form, self._window)
        table.taken.connect(self._panel.start_training)
        table.show()

    @Slot(object)
    def _on_sample_unpacked(self, example: Example) -> None:
        self._panel.good.set_paths((example.fit[0].parent,))
        self._panel.calibration.set_paths(())
        self._panel.defects.set_paths(())
        self._panel.region.set_region(RegionOfInterest())
        self._panel.form.set_values(vars(SETTINGS))
