"""The main window: pages and docks around one session, menus, and what may be dropped on it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer, Slot
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QMainWindow

from anomaly_gui.gui.actions.help_actions import HelpActions
from anomaly_gui.gui.actions.language_actions import LanguageActions
from anomaly_gui.gui.actions.operator_actions import OperatorActions
from anomaly_gui.gui.actions.report_actions import ReportActions
from anomaly_gui.gui.actions.station_actions import StationActions
from anomaly_gui.gui.central_area import CentralArea
from anomaly_gui.gui.docks import Docks
from anomaly_gui.gui.inspect.image_steps import ImageSteps
from anomaly_gui.gui.lead.leading_on import LeadingOn
from anomaly_gui.gui.menus import Menus
from anomaly_gui.gui.state.mode import Mode
from anomaly_gui.gui.status_line import StatusLine
from anomaly_gui.gui.train.folder_field import list_dropped_paths
from anomaly_gui.gui.train.project_choices import ProjectChoices
from anomaly_gui.gui.train.retraining import Retraining
from anomaly_gui.gui.train.training_requests import TrainingRequests
from anomaly_gui.gui.widgets.drop_hint import DropHint, has_files, let_drops_through, take_files
from anomaly_gui.gui.widgets.screen_fit import fit_into_screen
from anomaly_gui.gui.widgets.wheel_guard import WheelGuard
from anomaly_gui.gui.work.window_services import WindowServices

if TYPE_CHECKING:
    from anomaly_gui.worker.jobs.training import Trained

_GET_READY = 500  # milliseconds: the window is there first


class MainWindow(QMainWindow):
    """Everything the operator sees. `data_folder` is a folder of our own, for all windows of this user.

    Where it `hands_over`, it closes without a question, and its folder tells another window what was open.
    """

    def __init__(self, data_folder: Path) -> None:
        super().__init__()
        self.services = WindowServices(data_folder, self)
        self.session, self.workshop = self.services.session, self.services.workshop
        self.documents, self.preferences = self.services.documents, self.services.preferences
        self.mode, self.hands_over = Mode.TRAIN, False
        take_files(self)
        self.setDockOptions(QMainWindow.DockOption.AnimatedDocks | QMainWindow.DockOption.AllowNestedDocks)
        self.resize(1280, 800)
        self.center = CentralArea(self.services)
        self.setCentralWidget(self.center)
        self.docks = Docks(self, self.services)
        self.panel = self.docks.panel
        self.steps = ImageSteps(
            self.session, self.docks.gallery.list_rows_in_order, self.services.corrections, self
        )
        self.menus = Menus(self, self.services, self.center, self.docks, self.steps)
        self.operator = OperatorActions(self, self.services, self.center.verdict_view, self.menus.view_menu)
        self.reports = ReportActions(self, self.services, self.menus.report_menu)
        self.languages = LanguageActions(self, self.preferences, self.menus.view_menu)
        self.help = HelpActions(self, self.services, self.center, self.docks, self.menus.help_menu)
        self.status_line = StatusLine(self.statusBar(), self.session, self.workshop)
        self.requests = TrainingRequests(self.panel, self.services, self)
        self.choices = ProjectChoices(self.panel, self.services.project)
        self.retraining = Retraining(self.panel, self.services, self)
        self.leading_on = LeadingOn(self.center.next_step, self.panel, self.session, self.retraining, self)
        self._connect_work()
        self._connect_parts()
        self._on_model_changed()
        self._on_documents_changed()
        self.preferences.restore_layout(self)
        fit_into_screen(self)
        self.choices.take_over(self.preferences)
        self._drop_hint = DropHint(self)
        self.show_mode(Mode.TRAIN)
        self._show_title()
        self._wheel_guard = WheelGuard(self)
        self._wheel_guard.guard_fields(self)
        let_drops_through(self)
        QTimer.singleShot(_GET_READY, self.workshop.runner.get_ready)

    def _connect_work(self) -> None:
        services, workshop = self.services, self.workshop
        for take in (services.corrections.on_trained, self.retraining.on_trained, self._on_trained):
            workshop.trained.connect(take)
        workshop.opened.connect(self._on_opened)
        workshop.problem_met.connect(self._on_problem)
        workshop.crashed.connect(self._on_crashed)
        workshop.updated.connect(self._on_updated)
        self.documents.changed.connect(self._on_documents_changed)
        queued = Qt.ConnectionType.QueuedConnection  # after what is said of the opening itself
        services.updates.said.connect(self._on_update_said)
        for part in (self.documents, services.corrections, services.recovery, services.saving, self.reports):
            part.said.connect(self.status_line.show_text)
            part.problem_met.connect(self._on_problem, queued)
        for one in (services.projects, services.project):
            one.problem_met.connect(self._on_problem, queued)
        services.projects.opened.connect(self._on_restored)
        services.projects.changed.connect(self._on_documents_changed)
        services.project.opened.connect(self._on_model_changed)
        services.intake.good_offered.connect(self._on_good_offered)
        services.journal.failed.connect(self._on_problem)
        services.recovery.restored.connect(self._on_restored)
        # in its own time: what was said of the saving comes first
        self.documents.close_requested.connect(self.close, queued)
        self.session.model_changed.connect(self._on_model_changed)
        self.session.saved_changed.connect(self._show_title)

    def _connect_parts(self) -> None:
        self.stations = StationActions(self, self.preferences, self.menus.station_menu)
        self.services.intake.stations_offered.connect(self.stations.open_stations)
        inspector, start_page = self.docks.inspector, self.center.start_page
        inspector.label_requested.connect(self.steps.label_selected)
        inspector.wrong_requested.connect(self.steps.report_wrong)
        inspector.exclude_requested.connect(self.steps.toggle_excluded)
        inspector.take_out_requested.connect(self.services.updates.take_out_selected)
        for part in (start_page, self.menus, self.help):
            part.sample_requested.connect(self.open_sample)
        start_page.new_requested.connect(self.services.projects.ask_and_make)
        start_page.open_requested.connect(self.services.projects.ask_and_open)
        start_page.station_requested.connect(self.stations.ask_and_open)
        start_page.projects.chosen.connect(self.services.projects.open_project)
        start_page.train_requested.connect(self.panel.train_from_folder)
        self.panel.begun.connect(start_page.show_begun)
        self.workshop.task_started.connect(lambda _: start_page.show_work(is_working=True))
        self.workshop.idle.connect(lambda: start_page.show_work(is_working=False))
        self.menus.mode_chosen.connect(self.show_mode)
        self.help.mode_requested.connect(self.show_mode)
        self.operator.mode_requested.connect(self.show_mode)
        self.help.said.connect(self.status_line.show_text)
        self.services.operator.refused.connect(self.status_line.show_text)
        self.services.shift.failed.connect(self._on_problem)
        self.center.threshold_bar.promise.mending_wanted.connect(self.retraining.use_as_calibration)
        for leader in (self.retraining, self.leading_on):
            leader.mode_requested.connect(self.show_mode)
        self.retraining.said.connect(self.status_line.show_text)

    @Slot(object)
    def show_mode(self, mode: Mode) -> None:
        """Go to one of the window's pages; a locked one stays."""
        if self.services.operator.is_locked:
            mode = Mode.INSPECT
        self.mode = mode
        self.menus.mode_actions[mode].setChecked(True)
        self.docks.show_mode(mode)
        self.center.show_mode(mode)
        self.menus.show_mode(mode)
        self.operator.show_mode(mode)

    def open_sample(self) -> None:
        """Train on the sample and judge it."""
        if self.documents.may_replace_model():
            self.services.projects.start_untitled()
            self.workshop.open_sample()

    @Slot()
    def _on_model_changed(self) -> None:
        model = self.session.model
        self.menus.set_model_there(model is not None)
        self.show_mode(self.mode if model is not None else Mode.TRAIN)
        self.services.pictures.set_depth(model.settings.depth if model else None)

    @Slot(object)
    def _on_trained(self, result: Trained) -> None:
        self.panel.show_trained(result)
        is_asked = self.panel.questions.is_open
        self.show_mode(Mode.TRAIN if is_asked else Mode.TUNE)
        if not is_asked and result.findings.advice is not None:  # the panel that has it is out of sight now
            self.status_line.show_text(result.findings.advice)

    @Slot(object)
    def _on_updated(self, result: object) -> None:  # noqa: ARG002 - the signal's signature
        self.show_mode(Mode.TUNE)

    @Slot(str)
    def _on_update_said(self, text: str) -> None:
        self.panel.show_message(text)
        self.status_line.show_text(text)

    @Slot(object)
    def _on_opened(self, file: Path) -> None:  # noqa: ARG002 - the signal's signature
        self.panel.show_message("")
        self.show_mode(Mode.TUNE)

    @Slot()
    def _on_restored(self) -> None:
        self.show_mode(Mode.TUNE)
        if self.services.operator.was_locked:  # it ended without being unlocked
            self.operator.lock_page()

    @Slot()
    def _on_documents_changed(self) -> None:
        self.menus.show_recent(self.preferences.recent_models)
        self.menus.show_recent_projects(self.preferences.recent_projects)
        if self.session.model is None:
            now, recent = self.services.project.folder.path, self.preferences.recent_projects
            self.services.recent.read_folders([path for path in recent if path != now])
        self._show_title()

    @Slot(str)
    def _on_problem(self, sentence: str) -> None:
        self.panel.show_message(sentence, is_problem=True)
        self.status_line.show_text(sentence)

    @Slot(str)
    def _on_crashed(self, report: str) -> None:
        from anomaly_gui.gui.widgets.crash_report import show_report  # late: never needed, we hope

        show_report(report, self)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if has_files(event):
            event.acceptProposedAction()
            self._drop_hint.show_text(self.services.intake.describe_paths(list_dropped_paths(event)))

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.services.intake.take_paths(list_dropped_paths(event))

    @Slot(object)
    def _on_good_offered(self, paths: tuple[Path, ...]) -> None:
        self.panel.good.set_paths(paths)
        self.show_mode(Mode.TRAIN)

    @Slot()
    def _show_title(self) -> None:
        name = self.documents.name
        self.setWindowTitle(f"{name}[*] – Anomaly GUI" if name else "Anomaly GUI")
        is_kept = not self.services.project.is_untitled and self.documents.file is None
        self.setWindowModified(bool(name) and self.session.is_unsaved and not is_kept)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "docks"):
            self.center.apply_colours()
            self.docks.inspector.refresh()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.choices.keep_choices()
        is_held = self.services.operator.is_locked and not self.operator.ask_to_unlock()
        if is_held or not (self.hands_over or self.documents.may_close()):
            event.ignore()
            return
        self.preferences.save_layout(self)
        self.panel.close_folders()
        self.operator.close()
        self.reports.close()
        self.services.close_all(hands_over=self.hands_over)
        event.accept()
