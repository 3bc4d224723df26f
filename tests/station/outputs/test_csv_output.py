import csv
import json

import pytest
from stand_ins import PLACE, SqliteOutbox, make_delivery, make_result, step_until

from anomaly_gui.station.outputs.delivery import BATCH
from anomaly_gui.station.outputs.kinds import csv_file
from anomaly_gui.station.outputs.kinds.csv_file import COLUMNS, CsvOutput
from anomaly_gui.station.outputs.output import OutputError
from anomaly_gui.station.outputs.settings.kinds import CsvSettings


@pytest.fixture
def path(tmp_path):
    return tmp_path / "out" / "parts.csv"


def make_output(path):
    output = CsvOutput("table", CsvSettings(path), PLACE)
    output.open()
    return output


def read_rows(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_each_part_is_a_line(path):
    output = make_output(path)
    for seq in range(1, 6):
        output.send(make_result(seq))
    rows = read_rows(path)
    assert [row["seq"] for row in rows] == ["1", "2", "3", "4", "5"]
    assert tuple(rows[0]) == COLUMNS
    assert rows[0]["reason"] == 'größer, dunkler "Loch"'
    assert rows[4]["verdict"] == "good"
    assert rows[3]["score"] == ""
    assert json.loads(rows[0]["regions"]) == [[1, 2, 30, 40]]
    assert rows[0]["is_simulated"] == "true"


def test_a_part_that_comes_twice_is_there_once(path):
    output = make_output(path)
    for seq in (1, 2, 3):
        output.send(make_result(seq))
    output.close()
    output.open()
    for seq in (2, 3, 4):
        output.send(make_result(seq))
    assert [row["seq"] for row in read_rows(path)] == ["1", "2", "3", "4"]


@pytest.mark.parametrize("cut", [1, 2, 40, 200])
def test_half_a_line_is_taken_away_and_written_again(path, cut):
    output = make_output(path)
    for seq in (1, 2, 3):
        output.send(make_result(seq))
    whole = path.read_bytes()
    path.write_bytes(whole[:-cut])
    output = make_output(path)
    output.send(make_result(3))
    assert path.read_bytes() == whole


def test_a_table_that_was_taken_away_is_begun_anew(path):
    output = make_output(path)
    output.send(make_result(1))
    path.rename(path.with_name("taken.csv"))
    output.send(make_result(2))
    assert [row["seq"] for row in read_rows(path)] == ["2"]


def test_a_table_of_others_is_left_alone(path):
    path.parent.mkdir()
    path.write_text("name,price\nnut,1\n")
    with pytest.raises(OutputError, match="other columns"):
        make_output(path)
    assert path.read_text() == "name,price\nnut,1\n"


def test_a_part_number_is_no_formula(path):
    make_output(path).send(make_result(1, part="=HYPERLINK(1)"))
    assert read_rows(path)[0]["part"] == "'=HYPERLINK(1)"


def test_nothing_is_lost_while_the_folder_is_away(path, tmp_path):
    outbox = SqliteOutbox(tmp_path / "outbox.db")
    outbox.put(*map(make_result, range(1, 21)))
    path.parent.write_text("a file where the folder should be")
    delivery = make_delivery(CsvOutput("table", CsvSettings(path), PLACE), outbox, tmp_path)
    step_until(delivery, lambda: delivery.last_error)
    path.parent.unlink()
    step_until(delivery, lambda: outbox.count == 0)
    assert [int(row["seq"]) for row in read_rows(path)] == list(range(1, 21))
    outbox.close()


def test_what_it_remembers_does_not_grow_and_is_more_than_a_batch(path, monkeypatch):
    monkeypatch.setattr(csv_file, "REMEMBERED", 150)
    output = make_output(path)
    for seq in range(1, 401):
        output.send(make_result(seq))
    for seq in range(401 - BATCH, 401):
        output.send(make_result(seq))
    assert len(read_rows(path)) == 400
    assert len(output._ids) == 150
