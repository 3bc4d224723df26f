"""The window's menus: every action once, with its shortcut and a tooltip."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize, Qt, Signal, SignalInstance, Slot
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMessageBox

import anomaly_gui
from anomaly_gui.gui.help.help_menu import HelpMenu
from anomaly_gui.gui.help.help_places import PROJECTS, give_help
from anomaly_gui.gui.inspect.kind_actions import KindActions
from anomaly_gui.gui.state.image_table import ImageLabel
from anomaly_gui.gui.state.mode import Mode
from anomaly_gui.gui.style.action_icons import give_icon
from anomaly_gui.gui.style.icons import set_icon
from anomaly_gui.gui.style.tokens import ICON
from anomaly_gui.gui.widgets.plain_text import escape_title

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from PySide6.QtWidgets import QDockWidget, QMainWindow, QMenu

    from anomaly_gui.gui.central_area import CentralArea
    from anomaly_gui.gui.docks import Docks
    from anomaly_gui.gui.inspect.image_steps import ImageSteps
    from anomaly_gui.gui.tune.plot_tools import PlotTools
    from anomaly_gui.gui.work.window_services import WindowServices

_RAW_SCORES = "log_likelihoods"


class Menus(QObject):
    """Makes the menus and the bar of pages; what they are connected to does the work."""

    mode_chosen = Signal(object)  # a Mode
    sample_requested = Signal()

    def __init__(
        self,
        window: QMainWindow,
        services: WindowServices,
        pages: CentralArea,
        docks: Docks,
        steps: ImageSteps,
    ) -> None:
        super().__init__(window)
        self._window, self._services, self._steps = window, services, steps
        self._is_labelling, self._is_model_there = True, False
        self._make_file_menu()
        self._make_edit_menu()
        self._make_view_menu(pages.plot_tools, docks.all_docks)
        self._make_help_menu()

    def _make_help_menu(self) -> None:
        self.help_menu = menu = self._window.menuBar().addMenu(self.tr("&Help"))
        HelpMenu(menu, self._find_mode)
        self._add_action(menu, self.tr("About"), "", self._on_about)

    @Slot()
    def _on_about(self) -> None:
        text = self.tr(
            "Anomaly GUI %1\nOne-class visual inspection: shown only good parts, it finds the bad ones."
        )
        QMessageBox.about(
            self._window, self.tr("About Anomaly GUI"), text.replace("%1", anomaly_gui.__version__)
        )

    def set_model_there(self, is_there: bool) -> None:
        """Enable what needs a model, or not."""
        for action in (*self._need_model, *self.mode_actions[1:]):
            action.setEnabled(is_there)
        self._is_model_there = is_there
        self._enable_keys()

    def show_mode(self, mode: Mode) -> None:
        """Have the keys of a page: where parts are judged no single letter or digit does anything to them.

        A scanner types what it reads, wherever it is aimed at.
        """
        self._is_labelling = mode is not Mode.INSPECT
        self._enable_keys()

    def _enable_keys(self) -> None:
        for action in self.labels:
            action.setEnabled(self._is_labelling and self._is_model_there)
        for action in (*self._steps_keys, *self._plot_keys):
            action.setEnabled(self._is_labelling)

    def show_recent(self, files: Sequence[Path]) -> None:
        """Offer the models that were used last."""
        self.recent.clear()
        for file in files:
            action = self.recent.addAction(escape_title(str(file)))
            action.setData(str(file))
            action.triggered.connect(self._services.documents.open_recent)
        self.recent.setEnabled(bool(files))

    def show_recent_projects(self, folders: Sequence[Path]) -> None:
        """Offer the projects that were used last."""
        self.recent_projects.clear()
        for folder in folders:
            action = self.recent_projects.addAction(escape_title(f"{folder.stem}   {folder.parent}"))
            action.setData(str(folder))
            action.triggered.connect(self._services.projects.open_recent)
        self.recent_projects.setEnabled(bool(folders))

    def _add_projects(self, menu: QMenu) -> None:
        projects, saving, standard = self._services.projects, self._services.saving, QKeySequence.StandardKey
        self._add_action(menu, self.tr("New project…"), standard.New, projects.ask_and_make)
        self._add_action(menu, self.tr("Open project…"), standard.Open, projects.ask_and_open)
        self.recent_projects = menu.addMenu(self.tr("Recent projects"))
        set_icon(self.recent_projects.menuAction(), "clock")
        self._add_action(menu, self.tr("Save project as…"), "", saving.save_as)
        self._add_action(menu, self.tr("Duplicate project…"), "", saving.duplicate)
        self._add_action(menu, self.tr("Models of the project…"), "Ctrl+Shift+M", self._on_models)

    @Slot()
    def _on_models(self) -> None:
        from anomaly_gui.gui.work.projects.models_dialog import ProjectModels  # late: seldom needed

        services = self._services
        dialog = ProjectModels(services.session, services.project, services.projects, self._window)
        give_help(dialog, PROJECTS)
        dialog.show()

    def _make_view_menu(self, plot_tools: PlotTools, docks: Sequence[QDockWidget]) -> None:
        window = self._window
        self.view_menu = view = window.menuBar().addMenu(self.tr("&View"))
        group = QActionGroup(self)
        bar = window.addToolBar(self.tr("Places"))
        bar.setObjectName("places")
        bar.setMovable(False)
        bar.setIconSize(QSize(ICON, ICON))
        bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.mode_actions: list[QAction] = []
        for mode, text in zip(
            Mode, (self.tr("1 Train"), self.tr("2 Tune"), self.tr("3 Inspect")), strict=True
        ):
            action = self._add_action(view, text, f"Ctrl+{mode + 1}", self._on_mode_triggered)
            action.setCheckable(True)
            action.setData(int(mode))
            give_icon(action, mode.name)
            group.addAction(action)
            bar.addAction(action)
            self.mode_actions.append(action)
        view.addSeparator()
        self._plot_keys = (*plot_tools.actions_of.values(), plot_tools.fit)
        view.addActions(self._plot_keys)
        self._add_score_switch(view)
        view.addSeparator()
        self._add_maps(view)
        view.addSeparator()
        for dock in docks:
            give_icon(dock.toggleViewAction(), dock.objectName())
            view.addAction(dock.toggleViewAction())

    def _find_mode(self) -> Mode:
        return next(mode for mode in Mode if self.mode_actions[mode].isChecked())

    @Slot()
    def _on_mode_triggered(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.mode_chosen.emit(Mode(int(action.data())))

    def _add_score_switch(self, view: QMenu) -> None:
        display = self._services.session.score_display
        self.raw_scores = QAction(self.tr("Scores as log-likelihoods"), self)
        self.raw_scores.setToolTip(self.tr("As in the worked example: high is normal, any unit"))
        self.raw_scores.setCheckable(True)
        give_icon(self.raw_scores, _RAW_SCORES)
        self.raw_scores.toggled.connect(display.show_log_likelihoods)
        self.raw_scores.toggled.connect(self._on_raw_scores_toggled)
        self.raw_scores.setChecked(self._services.preferences.is_on(_RAW_SCORES, default=False))
        view.addAction(self.raw_scores)

    @Slot(bool)
    def _on_raw_scores_toggled(self, on: bool) -> None:
        self._services.preferences.set_on(_RAW_SCORES, on)

    def _add_maps(self, view: QMenu) -> None:
        maps = self._services.maps
        on_thumbnails = QAction(self.tr("Maps on thumbnails"), self)
        on_thumbnails.setCheckable(True)
        on_thumbnails.setChecked(maps.on_thumbnails)
        on_thumbnails.toggled.connect(maps.set_on_thumbnails)
        give_icon(on_thumbnails, "set_on_thumbnails")
        self.map_actions = (
            self._add_action(view, self.tr("Image or map"), "M", maps.toggle_map),
            self._add_action(view, self.tr("Map: split view"), "Shift+M", maps.toggle_split),
            on_thumbnails,
        )
        view.addAction(on_thumbnails)

    def _make_file_menu(self) -> None:
        window, standard, documents = self._window, QKeySequence.StandardKey, self._services.documents
        menu = window.menuBar().addMenu(self.tr("&File"))
        self._add_projects(menu)
        menu.addSeparator()
        self._add_action(menu, self.tr("Open model…"), "Ctrl+Alt+O", documents.ask_and_open)
        self.recent = menu.addMenu(self.tr("Recent models"))
        set_icon(self.recent.menuAction(), "clock")
        self.station_menu = menu.addMenu(self.tr("Stations"))
        set_icon(self.station_menu.menuAction(), "camera")
        save = self._add_action(menu, self.tr("Save"), standard.Save, self._services.projects.save)
        save_as = self._add_action(menu, self.tr("Save model as…"), "Ctrl+Shift+S", documents.save_as)
        self.add_good = self._add_action(
            menu, self.tr("Add good images to the model…"), "", self._services.updates.ask_for_good
        )
        menu.addSeparator()
        intake = self._services.intake
        scoring = [
            self._add_action(menu, self.tr("Score images…"), "Ctrl+I", intake.ask_for_images),
            self._add_action(menu, self.tr("Score a folder…"), "Ctrl+Shift+I", intake.ask_for_folder),
            self._add_action(menu, self.tr("Score a folder of good parts…"), "Ctrl+G", intake.ask_for_good),
            self._add_action(menu, self.tr("Score a folder of defects…"), "Ctrl+D", intake.ask_for_defects),
            self._add_action(menu, self.tr("Score pasted files"), standard.Paste, intake.take_pasted),
            self._add_action(
                menu, self.tr("Remove scored images"), "Ctrl+Shift+X", self._services.session.remove_dropped
            ),
        ]
        menu.addSeparator()
        table = self._add_action(menu, self.tr("Export table as CSV…"), "Ctrl+E", documents.export_table)
        picture = self._add_action(
            menu, self.tr("Export plot as picture…"), "Ctrl+Shift+E", documents.export_plot
        )
        self.report_menu = menu.addMenu(self.tr("Reports"))
        set_icon(self.report_menu.menuAction(), "report")
        menu.addSeparator()
        sample = self._add_action(menu, self.tr("Open the sample"), "Ctrl+Shift+O", self.sample_requested)
        set_icon(sample, "sample")
        self._add_action(menu, self.tr("Quit"), standard.Quit, window.close)
        self._need_model = (save, save_as, self.add_good, *scoring, table, picture)

    def _make_edit_menu(self) -> None:
        stack, steps = self._services.session.undo_stack, self._steps
        menu = self._window.menuBar().addMenu(self.tr("&Edit"))
        for action, key, icon in (
            (stack.createUndoAction(self), QKeySequence.StandardKey.Undo, "undo"),
            (stack.createRedoAction(self), QKeySequence.StandardKey.Redo, "redo"),
        ):
            action.setShortcut(QKeySequence(key))
            set_icon(action, icon)
            menu.addAction(action)
        menu.addSeparator()
        self.labels: list[QAction] = []
        for label, text, digit in (
            (ImageLabel.GOOD, self.tr("Label good"), "1"),
            (ImageLabel.DEFECT, self.tr("Label defect"), "2"),
            (ImageLabel.NONE, self.tr("Remove label"), "0"),
        ):
            labelling = self._add_action(menu, text, digit, steps.label_by_action)
            labelling.setData(int(label))
            give_icon(labelling, label.name)
            self.labels.append(labelling)
        self.labels.append(self._add_action(menu, self.tr("This was wrong"), "W", steps.report_wrong))
        self.labels.append(
            self._add_action(menu, self.tr("Exclude from training"), "X", steps.toggle_excluded)
        )
        take_out = self._services.updates.take_out_selected
        self.labels.append(self._add_action(menu, self.tr("Take out of the model"), "Shift+X", take_out))
        self.kinds = KindActions(menu, self._services.session, self._services.remarks, self)
        self.labels += self.kinds.actions
        menu.addSeparator()
        self._steps_keys = (
            self._add_action(menu, self.tr("Next image"), "D", steps.go_to_next),
            self._add_action(menu, self.tr("Previous image"), "A", steps.go_to_previous),
            self._add_action(menu, self.tr("Next wrong image"), "N", steps.go_to_next_wrong),
        )

    def _add_action(
        self,
        menu: QMenu,
        text: str,
        key: str | QKeySequence.StandardKey,
        slot: Callable[..., object] | SignalInstance,
    ) -> QAction:
        action = QAction(text, self)
        if key:
            action.setShortcut(QKeySequence(key))
        action.setToolTip(f"{text} ({action.shortcut().toString()})" if key else text)
        action.triggered.connect(slot)
        give_icon(action, _name_slot(slot))
        menu.addAction(action)
        return action


def _name_slot(slot: Callable[..., object] | SignalInstance) -> str:
    """Return what a method that does something is called; signals have no names at run time."""
    return str(getattr(slot, "__qualname__", ""))
