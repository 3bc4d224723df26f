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
from command_line import run
from parts import save_parts

LIGHT = "efficientnet-lite0"


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
    asked = ("--detector", "pooled", "--size", "128", "--no-cache")
    ran = _run("train", place / "good", "--out", place / "m.anomaly", *asked)
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
    cache, words = str(tmp_path / "cache"), ["train", place / "good", "--detector", "pooled", "--size", "64"]
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


@pytest.fixture(scope="module")
def benched(tmp_path_factory):
    """What `bench` says of a light backbone, and its JSON."""
    out = tmp_path_factory.mktemp("bench") / "bench.json"
    words = ["--backbones", LIGHT, "--sizes", "32", "--layers", "stage1,stage2", "--rounds", "1"]
    words += ["--runtimes", "mnn", "--images", "4", "--megapixels", "0.1"]
    ran = _run("bench", *words, "--json", out)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout, json.loads(out.read_text("utf-8"))


def test_bench_measures_this_machine(benched):
    said, result = benched
    assert "GFLOP/s" in said
    network = result["network"]
    assert [(one["backbone"], one["layer"]) for one in network] == [(LIGHT, "stage1"), (LIGHT, "stage2")]
    assert all(one["images_per_second"] > 0 and one["share_of_peak"] > 0 for one in network)
    assert all(one["runtime"].startswith("mnn ") for one in network)
    assert result["skipped"] == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--runtimes", "torch"], "--runtimes 'torch' is not known: take of mnn, keras, onnx."),
        (["--backbones", "resnet"], "There is no backbone named 'resnet': take one of vgg16, "),
        (["--backbones", LIGHT, "--layers", "block1_pool"], "no layer named 'block1_pool' in EfficientNet-"),
        (["--layers", "block1_pool,stage9"], "no layer named 'stage9' in VGG16 or EfficientNet-Lite2: take "),
    ],
)
def test_bench_refuses_what_it_does_not_know_in_one_sentence(words, said):
    ran = run("bench", *words)
    assert (ran.returncode, ran.stdout, ran.stderr.count("\n")) == (2, "", 1)
    assert said in ran.stderr


WAYS = {
    (detector, kind, map_files)
    for kind in ("JPEG", "PNG")
    for detector, map_files in (("pooled", False), ("positional", False), ("positional", True))
}
OF_ALL = {
    *("read and hash", "decode", "resize", "brightness and sharpness", "network", "features", "results"),
    *("waiting", "the whole way"),
}
MORE = {
    ("pooled", False): {"density"},
    ("positional", False): {"distances", "score and map"},
    ("positional", True): {"distances", "score and map", "map files"},
}


def test_bench_takes_the_way_of_an_image_apart_and_names_the_bottleneck(benched):
    said, result = benched
    rows = {}
    for one in result["parts"]:
        rows.setdefault((one["detector"], one["kind"], one["map_files"]), {})[one["part"]] = one
    assert set(rows) == WAYS
    for (detector, _, map_files), parts in rows.items():
        assert set(parts) == OF_ALL | MORE[detector, map_files]
        whole = parts.pop("the whole way")
        assert whole["milliseconds"] > 0
        assert sum(one["share"] for one in parts.values()) == pytest.approx(1)
        assert {(one["backbone"], one["runtime"]) for one in parts.values()} == {
            (whole["backbone"], whole["runtime"])
        }
    found = result["bottlenecks"]
    assert {(one["detector"], one["kind"], one["map_files"]) for one in found} == WAYS
    assert all(one["sentence"] in said and 0 < one["share"] <= 1 for one in found)


def test_bench_measures_one_image_and_the_memory_of_maps(benched):
    said, result = benched
    pooled, positional = result["uses"]
    assert (pooled["detector"], pooled["peak_megabytes"]) == ("pooled", None)
    assert positional["peak_megabytes"] > 50
    assert pooled["one_image_milliseconds"] > 0 < positional["one_image_milliseconds"]
    assert "ms from file to verdict" in said and "MB at most" in said
