"""Where commands write: pipes, full disks, readers that have gone, and other runs."""

import csv
import io
import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest
from command_line import SETTINGS, run, run_alone, typed
from parts import save_parts

posix = pytest.mark.skipif(os.name == "nt", reason="has no such places")
full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="has no full device")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    place = tmp_path_factory.mktemp("outputs")
    save_parts(place / "good", 24)
    save_parts(place / "new", 6, 1)
    assert run("train", place / "good", "--out", place / "m.anomaly", *SETTINGS).returncode == 0
    return place


@posix
def test_a_result_on_stdout_is_all_there_is_on_it(place):
    words = ["score", place / "m.anomaly", place / "new"]
    ran = run_alone(*words, "--json", "/dev/stdout")
    assert ran.returncode == 0 and len(json.loads(ran.stdout)["images"]) == 6
    assert "Threshold" in ran.stderr
    ran = run_alone(*words, "--csv", "/dev/fd/1")
    assert len(list(csv.reader(io.StringIO(ran.stdout)))) == 7
    assert not list(place.glob(".*")) and not list(place.glob("*.unfinished"))


@posix
def test_stdout_that_is_a_file_keeps_what_comes_after(place, tmp_path):
    with (tmp_path / "out.json").open("w") as out:
        command = typed(
            "train", place / "good", "--out", tmp_path / "m.anomaly", "--json", "/dev/stdout", *SETTINGS
        )
        subprocess.run([*command], stdout=out, stderr=subprocess.DEVNULL, check=True)
        out.write("\n")
    assert json.loads((tmp_path / "out.json").read_text("utf-8"))["n_images"] == 24


def _with_closed_stdout(*arguments, **options):
    read, write = os.pipe()
    os.close(read)
    try:
        return subprocess.run(typed(*arguments), stdout=write, stderr=subprocess.PIPE, text=True, **options)
    finally:
        os.close(write)


@posix
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_closed_pipe_ends_quietly_and_results_are_whole(place, tmp_path, unbuffered):
    env = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
    table = tmp_path / "t.csv"
    ran = _with_closed_stdout("score", place / "m.anomaly", place / "new", "--csv", table, env=env)
    assert (ran.returncode, ran.stderr) == (141, "")
    assert [path.name for path in tmp_path.iterdir()] == ["t.csv"]
    for words in (["info", place / "m.anomaly", "--files"], ["--help"], ["--version"]):
        ran = _with_closed_stdout(*words, env=env)
        assert (ran.returncode, ran.stderr) == (141, "")


@full
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_full_disk_is_one_sentence(place, unbuffered):
    env = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
    scoring = ["score", place / "m.anomaly", place / "new"]
    for words in (scoring, ["info", place / "m.anomaly"], ["--version"], [*scoring, "--csv", "/dev/stdout"]):
        with Path("/dev/full").open("w") as out:
            ran = subprocess.run(typed(*words), stdout=out, stderr=subprocess.PIPE, text=True, env=env)
        assert ran.returncode == 2, ran.stderr
        assert "No space left" in ran.stderr and "Traceback" not in ran.stderr
    ran = run_alone(*scoring, "--csv", "/dev/full")
    assert ran.returncode == 2 and ran.stderr.count("\n") == 1
    ran = run_alone("train", place / "good", "--out", "/dev/full", *SETTINGS)
    assert ran.returncode == 2 and "the disk is full" in ran.stderr


def test_outputs_over_inputs_are_refused_before_any_work(place):
    before = (place / "m.anomaly").read_bytes()
    image = place / "new" / "part_0.png"
    refused = [
        ["score", place / "m.anomaly", place / "new", "--csv", place / "m.anomaly"],
        ["score", place / "m.anomaly", place / "new", "--csv", place / "t", "--json", place / "t"],
        [
            "evaluate",
            place / "m.anomaly",
            "--normal",
            image,
            "--anomalous",
            image,
            "--json",
            place / "m.anomaly",
        ],
        ["train", place / "good", "--out", image, *SETTINGS],
    ]
    for words in refused:
        ran = run(*words)
        assert ran.returncode == 2 and ran.stderr.count("\n") == 1
    assert (place / "m.anomaly").read_bytes() == before


def test_numbers_that_are_none_are_refused(place, tmp_path):
    scoring = ["score", place / "m.anomaly", place / "new"]
    training = ["train", place / "good", "--out", tmp_path / "m.anomaly", *SETTINGS]
    for value in ("nan", "inf", "-inf", "1e999"):
        refused = [
            [*scoring, f"--threshold={value}"],
            ["compare", "--normal", place / "good", f"--sizes={value}"],
        ]
        refused += [[*training, "--rule", "manual", f"--threshold={value}"], ["bench", f"--sizes={value}"]]
        refused += [
            [*training, f"--{name}={value}"] for name in ("unsure", "sigmas", "false-alarm-rate", "nu")
        ]
        for words in refused:
            ran = run(*words)
            assert ran.returncode == 2 and ran.stderr.count("\n") == 1, words
    assert not list(tmp_path.iterdir())


@posix
def test_two_runs_on_one_file(place, tmp_path):
    many, table = save_parts(tmp_path / "many", 400, 5), tmp_path / "t.csv"
    words = ["score", place / "m.anomaly", many, "--csv", table, "--no-cache"]
    first = subprocess.Popen(typed(*words), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 60
    while not (tmp_path / "t.csv.unfinished").exists() and first.poll() is None:
        assert time.monotonic() < until
        time.sleep(0.01)
    first.send_signal(signal.SIGSTOP)
    try:
        for also in ([], ["--json", tmp_path / "new.json"]):
            second = run(*words, *also)
            assert second.returncode == 2
            assert f"{table} is being written by process {first.pid} on" in second.stderr
    finally:
        first.send_signal(signal.SIGCONT)
    first.kill()
    first.wait()
    assert run(*words).returncode == 0  # a killed run is no dead end
    assert sorted(path.name for path in tmp_path.iterdir()) == ["many", "t.csv"]
