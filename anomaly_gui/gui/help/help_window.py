"""The help window: the list of pages at the left, the page beside it, back, forward and home above."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QEvent, QSize, Qt, QUrl, Slot
from PySide6.QtGui import QAction, QCloseEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QListWidget, QListWidgetItem, QMainWindow, QSplitter

from anomaly_gui.gui.help.help_browser import HelpBrowser
from anomaly_gui.gui.help.help_pages import INDEX, find_pages
from anomaly_gui.gui.state.preferences import Preferences
from anomaly_gui.gui.style.icons import set_icon
from anomaly_gui.gui.style.tokens import ICON
from anomaly_gui.paths import resource

_LIST_WIDTH = 200  # pixels
_NAME = "help/"
_FILE = Qt.ItemDataRole.UserRole


class HelpWindow(QMainWindow):
    """All help pages, beside the window one works in and never in its way."""

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle(self.tr("Help – Anomaly GUI"))
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self._preferences = Preferences()
        self.list = QListWidget()
        self.list.setSpacing(2)
        self.list.setAccessibleName(self.tr("Help pages"))
        self.browser = HelpBrowser()
        self._lay_out()
        self._make_actions()
        self._fill_list()
        self._preferences.restore_layout(self, _NAME)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.lastWindowClosed.connect(self.close)  # help on nothing is no help
        self.browser.sourceChanged.connect(self._on_source_changed)
        self.list.itemActivated.connect(self._on_page_chosen)
        self.list.itemClicked.connect(self._on_page_chosen)

    def show_page(self, address: str) -> None:
        """Show a page, `name.md` or `name.md#anchor`, in front of the other windows."""
        name, _, anchor = address.partition("#")
        url = _locate(name)
        if anchor:
            url.setFragment(anchor)
        self.browser.setSource(url)
        self.show()
        self.raise_()
        self.activateWindow()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._preferences.save_layout(self, _NAME)
        super().closeEvent(event)

    def _lay_out(self) -> None:
        splitter = QSplitter()
        splitter.addWidget(self.list)
        splitter.addWidget(self.browser)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([_LIST_WIDTH, 5 * _LIST_WIDTH])
        splitter.setChildrenCollapsible(False)
        self.setCentralWidget(splitter)
        self.resize(1040, 760)

    def _make_actions(self) -> None:
        bar = self.addToolBar(self.tr("Pages"))
        bar.setObjectName("pages")
        bar.setMovable(False)
        bar.setIconSize(QSize(ICON, ICON))
        bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        standard = QKeySequence.StandardKey
        browser = self.browser
        self.back = self._action(self.tr("Back"), "back", standard.Back)
        self.forward = self._action(self.tr("Forward"), "forward", standard.Forward)
        self.home = self._action(self.tr("Contents"), "home", "Alt+Home")
        bar.addActions([self.back, self.forward, self.home])
        self.back.triggered.connect(browser.backward)
        self.forward.triggered.connect(browser.forward)
        self.home.triggered.connect(self._on_home)
        for action, signal in (
            (self.back, browser.backwardAvailable),
            (self.forward, browser.forwardAvailable),
        ):
            action.setEnabled(False)
            signal.connect(action.setEnabled)
        closing = QAction(self)
        closing.setShortcuts([QKeySequence("Esc"), QKeySequence(standard.Close)])
        closing.triggered.connect(self.close)
        self.addAction(closing)

    def _action(self, text: str, icon: str, key: str | QKeySequence.StandardKey) -> QAction:
        action = QAction(text, self)
        set_icon(action, icon)
        action.setShortcut(QKeySequence(key))
        action.setToolTip(f"{text} ({action.shortcut().toString()})")
        return action

    def _fill_list(self) -> None:
        for page in find_pages():
            item = QListWidgetItem(page.title, self.list)
            item.setData(_FILE, page.file.name)

    @Slot()
    def _on_home(self) -> None:
        self.browser.setSource(_locate(INDEX))

    @Slot(QListWidgetItem)
    def _on_page_chosen(self, item: QListWidgetItem) -> None:
        self.browser.setSource(_locate(item.data(_FILE)))

    @Slot(QUrl)
    def _on_source_changed(self, url: QUrl) -> None:
        for row in range(self.list.count()):
            if self.list.item(row).data(_FILE) == url.fileName():
                self.list.setCurrentRow(row)


@cache
def get_help_window() -> HelpWindow:
    """Return the one help window of the program, made when it is first asked for."""
    app = QApplication.instance()
    if app is not None:
        app.aboutToQuit.connect(discard_help_window)
    return HelpWindow()


@Slot()
def discard_help_window() -> None:
    """Destroy the help window, if there is one: it must not outlive its application."""
    if get_help_window.cache_info().currsize:
        window = get_help_window()
        get_help_window.cache_clear()
        window.close()
        window.deleteLater()
        QApplication.sendPostedEvents(window, QEvent.Type.DeferredDelete.value)


def renew_help_window() -> None:
    """Make the help window anew, in the language in use; it shows what it showed, if it was there at all."""
    if get_help_window.cache_info().currsize:
        old = get_help_window()
        is_shown, address = old.isVisible(), old.browser.source().fileName()
        discard_help_window()
        if is_shown:
            get_help_window().show_page(address or INDEX)


def _locate(name: str) -> QUrl:
    return QUrl.fromLocalFile(str(resource("help", name)))
