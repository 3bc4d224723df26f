"""The challenge: known parts are judged when it is due, one wrong locks, and an engineer opens."""

import json
import signal
import time
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from crew import PASSWORDS, add_crew, approve, call, edit, sign
from line import make_line, save_picture, start_command, wait_until
from parts import save_parts
from shop import EndOfProcess, Faults, count_left
from typer.testing import CliRunner

from anomaly_gui.cli.app import app
from anomaly_gui.errors import UserError
from anomaly_gui.station.access.station_lock import sign_unlock
from anomaly_gui.station.capture.folder import FolderCapture
from anomaly_gui.station.checking import check_station
from anomaly_gui.station.ledger.engine import open_engine
from anomaly_gui.station.ledger.ledger import Ledger
from anomaly_gui.station.ledger.reading import ResultFilter, count_results
from anomaly_gui.station.ledger.verifying import verify_ledger
from anomaly_gui.station.pruning import prune_pictures
from anomaly_gui.station.run import make_folders, make_place
from anomaly_gui.station.settings.challenge_settings import ChallengeSettings
from anomaly_gui.station.settings.reading import read_settings
from anomaly_gui.station.settings.shifts import Shift
from anomaly_gui.station.settings.table import SettingsFileError
from anomaly_gui.station.state_file import StateFile
from anomaly_gui.station.station import Station
from anomaly_gui.station.watching import challenge
from anomaly_gui.station.watching.challenge_due import is_due
from anomaly_gui.station.watching.challenge_records import PARTS, Entry, find_entry
from anomaly_gui.station.watching.signing import ask_challenge, read_lock
from anomaly_gui.station.watching.watch import Watch

CHALLENGE = '[challenge]\ngood = "known/good"\ndefect = "known/defect"\n'
OUTPUT = '[outputs.mes]\nkind = "csv"\npath = "all.csv"\n'


@pytest.fixture
def challenged(tmp_path, model_file):
    line = make_line(tmp_path, model_file, "", CHALLENGE + OUTPUT)
    save_parts(tmp_path / "known" / "good", 5, 101)
    save_parts(tmp_path / "known" / "defect", 6, 102, defect=True)
    return line


@contextmanager
def watched_station(line, judge):
    settings = read_settings(line.file)
    make_folders(settings.capture)
    with (
        Ledger(settings.ledger_file, make_place(settings)) as ledger,
        closing(FolderCapture(settings.capture, ledger.is_settled, judge.find_troubles)) as capture,
    ):
        state = StateFile(settings.state_file, ledger.record_alarm, ledger.read_end)
        watch = Watch(ledger, judge, state, settings, list)
        find_obstacle = partial(read_lock, ledger.engine)
        yield (
            Station(
                settings.capture, ledger, judge, capture, state, find_obstacle=find_obstacle, watch=watch
            ),
            ledger,
        )


def work_until(line, judge, is_over):
    with watched_station(line, judge) as (station, _):
        station.run_until(is_over)


def _in_time(is_so, seconds=20):
    end = time.monotonic() + seconds

    def is_over():
        assert time.monotonic() < end, "it took too long"
        return is_so()

    return is_over


def _list_whats(line):
    rows = line.ask("SELECT what FROM audit WHERE what LIKE 'challenge %' ORDER BY link")
    return [row[0].removeprefix("challenge ") for row in rows]


def _read_state(line):
    file = line.folder / "records" / "state.json"
    return json.loads(file.read_text("utf-8")) if file.exists() else {"state": "", "alarms": []}


def _is_sound(line):
    engine = open_engine(line.ledger)
    try:
        return verify_ledger(engine).faults == []
    finally:
        engine.dispose()


def test_the_first_start_is_challenged_and_production_follows(challenged, judge):
    save_picture(challenged.incoming / "cap_1.png", seed=1)
    work_until(challenged, judge, _in_time(lambda: count_left(challenged) == 0))
    assert _list_whats(challenged) == ["begun", "passed"]
    rows = challenged.ask("SELECT is_challenge, verdict FROM result ORDER BY seq")
    assert rows == [(1, "good")] * 5 + [(1, "defect")] * 6 + [(0, "good")]
    assert +count_results(challenged.ledger, ResultFilter(is_challenge=False)) == {"good": 1}
    assert challenged.ask("SELECT COUNT(*) FROM outbox WHERE seq IS NOT NULL") == [(12,)]
    assert challenged.ask("SELECT COUNT(*) FROM step WHERE step != 'MOVED'") == [(0,)]
    assert len(list((challenged.folder / "known" / "good").iterdir())) == 5
    work_until(challenged, judge, _in_time(lambda: _has_rested(challenged)))
    assert _list_whats(challenged) == ["begun", "passed"], "nothing is due at the next start"
    assert _is_sound(challenged)


def _has_rested(line):
    return _read_state(line).get("heartbeat", 0) > 5


def test_the_known_pictures_stay_however_old_they_are(challenged, judge):
    save_picture(challenged.incoming / "cap_1.png", seed=1)
    work_until(challenged, judge, _in_time(lambda: count_left(challenged) == 0))
    text = challenged.file.read_text("utf-8").replace(OUTPUT, "[keep]\ndays = 30\n")
    challenged.file.write_text(text, "utf-8")
    edit(challenged, "UPDATE result SET at = '2020-01-01T00:00:00.000Z'")
    assert prune_pictures(read_settings(challenged.file)).pictures == {"good": 1}
    assert len(list((challenged.folder / "known").rglob("*.png"))) == 11


@pytest.mark.parametrize(("known", "is_defect"), [("good", True), ("defect", False)])
def test_one_wrong_locks_until_an_engineer_signs_and_pictures_wait(challenged, judge, known, is_defect):
    save_picture(challenged.folder / "known" / known / "wrong.png", seed=7, defect=is_defect)
    for number in range(3):
        save_picture(challenged.incoming / f"cap_{number}.png")
    work_until(challenged, judge, _in_time(lambda: _read_state(challenged)["state"] == "locked"))
    assert _list_whats(challenged) == ["begun", "failed"]
    state = _read_state(challenged)
    assert state["backlog"]["count"] == count_left(challenged) == 3
    (alarm,) = state["alarms"]
    assert alarm["alarm"] == "locked"
    assert "wrong.png" in alarm["text"]

    work_until(challenged, judge, _in_time(lambda: _read_state(challenged).get("heartbeat", 0) > 3))
    assert count_left(challenged) == 3, "a restart opens nothing"
    with watched_station(challenged, judge) as (station, ledger):
        add_crew(ledger.engine)
        for who, why in (("oli", "I looked"), ("eve", "  "), ("nobody", "so")):
            with pytest.raises(UserError):
                sign_unlock(ledger.engine, who, why)
        with pytest.raises(UserError, match="locked"):
            ask_challenge(ledger.engine, "oli")
        assert "wrong.png" in sign_unlock(ledger.engine, "eve", "a scratch on the known part")
        station.run_until(_in_time(lambda: count_left(challenged) == 0))
    assert _list_whats(challenged) == ["begun", "failed"]
    signed = challenged.ask("SELECT who, role, why FROM audit WHERE what = 'lock' AND after = ''")
    assert signed == [("eve", "engineer", "a scratch on the known part")]
    assert challenged.ask("SELECT COUNT(*) FROM result WHERE is_challenge = 0") == [(3,)]
    assert _is_sound(challenged)


def test_known_pictures_that_are_gone_lock_too(challenged, judge):
    for path in (challenged.folder / "known" / "good").iterdir():
        path.unlink()
    work_until(challenged, judge, _in_time(lambda: _read_state(challenged)["state"] == "locked"))
    assert "a challenge needs 5" in _read_state(challenged)["alarms"][0]["text"]


def test_an_end_before_known_pictures_that_are_gone_lock_changes_nothing(challenged, judge, monkeypatch):
    for path in (challenged.folder / "known" / "good").iterdir():
        path.unlink()

    def end(*_):
        raise EndOfProcess

    with monkeypatch.context() as patch:
        patch.setattr(challenge, "fail_challenge", end)
        with pytest.raises(EndOfProcess):
            work_until(challenged, judge, _in_time(lambda: False))
    assert _list_whats(challenged) == ["begun"]
    save_picture(challenged.incoming / "cap_1.png", seed=1)
    work_until(challenged, judge, _in_time(lambda: _read_state(challenged)["state"] == "locked"))
    assert _list_whats(challenged) == ["begun", "begun", "failed"]
    assert count_left(challenged) == 1


def test_a_known_picture_that_is_torn_is_an_error_and_locks(challenged, judge):
    (challenged.folder / "known" / "defect" / "torn.png").write_bytes(b"\x89PNG\r\n\x1a\n half")
    work_until(challenged, judge, _in_time(lambda: _read_state(challenged)["state"] == "locked"))
    assert challenged.ask("SELECT verdict FROM result WHERE image_path LIKE '%torn.png'") == [("error",)]
    assert challenged.ask("SELECT COUNT(*) FROM result") == [(12,)]


def test_real_parts_are_the_challenge_once_somebody_begins_it(tmp_path, model_file, judge):
    line = make_line(tmp_path, model_file, "", "[challenge]\nevery = 0\n")
    save_picture(line.incoming / "before.png", seed=1)
    work_until(line, judge, _in_time(lambda: count_left(line) == 0 and _read_state(line)["alarms"]))
    assert _read_state(line)["alarms"][0]["alarm"] == "challenge_due"
    assert CliRunner().invoke(app, ["station", "challenge", str(line.file), "--start"]).exit_code == 0
    for number in range(12):
        save_picture(line.incoming / f"cap_{number:02}.png", seed=number, defect=5 <= number < 10)
    work_until(line, judge, _in_time(lambda: count_left(line) == 0))
    assert _list_whats(line) == ["asked", "begun", "passed"]
    rows = line.ask("SELECT is_challenge, image_path FROM result ORDER BY seq")
    assert [row[0] for row in rows] == [0] + [1] * 10 + [0, 0]
    folders = [Path(row[1]).parent.name for row in rows]
    assert folders == ["good"] + ["challenge"] * 10 + ["good"] * 2
    said = CliRunner().invoke(app, ["station", "challenge", str(line.file)]).output
    assert "all of 10 known parts were judged rightly" in said
    assert "challenge" in CliRunner().invoke(app, ["station", "show", str(line.file)]).output
    assert _is_sound(line)


def test_real_parts_in_another_order_lock(tmp_path, model_file, judge):
    line = make_line(tmp_path, model_file, "", "[challenge]\n")
    with watched_station(line, judge) as (station, ledger):
        ask_challenge(ledger.engine, "Bo", PARTS)
        for number in range(14):
            save_picture(line.incoming / f"cap_{number:02}.png", seed=number, defect=number < 5)
        station.run_until(_in_time(lambda: read_lock(ledger.engine)))
        assert count_left(line) == 4, "what comes after the challenge waits"
        assert "of 10 known parts were judged wrongly" in read_lock(ledger.engine)


@pytest.mark.parametrize("afterwards", [False, True])
def test_an_end_anywhere_in_a_challenge_changes_nothing(challenged, judge, monkeypatch, afterwards):
    save_picture(challenged.incoming / "cap_1.png", seed=1)
    ended = 0
    for number in range(1, 200):
        with monkeypatch.context() as patch:
            faults = Faults(patch, lambda _: EndOfProcess(), at=number, afterwards=afterwards)
            try:
                work_until(challenged, judge, _in_time(lambda: count_left(challenged) == 0))
                break
            except EndOfProcess:
                ended += faults.failed
    else:
        pytest.fail("it never came to an end")
    work_until(challenged, judge, _in_time(lambda: _list_whats(challenged)[-1] == "passed"))
    assert ended > 15
    rows = challenged.ask("SELECT COUNT(*), COUNT(DISTINCT image_path) FROM result WHERE is_challenge = 1")
    assert rows == [(11, 11)]
    assert challenged.ask("SELECT COUNT(*) FROM step WHERE step != 'MOVED'") == [(0,)]
    assert _is_sound(challenged)


def test_when_a_challenge_is_due():
    noon = datetime.now().astimezone().replace(hour=12, minute=0, second=0, microsecond=0)

    def is_due_after(hours, shifts=(), model="m", **settings):
        at = (noon - timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%S.000%z")
        begun = Entry(1, at, "m", "", "", "")
        return is_due(ChallengeSettings(**settings), shifts, begun, model, noon.timestamp())

    assert is_due(ChallengeSettings(), (), None, "m", noon.timestamp())
    assert is_due_after(0, model="other")
    assert not is_due_after(7.9)
    assert is_due_after(8)
    assert not is_due_after(100, every=0)
    early, late, night = Shift("early", 6 * 60), Shift("late", 14 * 60), Shift("night", 22 * 60)
    assert not is_due_after(5, (early, late, night), every=0)
    assert is_due_after(7, (early, late, night), every=0)
    assert is_due_after(15, (night,), every=0), "a shift that began yesterday"


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ('good = "a"', "“defect” in [challenge] is missing"),
        ('order = ["good"]', "“order” in [challenge] needs at least 5 of each kind"),
        ('order = ["well"]', '“order” in [challenge] may hold "good" and "defect" only'),
        ("order = 1", "“order” in [challenge] has to be a list of texts"),
        ("every = -1", "“every” in [challenge] has to be a number from 0 to 168"),
        ("often = 1", "“often” in [challenge] is not known"),
    ],
)
def test_mistakes_in_the_table(tmp_path, model_file, table, said):
    line = make_line(tmp_path, model_file, "", f"[challenge]\n{table}\n")
    with pytest.raises(SettingsFileError) as raised:
        read_settings(line.file)
    assert said in str(raised.value)


def test_a_check_counts_known_pictures(challenged):
    said = [finding.sentence for finding in check_station(read_settings(challenged.file))]
    assert "The challenge takes 11 known pictures." in said
    (challenged.folder / "known" / "good" / "part_0.png").unlink()
    assert not list(check_station(read_settings(challenged.file)))[-1].is_well


def test_a_line_without_the_table_is_never_challenged_and_a_lock_of_before_holds(challenged, judge):
    save_picture(challenged.folder / "known" / "good" / "wrong.png", seed=7, defect=True)
    work_until(challenged, judge, _in_time(lambda: _read_state(challenged)["state"] == "locked"))
    challenged.file.write_text(challenged.file.read_text("utf-8").replace(CHALLENGE, ""), "utf-8")
    save_picture(challenged.incoming / "cap_1.png", seed=1)
    with watched_station(challenged, judge) as (station, ledger):
        station.run_until(_in_time(lambda: _read_state(challenged).get("heartbeat", 0) > 3))
        assert find_entry(ledger.engine, "challenge begun").link > 0
    assert count_left(challenged) == 1
    refused = CliRunner().invoke(app, ["station", "challenge", str(challenged.file), "--start"])
    assert refused.exit_code != 0


def test_the_real_station_is_opened_by_the_command_of_an_engineer(released):
    released.file.write_text(released.file.read_text("utf-8") + CHALLENGE, "utf-8")
    save_parts(released.folder / "known" / "good", 5, 101)
    save_parts(released.folder / "known" / "defect", 5, 102, defect=True)
    save_picture(released.folder / "known" / "good" / "wrong.png", seed=7, defect=True)
    save_picture(released.incoming / "cap_1.png", seed=1)
    assert approve(released).error == ""
    process = start_command("run", released.file)
    wait_until(lambda: _read_state(released)["state"] == "locked", 60)
    assert "wrong.png" in call(released, "challenge").output
    assert sign(released, "oli", "unlock", "--why", "I looked").error
    assert count_left(released) == 1
    assert sign(released, "eve", "unlock", "--why", "a scratch on the known part").error == ""
    wait_until(lambda: count_left(released) == 0, 60)
    assert sign(released, "oli", "drift", "--anew", "--why", "new lamp").error
    assert sign(released, "eve", "drift", "--anew", "--why", "new lamp").error == ""
    assert released.ask("SELECT who, why FROM audit WHERE what = 'watched anew'") == [("eve", "new lamp")]
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert process.returncode == 0
    assert call(released, "verify").error == ""
    assert PASSWORDS["eve"] not in str(released.ask("SELECT * FROM audit"))
