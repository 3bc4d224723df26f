"""How long an output has said nothing: that counts, but not while the station was off."""

import json
import time
from contextlib import closing
from types import SimpleNamespace

import pytest
from line import make_line

from anomaly_gui.station import sending
from anomaly_gui.station.ledger.ledger import Ledger
from anomaly_gui.station.outputs.supervisor import OutputProcess
from anomaly_gui.station.run import Beside
from anomaly_gui.station.sending import Outputs, make_place
from anomaly_gui.station.settings.reading import read_settings
from anomaly_gui.station.state_file import StateFile, read_state

OUTPUT = '[outputs.table]\nkind = "csv"\npath = "sent.csv"\n'


@pytest.fixture
def sent(tmp_path, model_file):
    """Outputs of a station, its state, and its settings."""
    asked = read_settings(make_line(tmp_path, model_file, more=OUTPUT).file)
    with Ledger(asked.ledger_file, make_place(asked)) as ledger, closing(Outputs(asked)) as outputs:
        yield outputs, StateFile(asked.state_file, ledger.record_alarm, ledger.read_end), asked


def _write_health(asked, at):
    health = {"pending": 2, "oldest_seconds": 1.0, "last_error": "", "at": at}
    (asked.records / "output-table.json").write_text(json.dumps(health), "utf-8")


def test_a_station_that_was_off_alarms_of_no_output(sent):
    outputs, state, asked = sent
    _write_health(asked, "2026-01-01T00:00:00.000Z")
    told = outputs.tend(state)["outputs"]["table"]
    assert told == {"pending": 2, "oldest_seconds": 1.0, "last_error": ""}
    assert state.read_alarm("output table") == ""
    outputs.close()
    _write_health(asked, "2026-01-01T00:00:00.000Z")
    outputs.tend(state)
    assert state.read_alarm("output table") == "", "nor one whose outputs might not send for long"


def test_a_process_that_says_nothing_alarms(sent, monkeypatch):
    outputs, state, _ = sent
    later = [0]
    monkeypatch.setattr(sending, "time", SimpleNamespace(time=lambda: time.time() + later[0]))
    outputs.tend(state)
    assert state.read_alarm("output table") == ""
    later[0] = 400
    outputs.tend(state)
    assert "table: 0 wait to be sent, the oldest for 6 min 40 s" in state.read_alarm("output table")


def test_outputs_that_may_not_send_any_more_end_while_the_state_says_locked(sent, monkeypatch):
    outputs, state, asked = sent
    gate = SimpleNamespace(may_send=lambda: True)
    beside = Beside(gate, outputs, SimpleNamespace(trouble=""), state)
    beside.tend()
    assert outputs.are_running
    said, ask = [], OutputProcess.ask_to_stop

    def ask_to_stop(process):
        said.append(read_state(asked.state_file)["state"])
        ask(process)

    monkeypatch.setattr(OutputProcess, "ask_to_stop", ask_to_stop)
    gate.may_send = lambda: False
    beside.tend()
    assert said[0] == "locked"
    assert not outputs.are_running
