"""What changes while the window is there: its scheme, its pages, and what hears the keys."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPushButton, QWidget

from anomaly_gui.gui.state.mode import Mode
from anomaly_gui.gui.style.page_fade import PageFade
from anomaly_gui.gui.style.parts import Badge, ElidedLabel, EmptyState, IconButton, make_card
from anomaly_gui.gui.style.tokens import DARK, FADE, LIGHT
from anomaly_gui.gui.tune.gallery import Show


def test_plots_follow_the_scheme(dressing, small):
    dressing.wear(LIGHT)
    dressing.wear(DARK)
    QTest.qWait(20)
    plot = small.center.plot
    assert plot.scatter.backgroundBrush().color() == QColor(DARK.surface)
    assert plot.lines.line.pen.color() == QColor(DARK.text)


def test_a_page_fades_out_and_the_next_one_works_at_once(dressing, small):
    small.show_mode(Mode.TUNE)
    QTest.qWait(3 * FADE)
    small.menus.mode_actions[Mode.INSPECT].trigger()
    fades = small.center.findChildren(PageFade)
    assert [fade.isVisible() for fade in fades] == [True]
    assert fades[0].testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    assert small.center.currentIndex() == 2
    QTest.qWait(3 * FADE)
    assert not small.center.findChildren(PageFade)


def test_a_ring_shows_what_hears_the_keys_and_leaves_at_a_click(dressing, qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    row = QHBoxLayout(window)
    first, second = QLineEdit(), QPushButton("Second")
    for widget in (first, second):
        row.addWidget(widget)
    window.show()
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window)
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_Tab)
    ring = dressing.rings.ring
    assert ring.widget() is second
    assert ring.isVisible()
    QTest.mouseClick(first, Qt.MouseButton.LeftButton)
    assert ring.widget() is not second


def test_what_is_empty_says_so_and_offers_what_fills_it(small, monkeypatch):
    asked = []
    small.docks.gallery.score_requested.connect(lambda: asked.append(True))
    monkeypatch.setattr(
        "anomaly_gui.gui.work.intake.QFileDialog.getOpenFileNames", lambda *arguments: ([], "")
    )
    small.show_mode(Mode.TUNE)
    small.session.remove_dropped()
    small.docks.gallery.show_view(Show.DROPPED)
    state = small.docks.gallery.nothing_dropped
    assert state.isVisible()
    QTest.mouseClick(state.button, Qt.MouseButton.LeftButton)
    assert asked == [True]
    small.session.select_rows(())
    small.docks.gallery.show_view(Show.SELECTION)
    assert small.docks.gallery.nothing_selected.isVisible()


def test_the_legend_says_as_much_as_there_is_room_for(dressing, small):
    small.show_mode(Mode.TUNE)
    small.resize(1600, 900)
    QTest.qWait(100)
    legend = small.docks.gallery.legend
    whole = legend.text()
    legend.resize(120, legend.height())
    assert len(legend.text()) < len(whole)
    assert "cannot judge" in whole
    assert "cannot judge" in legend.toolTip()


def test_parts_have_names_and_looks(dressing, qtbot):
    card, badge, state = QFrame(), Badge("3"), EmptyState("empty-images", "Nothing yet.")
    button, line = IconButton("save", "Save"), ElidedLabel()
    for widget in (card, badge, state, button, line):
        qtbot.addWidget(widget)
    make_card(card)
    line.setText("A long sentence that has no room & says so")
    line.resize(60, 20)
    line.show()
    assert card.property("card")
    assert badge.property("badge")
    assert state.button is None
    assert button.accessibleName() == button.toolTip() == "Save"
    assert line.toolTip() == line.text()


def test_a_ring_outlives_the_window_it_was_in(dressing, qtbot):
    for _ in range(2):
        window = QWidget()
        row = QHBoxLayout(window)
        buttons = [QPushButton("One"), QPushButton("Two")]
        for button in buttons:
            row.addWidget(button)
        window.show()
        window.activateWindow()
        assert QTest.qWaitForWindowActive(window)
        buttons[0].setFocus()
        QTest.keyClick(buttons[0], Qt.Key.Key_Tab)
        assert dressing.rings.ring.widget() is buttons[1]
        window.deleteLater()
        QTest.qWait(50)
