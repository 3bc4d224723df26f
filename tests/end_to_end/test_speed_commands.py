"""The cache, the runtime's choice, the benchmark and runs that are killed, as they are typed."""

import csv
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time

import pytest
from parts import save_parts


def _command(*arguments):
    return [sys.executable, "-m", "anomaly_gui", *map(str, arguments)]


def _run(*arguments, **environment):
    own = {**os.environ, **environment}
    return subprocess.run(_command(*arguments), capture_output=True, text=True, env=own)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    place = tmp_path_factory.mktemp("speed")
    save_parts(place / "good", 20)
    save_parts(place / "many", 250, 1)
    ran = _run("train", place / "good", "--out", place / "m.anomaly", "--size", "128", "--no-cache")
    assert ran.returncode == 0, ran.stderr
    assert "Network: VGG16, mnn " in ran.stdout
    return place


def _saved(unfinished):
    try:
        with sqlite3.connect(f"file:{unfinished}?mode=rw", uri=True) as database:
            return database.execute("SELECT COUNT(*) FROM results").fetchone()[0]
    except sqlite3.Error:  # not there yet
        return 0


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")
def test_a_scoring_that_is_killed_goes_on_where_it_was(place, tmp_path):
    table, said = tmp_path / "scores.csv", tmp_path / "scores.json"
    words = ["score", place / "m.anomaly", place / "many", "--csv", table, "--json", said, "--no-cache"]
    process = subprocess.Popen(_command(*words), stdout=subprocess.DEVNULL)
    unfinished, until = tmp_path / "scores.csv.unfinished", time.monotonic() + 60
    while _saved(unfinished) == 0 and time.monotonic() < until:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not table.exists()
    before = _saved(unfinished)
    assert 0 < before < 250
    ran = _run(*words)
    assert f"{before} images had been judged before the scoring was cut off" in ran.stdout
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len({row["path"] for row in rows}) == 250
    result = json.loads(said.read_text("utf-8"))
    assert result["taken_over"] == before
    assert [one["path"] for one in result["images"]] == [row["path"] for row in rows]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["scores.csv", "scores.json"]
    anew = _run(*words)
    assert "had been judged before" not in anew.stdout


def test_features_are_kept_between_commands(place, tmp_path):
    cache, words = str(tmp_path / "cache"), ["train", place / "good", "--size", "64"]
    first = _run(*words, "--out", tmp_path / "a.anomaly", ANOMALY_GUI_CACHE=cache)
    assert "known from before" not in first.stdout
    again = _run(
        *words,
        "--out",
        tmp_path / "b.anomaly",
        "--density",
        "gmm",
        "--json",
        tmp_path / "b.json",
        ANOMALY_GUI_CACHE=cache,
    )
    assert "Features of 20 images were known from before." in again.stdout
    assert json.loads((tmp_path / "b.json").read_text("utf-8"))["reused"] == 20
    without = _run(*words, "--out", tmp_path / "c.anomaly", "--no-cache", ANOMALY_GUI_CACHE=cache)
    assert "known from before" not in without.stdout
    assert "features of 20 images" in _run("cache", ANOMALY_GUI_CACHE=cache).stdout
    assert "features of 0 images" in _run("cache", "--clear", ANOMALY_GUI_CACHE=cache).stdout
    assert "No features are cached" in _run("cache", ANOMALY_GUI_CACHE="off").stdout


def test_a_cache_that_cannot_be_used_is_said_and_the_work_goes_on(place, tmp_path):
    (tmp_path / "file").write_text("no folder")
    ran = _run(
        "score", place / "m.anomaly", place / "good", ANOMALY_GUI_CACHE=str(tmp_path / "file" / "cache")
    )
    assert ran.returncode == 0
    assert "The feature cache" in ran.stderr
    assert "cannot be used" in ran.stderr
    assert "cannot judge: 0" in ran.stdout


def test_the_runtime_can_be_forced_and_is_named_in_the_result(place, tmp_path):
    out = tmp_path / "s.json"
    for name, words in (("mnn", []), ("keras", ["--runtime", "keras"])):
        ran = _run("score", place / "m.anomaly", place / "good", "--json", out, *words)
        assert ran.returncode == 0, ran.stderr
        assert json.loads(out.read_text("utf-8"))["runtime"].startswith(name)
        assert ran.stderr == ""  # TensorFlow has notes at its start
    assert "(mnn 3." in _run("info", place / "m.anomaly").stdout
    wrong = _run("score", place / "m.anomaly", place / "good", "--runtime", "torch")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "no runtime named 'torch'" in wrong.stderr


def test_bench_measures_this_machine(tmp_path):
    out = tmp_path / "bench.json"
    ran = _run(
        "bench",
        "--sizes",
        "32",
        "--layers",
        "block1_pool,block2_pool",
        "--rounds",
        "1",
        "--runtimes",
        "mnn",
        "--json",
        out,
    )
    assert ran.returncode == 0, ran.stderr
    result = json.loads(out.read_text("utf-8"))
    assert [one["layer"] for one in result["network"]] == ["block1_pool", "block2_pool"]
    assert all(one["images_per_second"] > 0 and one["share_of_peak"] > 0 for one in result["network"])
    assert {(one["kind"], one["part"]) for one in result["parts"]} >= {
        ("JPEG", "decode and resize"),
        ("PNG", "the whole way"),
    }
    assert "GFLOP/s" in ran.stdout
    assert _run("bench", "--runtimes", "torch").returncode == 2
