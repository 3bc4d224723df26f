"""The menus of the stations' window, and its bar of pages."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QKeySequence

from anomaly_gui.gui.help.help_places import KEY, open_help
from anomaly_gui.gui.station.feed.snapshot import Remedy
from anomaly_gui.gui.style.icons import set_icon
from anomaly_gui.gui.style.tokens import ICON
from anomaly_gui.gui.widgets.plain_text import escape_title

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import SignalInstance
    from PySide6.QtWidgets import QMainWindow, QMenu

    from anomaly_gui.gui.station.feed.people import People
    from anomaly_gui.gui.station.station_view import StationView

HELP = "station_window.md"


class StationMenus(QObject):
    """Makes them for a window, which does what they say."""

    open_requested = Signal()
    plant_requested = Signal()
    recent_chosen = Signal(object)  # the Path
    start_requested = Signal()
    stop_requested = Signal()
    sign_in_requested = Signal()
    sign_out_requested = Signal()
    remedy_requested = Signal(object)  # the Remedy
    page_chosen = Signal(bool)  # whether it is the engineer's
    full_screen_requested = Signal()
    lock_requested = Signal()

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._make_station_menu()
        self._make_view_menu()
        menu = window.menuBar().addMenu(self.tr("&Help"))
        self._add(menu, self.tr("Help on this window"), KEY, "help", lambda: open_help(HELP))

    def _make_station_menu(self) -> None:
        menu = self._window.menuBar().addMenu(self.tr("&Station"))
        self._add(menu, self.tr("Open a station…"), "Ctrl+O", "folder-open", self.open_requested)
        self.plant = self._add(menu, self.tr("Open the plant…"), "Ctrl+Shift+O", "bars", self.plant_requested)
        self.recent = menu.addMenu(self.tr("Recent stations"))
        set_icon(self.recent.menuAction(), "clock")
        menu.addSeparator()
        self.start = self._add(menu, self.tr("Start the station"), "", "play", self.start_requested)
        self.stop = self._add(menu, self.tr("Stop the station…"), "", "stop", self.stop_requested)
        menu.addSeparator()
        self.sign_in = self._add(menu, self.tr("Sign in…"), "", "user", self.sign_in_requested)
        self.sign_out = self._add(menu, self.tr("Sign out"), "", "quit", self.sign_out_requested)
        self.unlock = self._add(
            menu,
            self.tr("Unlock the station…"),
            "",
            "unlock",
            lambda: self.remedy_requested.emit(Remedy.UNLOCK),
        )
        self.approve = self._add(
            menu,
            self.tr("Approve settings and model…"),
            "",
            "keep",
            lambda: self.remedy_requested.emit(Remedy.APPROVE),
        )
        menu.addSeparator()
        self._add(menu, self.tr("Close"), QKeySequence.StandardKey.Close, "close", self._window.close)

    def _make_view_menu(self) -> None:
        window = self._window
        view = window.menuBar().addMenu(self.tr("&View"))
        self._bar = bar = window.addToolBar(self.tr("Pages"))
        bar.setObjectName("pages")
        bar.setMovable(False)
        bar.setIconSize(QSize(ICON, ICON))
        bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        group = QActionGroup(self)
        self.pages: list[QAction] = []
        for text, key, icon in (
            (self.tr("1 Operator"), "Ctrl+1", "inspect"),
            (self.tr("2 Engineer"), "Ctrl+2", "search"),
        ):
            page = self._add(view, text, key, icon, self._on_page)
            page.setCheckable(True)
            group.addAction(page)
            bar.addAction(page)
            self.pages.append(page)
        bar.addSeparator()
        bar.addAction(self.start)
        bar.addAction(self.stop)
        view.addSeparator()
        self._add(view, self.tr("Full screen"), "F11", "full-screen", self.full_screen_requested)
        self.lock = self._add(
            view, self.tr("Lock the operator's view…"), "Ctrl+L", "lock", self.lock_requested
        )

    def _add(
        self,
        menu: QMenu,
        text: str,
        key: str | QKeySequence.StandardKey,
        icon: str,
        slot: Callable[[], object] | SignalInstance,
    ) -> QAction:
        action = QAction(text, self)
        if key:
            action.setShortcut(QKeySequence(key))
        action.setToolTip(f"{text} ({action.shortcut().toString()})" if key else text)
        action.triggered.connect(slot)
        set_icon(action, icon)
        menu.addAction(action)
        return action

    def show_recent(self, paths: Sequence[Path]) -> None:
        """Offer the stations that were opened last."""
        self.recent.clear()
        for path in paths:
            action = self.recent.addAction(escape_title(f"{path.name}   {path.parent}"))
            action.setData(str(path))
            action.triggered.connect(self._on_recent)
        self.recent.setEnabled(bool(paths))

    @Slot()
    def _on_recent(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.recent_chosen.emit(Path(str(action.data())))

    @Slot()
    def _on_page(self) -> None:
        self.page_chosen.emit(self.sender() is self.pages[1])

    def show_station(self, view: StationView | None) -> None:
        """Offer what can be done with a station; None for none."""
        self.pages[view is not None and view.is_engineers].setChecked(True)
        for page in self.pages:
            page.setEnabled(view is not None)
        is_alive = view is not None and view.is_alive
        self.start.setEnabled(view is not None and view.place.settings is not None and not is_alive)
        self.stop.setEnabled(is_alive)
        self._offer_access(None if view is None else view.desk.people)

    def _offer_access(self, people: People | None) -> None:
        """Offer what can be signed; who may do it is asked of the password."""
        is_kept = people is not None and people.is_kept
        for action in (self.sign_in, self.approve):
            action.setEnabled(is_kept)
        self.sign_out.setEnabled(people is not None and people.session is not None)
        self.unlock.setEnabled(people is not None and bool(people.lock))

    def show_lock(self, is_locked: bool) -> None:
        """Be there, or not: what is hidden takes its shortcuts with it."""
        for menu in self._window.menuBar().actions():
            menu.setVisible(not is_locked)
        self._window.menuBar().setVisible(not is_locked)
        self._bar.setVisible(not is_locked)
        policy = Qt.ContextMenuPolicy
        self._window.setContextMenuPolicy(
            policy.PreventContextMenu if is_locked else policy.DefaultContextMenu
        )
