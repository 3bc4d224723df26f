"""The main window: panels around one session, menus, and what may be dropped on it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer, Slot
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QDockWidget,
    QLabel,
    QMainWindow,
    QSizePolicy,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from anomaly_gui.detection.images.region_of_interest import RegionOfInterest
from anomaly_gui.detection.worked_example import SETTINGS, Example
from anomaly_gui.gui.inspect.image_steps import ImageSteps, describe
from anomaly_gui.gui.inspect.inspector import Inspector
from anomaly_gui.gui.inspect.verdict_view import VerdictView
from anomaly_gui.gui.inspect.window_maps import WindowMaps
from anomaly_gui.gui.menus import Menus
from anomaly_gui.gui.state.corrections import Corrections
from anomaly_gui.gui.state.documents import Documents
from anomaly_gui.gui.state.journal import Journal
from anomaly_gui.gui.state.last_choices import keep_choices, offer_choices
from anomaly_gui.gui.state.mode import Mode
from anomaly_gui.gui.state.preferences import Preferences
from anomaly_gui.gui.state.recovery import Recovery
from anomaly_gui.gui.state.session import Session
from anomaly_gui.gui.state.window_folder import WindowFolder
from anomaly_gui.gui.train.folder_field import dropped_paths
from anomaly_gui.gui.train.model_panel import ModelPanel
from anomaly_gui.gui.tune.badges import Badges
from anomaly_gui.gui.tune.gallery import Gallery
from anomaly_gui.gui.tune.plot_tools import PlotTools
from anomaly_gui.gui.tune.roc_view import RocView
from anomaly_gui.gui.tune.score_plot import ScorePlot
from anomaly_gui.gui.tune.table_view import ImagesTable
from anomaly_gui.gui.tune.threshold_bar import ThresholdBar
from anomaly_gui.gui.widgets.busy_bar import BusyBar
from anomaly_gui.gui.widgets.start_page import StartPage
from anomaly_gui.gui.work.intake import Intake
from anomaly_gui.gui.work.pictures import Pictures
from anomaly_gui.gui.work.promise_watch import PromiseWatch
from anomaly_gui.gui.work.retraining import Retraining
from anomaly_gui.gui.work.workshop import Workshop

if TYPE_CHECKING:
    from anomaly_gui.detection.comparison import CompareResult
    from anomaly_gui.detection.datasets.training_sets import TrainRequest
    from anomaly_gui.gui.work.tasks import Task
    from anomaly_gui.worker.jobs.training import Trained

_GET_READY = 500  # milliseconds: the window is there first
_IMAGES_HEIGHT = 330  # pixels: both rows of the gallery


class MainWindow(QMainWindow):
    """Everything the operator sees. `place` is a folder of our own, for all windows of this user."""

    def __init__(self, place: Path) -> None:
        super().__init__()
        self.session = Session(self)
        self.pictures = Pictures(self)
        self.preferences = Preferences()
        self.maps = WindowMaps(self.session, self.preferences, self)
        self.badges = Badges(self.maps, self)
        self._folder = WindowFolder.make(place)
        self.workshop = Workshop(self.session, self._folder.model, place / "sample", self)
        self.documents = Documents(self, self.session, self.workshop, self.preferences)
        self.intake = Intake(self, self.session, self.workshop, self.documents)
        self.corrections = Corrections(self.session, place, self)
        self.journal = Journal(self._folder.journal, self.session, self.documents, self)
        self.recovery = Recovery(place, self.session, self.workshop, self.documents, self)
        self.watch = PromiseWatch(self.session, self.workshop, self)
        self.mode = Mode.TRAIN
        self.setAcceptDrops(True)
        self.setDockOptions(QMainWindow.DockOption.AnimatedDocks | QMainWindow.DockOption.AllowNestedDocks)
        self.resize(1280, 800)
        self._make_center()
        self._make_docks()
        self.steps = ImageSteps(self.session, self.gallery, self.corrections, self)
        self.menus = Menus(self)
        self._make_status()
        self.retraining = Retraining(self)
        self._connect()
        self.preferences.restore_layout(self)
        offer_choices(self.preferences, self.panel)
        self.set_mode(Mode.TRAIN)
        self._show_title()
        QTimer.singleShot(_GET_READY, self.workshop.runner.get_ready)

    # Parts

    def _make_center(self) -> None:
        self.start_page = StartPage()
        self.plot = ScorePlot(self.session, partial(describe, self.session, self.pictures))
        self.roc = RocView(self.session)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self.plot, self.tr("Scatter"))
        self.tabs.addTab(self.roc, self.tr("ROC and counts"))
        self.plot_tools = PlotTools(self.plot.box, self.plot.fit)
        self.tabs.setCornerWidget(self.plot_tools)
        self.tabs.currentChanged.connect(self.plot_tools.show_for_tab)
        self.pictures.thumbnail_ready.connect(self.plot.on_thumbnail_ready)
        self.threshold_bar = ThresholdBar(self.session, self.watch)
        tuning = QWidget()
        layout = QVBoxLayout(tuning)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.tabs, 1)
        layout.addWidget(self.threshold_bar)
        self.verdict_view = VerdictView(self.session, self.pictures, self.badges)
        ignored = QSizePolicy.Policy.Ignored
        self.verdict_view.setSizePolicy(ignored, ignored)  # its size must not hold up the other pages
        self.pages = QStackedWidget()
        for page in (self.start_page, tuning, self.verdict_view):
            self.pages.addWidget(page)
        self.setCentralWidget(self.pages)

    def _make_docks(self) -> None:
        self.panel = ModelPanel(self.session, self.pictures, self.corrections)
        self.inspector = Inspector(
            self.session, self.pictures, self.corrections, self.maps, self.workshop.reconstruct
        )
        self.gallery = Gallery(self.session, self.pictures, self.badges)
        self.table = ImagesTable(self.session)
        images = QTabWidget()
        images.setDocumentMode(True)
        images.addTab(self.gallery, self.tr("Gallery"))
        images.addTab(self.table, self.tr("Table"))
        area = Qt.DockWidgetArea
        self.model_dock = self._dock("model", self.tr("Model"), self.panel, area.LeftDockWidgetArea)
        self.inspector_dock = self._dock(
            "inspector", self.tr("Inspector"), self.inspector, area.RightDockWidgetArea
        )
        self.images_dock = self._dock("images", self.tr("Images"), images, area.BottomDockWidgetArea)
        self.setCorner(Qt.Corner.BottomLeftCorner, area.LeftDockWidgetArea)
        self.setCorner(Qt.Corner.BottomRightCorner, area.RightDockWidgetArea)
        self.resizeDocks([self.model_dock, self.inspector_dock], [320, 300], Qt.Orientation.Horizontal)
        self.resizeDocks([self.images_dock], [320], Qt.Orientation.Vertical)

    def _dock(self, name: str, title: str, content: QWidget, area: Qt.DockWidgetArea) -> QDockWidget:
        dock = QDockWidget(title, self)
        dock.setObjectName(name)
        dock.setWidget(content)
        self.addDockWidget(area, dock)
        return dock

    def _make_status(self) -> None:
        self.status = QLabel()
        self.status.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.statusBar().addWidget(self.status, 1)
        self.busy = BusyBar(in_a_row=True)
        self.statusBar().addPermanentWidget(self.busy)
        self.runtime = QLabel()
        self.statusBar().addPermanentWidget(self.runtime)

    def _connect(self) -> None:
        workshop, session, page = self.workshop, self.session, self.start_page
        workshop.task_started.connect(self._on_task_started)
        workshop.idle.connect(self._on_idle)
        workshop.runner.changed.connect(self._on_queue_changed)
        for take in (self.corrections.on_trained, self.retraining.on_trained, self._on_trained):
            workshop.trained.connect(take)
        workshop.compared.connect(self._on_compared)
        workshop.opened.connect(self._on_opened)
        workshop.noted.connect(self.say)
        workshop.problem_met.connect(self._on_problem)
        workshop.crashed.connect(self._on_crashed)
        workshop.sample_unpacked.connect(self._on_sample_unpacked)
        self.documents.changed.connect(self._on_documents_changed)
        queued = Qt.ConnectionType.QueuedConnection  # after what is said of the opening itself
        for part in (self.documents, self.corrections, self.recovery):
            part.said.connect(self.say)
            part.problem_met.connect(self._on_problem, queued)
        self.intake.good_offered.connect(self._on_good_offered)
        self.journal.failed.connect(self._on_problem)
        self.recovery.restored.connect(self._on_restored)
        # in its own time: what was said of the saving comes first
        self.documents.close_requested.connect(self.close, Qt.ConnectionType.QueuedConnection)
        self.panel.train_requested.connect(self._on_train_requested)
        self.panel.compare_requested.connect(self._on_compare_requested)
        for bar in (self.panel.busy, self.busy):
            bar.cancel_requested.connect(workshop.cancel)
        for learning in (self.panel.learning, self.busy):
            learning.stop_requested.connect(workshop.runner.stop_early)
        self.inspector.label_requested.connect(self.steps.label)
        self.inspector.wrong_requested.connect(self.steps.say_wrong)
        self.inspector.exclude_requested.connect(self.steps.toggle_excluded)
        page.sample_requested.connect(self.open_sample)
        page.open_requested.connect(self.documents.ask_and_open)
        page.train_requested.connect(self.panel.good.choose)
        session.model_changed.connect(self._on_model_changed)
        session.saved_changed.connect(self._show_title)
        session.threshold_changed.connect(self._show_status)
        self._on_model_changed()
        self._on_documents_changed()

    # Places

    def set_mode(self, mode: Mode) -> None:
        """Go to one of the window's places."""
        self.mode = mode
        self.menus.modes[mode].setChecked(True)
        has_model = self.session.view is not None
        self.model_dock.setVisible(mode is Mode.TRAIN)
        self.inspector_dock.setVisible(mode is not Mode.INSPECT and has_model)
        self.images_dock.setVisible(mode is not Mode.INSPECT and has_model)
        if mode is Mode.INSPECT:
            self.pages.setCurrentIndex(2)
        else:
            self.pages.setCurrentIndex(1 if has_model else 0)
        QTimer.singleShot(0, self._make_room_for_images)  # when the layouts have settled

    @Slot()
    def _make_room_for_images(self) -> None:
        wanted = min(_IMAGES_HEIGHT, int(0.42 * self.height()))
        if self.images_dock.isVisible() and self.images_dock.height() < wanted:
            self.resizeDocks([self.images_dock], [wanted], Qt.Orientation.Vertical)

    @Slot()
    def on_mode_triggered(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.set_mode(Mode(int(action.data())))

    @Slot()
    def _on_model_changed(self) -> None:
        has_model = self.session.view is not None
        self.menus.set_model_there(has_model)
        if has_model:
            self.set_mode(self.mode)
        view = self.session.view
        self.runtime.setText(view.runtime if view else "")
        self.pictures.set_depth(view.settings.depth if view else None)

    # Work

    def open_sample(self) -> None:
        """Train on the sample and judge it."""
        if self.documents.may_replace_model():
            self.workshop.open_sample()

    @Slot(object)
    def _on_train_requested(self, request: TrainRequest) -> None:
        if self.documents.may_replace_model():
            keep_choices(self.preferences, request)
            self.workshop.train(self.panel.corrected(request))

    @Slot()
    def _on_compare_requested(self) -> None:
        request = self.panel.request()
        if request is not None:
            self.workshop.compare(request, learned=self.panel.compare_learned.isChecked())

    @Slot(object)
    def _on_task_started(self, task: Task) -> None:
        for bar in (self.panel.busy, self.busy):
            bar.follow(task)
        self.panel.learning.follow(task)
        self.panel.set_busy(True)
        self.say(task.title + "…")

    @Slot()
    def _on_queue_changed(self) -> None:
        for bar in (self.panel.busy, self.busy):
            bar.show_waiting(len(self.workshop.runner.tasks) - 1)

    @Slot()
    def _on_idle(self) -> None:
        self.panel.set_busy(False)
        self.busy.hide()
        if self.status.text().endswith("…"):  # what was said since stays: it may be a problem
            self._show_status()

    @Slot(object)
    def _on_trained(self, result: Trained) -> None:
        self.panel.show_trained(result)
        is_asked = self.panel.questions.is_open
        self.set_mode(Mode.TRAIN if is_asked else Mode.TUNE)
        if not is_asked and result.findings.advice is not None:  # the panel that has it is out of sight now
            self.say(result.findings.advice)

    @Slot(object)
    def _on_compared(self, result: CompareResult) -> None:
        from anomaly_gui.gui.train.comparison_view import ComparisonView  # late: seldom needed

        table = ComparisonView(result, self.panel.form, self)
        table.show()

    @Slot(object)
    def _on_opened(self, file: Path) -> None:  # noqa: ARG002 - the signal's signature
        self.panel.say("")
        self.set_mode(Mode.TUNE)

    @Slot()
    def _on_restored(self) -> None:
        self.set_mode(Mode.TUNE)

    @Slot()
    def _on_documents_changed(self) -> None:
        self.menus.show_recent(self.preferences.recent_models)
        self._show_title()

    @Slot(object)
    def _on_sample_unpacked(self, example: Example) -> None:
        self.panel.good.set_paths((example.fit[0].parent,))
        self.panel.other_day.set_paths(())
        self.panel.defects.set_paths(())
        self.panel.interest.set_interest(RegionOfInterest())
        self.panel.form.set_values(vars(SETTINGS))

    @Slot(str)
    def _on_problem(self, sentence: str) -> None:
        self.panel.say(sentence, is_problem=True)
        self.say(sentence)

    @Slot(str)
    def _on_crashed(self, report: str) -> None:
        from anomaly_gui.gui.widgets.crash_report import show_report  # late: never needed, we hope

        show_report(report, self)

    # What is dropped

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.intake.take(dropped_paths(event))

    @Slot(object)
    def _on_good_offered(self, paths: tuple[Path, ...]) -> None:
        self.panel.good.set_paths(paths)
        self.set_mode(Mode.TRAIN)

    # What is said

    @Slot(str)
    def say(self, text: str) -> None:
        """Show a sentence at the bottom."""
        self.status.setText(text)
        self.status.setToolTip(text)

    @Slot()
    def _show_status(self) -> None:
        threshold, view = self.session.threshold, self.session.view
        if threshold is None or view is None:
            self.say(self.tr("Ready."))
            return
        text = self.tr("Threshold from: %1.").replace("%1", threshold.basis)
        if not view.training.calibration:
            text += " " + self.tr("Give good parts of another day to trust it on other days.")
        self.say(text)

    @Slot()
    def _show_title(self) -> None:
        name = self.documents.name
        self.setWindowTitle(f"{name}[*] – Anomaly GUI" if name else "Anomaly GUI")
        self.setWindowModified(bool(name) and self.session.is_unsaved)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "plot"):
            self.plot.apply_colours()
            self.roc.apply_colours()

    # The end

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.documents.may_close():
            event.ignore()
            return
        self.preferences.keep_layout(self)
        self.panel.close_places()
        self.corrections.close()
        self.workshop.close()
        self.pictures.close()
        self._folder.remove()
        event.accept()
