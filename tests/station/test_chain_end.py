"""Records that were cut off at their very end are found by what the station said of them elsewhere."""

import json
import sqlite3

import jsonschema
import pytest
from line import save_picture
from shop import count_left
from typer.testing import CliRunner

from anomaly_gui.cli.app import app
from anomaly_gui.paths import resource
from anomaly_gui.station.run import run_station
from anomaly_gui.station.settings.reading import read_settings
from anomaly_gui.station.state_file import read_state


def _run(line, count):
    """Run the station until so many results are there and moved."""
    said = []
    run_station(
        read_settings(line.file),
        lambda: said and line.count() == count and count_left(line) == 0,
        said.append,
    )


@pytest.fixture
def filled(line):
    for number in range(3):
        save_picture(line.incoming / f"cap_{number}.png", seed=number)
    _run(line, 3)
    return line


def _cut(line):
    """Remove the last result with all that belongs to it, as who wants to hide it would."""
    with sqlite3.connect(line.ledger) as changed:
        (link, seq), *_ = changed.execute("SELECT link, seq FROM result ORDER BY seq DESC LIMIT 1")
        for table, column, value in (
            ("result", "seq", seq),
            ("step", "seq", seq),
            ("audit", "link", link),
            ("outbox", "seq", seq),
        ):
            changed.execute(f"DELETE FROM {table} WHERE {column} >= ?", (value,))
    changed.close()


def _verify(line, *more):
    found = CliRunner().invoke(app, ["station", "verify", str(line.file), *more])
    return found.exit_code, found.output


def test_the_state_says_the_last_row_and_it_is_there(filled):
    state = read_state(filled.folder / "records" / "state.json")
    schema = json.loads(resource("schemas", "station_state.schema.json").read_text("utf-8"))
    jsonschema.validate(state, schema)
    ((link, its_hash),) = filled.ask(
        "SELECT link, hash FROM (SELECT link, hash FROM result UNION SELECT link, hash FROM audit) "
        "ORDER BY link DESC LIMIT 1"
    )
    assert state["records"] == {"link": link, "hash": its_hash}
    assert _verify(filled)[0] == 0
    assert _verify(filled, "--last", its_hash.upper())[0] == 0


def test_rows_cut_off_at_the_end_are_found_by_the_state(filled):
    _cut(filled)
    code, said = _verify(filled)
    assert code != 0
    assert "cut off at the end" in said


def test_rows_cut_off_at_the_end_are_found_by_a_hash_that_was_written_down(filled):
    ((last,),) = filled.ask("SELECT hash FROM result ORDER BY seq DESC LIMIT 1")
    _cut(filled)
    (filled.folder / "records" / "state.json").unlink()
    assert _verify(filled)[0] == 0
    code, said = _verify(filled, "--last", last)
    assert code != 0
    assert f"No row has the hash {last}" in said.replace("\n", " ").replace("  ", " ")


@pytest.mark.parametrize("how", ["cut", "removed"])
def test_a_start_after_a_cut_records_it_for_good_and_alarms(filled, how):
    if how == "cut":
        _cut(filled)
    else:
        for file in filled.ledger.parent.glob("ledger.sqlite3*"):
            file.unlink()
    save_picture(filled.incoming / "cap_9.png", seed=9)
    _run(filled, 3 if how == "cut" else 1)
    assert filled.ask("SELECT COUNT(*) FROM audit WHERE what = 'cut'") == [(1,)]
    assert filled.ask("SELECT after FROM audit WHERE what = 'alarm' AND before = 'cut'") == [("came",)]
    assert "rows had been cut off" in " ".join(_verify(filled)[1].split())
    save_picture(filled.incoming / "cap_10.png", seed=10)
    _run(filled, 4 if how == "cut" else 2)
    assert _verify(filled)[0] != 0
    assert filled.ask("SELECT COUNT(*) FROM audit WHERE what = 'cut'") == [(1,)]
