"""A real station that may not judge: what it says, what waits, and what lets it go on."""

import json
import shutil
import signal

import pytest
from crew import PASSWORDS, approve, call, edit, move_threshold, opened, release, sign
from line import save_picture, start_command, wait_until

from anomaly_gui.station.access.station_lock import lock_station


def _read_state(line):
    file = line.folder / "records" / "state.json"
    return json.loads(file.read_text("utf-8")) if file.exists() else {"state": "", "alarms": []}


def _stop(process):
    process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 0, output
    return output


def _say_moved(line):
    return line.ask("SELECT COUNT(*) FROM step WHERE step = 'MOVED'")[0][0]


@pytest.mark.parametrize("way", ["settings", "model"])
def test_a_station_judges_nothing_with_what_was_not_approved(released, way):
    """The real one: locked with an alarm, pictures wait; once that is undone, it judges."""
    sign_in = call(released, "sign-in", "oli", "--password-stdin", given=[PASSWORDS["oli"]])
    assert sign_in.error == ""
    model = released.folder / "part.anomaly"
    text, kept = released.file.read_text("utf-8"), shutil.copy(model, released.folder / "kept.anomaly")
    if way == "settings":
        released.file.write_text(text.replace("patience = 1", "patience = 3"), "utf-8")
    else:
        move_threshold(released)
    save_picture(released.incoming / "cap_1.png", seed=1)
    process = start_command("run", released.file)
    wait_until(lambda: _read_state(released)["state"] == "locked", 60)
    wait_until(lambda: _read_state(released)["backlog"]["count"] == 1)
    beats = _read_state(released)["heartbeat"]
    wait_until(lambda: _read_state(released)["heartbeat"] > beats)
    assert [alarm["alarm"] for alarm in _read_state(released)["alarms"]] == ["locked"]
    assert (released.count(), (released.incoming / "cap_1.png").exists()) == (0, True)
    assert "approved" in _stop(process)
    assert released.ask("SELECT before, after FROM audit WHERE what = 'alarm'") == [("locked", "came")]
    released.file.write_text(text, "utf-8")
    shutil.copy(kept, model)
    process = start_command("run", released.file)
    wait_until(lambda: _say_moved(released) == 1, 60)
    _stop(process)
    assert released.ask("SELECT verdict, operator FROM result") == [("good", "oli")]
    assert call(released, "verify").error == ""


def test_a_station_at_work_goes_on_by_itself_once_it_is_approved(crew):
    """Locked from the start, as nobody approved anything; it hears of all that is signed."""
    save_picture(crew.incoming / "cap_1.png", seed=1)
    process = start_command("run", crew.file)
    wait_until(lambda: _read_state(crew)["state"] == "locked", 60)
    assert release(crew, crew.folder / "part.anomaly").error == ""
    assert approve(crew).error == ""
    wait_until(lambda: _say_moved(crew) == 1)
    wait_until(lambda: _read_state(crew)["state"] == "running")
    with opened(crew) as engine:
        lock_station(engine, "the challenge failed")
    wait_until(lambda: _read_state(crew)["state"] == "locked")
    save_picture(crew.incoming / "cap_2.png", seed=2)
    assert "oli is operator" in sign(crew, "oli", "unlock", "--why", "hurry").error
    assert crew.count() == 1
    assert (
        "It was locked: the challenge failed" in sign(crew, "eve", "unlock", "--why", "lamp changed").output
    )
    wait_until(lambda: _say_moved(crew) == 2)
    _stop(process)
    assert crew.ask("SELECT who, before, why FROM audit WHERE what = 'lock'")[-1] == (
        *("eve", "the challenge failed", "lamp changed"),
    )


def test_outputs_that_nobody_approved_get_nothing(released):
    """What was recorded before, and the alarm, go to no released that an operator wrote into the file."""
    save_picture(released.incoming / "cap_1.png", seed=1)
    text = released.file.read_text("utf-8")
    released.file.write_text(text + '[outputs.own]\nkind = "csv"\npath = "own.csv"\n', "utf-8")
    process = start_command("run", released.file)
    wait_until(lambda: _read_state(released)["state"] == "locked", 60)
    beats = _read_state(released)["heartbeat"]
    wait_until(lambda: _read_state(released)["heartbeat"] > beats + 20)
    assert _read_state(released)["outputs"] == {}
    assert not (released.folder / "own.csv").exists()
    assert "outputs." in approve(released).output
    wait_until(lambda: (released.folder / "own.csv").exists())
    _stop(process)


def test_without_people_it_works_as_it_did(line):
    assert "Nobody is admin yet: anybody who can run this can change it." in call(line, "check").output
    save_picture(line.incoming / "cap_1.png", seed=1)
    process = start_command("run", line.file)
    wait_until(lambda: _read_state(line)["state"] == "running", 60)
    wait_until(lambda: line.count() == 1)
    _stop(process)
    assert line.ask("SELECT operator FROM result") == [(None,)]
    assert "Nobody is admin yet" in call(line, "check").output
    assert "has no people yet" in call(line, "approve", "--why", "w").error


def test_an_end_that_was_cut_off_locks_the_next_start(released):
    """Such as the lock of the station, taken away while it did not run: its state knew of the last row."""
    process = start_command("run", released.file)
    wait_until(lambda: _read_state(released)["state"] == "running", 60)
    with opened(released) as engine:
        lock_station(engine, "the challenge failed")
    wait_until(lambda: _read_state(released)["state"] == "locked")
    _stop(process)
    edit(released, "DELETE FROM audit WHERE link >= (SELECT link FROM audit WHERE what = 'lock')")
    save_picture(released.incoming / "cap_1.png", seed=1)
    process = start_command("run", released.file)
    wait_until(lambda: _read_state(released)["state"] == "locked", 60)
    _stop(process)
    assert (released.count(), released.ask("SELECT after FROM audit WHERE what = 'lock'")) == (
        0,
        [("the records end before what the state knew of",)],
    )
    assert sign(released, "eve", "unlock", "--why", "a backup was put back").error == ""
    process = start_command("run", released.file)
    wait_until(lambda: _say_moved(released) == 1, 60)
    _stop(process)
