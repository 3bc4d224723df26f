"""The help window, by its menu, its key, its list and its links; what it shows of the pages."""

import subprocess
import sys

import pytest
from parts import save_parts
from PySide6.QtCore import QObject, QPoint, Qt, QUrl, Slot
from PySide6.QtGui import QColor, QContextMenuEvent, QDesktopServices, QImage, QPalette, QTextTable
from PySide6.QtTest import QTest
from windows import wait

from anomaly_gui.detection.images.region_of_interest import RegionOfInterest
from anomaly_gui.gui.help import help_places
from anomaly_gui.gui.help.help_browser import HelpBrowser
from anomaly_gui.gui.help.help_pages import find_pages, make_anchor
from anomaly_gui.gui.help.help_window import HelpWindow, get_help_window
from anomaly_gui.gui.interest.editor import RegionEditor
from anomaly_gui.gui.state.mode import Mode
from anomaly_gui.paths import resource

LEFT, F1 = Qt.MouseButton.LeftButton, Qt.Key.Key_F1
ADDRESSES = sorted(
    {
        *help_places.PAGE_OF_MODE.values(),
        *(value for value in vars(help_places).values() if isinstance(value, str) and ".md" in value),
    }
)


@pytest.fixture(autouse=True)
def help_is_closed(qapp):
    yield
    get_help_window().close()


@pytest.fixture
def help_window(qapp):
    window = get_help_window()
    window.resize(1040, 760)
    window.browser.clearHistory()
    window.show_page("index.md")
    QTest.qWait(20)
    return window


def _shown():
    """Return the address that the one help window shows."""
    window = get_help_window()
    assert window.isVisible()
    url = window.browser.source()
    return url.fileName() + (f"#{url.fragment()}" if url.hasFragment() else "")


def _help_action(window, text):
    (menu,) = (action.menu() for action in window.menuBar().actions() if action.text() == "&Help")
    return next(action for action in menu.actions() if action.text() == text)


def _text_at_the_top(browser):
    return browser.cursorForPosition(QPoint(40, 12)).block().text()


def _link_position(browser, text):
    """Return where in the viewport a link with a text is."""
    cursor = browser.document().find(text)
    while not cursor.charFormat().isAnchor():
        cursor = browser.document().find(text, cursor)
        assert not cursor.isNull()
    cursor.setPosition(cursor.selectionStart() + 1)
    browser.setTextCursor(cursor)
    browser.ensureCursorVisible()
    return browser.cursorRect(cursor).center()


def test_the_menu_opens_the_pages(make):
    window = make()
    for text, address in (
        ("All help pages", "index.md"),
        ("Keys", "window.md#keys"),
        ("Glossary", "glossary.md"),
    ):
        _help_action(window, text).trigger()
        assert _shown() == address
    assert not get_help_window().isModal()


def test_f1_opens_the_page_of_the_place(small):
    small.activateWindow()
    for key, mode in ((Qt.Key.Key_2, Mode.TUNE), (Qt.Key.Key_3, Mode.INSPECT), (Qt.Key.Key_1, Mode.TRAIN)):
        QTest.keyClick(small, key, Qt.KeyboardModifier.ControlModifier)
        assert small.mode is mode
        small.setFocus()
        QTest.keyClick(small, F1)
        assert _shown() == help_places.PAGE_OF_MODE[mode]
        small.activateWindow()


def test_f1_in_the_settings_is_about_detectors(make):
    window = make()
    window.activateWindow()
    QTest.qWait(50)
    inside = window.panel.form.fields["detector"]
    inside.setFocus()
    QTest.keyClick(inside, F1)
    assert _shown() == help_places.WHICH_DETECTOR


def test_f1_in_the_region_editor(qapp, closed):
    image = QImage(40, 30, QImage.Format.Format_RGB888)
    image.fill(Qt.GlobalColor.gray)
    editor = RegionEditor(image, RegionOfInterest(()))
    closed.append(editor)
    editor.open()
    QTest.qWait(20)
    QTest.keyClick(editor.view, F1)
    assert _shown() == help_places.REGION_OF_INTEREST
    editor.reject()


def test_help_can_be_used_while_a_region_is_drawn(make, tmp_path):
    window = make()
    window.panel.good.set_paths((save_parts(tmp_path / "good", 3),))
    wait(window, until=lambda: window.panel.good.report is not None)
    QTest.mouseClick(window.panel.region.draw_button, LEFT)
    wait(window, until=lambda: window.panel.region.editor is not None)
    editor = window.panel.region.editor
    QTest.keyClick(editor.view, F1)
    shown = get_help_window()
    QTest.mouseClick(shown.list.viewport(), LEFT, pos=shown.list.visualItemRect(shown.list.item(1)).center())
    assert _shown() == "first_steps.md"
    editor.reject()


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_address_is_scrolled_to(help_window, address):
    help_window.show_page(address)
    QTest.qWait(20)
    _, _, anchor = address.partition("#")
    browser = help_window.browser
    bar = browser.verticalScrollBar()
    if not anchor:
        assert bar.value() == 0
    elif bar.value() < bar.maximum():
        assert make_anchor(_text_at_the_top(browser)) == anchor
    else:  # the end of the page: the heading is in sight
        headings = [browser.cursorForPosition(QPoint(40, y)).block().text() for y in range(10, 700, 10)]
        assert anchor in map(make_anchor, headings)


def test_the_list_shows_all_pages_and_goes_to_them(help_window):
    pages = find_pages()
    titles = [help_window.list.item(row).text() for row in range(help_window.list.count())]
    assert titles == [page.title for page in pages]
    row = titles.index("Thresholds")
    center = help_window.list.visualItemRect(help_window.list.item(row)).center()
    QTest.mouseClick(help_window.list.viewport(), LEFT, pos=center)
    assert _shown() == "thresholds.md"
    assert help_window.browser.toPlainText().startswith("Thresholds")


def test_back_forward_and_contents(help_window):
    help_window.show_page("glossary.md#nu")
    QTest.keyClick(help_window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert _shown() == "index.md"
    assert help_window.list.currentItem().text() == "Help"
    help_window.forward.trigger()
    assert _shown() == "glossary.md#nu"
    assert help_window.list.currentItem().text() == "Glossary"
    assert '<a name="nu"' in help_window.browser.toHtml(), "anchors are there after going forward, too"
    help_window.home.trigger()
    assert _shown() == "index.md"


def test_a_link_is_followed(help_window):
    browser = help_window.browser
    QTest.mouseClick(browser.viewport(), LEFT, pos=_link_position(browser, "Thresholds"))
    assert _shown() == "thresholds.md"
    QTest.mouseClick(browser.viewport(), LEFT, pos=_link_position(browser, "false alarms"))
    assert _shown() == "glossary.md#false-alarm"


class _System(QObject):
    """Stands for the system, which opens pages of the internet."""

    def __init__(self):
        super().__init__()
        self.opened = []

    @Slot(QUrl)
    def open_url(self, url):
        self.opened.append(url.toString())


def test_pages_of_the_internet_are_left_to_the_system(help_window):
    system, browser = _System(), help_window.browser
    QDesktopServices.setUrlHandler("https", system, "open_url")
    browser.setHtml('<p><a href="https://example.org/">outside</a></p>')
    QTest.mouseClick(browser.viewport(), LEFT, pos=_link_position(browser, "outside"))
    QDesktopServices.unsetUrlHandler("https")
    assert system.opened == ["https://example.org/"]
    assert browser.source().fileName() == "index.md"


def test_tables_have_lines_and_pictures_fit(help_window):
    help_window.show_page("first_steps.md")
    document = help_window.browser.document()
    tables = [frame for frame in document.rootFrame().childFrames() if isinstance(frame, QTextTable)]
    assert any(table.rows() == 3 and table.columns() == 3 for table in tables)
    assert all(table.format().borderCollapse() for table in tables)
    assert document.idealWidth() <= help_window.browser.viewport().width()


@pytest.mark.parametrize("page", [page.file.name for page in find_pages()])
def test_every_picture_is_read(help_window, page):
    help_window.show_page(page)
    html = resource("help", page).read_text("utf-8")
    for name in {part.split(")")[0] for part in html.split("](pictures/")[1:]}:
        url = QUrl.fromLocalFile(str(resource("help", "pictures", name)))
        image = help_window.browser.loadResource(2, url)
        assert not image.isNull()
        assert image.width() <= 720 * image.devicePixelRatio()


def test_it_is_light_on_dark_where_the_system_is(qapp):
    browser = HelpBrowser()
    browser.setSource(QUrl.fromLocalFile(str(resource("help", "detectors.md"))))
    dark = QPalette(QColor("#333333"), QColor("#252525"))
    browser.setPalette(dark)
    QTest.qWait(20)
    cursor = browser.document().find("score")
    assert cursor.charFormat().foreground().color().lightness() > 127
    assert browser.source().fileName() == "detectors.md"
    assert browser.toPlainText().startswith("Which detector?")


def test_it_remembers_its_size(help_window):
    help_window.resize(700, 500)
    QTest.keyClick(help_window, Qt.Key.Key_Escape)
    assert not help_window.isVisible()
    another = HelpWindow()
    assert (another.width(), another.height()) == (700, 500)
    another.resize(1040, 760)
    another.close()
    another.deleteLater()


def test_it_closes_with_the_last_window(tmp_path):
    """The program ends then: in a process of its own, where its loop runs."""
    code = f"""
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from anomaly_gui.gui.help.help_window import get_help_window
from anomaly_gui.gui.main_window import MainWindow
app = QApplication([])
window = MainWindow(Path({str(tmp_path)!r}))
window.show()
window.menuBar().actions()[-1].menu().actions()[0].trigger()
assert get_help_window().isVisible()
QTimer.singleShot(100, window.close)
QTimer.singleShot(20_000, lambda: app.exit(9))
code = app.exec()
print(code, get_help_window().isVisible())
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.stdout.split() == ["0", "False"], run.stderr


def test_pictures_shrink_with_the_window(help_window):
    help_window.show_page("window.md")
    help_window.resize(700, 500)
    QTest.qWait(400)
    browser = help_window.browser
    assert browser.document().idealWidth() <= browser.viewport().width()


def test_what_is_copied_can_be_typed(help_window, qapp):
    help_window.show_page("command_line.md")
    browser = help_window.browser
    browser.selectAll()
    QTest.keyClick(browser, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    copied = qapp.clipboard().text()
    assert "--calibration DIR" in copied
    assert "\N{NON-BREAKING HYPHEN}" not in copied


def test_the_menu_under_the_mouse_copies_as_well(help_window, qapp):
    browser = help_window.browser
    at = QPoint(60, 40)

    def _offered():
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, browser.viewport().mapToGlobal(at))
        qapp.sendEvent(browser.viewport(), event)
        return {action.text(): action for action in qapp.activePopupWidget().actions()}

    assert not _offered()["Copy"].isEnabled()
    _offered()["Select all"].trigger()
    _offered()["Copy"].trigger()
    qapp.activePopupWidget().close()
    assert "First steps" in qapp.clipboard().text()
