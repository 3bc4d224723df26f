"""The engineer's page: searching, looking through, opening a past part."""

import csv
import json
import shutil
from hashlib import sha256

import pytest
from line import make_line, save_picture
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from recorded import add_entries, add_rows, alive, write_state
from station_waiting import wait_for

from anomaly_gui.detection.model.model_file import open_model
from anomaly_gui.detection.scoring import ScoreRequest, score
from anomaly_gui.gui.station import rejudging
from anomaly_gui.gui.station.engineer.filter_bar import TODAY, YESTERDAY
from anomaly_gui.gui.station.engineer.history_model import REASON
from anomaly_gui.gui.station.engineer.search import PAGE
from anomaly_gui.progress import SilentProgress
from anomaly_gui.station.ledger.linking import AuditEntry
from anomaly_gui.station.ledger.reading import ResultFilter


def open_engineer(window):
    window.menus.pages[1].trigger()
    page = window.current.engineer
    wait_for(lambda: page.history.turner.range.text(), "the first search came back")
    return page


def numbers_of(history):
    return [row.seq for row in history.model.rows]


def test_parts_are_searched_by_part_lot_time_and_verdict(line, open_window):
    old = {"at": "2026-01-05T10:00:00.000Z"}
    add_rows(
        line,
        [
            {"part": "a", "lot": "L1", **old},
            {"part": "b", "lot": "L1", "verdict": "defect", **old},
            {"part": "a", "lot": "L2"},
            {"part": "c", "lot": "L2", "verdict": "error", "reason": "it is torn"},
        ],
    )
    history = open_engineer(open_window(line.file)).history
    assert numbers_of(history) == [4, 3, 2, 1]
    wait_for(lambda: history.count.text() == "of 4: good 2, defect 1, error 1", "they are counted")
    history.filter.part.setFocus()
    QTest.keyClicks(history.filter.part, "a")
    wait_for(lambda: numbers_of(history) == [3, 1], "part a is found")
    QTest.keyClicks(history.filter.lot, "L2")
    wait_for(lambda: numbers_of(history) == [3], "of lot L2, too")
    history.filter.part.clear()
    wait_for(lambda: numbers_of(history) == [4, 3], "the lot is found")
    QTest.keyClick(history.filter.verdict, Qt.Key.Key_Down)
    wait_for(lambda: numbers_of(history) == [4], "all but good")
    history.filter.lot.clear()
    wait_for(lambda: numbers_of(history) == [4, 2], "of both lots")
    history.filter.period.setCurrentIndex(TODAY)
    wait_for(lambda: numbers_of(history) == [4], "of today")
    history.filter.period.setCurrentIndex(YESTERDAY)
    wait_for(lambda: history.turner.range.text() == "nothing found", "of yesterday there is none")


def test_parts_of_a_challenge_are_marked(line, open_window):
    parts = [{"verdict": "defect", "reason": "it is torn"}, {"reason": "it is torn"}, {}]
    add_rows(line, [{**part, "is_challenge": int(index != 1)} for index, part in enumerate(parts)])
    history = open_engineer(open_window(line.file)).history
    cells = [history.model.index(row, REASON).data() for row in range(3)]
    assert cells == ["Challenge", "it is torn", "Challenge: it is torn"]
    assert history.model.index(2, REASON).data(Qt.ItemDataRole.ToolTipRole) == "Challenge: it is torn"
    history.table.selectRow(2)
    assert history.part.values[0].text() == "Challenge: ✕ defect"
    history.table.selectRow(1)
    assert history.part.values[0].text() == "✓ good"


def test_pages_are_turned_and_what_comes_is_added_to_the_first(line, open_window):
    add_rows(line, [{} for _ in range(2 * PAGE + 5)])
    history = open_engineer(open_window(line.file)).history
    assert numbers_of(history)[0] == 2 * PAGE + 5
    assert history.turner.range.text() == f"1 to {PAGE}"
    assert not history.turner.newer.isEnabled()
    for expected in (PAGE + 5, 5):
        QTest.mouseClick(history.turner.older, Qt.MouseButton.LeftButton)
        wait_for(lambda first=expected: numbers_of(history)[0] == first, "older ones are there")
    assert history.turner.range.text() == f"{2 * PAGE + 1} to {2 * PAGE + 5}"
    assert not history.turner.older.isEnabled()
    add_rows(line, [{}])
    QTest.qWait(1500)
    assert numbers_of(history)[0] == 5  # nothing moves under who reads
    for _ in range(2):
        QTest.mouseClick(history.turner.newer, Qt.MouseButton.LeftButton)
        QTest.qWait(300)
    wait_for(lambda: numbers_of(history)[0] == 2 * PAGE + 6, "the newest is there")
    history.table.selectRow(3)
    chosen = history.part.row
    add_rows(line, [{}])
    wait_for(lambda: numbers_of(history)[0] == 2 * PAGE + 7, "it came by itself")
    assert history.part.row == chosen
    assert history.table.selectionModel().selectedRows()[0].row() == 4


def test_what_is_searched_for_is_exported(line, open_window, tmp_path):
    add_rows(line, [{"lot": "L1"}, {"lot": "L2", "verdict": "defect"}, {"lot": "L2"}])
    page = open_engineer(open_window(line.file))
    QTest.keyClicks(page.history.filter.lot, "L2")
    wait_for(lambda: len(page.history.model.rows) == 2, "the lot is found")
    said = []
    page.said.connect(said.append)
    page.writing.export_results(page.history.filter.make_filter(), tmp_path / "found")
    wait_for(lambda: said, "it is written")
    with (tmp_path / "found.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["seq"], row["verdict"]) for row in rows] == [("2", "defect"), ("3", "good")]
    assert said == [f"{tmp_path / 'found.csv'}: 2 result(s)."]


# A past part


@pytest.fixture
def judged(line, model_file):
    """The path of a defect that was judged by the model, and its row."""
    picture = save_picture(line.incoming / "cap_1.png", defect=True, seed=3)
    model = open_model(model_file)
    (result,) = score(ScoreRequest(model, (picture,)), SilentProgress()).images
    regions = [[r.x, r.y, r.x + r.width, r.y + r.height] for r in result.marked]
    row = {
        "verdict": "defect",
        "score": result.score,
        "threshold": model.threshold.value,
        "image_path": str(picture),
        "image_sha256": sha256(picture.read_bytes()).hexdigest(),
        "model_sha256": sha256(model_file.read_bytes()).hexdigest(),
        "model_name": "part.anomaly",
        "regions": json.dumps(regions),
    }
    return picture, row


def open_part(window):
    page = open_engineer(window)
    history = page.history
    place = history.table.visualRect(history.model.index(0, 4)).center()
    QTest.mouseClick(history.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert history.part.row is not None
    wait_for(lambda: "being made" not in history.part.says.text(), "the part was judged again")
    return history.part


def test_a_past_part_is_opened_with_its_map_by_the_very_model(line, open_window, judged):
    picture, row = judged
    add_rows(line, [row])
    part = open_part(open_window(line.file))
    assert part.says.text() == "Map by the very model that judged it."
    assert part.picture.picture._values is not None
    wait_for(lambda: not part.picture.picture.picture_rect.isEmpty(), "the picture is there")
    texts = [value.text() for value in part.values if value.isVisibleTo(part)]
    assert str(picture) in texts
    assert row["image_sha256"] in texts


def test_a_past_part_of_another_model_shows_what_was_recorded(line, open_window, judged):
    _, row = judged
    add_rows(line, [{**row, "model_sha256": "ab" * 32, "regions": "[[1, 2, 11, 22]]"}])
    part = open_part(open_window(line.file))
    assert "abababababab" in part.says.text()
    assert "is not there" in part.says.text()
    assert part.picture.picture._values is None
    (box,) = part.picture.picture._drawn
    assert (box.x, box.y, box.width, box.height) == (1, 2, 10, 20)


def test_an_earlier_model_that_lies_beside_the_new_one_is_found(line, open_window, judged, model_file):
    _, row = judged
    models = line.file.parent / "models"
    models.mkdir()
    shutil.copy(model_file, models / "earlier.anomaly")
    (models / "part.anomaly").write_bytes(b"another model")
    line.file.write_text(line.file.read_text().replace(str(model_file), str(models / "part.anomaly")))
    add_rows(line, [row])
    assert open_part(open_window(line.file)).says.text() == "Map by the very model that judged it."


def test_a_picture_that_was_changed_or_is_gone_is_said(line, open_window, judged):
    picture, row = judged
    add_rows(line, [row])
    with picture.open("ab") as file:
        file.write(b" ")
    part = open_part(open_window(line.file))
    assert "was changed" in part.says.text()
    picture.unlink()
    part = open_part(open_window(line.file))
    assert "not there any more" in part.says.text()
    assert len(part.picture.picture._drawn) == len(json.loads(row["regions"]))


def test_models_that_cannot_be_looked_for_are_said(line, open_window, judged, monkeypatch, uncaught):
    def fail(*_):
        raise OSError("the disk went")

    add_rows(line, [judged[1]])
    monkeypatch.setattr(rejudging, "list_models", fail)
    part = open_part(open_window(line.file))
    assert "the disk went" in part.says.text()
    assert len(uncaught) == 1


def test_a_pruned_picture_is_said_to_be_pruned(line, open_window, judged):
    picture, row = judged
    add_rows(line, [row])
    import sqlite3

    with sqlite3.connect(line.ledger) as made:
        made.execute(
            "INSERT INTO step (id, identity, path, size, mtime_ns, sha256, step, at, seq, pruned_at) SELECT "
            "id, 'x', image_path, 1, 0, '', 'MOVED', '', 1, '2026-11-01T00:00:00.000Z' FROM result"
        )
    made.close()
    picture.unlink()
    assert "by the rule" in open_part(open_window(line.file)).says.text()


def test_a_score_that_is_another_one_now_is_said_with_the_recorded_boxes(line, open_window, judged):
    _, row = judged
    add_rows(line, [{**row, "score": row["score"] + 5, "regions": "[[1, 2, 11, 22]]"}])
    part = open_part(open_window(line.file))
    assert "Judged again, its score is" in part.says.text()
    assert part.picture.picture._values is None
    (box,) = part.picture.picture._drawn
    assert (box.x, box.y, box.width, box.height) == (1, 2, 10, 20)


def test_parts_of_two_stations_are_judged_beside_each_other(line, open_window, judged, tmp_path, model_file):
    other = make_line(tmp_path / "line 2", model_file)
    for one in (line, other):
        add_rows(one, [judged[1]])
    window, histories = open_window(line.file, other.file), []
    for view in window.views:
        window.tabs.setCurrentWidget(view)
        histories.append(open_engineer(window).history)
    for history in histories:
        history.table.selectRow(0)
    for history in histories:
        wait_for(lambda part=history.part: "being made" not in part.says.text(), "it was judged again")
        assert history.part.says.text() == "Map by the very model that judged it."


def test_a_part_that_is_not_looked_at_any_more_is_judged_no_further(line, open_window, judged, monkeypatch):
    add_rows(line, [judged[1], {}])
    window = open_window(line.file)
    history, begun, cancelled = open_engineer(window).history, [], []
    runner = window.rejudging._runner
    monkeypatch.setattr(runner, "cancel", cancelled.append)

    def look_at_another():
        if not begun:
            begun.extend(runner.tasks)
            QTimer.singleShot(0, lambda: history.table.selectRow(0))

    runner.changed.connect(look_at_another)
    history.table.selectRow(1)
    wait_for(lambda: cancelled, "its end was asked for", seconds=20)
    assert cancelled == begun
    assert history.part.row.seq == 2


# Alarms and audit


def test_alarms_and_audit_are_listed(line, open_window):
    add_rows(line, [{}])
    alarm = {"alarm": "light", "at": "2026-11-26T10:42:00.000Z", "text": "15 % darker since 10:42"}
    add_entries(
        line,
        AuditEntry("threshold", "1", "2", "too many false alarms", "eve", "engineer"),
        {**alarm, "is_active": True},
    )
    with alive(line):
        write_state(line, alarms=[("light", "15 % darker since 10:42")])
        page = open_engineer(open_window(line.file))
        page.tabs.setCurrentIndex(2)
        audit = page.audit
        wait_for(lambda: len(audit.model.rows) == 2, "both are there")
        wait_for(lambda: "15 % darker" in audit.alarms.list.item(0).text(), "the warning is on")
    cells = [audit.model.data(audit.model.index(1, column)) for column in range(1, 6)]
    assert cells == ["eve (engineer)", "threshold", "1", "2", "too many false alarms"]
    audit.kind.setCurrentIndex(1)
    wait_for(lambda: [row.what for row in audit.model.rows] == ["alarm"], "only alarms")
    add_entries(line, {**alarm, "alarm": "backlog", "is_active": True})
    audit.kind.setCurrentIndex(0)
    wait_for(lambda: len(audit.model.rows) == 3, "all are there")
    audit.kind.setCurrentIndex(2)
    wait_for(lambda: [row.before for row in audit.model.rows] == ["light"], "only those of drift")


def test_drift_is_drawn_beside_its_warnings(line, open_window):
    dark = [{"brightness": 85.0}] * 60
    add_rows(line, [{"brightness": 100.0}] * 60 + dark + [{"brightness": 0.0, "is_challenge": 1}])
    with alive(line):
        write_state(line, alarms=[("light", "15 % darker since 10:42"), ("backlog", "late")])
        page = open_engineer(open_window(line.file))
        page.tabs.setCurrentIndex(1)
        drift = page.drift
        wait_for(lambda: drift.means[0].getData()[0] is not None, "it is drawn")
        wait_for(lambda: "15 % darker" in drift.warnings.list.item(0).text(), "the warning is on")
        assert drift.warnings.list.count() == 1
    mean = drift.means[0].getData()[1]
    assert (mean[0], mean[-1], len(mean)) == (100.0, 85.0, 120)
    add_rows(line, [{"brightness": 85.0}])
    wait_for(lambda: len(drift.means[0].getData()[1]) == 121, "what comes is drawn, too")


def test_the_filter_of_all_asks_for_all(line, open_window):
    add_rows(line, [{}])
    assert open_engineer(open_window(line.file)).history.filter.make_filter() == ResultFilter()
