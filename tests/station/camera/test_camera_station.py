"""From a trigger to a result: a picture that is judged, or an error that says why there is none."""

import io
import json
import os
import sys
import threading
import time
from pathlib import Path

import pytest
from camera_line import SIMULATED, make_camera_line, opened_camera, work_camera_until
from camera_peers import find_port
from line import make_picture, save_picture, start_command, wait_until
from PIL import Image
from typer.testing import CliRunner

from anomaly_gui.cli.app import app
from anomaly_gui.paths import atomic_write
from anomaly_gui.station.capture import taken
from anomaly_gui.station.capture.notes import Note
from anomaly_gui.station.capture.taken import TakenFolder
from anomaly_gui.station.capture.triggers.key import Key

TIMER = '[triggers.clock]\nkind = "timer"\nevery = 0.2\n'
RESULTS = "SELECT verdict, part, lot, source, reason, is_simulated FROM result ORDER BY seq"


def _alarms(line):
    return line.ask("SELECT before, after FROM audit WHERE what = 'alarm'")


def test_a_timer_lets_every_picture_be_judged(tmp_path, judge):
    line = make_camera_line(tmp_path, more=TIMER)
    work_camera_until(line, judge, lambda: line.count_moved() >= 5)
    rows = line.ask("SELECT verdict, source, is_simulated, image_path, milliseconds FROM result")
    assert {(row[0], row[1], row[2]) for row in rows} <= {("good", "camera/clock", 1)}
    shown = {Image.open(path).tobytes() for path in line.shown.iterdir()}
    assert all(Image.open(row[3]).tobytes() in shown for row in rows)  # without loss
    assert all(json.loads(row[4])["picture"] > 0 for row in rows)
    assert list(line.asked.iterdir()) == []
    assert _alarms(line) == []


def test_what_the_command_asks_for_is_taken_and_named(tmp_path, model_file):
    line = make_camera_line(tmp_path, model_file, capture="code_rule = '(?P<lot>L[0-9]+)-(?P<part>.+)'")
    runner = CliRunner()
    idle = runner.invoke(app, ["station", "trigger", str(line.file)])
    assert "does not run" in str(idle.exception)
    checked = runner.invoke(app, ["station", "check", str(line.file)])
    assert (checked.exit_code, "48 × 48 pixels" in checked.output) == (0, True), checked.output
    process = start_command("run", line.file)
    process.stdout.readline()
    wait_until(lambda: '"running"' in (tmp_path / "records" / "state.json").read_text())
    assert "has the camera" in runner.invoke(app, ["station", "check", str(line.file)]).output
    trigger = ["station", "trigger", str(line.file)]
    for more in (["--part", "A1", "--lot", "7"], [], []):
        if not more:
            runner.invoke(app, ["station", "scan", str(line.file), "L12-B7"])
        taken_one = runner.invoke(app, [*trigger, *more])
        assert taken_one.exit_code == 0, taken_one.output
    taken_one = runner.invoke(app, trigger)  # nothing was scanned for it
    wait_until(lambda: line.count_moved() == 4)
    process.terminate()
    process.communicate(timeout=30)
    named = [("A1", "7"), ("B7", "L12"), ("B7", "L12"), (None, None)]
    assert line.ask("SELECT part, lot FROM result ORDER BY seq") == named


def test_a_dead_camera_makes_an_error_and_alarms(tmp_path, judge):
    line = make_camera_line(
        tmp_path, more=TIMER, shown=0, camera=SIMULATED.replace("within = 5", "within = 2")
    )
    (line.shown / "later.txt").write_text("")

    def is_over():
        if line.count() >= 2 and not list(line.shown.glob("*.png")):
            save_picture(line.shown / "1.png", seed=1)
        last = line.ask("SELECT verdict FROM result ORDER BY seq DESC LIMIT 3")
        return last == [("good",)] * 3 and ("no_picture", "went") in _alarms(line)

    work_camera_until(line, judge, is_over)
    rows = line.ask(RESULTS)
    assert rows[0] == ("error", None, None, "camera/clock", "the camera gave no picture", 0)
    assert {("camera", "came"), ("camera", "went"), ("no_picture", "came")} <= set(_alarms(line))
    missed = line.ask("SELECT image_path FROM result WHERE verdict = 'error'")
    assert all(Path(path).is_file() and "/bad/" in path for (path,) in missed)


def test_what_was_asked_for_before_an_end_is_missed_and_never_silent(tmp_path, judge):
    line = make_camera_line(tmp_path)
    folder = TakenFolder(line.incoming)
    folder.make()
    folder.write_trigger(Note("20261126T104200123Z-lost", part="A1", trigger="belt"))
    folder.write_trigger(Note("20261126T104200124Z-done", trigger="belt"))
    Image.fromarray(make_picture(seed=1)).save(line.incoming / "20261126T104200124Z-done.png")
    work_camera_until(line, judge, lambda: line.count_moved() == 2)
    assert line.ask("SELECT verdict, part, reason FROM result ORDER BY verdict") == [
        ("error", "A1", "the station ended before the picture was taken"),
        ("good", None, ""),
    ]
    assert list(line.asked.iterdir()) == []


@pytest.mark.parametrize("kind", [OSError(28, "No space left on device"), OSError(5, "Input/output error")])
@pytest.mark.parametrize("at", range(1, 9))
def test_a_disk_that_fails_once_costs_no_picture_and_doubles_none(tmp_path, judge, monkeypatch, kind, at):
    line = make_camera_line(tmp_path)
    calls = []

    def fail_once():
        calls.append(1)
        if len(calls) == at:
            raise kind

    def write(path):
        fail_once()
        return atomic_write(path)

    def sync(path):
        fail_once()

    with opened_camera(line, judge) as (station, capture):
        monkeypatch.setattr(taken, "atomic_write", write)
        monkeypatch.setattr(taken.files, "sync_folder", sync)
        until = time.monotonic() + 20
        for part in ("A1", "A2"):
            capture.photographer.fire("test", part)
        station.run_until(lambda: line.count_moved() == 2 or time.monotonic() > until)
        time.sleep(0.7)  # what is tried again would come now
        station.take_turn()
    assert sorted(line.ask("SELECT verdict, part FROM result")) == [("good", "A1"), ("good", "A2")]
    assert list(line.asked.iterdir()) == []


def test_a_disk_that_stays_full_ends_in_errors_not_in_silence(tmp_path, judge, monkeypatch):
    line = make_camera_line(tmp_path)
    is_full = threading.Event()

    def write(path):
        if is_full.is_set():
            raise OSError(28, "No space left on device")
        return atomic_write(path)

    with opened_camera(line, judge) as (station, capture):
        monkeypatch.setattr(taken, "atomic_write", write)
        is_full.set()
        for number in range(20):
            capture.photographer.fire("test", number)
        wait_until(lambda: capture.alarms["taken"])
        assert "No space" in capture.alarms["taken"]
        time.sleep(2)
        is_full.clear()
        until = time.monotonic() + 25
        station.run_until(lambda: line.count_moved() >= 20 or time.monotonic() > until)
        assert capture.alarms["taken"] == ""
    parts = line.ask("SELECT part, verdict, reason FROM result")
    assert sorted(int(part) for part, _, _ in parts) == list(range(20))
    assert [verdict for _, verdict, _ in parts].count("good") == 16
    assert {why for _, verdict, why in parts if verdict == "error"} == {"the picture could not be written"}


def test_messages_of_a_broker_take_pictures_and_name_parts(tmp_path, judge):
    sys.path.append(str(Path(__file__).parents[1] / "outputs"))
    from mqtt_peers import Broker, needs_mosquitto
    from paho.mqtt.publish import single

    if needs_mosquitto.args[0]:
        pytest.skip(needs_mosquitto.kwargs["reason"])
    (tmp_path / "broker").mkdir()
    broker = Broker(tmp_path / "broker").start()
    topic = "anomaly/v1/Plant 1/Line 1/Cell 1/trigger"
    send = {"hostname": "127.0.0.1", "port": broker.port, "qos": 1}
    single(topic, "old", retain=True, **send)
    where = f'[triggers.mes]\nkind = "mqtt"\nhost = "127.0.0.1"\nport = {broker.port}\ntls = false\n'
    line = make_camera_line(tmp_path, more=where)
    try:
        with opened_camera(line, judge) as (station, capture):
            wait_until(lambda: capture.photographer.camera.size and not capture.alarms["trigger"])
            time.sleep(0.5)
            for message in ('{"part": "A1", "lot": "7", "id": 1}', '{"part": "A1", "id": 1}', "A2", ""):
                single(topic, message, **send)
            _work_until_moved(station, line, 3)
            broker.stop()
            wait_until(lambda: capture.alarms["trigger"], 15)
            assert "connection is lost" in capture.alarms["trigger"] or "MQTT" in capture.alarms["trigger"]
            broker.start()
            wait_until(lambda: not capture.alarms["trigger"], 15)
            single(topic, "A3", **send)
            _work_until_moved(station, line, 4)
    finally:
        broker.stop()
    named = line.ask("SELECT part, lot, source FROM result ORDER BY seq")
    assert named == [
        (part, lot, "camera/mes") for part, lot in (("A1", "7"), ("A2", None), (None, None), ("A3", None))
    ]


def _work_until_moved(station, line, count):
    end = time.monotonic() + 20
    station.run_until(lambda: line.count_moved() >= count or time.monotonic() > end)


def test_a_coil_of_a_plc_takes_a_picture_at_each_rising_edge(tmp_path, judge):
    from modbus_plc import Plc

    port = find_port()
    where = f'[triggers.plc]\nkind = "modbus"\nhost = "127.0.0.1"\nport = {port}\ncoil = 5\n'
    line = make_camera_line(tmp_path, more=where)
    with opened_camera(line, judge) as (station, capture):
        wait_until(lambda: "does not answer" in capture.alarms["trigger"])
        with Plc(port) as plc:
            plc.set_coil(5, True)  # on from the start: no edge
            wait_until(lambda: not capture.alarms["trigger"])
            time.sleep(0.3)
            for is_on in (False, True, True, False, True):
                plc.set_coil(5, is_on)
                time.sleep(0.2)
            _work_until_moved(station, line, 2)
        wait_until(lambda: capture.alarms["trigger"])
    assert [row[:1] + row[3:4] for row in line.ask(RESULTS)] == [("good", "camera/plc")] * 2


def test_a_part_that_comes_to_rest_takes_a_picture_by_itself(tmp_path, judge):
    where = '[triggers.view]\nkind = "change"\nframes = 4\n'
    camera = SIMULATED.replace("hold = 0.1", "hold = 0.6")
    line = make_camera_line(tmp_path, more=where, camera=camera, shown=0)
    Image.new("RGB", (48, 48)).save(line.shown / "0_empty.png")
    Image.fromarray(make_picture(seed=1)).save(line.shown / "1_part.png")
    work_camera_until(line, judge, lambda: line.count_moved() >= 3)
    rows = line.ask("SELECT verdict, source, image_path FROM result")
    assert {row[:2] for row in rows} == {("good", "camera/view")}
    assert {Image.open(row[2]).tobytes() for row in rows} == {make_picture(seed=1).tobytes()}


def test_a_line_on_standard_input_takes_a_picture_or_names_the_next(tmp_path):
    asked, scanned = [], []
    key = Key("key", lambda *one: asked.append(one), scanned.append, io.StringIO("\nA7\n\n"))
    key.start()
    wait_until(lambda: key.trouble)
    assert (asked, scanned) == ([("key",), ("key",)], ["A7"])


def test_the_return_key_of_the_real_command(tmp_path, model_file):
    import subprocess

    line = make_camera_line(tmp_path, model_file, more='[triggers.hand]\nkind = "key"\n')
    process = start_command("run", line.file, stdin=subprocess.PIPE)
    process.stdout.readline()
    process.stdin.write("A7\n\n")
    process.stdin.flush()
    wait_until(lambda: line.count_moved() == 1)
    process.terminate()
    process.communicate(timeout=30)
    assert line.ask("SELECT part, source FROM result") == [("A7", "camera/hand")]


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_killed_at_any_moment_each_trigger_comes_to_one_result(tmp_path, model_file):
    """Signal 9 to the station, and its camera with it; what was asked for is a picture or an error, once."""
    line = make_camera_line(tmp_path, model_file, more=TIMER.replace("0.2", "0.05"))
    for _ in range(3):
        process = start_command("run", line.file)
        process.stdout.readline()
        time.sleep(1.5)
        process.kill()
        process.communicate()
    names = {path.stem for path in [*line.asked.glob("*.trigger"), *line.incoming.rglob("*.png")]}
    names |= {path.stem for path in line.incoming.rglob("*.missed")}
    line.file.write_text(line.file.read_text().replace("every = 0.05", "every = 3600"))
    process = start_command("run", line.file)
    wait_until(lambda: line.count_moved() >= len(names))
    process.terminate()
    process.communicate(timeout=30)
    came = [Path(path).stem for (path,) in line.ask("SELECT image_path FROM result")]
    assert sorted(came) == sorted(names)
    assert len(names) > 20
