"""What a station says of itself: its alarms as they are now, whatever the disk does."""

import errno
from pathlib import Path

import pytest

from anomaly_gui.station.ledger.chain import BEGINNING
from anomaly_gui.station.outputs.health import write_health
from anomaly_gui.station.state_file import RUNNING, STARTING, StateFile, read_state


@pytest.fixture
def recorded():
    return []


@pytest.fixture
def file(tmp_path):
    return tmp_path / "state.json"


@pytest.fixture
def state(file, recorded):
    return StateFile(file, recorded.append, lambda: (0, BEGINNING))


def test_the_text_of_an_alarm_is_that_of_now_and_the_records_have_it_once(file, state, recorded):
    for text in ("the oldest for 5 min", "the oldest for 8 h"):
        state.set_alarm("output mes", text)
        state.record_alarms()
    state.write_state(RUNNING, {})
    (alarm,) = read_state(file)["alarms"]
    assert (alarm["text"], alarm["at"]) == ("the oldest for 8 h", recorded[0]["at"])
    state.set_alarm("output mes", "")
    state.record_alarms()
    state.write_state(RUNNING, {})
    assert read_state(file)["alarms"] == []
    assert [(one["text"], one["is_active"]) for one in recorded] == [
        ("the oldest for 5 min", True),
        ("the oldest for 8 h", False),
    ]


def test_a_disk_that_can_only_be_read_stops_nothing(file, state, monkeypatch):
    def refuse(*_, **__):
        raise OSError(errno.EROFS, "Read-only file system")

    state.write_state(STARTING, {})
    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_text", refuse)
        patch.setattr(Path, "unlink", refuse)
        state.write_state(RUNNING, {})
        write_health(file.with_name("output-mes.json"), 7, 1.0, "")
        assert read_state(file)["state"] == STARTING
    state.write_state(RUNNING, {})
    assert read_state(file)["state"] == RUNNING
