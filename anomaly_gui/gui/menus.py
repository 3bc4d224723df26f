"""The window's menus: every action once, with its shortcut and a tooltip."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMessageBox

import anomaly_gui
from anomaly_gui.gui.help.help_menu import HelpMenu
from anomaly_gui.gui.state.image_table import Marked

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from PySide6.QtWidgets import QMenu

    from anomaly_gui.gui.main_window import MainWindow


class Menus(QObject):
    """Makes the menus and the bar of places; the window's slots do the work."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._make_file_menu()
        self._make_edit_menu()
        self._make_view_menu()
        menu = window.menuBar().addMenu(self.tr("&Help"))
        HelpMenu(menu, lambda: window.mode)
        self._action(menu, self.tr("About"), "", self._on_about)

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
        for action in (*self._need_model, *self.labels, *self.modes[1:]):
            action.setEnabled(is_there)

    def show_recent(self, files: Sequence[Path]) -> None:
        """Offer the models that were used last."""
        self.recent.clear()
        for file in files:
            action = self.recent.addAction(str(file))
            action.setData(str(file))
            action.triggered.connect(self._window.documents.open_recent)
        self.recent.setEnabled(bool(files))

    def _make_view_menu(self) -> None:
        window = self._window
        view = window.menuBar().addMenu(self.tr("&View"))
        group = QActionGroup(self)
        bar = window.addToolBar(self.tr("Places"))
        bar.setObjectName("places")
        bar.setMovable(False)
        self.modes: list[QAction] = []
        for place, text in enumerate((self.tr("1 Train"), self.tr("2 Tune"), self.tr("3 Inspect"))):
            action = self._action(view, text, f"Ctrl+{place + 1}", window.on_mode_triggered)
            action.setCheckable(True)
            action.setData(place)
            group.addAction(action)
            bar.addAction(action)
            self.modes.append(action)
        view.addSeparator()
        view.addActions([*window.plot_tools.actions_of.values(), window.plot_tools.fit])
        view.addSeparator()
        self._add_maps(view)
        view.addSeparator()
        for dock in (window.model_dock, window.inspector_dock, window.images_dock):
            view.addAction(dock.toggleViewAction())

    def _add_maps(self, view: QMenu) -> None:
        maps = self._window.maps
        on_thumbnails = QAction(self.tr("Maps on thumbnails"), self)
        on_thumbnails.setCheckable(True)
        on_thumbnails.setChecked(maps.on_thumbnails)
        on_thumbnails.toggled.connect(maps.set_on_thumbnails)
        self.map_actions = (
            self._action(view, self.tr("Image or map"), "M", maps.toggle),
            self._action(view, self.tr("Map: split view"), "Shift+M", maps.toggle_split),
            on_thumbnails,
        )
        view.addAction(on_thumbnails)

    def _make_file_menu(self) -> None:
        window, standard = self._window, QKeySequence.StandardKey
        menu = window.menuBar().addMenu(self.tr("&File"))
        self._action(menu, self.tr("Open model…"), standard.Open, window.documents.ask_and_open)
        self.recent = menu.addMenu(self.tr("Recent models"))
        save = self._action(menu, self.tr("Save model"), standard.Save, window.documents.save)
        save_as = self._action(menu, self.tr("Save model as…"), "Ctrl+Shift+S", window.documents.save_as)
        menu.addSeparator()
        intake = window.intake
        scoring = [
            self._action(menu, self.tr("Score images…"), "Ctrl+I", intake.ask_for_images),
            self._action(menu, self.tr("Score a folder…"), "Ctrl+Shift+I", intake.ask_for_folder),
            self._action(menu, self.tr("Score a folder of good parts…"), "Ctrl+G", intake.ask_for_good),
            self._action(menu, self.tr("Score a folder of defects…"), "Ctrl+D", intake.ask_for_defects),
            self._action(menu, self.tr("Score pasted files"), standard.Paste, intake.paste),
            self._action(
                menu, self.tr("Remove scored images"), "Ctrl+Shift+X", window.session.remove_dropped
            ),
        ]
        menu.addSeparator()
        table = self._action(menu, self.tr("Export table as CSV…"), "Ctrl+E", window.documents.export_table)
        picture = self._action(
            menu, self.tr("Export plot as picture…"), "Ctrl+Shift+E", window.documents.export_plot
        )
        menu.addSeparator()
        self._action(menu, self.tr("Open the sample"), "Ctrl+Shift+O", window.open_sample)
        self._action(menu, self.tr("Quit"), standard.Quit, window.close)
        self._need_model = (save, save_as, *scoring, table, picture)

    def _make_edit_menu(self) -> None:
        window, stack = self._window, self._window.session.undo_stack
        menu = window.menuBar().addMenu(self.tr("&Edit"))
        for action, key in (
            (stack.createUndoAction(self), QKeySequence.StandardKey.Undo),
            (stack.createRedoAction(self), QKeySequence.StandardKey.Redo),
        ):
            action.setShortcut(QKeySequence(key))
            menu.addAction(action)
        menu.addSeparator()
        self.labels: list[QAction] = []
        for mark, text, digit in (
            (Marked.GOOD, self.tr("Label good"), "1"),
            (Marked.DEFECT, self.tr("Label defect"), "2"),
            (Marked.NONE, self.tr("Remove label"), "0"),
        ):
            labelling = self._action(menu, text, digit, window.steps.label_by_action)
            labelling.setData(int(mark))
            self.labels.append(labelling)
        self.labels.append(self._action(menu, self.tr("This was wrong"), "W", window.steps.say_wrong))
        self.labels.append(
            self._action(menu, self.tr("Exclude from training"), "X", window.steps.toggle_excluded)
        )
        menu.addSeparator()
        self._action(menu, self.tr("Next image"), "D", window.steps.go_to_next)
        self._action(menu, self.tr("Previous image"), "A", window.steps.go_to_previous)
        self._action(menu, self.tr("Next wrong image"), "N", window.steps.go_to_next_wrong)

    def _action(
        self, menu: QMenu, text: str, key: str | QKeySequence.StandardKey, slot: Callable[..., object]
    ) -> QAction:
        action = QAction(text, self)
        if key:
            action.setShortcut(QKeySequence(key))
        action.setToolTip(f"{text} ({action.shortcut().toString()})" if key else text)
        action.triggered.connect(slot)
        menu.addAction(action)
        return action
