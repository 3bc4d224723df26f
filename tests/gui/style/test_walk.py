"""Every page, walked: nothing is clipped, nameless, pale, or out of the keyboard's reach."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QPushButton, QToolButton, QVBoxLayout, QWidget
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

from anomaly_gui.gui.help.help_window import get_help_window
from anomaly_gui.gui.help.key_sheet import KeySheet
from anomaly_gui.gui.inspect.operator.pin_dialog import PinDialog
from anomaly_gui.gui.interest.editor import RegionEditor
from anomaly_gui.gui.state.mode import Mode
from anomaly_gui.gui.style.icons import name_of_icon
from anomaly_gui.gui.style.tokens import LIGHT, SCHEMES
from anomaly_gui.gui.tune.gallery import Show
from anomaly_gui.gui.work.projects.models_dialog import ProjectModels

SIZE = 1366, 768


def _settle(window):
    window.resize(*SIZE)
    QTest.qWait(250)


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


def _visit_pages(window):
    """Yield the name of each state of the window, when it is there."""
    session = window.session
    session.select_rows((int(session.table.shown_rows[-1]),))
    window.panel.good.set_paths((session.table.paths[0].parent,))
    for mode in Mode:
        window.show_mode(mode)
        _settle(window)
        yield mode.name
    window.show_mode(Mode.TUNE)
    window.center.tabs.setCurrentIndex(1)
    window.docks.images_dock.widget().setCurrentIndex(1)
    _settle(window)
    yield "ROC and table"
    window.center.tabs.setCurrentIndex(0)
    window.docks.images_dock.widget().setCurrentIndex(0)
    for show in Show:
        window.docks.gallery.show_view(show)
        _settle(window)
        yield show.name


@pytest.mark.parametrize("name", SCHEMES)
def test_no_page_has_a_fault(dressing, small, name):
    dressing.wear(SCHEMES[name])
    faults = [fault for page in _visit_pages(small) for fault in _find_faults(small, page)]
    assert not faults, "\n".join(faults)


def test_neither_start_page_nor_dialogs_have_a_fault(dressing, make):
    window = make()
    _settle(window)
    faults = _find_faults(window, "start")
    picture = QImage(64, 64, QImage.Format.Format_RGB888)
    picture.fill(Qt.GlobalColor.gray)
    editor = RegionEditor(picture, None, window)
    editor.show()
    pages = get_help_window()
    pages.show_page("window.md")
    QTest.qWait(200)
    faults += _find_faults(editor, "region of interest") + _find_faults(pages, "help")
    editor.close()
    pages.close()
    assert not faults, "\n".join(faults)


def _list_dialogs(window):
    """Return the dialogs of a window with a model."""
    services = window.services
    return {
        "models": ProjectModels(services.session, services.project, services.projects, window),
        "keys": KeySheet(window.menuBar(), window),
        "PIN": PinDialog(window, "Unlock", "Type the PIN of this view.", lambda pin: pin, is_new=False),
        "new PIN": PinDialog(window, "Set the PIN", "Choose a PIN.", lambda pin: pin, is_new=True),
    }


@pytest.mark.parametrize("name", SCHEMES)
def test_no_dialog_of_a_window_with_a_model_has_a_fault(dressing, small, name):
    dressing.wear(SCHEMES[name])
    faults = []
    for title, dialog in _list_dialogs(small).items():
        dialog.show()
        QTest.qWait(150)
        faults += _find_faults(dialog, title)
        dialog.close()
    small.help.start_tour()
    QTest.qWait(250)
    faults += _find_faults(small.help.tour.card, "tour")
    small.help.tour.leave_tour()
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("mode", Mode)
def test_tab_goes_everywhere_in_reading_order_and_is_seen(dressing, small, mode):
    small.show_mode(mode)
    _settle(small)
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


def test_the_walk_finds_what_is_wrong(dressing):
    dressing.wear(LIGHT)
    window = _show_faulty_widgets()
    assert ["too little" in fault for fault in list_clipped(window)] == [True]
    assert ["QToolButton" in fault for fault in list_nameless(window)] == [True]
    assert ["No way" in fault for fault in list_unreachable(window)] == [True]
    assert ["Hardly" in fault for fault in list_pale(window)] == [True]
    window.close()
