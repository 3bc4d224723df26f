"""Every page, walked: nothing is clipped, nameless, pale, or out of the keyboard's reach."""

import pytest
from PySide6.QtCore import QLocale, Qt, QTranslator
from PySide6.QtGui import QColor, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QTableWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from visiting import (
    list_dialogs,
    list_other_windows,
    settle,
    visit_pages,
    visit_questions,
    visit_tour,
)
from walking import (
    describe,
    list_backward_steps,
    list_clipped,
    list_nameless,
    list_pale,
    list_shown,
    list_unreachable,
    walk_by_tab,
)
from windows import need_font

from anomaly_gui.gui.help.help_window import discard_help_window
from anomaly_gui.gui.state.display.languages import speak_language
from anomaly_gui.gui.state.mode import Mode
from anomaly_gui.gui.style.icons import name_of_icon
from anomaly_gui.gui.style.tokens import LIGHT, SCHEMES


@pytest.fixture(scope="module", params=["en", "zh_CN"])
def language(request, qapp):
    """The language of all that is made for a test; afterwards none, as before."""
    need_font(request.param)
    locale = QLocale()
    discard_help_window()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LANGUAGE", request.param)
        speak_language(request.param)
        yield request.param
    for translator in qapp.findChildren(QTranslator):
        qapp.removeTranslator(translator)
    QLocale.setDefault(locale)
    discard_help_window()


def _find_faults(window, where):
    faults = []
    for kind, find in (
        ("clipped", list_clipped),
        ("nameless", list_nameless),
        ("pale", list_pale),
        ("out of reach", list_unreachable),
    ):
        faults += [f"{where}: {kind}: {fault}" for fault in find(window)]
    return faults


@pytest.mark.parametrize("name", SCHEMES)
def test_no_page_has_a_fault(dressing, small, name):
    dressing.wear(SCHEMES[name])
    faults = [fault for page in visit_pages(small) for fault in _find_faults(small, page)]
    assert not faults, "\n".join(faults)


def test_nothing_that_a_page_asks_has_a_fault(dressing, small):
    dressing.wear(LIGHT)
    faults = [fault for page in visit_questions(small) for fault in _find_faults(small, page)]
    assert not faults, "\n".join(faults)


def test_neither_start_page_nor_other_windows_have_a_fault(language, dressing, make):
    window = make()
    settle(window)
    faults = _find_faults(window, "start")
    for title, other in list_other_windows(window).items():
        other.show()
        QTest.qWait(200)
        faults += _find_faults(other, title)
        other.close()
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("name", SCHEMES)
def test_no_dialog_of_a_window_with_a_model_has_a_fault(dressing, small, name):
    dressing.wear(SCHEMES[name])
    faults = []
    for title, dialog in list_dialogs(small).items():
        dialog.show()
        QTest.qWait(150)
        faults += _find_faults(dialog, title)
        dialog.close()
    card = None
    for number in visit_tour(small):
        card = small.help.tour.card
        faults += _find_faults(card, f"tour {number}")
    assert card is not None
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("mode", Mode)
def test_tab_goes_everywhere_in_reading_order_and_is_seen(dressing, small, mode):
    small.show_mode(mode)
    settle(small)
    small.activateWindow()
    assert QTest.qWaitForWindowActive(small)
    seen = []
    visited = walk_by_tab(small)
    for _ in visited:
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        ring = dressing.rings.ring
        seen.append(ring.isVisible() and ring.widget() is not None)
    expected = [
        widget
        for widget in list_shown(small)
        if widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus and not widget.focusProxy()
    ]
    assert not list_backward_steps(visited)
    assert all(seen)
    assert [describe(widget) for widget in expected if widget not in visited] == []


def test_every_action_of_the_menus_has_an_icon(small):
    menus = [action.menu() for action in small.menuBar().actions()]
    bare = [
        f"{menu.title()}: {action.text()}"
        for menu in menus
        for action in menu.actions()
        if not action.isSeparator() and not name_of_icon(action)
    ]
    assert isinstance(menus[0], QMenu)
    assert not bare


def _show_faulty_widgets():
    """Return a window with one fault of each kind."""
    window, pale = QWidget(), QLabel("Hardly to be read, as all can see")
    palette = pale.palette()
    palette.setColor(QPalette.ColorRole.WindowText, QColor("#c0c0c0"))
    pale.setPalette(palette)
    cut, nameless, no_tab = QLabel("A text with far too little room"), QToolButton(), QPushButton("No way")
    cut.setFixedWidth(40)
    no_tab.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    column = QVBoxLayout(window)
    for widget in (pale, cut, nameless, no_tab):
        column.addWidget(widget)
    window.show()
    QTest.qWait(50)
    return window


def test_the_walk_finds_hints_and_titles_that_are_cut(dressing):
    dressing.wear(LIGHT)
    window, hint, table = QWidget(), QLineEdit(), QTableWidget(1, 2)
    hint.setPlaceholderText("A hint with far too little room")
    hint.setFixedWidth(60)
    table.setHorizontalHeaderLabels(["a", "判为不合格的缺陷"])
    table.setColumnWidth(1, 40)
    column = QVBoxLayout(window)
    column.addWidget(hint)
    column.addWidget(table)
    window.show()
    QTest.qWait(50)
    of_hint, of_title = list_clipped(window)
    assert "QLineEdit" in of_hint and "判为不合格的缺陷" in of_title
    window.close()


def test_the_walk_finds_what_is_wrong(dressing):
    dressing.wear(LIGHT)
    window = _show_faulty_widgets()
    assert ["too little" in fault for fault in list_clipped(window)] == [True]
    assert ["QToolButton" in fault for fault in list_nameless(window)] == [True]
    assert ["No way" in fault for fault in list_unreachable(window)] == [True]
    assert ["Hardly" in fault for fault in list_pale(window)] == [True]
    window.close()
