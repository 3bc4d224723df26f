"""The window's menus: every action once, with its shortcut and a tooltip."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, SignalInstance, Slot
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMessageBox

import anomaly_gui
from anomaly_gui.gui.help.help_menu import HelpMenu
from anomaly_gui.gui.state.image_table import ImageLabel
from anomaly_gui.gui.state.mode import Mode

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from PySide6.QtWidgets import QDockWidget, QMainWindow, QMenu

    from anomaly_gui.gui.central_area import CentralArea
    from anomaly_gui.gui.docks import Docks
    from anomaly_gui.gui.inspect.image_steps import ImageSteps
    from anomaly_gui.gui.tune.plot_tools import PlotTools
    from anomaly_gui.gui.work.window_services import WindowServices


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
        for action in (*self._need_model, *self.labels, *self.mode_actions[1:]):
            action.setEnabled(is_there)

    def show_recent(self, files: Sequence[Path]) -> None:
        """Offer the models that were used last."""
        self.recent.clear()
        for file in files:
            action = self.recent.addAction(str(file))
            action.setData(str(file))
            action.triggered.connect(self._services.documents.open_recent)
        self.recent.setEnabled(bool(files))

    def _make_view_menu(self, plot_tools: PlotTools, docks: Sequence[QDockWidget]) -> None:
        window = self._window
        self.view_menu = view = window.menuBar().addMenu(self.tr("&View"))
        group = QActionGroup(self)
        bar = window.addToolBar(self.tr("Places"))
        bar.setObjectName("places")
        bar.setMovable(False)
        self.mode_actions: list[QAction] = []
        for mode, text in zip(
            Mode, (self.tr("1 Train"), self.tr("2 Tune"), self.tr("3 Inspect")), strict=True
        ):
            action = self._add_action(view, text, f"Ctrl+{mode + 1}", self._on_mode_triggered)
            action.setCheckable(True)
            action.setData(int(mode))
            group.addAction(action)
            bar.addAction(action)
            self.mode_actions.append(action)
        view.addSeparator()
        view.addActions([*plot_tools.actions_of.values(), plot_tools.fit])
        view.addSeparator()
        self._add_maps(view)
        view.addSeparator()
        for dock in docks:
            view.addAction(dock.toggleViewAction())

    def _find_mode(self) -> Mode:
        return next(mode for mode in Mode if self.mode_actions[mode].isChecked())

    @Slot()
    def _on_mode_triggered(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.mode_chosen.emit(Mode(int(action.data())))

    def _add_maps(self, view: QMenu) -> None:
        maps = self._services.maps
        on_thumbnails = QAction(self.tr("Maps on thumbnails"), self)
        on_thumbnails.setCheckable(True)
        on_thumbnails.setChecked(maps.on_thumbnails)
        on_thumbnails.toggled.connect(maps.set_on_thumbnails)
        self.map_actions = (
            self._add_action(view, self.tr("Image or map"), "M", maps.toggle_map),
            self._add_action(view, self.tr("Map: split view"), "Shift+M", maps.toggle_split),
            on_thumbnails,
        )
        view.addAction(on_thumbnails)

    def _make_file_menu(self) -> None:
        window, standard, documents = self._window, QKeySequence.StandardKey, self._services.documents
        menu = window.menuBar().addMenu(self.tr("&File"))
        self._add_action(menu, self.tr("Open model…"), standard.Open, documents.ask_and_open)
        self.recent = menu.addMenu(self.tr("Recent models"))
        save = self._add_action(menu, self.tr("Save model"), standard.Save, documents.save_model)
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
        menu.addSeparator()
        self._add_action(menu, self.tr("Open the sample"), "Ctrl+Shift+O", self.sample_requested)
        self._add_action(menu, self.tr("Quit"), standard.Quit, window.close)
        self._need_model = (save, save_as, self.add_good, *scoring, table, picture)

    def _make_edit_menu(self) -> None:
        stack, steps = self._services.session.undo_stack, self._steps
        menu = self._window.menuBar().addMenu(self.tr("&Edit"))
        for action, key in (
            (stack.createUndoAction(self), QKeySequence.StandardKey.Undo),
            (stack.createRedoAction(self), QKeySequence.StandardKey.Redo),
        ):
            action.setShortcut(QKeySequence(key))
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
            self.labels.append(labelling)
        self.labels.append(self._add_action(menu, self.tr("This was wrong"), "W", steps.report_wrong))
        self.labels.append(
            self._add_action(menu, self.tr("Exclude from training"), "X", steps.toggle_excluded)
        )
        take_out = self._services.updates.take_out_selected
        self.labels.append(self._add_action(menu, self.tr("Take out of the model"), "Shift+X", take_out))
        menu.addSeparator()
        self._add_action(menu, self.tr("Next image"), "D", steps.go_to_next)
        self._add_action(menu, self.tr("Previous image"), "A", steps.go_to_previous)
        self._add_action(menu, self.tr("Next wrong image"), "N", steps.go_to_next_wrong)

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
        menu.addAction(action)
        return action
