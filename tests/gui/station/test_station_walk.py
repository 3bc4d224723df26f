"""Every page of the stations' window, walked: nothing is clipped, nameless, pale, or out of reach."""

import pytest
from crew import PASSWORDS, add_crew, opened
from line import save_picture
from PySide6.QtCore import QLocale, QTimer, QTranslator
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from recorded import WELL, add_entries, add_rows, alive, write_state
from station_waiting import wait_for
from walking import (
    list_backward_steps,
    list_clipped,
    list_nameless,
    list_pale,
    list_shown,
    list_unreachable,
    walk_by_tab,
)
from windows import need_font

from anomaly_gui.gui.state.display.languages import speak_language
from anomaly_gui.gui.station.feed.snapshot import Remedy
from anomaly_gui.gui.style.dressing import dress_application
from anomaly_gui.gui.style.tokens import SCHEMES
from anomaly_gui.station.access.sessions import sign_in
from anomaly_gui.station.access.station_lock import lock_station
from anomaly_gui.station.ledger.linking import AuditEntry
from anomaly_gui.station.settings.access_settings import AccessSettings
from anomaly_gui.station.watching.study.sheet import find_parts, make_sheet

SIZES = ((1280, 720), (1440, 900))
AWAY = {
    "pending": 9,
    "oldest_seconds": 75.0,
    "last_error": "http://192.168.0.7:8080/results cannot be reached",
}


@pytest.fixture
def dressing(qapp):
    palette = qapp.palette()
    dressing = dress_application(qapp)
    yield dressing
    qapp.setStyleSheet("")
    qapp.setPalette(palette)
    qapp.focusChanged.disconnect(dressing.rings._on_focus_changed)


@pytest.fixture
def speak(qapp, monkeypatch):
    """Speak a language until the end of the test."""
    locale = QLocale()

    def use(language):
        need_font(language)
        monkeypatch.setenv("LANGUAGE", language)
        speak_language(language)

    yield use
    for translator in qapp.findChildren(QTranslator):
        qapp.removeTranslator(translator)
    QLocale.setDefault(locale)


@pytest.fixture
def full(line):
    """Records with all there is to show."""
    picture = save_picture(line.incoming / "cap_1.png", defect=True)
    row = {"image_path": str(picture), "part": "cap_000123", "lot": "L0042"}
    add_rows(
        line,
        [{**row, "verdict": one} for one in ("good", "unsure", "cannot_judge", "error")]
        + [
            {
                **row,
                "verdict": "defect",
                "reason": "is unlike good parts as a whole, no single place stands out",
            }
        ],
    )
    add_entries(
        line, AuditEntry("threshold", "-5.0544", "-6.125", "too many false alarms", "eve", "engineer")
    )
    with opened(line) as engine:
        add_crew(engine)
        sign_in(engine, "eve", PASSWORDS["eve"], AccessSettings())
    for kind in ("good", "defect"):
        (line.folder / "known" / kind).mkdir(parents=True)
        for number in range(6):
            save_picture(line.folder / "known" / kind / f"{number}.png", defect=kind == "defect")
    make_sheet(line.ledger.parent, find_parts(line.folder / "known", 1), ["Anna", "Bo"], 2, 1)
    return line


def visit(window):
    """Yield the name of each state of the window, when it is there."""
    view = window.current
    wait_for(lambda: view.operator.strip.count() == 5, "the parts are there")
    history = view.engineer.history
    for width, height in SIZES:
        window.resize(width, height)
        window.menus.pages[0].trigger()
        QTest.qWait(300)
        yield f"operator {width}"
        window.menus.pages[1].trigger()
        view.engineer.tabs.setCurrentIndex(0)
        wait_for(lambda: history.model.rows, "the history is there")
        QTest.qWait(200)
        yield f"history without a part {width}"
        history.filter.period.setCurrentIndex(5)
        history.table.selectRow(0)
        QTest.qWait(600)
        yield f"history {width}"
        history.filter.period.setCurrentIndex(0)
        for place in (1, 2, 3):
            view.engineer.tabs.setCurrentIndex(place)
            QTest.qWait(300)
            yield f"tab {place} {width}"
        yield from visit_study(view.engineer.study, width)


def visit_study(page, width):
    """Yield each state of the page of studies."""
    page.list_studies()
    wait_for(lambda: page.sheet is not None, "the study is there")
    begun = page.sheet
    page.begin_turn("Anna")
    wait_for(lambda: page.judging.good.isEnabled(), "the picture is there")
    QTest.qWait(200)
    yield f"judging {width}"
    page.judging.stop.click()
    yield f"turns {width}"
    judged = begun
    while (place := judged.find_next()) is not None:
        judged = judged.set_answer(place, place % 3 == 0)
    judged.save()
    page.list_studies()
    wait_for(lambda: page.stack.currentWidget() is page.report, "it is counted")
    QTest.qWait(200)
    yield f"report {width}"
    begun.save()


def find_faults(window, where):
    return [
        f"{where}: {find.__name__}: {fault}"
        for find in (list_clipped, list_nameless, list_pale, list_unreachable)
        for fault in find(window)
    ]


@pytest.mark.parametrize(
    ("language", "scheme", "state"), [("en", "dark", "running"), ("zh_CN", "light", "locked")]
)
def test_no_page_has_a_fault(full, open_window, dressing, speak, language, scheme, state):
    speak(language)
    dressing.wear(SCHEMES[scheme])
    with alive(full):
        write_state(
            full,
            state,
            alarms=[("challenge", "A known defect was judged good.")] if state == "locked" else [],
            outputs={"csv": WELL, "mes": AWAY},
        )
        if state == "locked":
            with opened(full) as engine:
                lock_station(engine, "A known defect was judged good.")
        window = open_window(full.file)
        faults = [fault for where in visit(window) for fault in find_faults(window, where)]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_neither_no_station_nor_one_that_does_not_run_has_a_fault(
    line, open_window, dressing, speak, language
):
    speak(language)
    dressing.wear(SCHEMES["light"])
    empty = open_window()
    QTest.qWait(200)
    faults = find_faults(empty, "empty")
    window = open_window(line.file)
    wait_for(lambda: window.current.feed.latest is not None, "it was looked at")
    QTest.qWait(200)
    faults += find_faults(window, "never ran")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(("language", "scheme"), [("en", "dark"), ("zh_CN", "light")])
def test_no_dialog_has_a_fault(full, open_window, dressing, speak, language, scheme):
    speak(language)
    dressing.wear(SCHEMES[scheme])
    desk = open_window(full.file).current.desk
    wait_for(lambda: desk.people is not None, "people are known")
    faults = []

    def look():
        dialog = QApplication.activeModalWidget()
        dialog.resize(dialog.sizeHint())
        QTest.qWait(100)
        faults.extend(find_faults(dialog, type(dialog).__name__))
        dialog.reject()

    study = desk.parent().engineer.study
    for ask in (
        desk.ask_to_sign_in,
        lambda: desk.ask_for_remedy(Remedy.UNLOCK),
        lambda: desk.ask_for_remedy(Remedy.APPROVE),
        study.ask_for_plan,
    ):
        QTimer.singleShot(200, look)
        ask()
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("page", [0, 1])
def test_tab_goes_everywhere_in_reading_order(full, open_window, dressing, page):
    dressing.wear(SCHEMES["light"])
    window = open_window(full.file)
    window.menus.pages[page].trigger()
    wait_for(lambda: window.current.operator.strip.count() == 5, "the parts are there")
    QTest.qWait(400)
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window)
    visited = walk_by_tab(window)
    expected = [
        widget
        for widget in list_shown(window)
        if widget.isEnabled()
        and widget.focusPolicy() & widget.focusPolicy().TabFocus
        and not widget.focusProxy()
    ]
    assert not list_backward_steps(visited)
    assert [type(widget).__name__ for widget in expected if widget not in visited] == []
    assert QApplication.focusWidget() is not None
