"""The operator's page: what the records say, read from two metres."""

from datetime import datetime, timezone

import numpy as np
import pytest
from line import make_line, save_picture
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox
from recorded import WELL, add_rows, alive, write_state
from station_waiting import wait_for

from anomaly_gui.gui.station.feed.health import Level
from anomaly_gui.gui.station.feed.snapshot import Trend
from anomaly_gui.gui.station.operator.trend_view import SHARE_OF, measure_share
from anomaly_gui.station.judging.judged import StationVerdict
from anomaly_gui.station.times import write_moment

VERDICTS = ("good", "good", "good", "defect", "unsure", "cannot_judge", "error")


def show(window, line):
    view = window.current
    count = line.count()
    wait_for(
        lambda: view.feed.latest and (not count or view.operator._newest == count), "the newest is shown"
    )
    return view.operator


def lamps_of(page):
    return {lamp.name.text(): lamp._lamp for lamp in page.lamps.lamps if lamp.isVisible()}


def test_verdict_part_lot_counts_yield_and_the_last_parts_are_shown(line, open_window):
    add_rows(line, [{"verdict": verdict, "part": f"p{n}", "lot": "L7"} for n, verdict in enumerate(VERDICTS)])
    page = show(open_window(line.file), line)
    assert page.word.text() == "! ERROR"
    assert "Part p6   Lot L7" in page.part.text()
    counts = {verdict.value: int(label.text()) for verdict, label in page.counts.numbers.items()}
    assert counts == {"good": 3, "defect": 1, "unsure": 1, "cannot_judge": 1, "error": 1}
    assert page.counts.yield_share.text() == "60.0 %"
    marks = [page.strip.item(index).text() for index in range(page.strip.count())]
    assert marks == ["!", "–", "?", "✕", "✓", "✓", "✓"]
    place = page.strip.visualItemRect(page.strip.item(3)).center()
    QTest.mouseClick(page.strip.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert page.word.text() == "✕ DEFECT"
    add_rows(line, [{"verdict": "good", "part": "p7"}])
    wait_for(lambda: page.word.text() == "✓ GOOD", "the next part takes its place")
    assert page.counts.numbers[StationVerdict.GOOD].text() == "4"


def test_parts_of_a_challenge_and_of_another_day_are_not_counted(line, open_window):
    yesterday = write_moment(int((datetime.now(timezone.utc).timestamp() - 86_400) * 1e9))
    add_rows(line, [{"at": yesterday}, {"is_challenge": 1, "verdict": "defect"}, {}])
    page = show(open_window(line.file), line)
    assert page.counts.numbers[StationVerdict.GOOD].text() == "1"
    assert page.counts.numbers[StationVerdict.DEFECT].text() == "0"
    add_rows(line, [{"is_challenge": 1}, {}])
    wait_for(lambda: page.counts.numbers[StationVerdict.GOOD].text() == "2", "only the part was counted")


def test_a_part_of_a_challenge_says_so(line, open_window):
    add_rows(line, [{"part": "p1"}, {"is_challenge": 1, "verdict": "defect", "part": "p2"}])
    page = show(open_window(line.file), line)
    assert page.word.text() == "✕ DEFECT"
    assert page.part.text().startswith("Challenge   Part p2")
    said = [page.strip.item(index).data(Qt.ItemDataRole.AccessibleTextRole) for index in range(2)]
    assert said[0].startswith("Challenge: defect, p2")
    assert said[1].startswith("good, p1")
    assert "Challenge: defect" in page.strip.item(0).toolTip()


def test_a_new_shift_counts_from_zero_and_is_remembered(line, open_window):
    add_rows(line, [{}, {}])
    window = open_window(line.file)
    page = show(window, line)

    def answer():
        box = QApplication.activeModalWidget()
        QTest.mouseClick(box.button(QMessageBox.StandardButton.Yes), Qt.MouseButton.LeftButton)

    QTimer.singleShot(200, answer)
    QTest.mouseClick(page.counts.reset, Qt.MouseButton.LeftButton)
    wait_for(lambda: page.counts.numbers[StationVerdict.GOOD].text() == "0", "it counts anew")
    add_rows(line, [{}])
    wait_for(lambda: page.counts.numbers[StationVerdict.GOOD].text() == "1", "the next is counted")
    assert window.close()
    again = show(open_window(line.file), line)
    wait_for(lambda: again.counts.numbers[StationVerdict.GOOD].text() == "1", "the shift is the same")


def test_shifts_of_the_line_begin_by_themselves(line, open_window, monkeypatch):
    text = line.file.read_text()
    now = datetime.now().astimezone()
    begins = f'shifts = {{ all-day = "{now:%H:%M}" }}'
    line.file.write_text(text.replace("[capture]", f"{begins}\n\n[capture]", 1))
    before = write_moment(int((now.timestamp() - 3600) * 1e9))
    add_rows(line, [{"at": before}, {}, {}])
    page = show(open_window(line.file), line)
    wait_for(lambda: page.counts.numbers[StationVerdict.GOOD].text() == "2", "it counts from there")
    assert page.counts.since.text() == f"all-day, since {now:%Y-%m-%d %H:%M}"
    assert not page.counts.reset.isVisible()


def test_there_is_a_lamp_for_each_part_of_the_station(line, open_window):
    add_rows(line, [{}])
    late = {"pending": 3, "oldest_seconds": 40.0, "last_error": ""}
    away = {"pending": 9, "oldest_seconds": 75.0, "last_error": "the broker is away"}
    with alive(line):
        write_state(line, backlog=(4, 90.0), outputs={"csv": WELL, "mqtt": away, "opcua": late})
        window = open_window(line.file)
        page = show(window, line)
        lamps = lamps_of(page)
    assert {name: lamp.level for name, lamp in lamps.items()} == {
        "Pictures": Level.WELL,
        "Judging": Level.WELL,
        "Records": Level.WELL,
        "Waiting": Level.WELL,
        "Watch": Level.WELL,
        "csv": Level.WELL,
        "mqtt": Level.FAULT,
        "opcua": Level.WARNING,
    }
    assert lamps["Waiting"].word == "4, for 1 min 30 s"
    assert lamps["mqtt"].word == "9, for 1 min 15 s"
    assert "the broker is away" in page.alarms.list.item(0).text()
    assert window.current.level is Level.FAULT
    said = next(lamp.accessibleName() for lamp in page.lamps.lamps if lamp.name.text() == "mqtt")
    assert said == "mqtt: fault, 9, for 1 min 15 s. the broker is away"


@pytest.mark.parametrize(
    ("alarm", "lamp", "level"),
    [
        ("capture", "Pictures", Level.FAULT),
        ("camera", "Pictures", Level.FAULT),
        ("judging", "Judging", Level.FAULT),
        ("records", "Records", Level.FAULT),
        ("cut", "Records", Level.FAULT),
        ("moving", "Records", Level.WARNING),
        ("backlog", "Waiting", Level.FAULT),
        ("light", "Watch", Level.WARNING),
        ("challenge_due", "Watch", Level.WARNING),
    ],
)
def test_an_alarm_lights_its_lamp_and_is_read(line, open_window, alarm, lamp, level):
    add_rows(line, [{}])
    with alive(line):
        write_state(line, alarms=[(alarm, "It is so and so.")])
        page = show(open_window(line.file), line)
    assert lamps_of(page)[lamp].level is level
    assert [page.alarms.list.item(index).text()[-16:] for index in range(page.alarms.list.count())] == [
        "It is so and so."
    ]


def test_a_locked_station_says_over_the_whole_width_what_to_do(line, open_window):
    add_rows(line, [{}])
    with alive(line):
        write_state(line, "locked", alarms=[("challenge", "A known defect was judged good.")])
        page = show(open_window(line.file), line)
        strip = page.condition
        wait_for(strip.isVisible, "it is said")
    assert strip.width() > 0.95 * page.width()
    assert "locked" in strip.says.text()
    assert "A known defect was judged good." in strip.advice.text()
    assert "Call an engineer" in strip.advice.text()
    assert not strip.start.isVisible()


def test_a_starting_station_may_take_its_time(line, open_window):
    add_rows(line, [{}])
    a_minute_ago = write_moment(int((datetime.now(timezone.utc).timestamp() - 60) * 1e9))
    with alive(line):
        write_state(line, "starting", at=a_minute_ago)
        page = show(open_window(line.file), line)
        assert "starts" in page.condition.says.text()
        write_state(line, "running", at=a_minute_ago)
        wait_for(lambda: "hangs" in page.condition.says.text(), "its silence is heard")


def test_records_that_cannot_be_read_are_said(line, open_window):
    add_rows(line, [{}])
    with alive(line):
        write_state(line)
        page = show(open_window(line.file), line)
        line.ledger.write_bytes(b"this is no database, and long enough to be looked at" * 100)
        wait_for(lambda: "ledger.sqlite3" in page.condition.advice.text(), "it is said", seconds=10)


def test_a_picture_that_is_moved_meanwhile_is_found(line, open_window):
    here, there = line.incoming / "cap_1.png", line.incoming / "good" / "cap_1.png"
    save_picture(here)
    add_rows(line, [{"image_path": str(there), "regions": "[[4, 5, 20, 30]]", "verdict": "defect"}])
    row = line.ask("SELECT id FROM result")[0][0]
    _add_step(line, row, here)
    window, ready = open_window(line.file), []
    window.pictures.picture_ready.connect(lambda path, *_: ready.append(path))
    page = show(window, line)
    wait_for(lambda: not page.picture.picture.picture_rect.isEmpty(), "it is shown from where it came")
    (box,) = page.picture.picture._drawn
    assert (box.x, box.y, box.width, box.height) == (4, 5, 16, 25)
    there.parent.mkdir()
    here.rename(there)
    wait_for(lambda: page.shown.picture == there, "it is found where it went")
    QTest.qWait(500)
    assert ready == [str(here)]  # it is the same picture


def test_a_station_that_is_not_looked_at_asks_for_its_picture_later(line, open_window, tmp_path, model_file):
    picture = save_picture(line.incoming / "cap_1.png")
    add_rows(line, [{"image_path": str(picture)}])
    window = open_window(line.file, make_line(tmp_path / "line 2", model_file).file)
    page, ready = window.views[0].operator, []
    window.pictures.picture_ready.connect(lambda path, *_: ready.append(path))
    wait_for(lambda: page.shown is not None, "the part came")
    QTest.qWait(1000)
    assert ready == []
    window.tabs.setCurrentIndex(0)
    wait_for(lambda: not page.picture.picture.picture_rect.isEmpty(), "its picture is shown")
    assert ready == [str(picture)]


def _add_step(line, part, path):
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(line.ledger)) as made, made:
        made.execute(
            "INSERT INTO step (id, identity, path, size, mtime_ns, sha256, step, at, seq) "
            "VALUES (?, 'x', ?, 1, 0, '', 'JUDGED', '', 1)",
            (part, str(path)),
        )


def test_the_trend_shows_scores_and_the_share_of_the_last_parts(line, open_window):
    add_rows(
        line,
        [{"score": 2.5, "threshold": 0.5} for _ in range(30)]
        + [{"score": -1.5, "threshold": 0.5, "verdict": "defect"} for _ in range(20)]
        + [{"score": None, "verdict": "error"}],
    )
    page = show(open_window(line.file), line)
    trend = page.trend
    good = trend._points[StationVerdict.GOOD].getData()[1]
    defects = trend._points[StationVerdict.DEFECT].getData()[1]
    assert np.allclose(good, 0.0)  # a common good part is at 0, the threshold at 1, what is worse above
    assert np.allclose(defects, 2.0)
    assert trend._curve.getData()[1][-2] == pytest.approx(40.0)


def test_the_share_counts_so_many_parts_at_most():
    defect = list(StationVerdict).index(StationVerdict.DEFECT)
    verdicts = np.array([defect] * 10 + [0] * (SHARE_OF + 5))
    share = measure_share(Trend(np.arange(len(verdicts)), verdicts, np.zeros(len(verdicts))))
    assert share[9] == 1.0
    assert share[SHARE_OF - 1] == pytest.approx(10 / SHARE_OF)
    assert share[-1] == 0.0
