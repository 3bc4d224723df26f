"""Alarms that stood when a station stopped: they stand on, and their end is recorded and sent."""

from dataclasses import replace

import pytest
from crew import opened
from line import ROOT, make_line, save_picture

from anomaly_gui.station.access.station_lock import lock_station, sign_unlock
from anomaly_gui.station.ledger.ledger import Ledger
from anomaly_gui.station.run import list_alarms, run_station
from anomaly_gui.station.sending import make_place
from anomaly_gui.station.settings.reading import read_settings
from anomaly_gui.station.state_file import read_state
from anomaly_gui.station.times import now_utc

OUTPUT = '[outputs.table]\nkind = "csv"\npath = "sent.csv"\n'
CAME = "SELECT after FROM audit WHERE what = 'alarm' AND before = '{name}' ORDER BY link"


def _list_came(line, name):
    return [row[0] for row in line.ask(CAME.format(name=name))]


def _run(line, is_over):
    said = []
    run_station(read_settings(line.file), lambda: bool(said) and is_over(), said.append)


def _name_alarms():
    """The names in the help's table of alarms."""
    page = (ROOT / "resources" / "help" / "station.md").read_text("utf-8")
    rows = page.split("| alarm | what it says |\n| --- | --- |\n")[1].split("\n\n")[0].splitlines()
    return [name.strip(" `") for row in rows for name in row.split("|")[1].split(",")]


def test_every_alarm_is_seen_to_by_a_station_that_has_all(line):
    settings = replace(read_settings(line.file), camera=object(), challenge=object())
    assert {*list_alarms(settings), "output NAME", "cut"} == set(_name_alarms())


@pytest.fixture
def alarmed(tmp_path, model_file):
    """A line on which every alarm stands, also of what it has no more."""
    line = make_line(tmp_path, model_file, more=OUTPUT)
    asked = read_settings(line.file)
    names = {*_name_alarms(), "output table", "output gone"} - {"output NAME"}
    with Ledger(asked.ledger_file, make_place(asked)) as ledger:
        for name in sorted(names):
            alarm = {"alarm": name, "at": now_utc(), "text": f"{name} is wrong", "is_active": True}
            ledger.record_alarm(alarm)
    return line


def test_what_is_well_or_there_no_more_ends_at_the_next_start(alarmed):
    save_picture(alarmed.incoming / "cap_1.png")
    stood = {row[0] for row in alarmed.ask("SELECT before FROM audit WHERE what = 'alarm'")}
    assert {"camera", "challenge_due", "output gone", "cut", "moving", "locked"} < stood
    ended = stood - {"first_scores"}  # which an engineer ends

    def list_gone():
        asked = "SELECT before FROM audit WHERE what = 'alarm' AND after = 'went'"
        return {row[0] for row in alarmed.ask(asked)}

    _run(alarmed, lambda: alarmed.count() == 1 and list_gone() >= ended)
    assert list_gone() == ended
    sent = alarmed.ask("SELECT alarm FROM outbox WHERE output = 'table' AND alarm IS NOT NULL")
    assert len(sent) == len(stood) + len(list_gone())


def test_a_lock_stands_over_starts_and_goes_once(released):
    file = released.folder / "records" / "state.json"
    with opened(released) as engine:
        lock_station(engine, "a known part was judged wrongly")

    def is_locked():
        state = read_state(file)
        return state["state"] == "locked" and state["heartbeat"] > 3

    for _ in range(2):
        _run(released, is_locked)
        assert _list_came(released, "locked") == ["came"]
    with opened(released) as engine:
        sign_unlock(engine, "eve", "looked at")
    _run(released, lambda: len(_list_came(released, "locked")) > 1)
    assert _list_came(released, "locked") == ["came", "went"]
