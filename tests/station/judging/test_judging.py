"""Judging in a process of its own: it says what the command `score` says, and no picture stops it."""

import csv
import os
import signal
import time
from contextlib import closing
from functools import partial
from pathlib import Path

import numpy as np
import psutil
import pytest
from bad_judges import open_bad_judge, open_once
from line import make_picture, save_picture, start_command, wait_until
from parts import save_parts
from PIL import Image
from shop import count_left, opened_station, work_until
from typer.testing import CliRunner

from anomaly_gui.cli.app import app
from anomaly_gui.detection.datasets.train_request import TrainRequest
from anomaly_gui.detection.model.model_file import save_model
from anomaly_gui.detection.settings.train_settings import TrainSettings
from anomaly_gui.detection.training import train
from anomaly_gui.errors import UserError
from anomaly_gui.progress import SilentProgress
from anomaly_gui.station.capture.picture import Picture
from anomaly_gui.station.judging.judge import open_judge
from anomaly_gui.station.judging.process import JudgeProcess, JudgingError
from anomaly_gui.station.state_file import read_state

ORIENTATION = 0x0112


@pytest.fixture
def process(model_file):
    with closing(JudgeProcess(partial(open_bad_judge, model_file), 3).open()) as made:
        yield made


def _take(path):
    data, status = path.read_bytes(), path.stat()
    return Picture(path, len(data), status.st_mtime_ns, str(hash(data)), data)


def _take_all(folder, *names):
    return [_take(save_picture(folder / f"{name}.png", seed=number)) for number, name in enumerate(names)]


def _save_kinds(folder):
    """Save parts as cameras do: turned by EXIF, large, in colours and depths of all kinds."""
    folder.mkdir()
    plain = Image.fromarray(make_picture(seed=7)).resize((320, 320))
    large = Image.fromarray(make_picture(seed=8)).resize((640, 640))
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    for quality in (60, 75, 98):
        plain.save(folder / f"plain_{quality}.jpg", quality=quality)
        large.save(folder / f"large_{quality}.jpg", quality=quality)
    large.save(folder / "turned.jpg", quality=90, exif=exif, subsampling=0)
    plain.save(folder / "turned.png", exif=exif)
    plain.convert("L").save(folder / "grey.png")
    plain.convert("P").save(folder / "palette.png")
    plain.convert("CMYK").save(folder / "four.tif")
    Image.fromarray(np.asarray(plain.convert("L")).astype(np.uint16) * 257).save(folder / "deep.png")
    plain.save(folder / "plain.bmp")
    plain.save(folder / "plain.webp")
    Image.fromarray(make_picture(seed=9, defect=True)).resize((320, 320)).save(folder / "defect.tif")
    (folder / "torn.jpg").write_bytes((folder / "plain_98.jpg").read_bytes()[:-2000])
    return sorted(folder.iterdir())


@pytest.mark.parametrize("detector", ["pooled", "positional"])
def test_the_station_says_of_a_file_what_the_command_score_says(tmp_path, detector):
    settings = TrainSettings(detector=detector, layer="block2_pool", size=64, false_alarm_rate=0.01)
    good = save_parts(tmp_path / "good", 40, 0)
    for path in good.iterdir():
        Image.open(path).resize((320, 320)).save(path)
    save_model(
        train(TrainRequest((good,), settings=settings), SilentProgress()).model, tmp_path / "m.anomaly"
    )
    paths, table = _save_kinds(tmp_path / "kinds"), tmp_path / "scores.csv"
    words = ["score", str(tmp_path / "m.anomaly"), str(tmp_path / "kinds"), "--csv", str(table), "--no-cache"]
    assert CliRunner().invoke(app, words).exit_code == 3  # one is torn
    with table.open(encoding="utf-8-sig", newline="") as file:
        told = {Path(row["path"]).name: row for row in csv.DictReader(file)}
    with closing(JudgeProcess(partial(open_judge, tmp_path / "m.anomaly")).open()) as process:
        judged = list(process.judge_pictures([_take(path) for path in paths]))
    assert len(told) == len(judged) == len(paths)
    assert len({one.score for one in judged}) >= 12
    for one in judged:
        row = told[one.picture.path.name]
        assert (one.score is None) == (row["score"] == "") == (one.picture.path.name == "torn.jpg")
        assert one.verdict == ("error" if one.score is None else row["verdict"])
        if one.score is not None:
            assert one.score == pytest.approx(float(row["score"]), rel=1e-5)


def _count_alarms(line):
    asked = "SELECT COUNT(*) FROM audit WHERE what = 'alarm' AND before = 'judging' AND after = 'came'"
    return line.ask(asked)[0][0]


@pytest.mark.parametrize("name", ["abort", "exit", "late_abort", "late_hang"])
def test_a_picture_that_ends_or_hangs_judging_is_an_error_and_the_others_are_judged(
    line, process, name, model_file
):
    for number in range(4):
        save_picture(line.incoming / f"cap_{number}.png", seed=number)
    save_picture(line.incoming / f"{name}.png", seed=5)
    work_until(line, process, lambda: count_left(line) == 0 and _count_alarms(line) == 1)
    told = {Path(path).stem: verdict for path, verdict in line.ask("SELECT image_path, verdict FROM result")}
    assert told.pop(name) == "error"
    assert told == {f"cap_{number}": "good" for number in range(4)}
    ((reason,),) = line.ask("SELECT reason FROM result WHERE verdict = 'error'")
    assert ("took longer than 3 s" if "hang" in name else "exit code") in reason


def test_an_end_that_no_picture_is_to_blame_for_is_no_error(tmp_path, process):
    pictures = _take_all(tmp_path, "a", "b", "c")
    os.kill(process.number, signal.SIGKILL)
    judged = list(process.judge_pictures(pictures))
    assert [str(one.verdict) for one in judged] == ["good"] * 3
    assert [one.picture for one in judged] == pictures
    assert "exit code -9" in process.take_trouble()
    list(process.judge_pictures(pictures))
    assert process.take_trouble() == ""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_to_all_processes_of_a_station_ends_no_judging(tmp_path, process, number):
    pictures = _take_all(tmp_path, "a", "b")
    os.kill(process.number, number)
    assert [str(one.verdict) for one in process.judge_pictures(pictures)] == ["good"] * 2
    assert process.take_trouble() == ""


def test_a_process_that_cannot_be_started_for_a_while_is_no_error_of_a_picture(
    tmp_path, process, short_of_memory
):
    pictures = _take_all(tmp_path, "a", "b")
    os.kill(process.number, signal.SIGKILL)
    with short_of_memory(), pytest.raises(JudgingError, match="cannot be started"):
        list(process.judge_pictures(pictures))
    assert [str(one.verdict) for one in process.judge_pictures(pictures)] == ["good"] * 2


def test_answers_that_nobody_waited_for_are_not_taken_for_others(tmp_path, process):
    pictures = _take_all(tmp_path, "a", "b", "c", "d")
    for judged in process.judge_pictures(pictures):
        assert judged.picture is pictures[0]
        break
    assert [one.picture for one in process.judge_pictures(pictures[2:])] == pictures[2:]


def test_more_than_a_pipe_holds_is_sent_to_a_process_that_takes_nothing(tmp_path, process):
    os.kill(process.number, signal.SIGSTOP)
    pictures = [
        Picture(tmp_path / f"{number}.png", 1, number, str(number), bytes(1_000_000)) for number in range(3)
    ]
    began = time.monotonic()
    troubles = process.find_troubles([(one.path, one.data) for one in pictures])
    assert all(troubles)
    assert not any("twice" in trouble for trouble in troubles)
    assert time.monotonic() - began < 20


def test_while_judging_hangs_the_heartbeat_stops(line, process):
    save_picture(line.incoming / "late_stop.png", seed=1)
    beats = []
    with opened_station(line, process) as (station, _, _):
        real = process._ask_once

        def ask(*arguments):
            before = read_state(line.folder / "records" / "state.json")
            yield from real(*arguments)
            beats.append((before, read_state(line.folder / "records" / "state.json")))

        process._ask_once = ask
        station.run_until(lambda: count_left(line) == 0)
        time.sleep(1.1)
        station.take_turn()
    assert all(before == after for before, after in beats if before is not None)
    assert read_state(line.folder / "records" / "state.json")["state"] == "running"


def test_a_station_that_is_to_end_waits_for_no_judging_that_hangs(line, process):
    save_picture(line.incoming / "late_hang.png", seed=1)
    process.patience, process.is_over = 15.0, lambda: line.count("step") == 1
    with opened_station(line, process) as (station, ledger, _):
        station.run_until(process.is_over)
        assert [part.step for part in ledger.list_open()] == ["SEEN"]
    assert (count_left(line), line.count()) == (1, 0)


def test_where_judging_cannot_be_started_again_pictures_wait_and_the_station_says_so(
    tmp_path, line, model_file, monkeypatch
):
    monkeypatch.setattr("anomaly_gui.station.station._FIRST_PAUSE", 0.05)
    marker = tmp_path / "opened"
    with (
        closing(JudgeProcess(partial(open_once, model_file, marker), 3).open()) as process,
        opened_station(line, process) as (station, _, _),
    ):
        save_picture(line.incoming / "cap.png", seed=1)
        os.kill(process.number, signal.SIGKILL)
        until = time.monotonic() + 4
        station.run_until(lambda: time.monotonic() > until)
        state = read_state(line.folder / "records" / "state.json")
        assert (state["state"], state["alarms"][0]["alarm"]) == ("error", "judging")
        assert (count_left(line), line.count()) == (1, 0)
        marker.unlink()
        station.run_until(lambda: count_left(line) == 0)
    assert line.ask("SELECT verdict FROM result") == [("good",)]


def test_another_model_under_the_same_name_is_not_taken_at_a_new_start(tmp_path, model_file):
    copy = tmp_path / "m.anomaly"
    copy.write_bytes(model_file.read_bytes())
    with closing(JudgeProcess(partial(open_judge, copy)).open()) as process:
        settings = TrainSettings(detector="pooled", layer="block1_pool", size=32, false_alarm_rate=0.1)
        good = save_parts(tmp_path / "good", 20, 3)
        save_model(train(TrainRequest((good,), settings=settings), SilentProgress()).model, copy)
        os.kill(process.number, signal.SIGKILL)
        with pytest.raises(JudgingError, match="another one"):
            list(process.judge_pictures(_take_all(tmp_path, "a")))


def test_a_model_that_cannot_be_opened_is_said(tmp_path):
    with pytest.raises(UserError, match=r"no\.anomaly"):
        JudgeProcess(partial(open_judge, tmp_path / "no.anomaly")).open()


def test_the_process_ends_with_the_station(tmp_path, process):
    child = psutil.Process(process.number)
    process.close()
    wait_until(lambda: not child.is_running(), 5)


def test_the_real_command_goes_on_when_its_judging_is_killed_and_ends_it_when_it_is_killed_itself(line):
    station = start_command("run", line.file)
    station.stdout.readline()
    for number in range(6):
        save_picture(line.incoming / f"cap_{number}.png", seed=number)
        _find_judging(station).kill()
        wait_until(lambda: line.count() == number + 1)  # noqa: B023
    judging = _find_judging(station)
    assert [verdict for (verdict,) in line.ask("SELECT verdict FROM result")] == ["good"] * 6
    station.kill()
    station.communicate()
    wait_until(lambda: not judging.is_running(), 10)


def test_the_real_command_ends_though_its_judging_hangs(line):
    state = line.folder / "records" / "state.json"
    station = start_command("run", line.file)
    station.stdout.readline()
    wait_until(state.exists)
    _find_judging(station).suspend()
    save_picture(line.incoming / "cap_1.png", seed=1)
    wait_until(lambda: time.time() - state.stat().st_mtime > 2)  # it waits for an answer
    station.terminate()
    station.communicate(timeout=20)
    assert station.returncode == 0
    assert read_state(state)["state"] == "stopped"
    assert (count_left(line), line.count()) == (1, 0)


def _find_judging(station):
    """Return the process that judges: of all that the station started, the one that holds the most memory."""
    wait_until(psutil.Process(station.pid).children)
    return max(psutil.Process(station.pid).children(), key=lambda one: one.memory_info().rss)
