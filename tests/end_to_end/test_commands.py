"""The commands as they are typed: most through `main`, some in processes of their own."""

import csv
import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from command_line import SETTINGS, run, run_alone
from parts import save_parts
from PIL import Image


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Folders of parts, and a model of them made by the command."""
    place = tmp_path_factory.mktemp("commands")
    good = save_parts(place / "good", 24, 0, name="Teil_部品")
    (good / "copy.png").write_bytes((good / "Teil_部品_3.png").read_bytes())
    (good / "notes.txt").write_text("notes")
    (good / ".hidden.png").write_text("hidden")
    (place / "empty").mkdir()
    save_parts(place / "test" / "good", 12, 1, name="Teil_部品")
    save_parts(place / "test" / "bent", 5, 2, defect=True, name="Teil_部品")
    save_parts(place / "test" / "split", 4, 3, defect=True, name="Teil_部品")
    made = run_alone("train", good, "--out", place / "m.anomaly", "--json", place / "train.json", *SETTINGS)
    (place / "train.txt").write_text(made.stdout, "utf-8")
    assert made.returncode == 0, made.stderr
    return place


@pytest.fixture
def broken(tmp_path):
    (tmp_path / "empty.png").write_bytes(b"")
    (tmp_path / "text.jpg").write_text("no image")
    return tmp_path


def _json(path):
    return json.loads(path.read_text("utf-8"))


def test_train_writes_what_it_did(place):
    result = _json(place / "train.json")
    assert (result["n_images"], result["n_parts"], result["rule"]) == (24, 24, "false-alarm-rate")
    assert result["expected_false_alarms"]["interval"][0] >= 0
    assert result["unreadable"] == []
    assert [pair["same_as"] for pair in result["duplicates"]] == [str(place / "good" / "copy.png")]
    assert (result["passed_over"], result["hidden"]) == (1, 1)
    assert result["seconds"] > 0
    assert any("another day" in warning for warning in result["warnings"])


def test_train_says_what_it_did(place):
    said = (place / "train.txt").read_text("utf-8")
    assert "24 images of 24 parts" in said
    assert "Passed over: 1 file of another kind, 1 hidden file or folder." in said
    assert "good parts would be rejected" in said


def test_nothing_but_what_was_asked_for_is_written(place):
    assert sorted(path.name for path in place.iterdir()) == [
        "empty",
        "good",
        "m.anomaly",
        "test",
        "train.json",
        "train.txt",
    ]
    assert len(list((place / "good").iterdir())) == 27


def test_score_judges_every_file(place, broken):
    out, table = broken / "score.json", broken / "score.csv"
    images = [place / "test", broken / "empty.png", broken / "text.jpg", broken / "gone.png"]
    ran = run("score", place / "m.anomaly", *images, "--json", out, "--csv", table)
    assert ran.returncode == 3
    result = _json(out)
    assert len(result["images"]) == 12 + 9 + 3
    assert {image["verdict"] for image in result["images"][12:]} >= {"good", "defect"}
    assert [Path(one["path"]).name for one in result["unreadable"]] == [
        "empty.png",
        "text.jpg",
        "gone.png",
    ]
    assert all(one["reason"] for one in result["unreadable"])
    for image in result["images"]:
        if image["score"] is not None:
            assert image["verdict"] == ("defect" if image["score"] < result["threshold"] else "good")
    rows = list(csv.DictReader(table.read_text("utf-8-sig").splitlines()))
    assert all(
        (float(row["relative_score"]) > 1) == (float(row["score"]) < result["threshold"])
        for row in rows
        if row["score"]
    )
    assert [row["path"] for row in rows] == [image["path"] for image in result["images"]]
    assert "defect" in ran.stdout
    assert "empty.png" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_score_with_another_threshold(place, tmp_path):
    out = tmp_path / "s.json"
    ran = run("score", place / "m.anomaly", place / "test" / "good", "--json", out, "--threshold", "1e9")
    assert ran.returncode == 0
    result = _json(out)
    assert (result["threshold"], result["rule"]) == (1e9, "manual")
    assert {image["verdict"] for image in result["images"]} == {"defect"}


def test_score_agrees_with_training_to_the_last_digit_that_matters(place, tmp_path):
    from anomaly_gui.detection.model.model_file import open_model

    out = tmp_path / "s.json"
    assert run("score", place / "m.anomaly", place / "good", "--json", out).returncode == 0
    scores = {image["path"]: image["score"] for image in _json(out)["images"]}
    training = open_model(place / "m.anomaly").training
    for record, score in zip(training.images, training.scores, strict=True):
        assert scores[str(record.path)] == pytest.approx(score, abs=1e-3 * np.std(training.held_out))


def test_evaluate_counts_and_draws(place, tmp_path):
    out, plots = tmp_path / "e.json", tmp_path / "plots"
    test = place / "test"
    ran = run(
        *("evaluate", place / "m.anomaly", "--normal", test / "good", "--anomalous", test / "bent"),
        *("--anomalous", test / "split", "--json", out, "--plots", plots),
    )
    assert ran.returncode == 0, ran.stderr
    result = _json(out)
    assert (result["n_normal"], result["n_anomalous"]) == (12, 9)
    assert result["auroc"] == 1.0
    assert result["average_precision"] == pytest.approx(1.0)
    assert result["model_sha256"] == hashlib.sha256((place / "m.anomaly").read_bytes()).hexdigest()
    assert result["miss_rate"] == 0
    low, high = result["false_alarm_interval"]
    assert low <= result["false_alarm_rate"] <= high
    assert result["promised_false_alarm_rate"] == 0.1
    assert result["misses_by_folder"] == {
        str(test / "bent"): {"misses": 0, "of": 5},
        str(test / "split"): {"misses": 0, "of": 4},
    }
    assert sorted(path.name for path in plots.iterdir()) == [
        "confusion.png",
        "distribution.png",
        "failures.png",
        "roc.png",
        "scatter.png",
    ]
    for picture in plots.iterdir():
        with Image.open(picture) as image:
            assert min(image.size) > 300


def test_evaluate_understands_the_layout_of_mvtec(place, tmp_path):
    out = tmp_path / "e.json"
    ran = run("evaluate", place / "m.anomaly", "--mvtec", place, "--json", out)
    assert ran.returncode == 0, ran.stderr
    result = _json(out)
    assert [image["label"] for image in result["images"]] == ["normal"] * 12 + ["anomalous"] * 9
    assert {image["path"] for image in result["images"][12:]} == {
        str(path) for kind in ("bent", "split") for path in (place / "test" / kind).iterdir()
    }


def test_evaluate_on_training_images_says_so(place, tmp_path):
    out = tmp_path / "e.json"
    ran = run(
        *("evaluate", place / "m.anomaly", "--normal", place / "good", "--anomalous", place / "test/bent"),
        *("--json", out),
    )
    assert ran.returncode == 0
    assert "were used in training" in _json(out)["warnings"][0]
    assert "were used in training" in ran.stderr


def test_every_detector_layer_and_size_is_compared(place, broken, tmp_path):
    out = tmp_path / "c.json"
    ran = run(
        *("compare", "--normal", place / "good", "--normal", broken, "--anomalous", place / "test" / "bent"),
        *("--sizes", "32,64", "--false-alarm-rate", 0.1, "--json", out),
    )
    assert ran.returncode == 3, ran.stderr
    result = _json(out)
    kinds = [(one["size"], one["backbone"], one["detector"]) for one in result["candidates"]]
    choices = {"vgg16": 19, "efficientnet-lite0": 8, "efficientnet-lite2": 8}
    assert kinds == [(32, name, "pooled") for name in choices for _ in range(choices[name])] + [
        (64, name, kind)
        for name in choices
        for kind in (*["pooled"] * choices[name], "positional", "texture")
    ] + [(None, "auto", "auto")]
    assert max(one["auroc"] for one in result["candidates"]) == 1.0
    chosen = [one for one in result["candidates"] if result["recommended"].items() <= one.items()]
    assert len(chosen) == 1
    assert chosen[0]["found"] == max(one["found"] for one in result["candidates"] if one["auroc"] >= 0.995)
    assert all(one["images_per_second"] > 0 and one["megabytes"] > 0 for one in result["candidates"])
    assert len(result["unreadable"]) == 2
    assert "block5_pool" in ran.stdout
    assert result["recommendation"] in ran.stdout


def test_a_candidate_of_the_comparison_is_the_model_trained_so(place, tmp_path):
    out = tmp_path / "c.json"
    run(
        *("compare", "--normal", place / "good", "--anomalous", place / "test" / "bent", "--sizes", "32,64"),
        *("--backbones", "vgg16", "--false-alarm-rate", 0.1, "--json", out),
    )
    found = {
        (one["detector"], one["layer"], one["size"]): one["threshold"] for one in _json(out)["candidates"]
    }
    trained = _json(place / "train.json")["threshold"]
    assert found["pooled", "block2_pool", 32] == pytest.approx(trained, rel=1e-4)
    run(
        *("train", place / "good", "--detector", "positional", "--size", 64, "--false-alarm-rate", 0.1),
        *("--out", tmp_path / "p.anomaly", "--json", tmp_path / "p.json"),
    )
    trained = _json(tmp_path / "p.json")["threshold"]
    assert found["positional", "block4_conv3", 64] == pytest.approx(trained, rel=1e-3)


def test_good_images_alone_rank_nothing_and_say_why(place, tmp_path):
    out = tmp_path / "c.json"
    ran = run("compare", "--normal", place / "good", "--sizes", 32, "--json", out)
    assert ran.returncode == 0, ran.stderr
    result = _json(out)
    assert {one["auroc"] for one in result["candidates"]} == {None}
    assert "nothing can be ranked by accuracy" in ran.stdout
    assert result["recommended"]["detector"] == "auto"


@pytest.mark.parametrize(("sizes", "said"), [("", "No size"), ("9", "9"), ("224px", "224px")])
def test_sizes_that_are_none_are_refused(place, sizes, said):
    ran = run("compare", "--normal", place / "good", "--sizes", sizes)
    assert ran.returncode == 2
    assert said in ran.stderr


def test_info_says_what_a_model_is(place):
    ran = run("info", place / "m.anomaly", "--files")
    assert ran.returncode == 0
    assert "block2_pool, 32 px" in ran.stdout
    assert "24 images of 24 parts" in ran.stdout
    assert "scores its reference images as the one that trained it" in ran.stdout
    assert "Teil_部品_0.png" in ran.stdout


def test_excluded_files_are_not_learned_from(place, tmp_path):
    from anomaly_gui.detection.model.model_file import open_model

    excluded = place / "good" / "Teil_部品_5.png"
    ran = run("train", place / "good", "--exclude", excluded, "--out", tmp_path / "m.anomaly", *SETTINGS)
    assert ran.returncode == 0, ran.stderr
    paths = {record.path for record in open_model(tmp_path / "m.anomaly").training.images}
    assert len(paths) == 23
    assert excluded not in paths


@pytest.mark.parametrize("rule", ["best-f1", "sigma", "manual"])
def test_train_by_the_other_rules(place, tmp_path, rule):
    told = {"best-f1": ["--anomalous", place / "test" / "bent"], "manual": ["--threshold", -123.5]}
    out = tmp_path / "t.json"
    ran = run(
        *("train", place / "good", "--out", tmp_path / "m.anomaly", "--json", out, *SETTINGS),
        *("--rule", rule, *told.get(rule, ())),
    )
    assert ran.returncode == 0, ran.stderr
    assert _json(out)["rule"] == rule
    assert rule != "manual" or _json(out)["threshold"] == -123.5


MISTAKES = {
    "unknown layer": (["train", "good", "--out", "x.anomaly", "--layer", "block9"], "block9"),
    "unknown rule": (["train", "good", "--out", "x.anomaly", "--rule", "guess"], "--rule cannot be 'guess'"),
    "rate of 5": (["train", "good", "--out", "x.anomaly", "--false-alarm-rate", "5"], "--false-alarm-rate"),
    "size of 8": (["train", "good", "--out", "x.anomaly", "--size", "8"], "--size cannot be 8"),
    "no folder": (["train", "nowhere", "--out", "x.anomaly"], "nowhere"),
    "out over an image": (["train", "good", "--out", "good/copy.png"], "no image is lost"),
    "out in no folder": (["train", "good", "--out", "no/x.anomaly"], "folder does not exist"),
    "out is a folder": (["train", "good", "--out", "good"], "is a folder"),
    "no defects for best-f1": (["train", "good", "--out", "x.anomaly", "--rule", "best-f1"], "--anomalous"),
    "no model": (["score", "gone.anomaly", "good"], "gone.anomaly does not exist"),
    "an image as model": (["score", "good/copy.png", "good"], "is not a model file"),
    "nothing to score": (["score", "m.anomaly", "empty"], "no image in empty"),
    "neither nor": (["evaluate", "m.anomaly"], "--mvtec"),
    "only one": (["evaluate", "m.anomaly", "--normal", "good"], "--anomalous"),
    "both": (["evaluate", "m.anomaly", "--mvtec", ".", "--normal", "good"], "--mvtec"),
    "not mvtec": (["evaluate", "m.anomaly", "--mvtec", "good"], "MVTec"),
    "good and defect": (
        ["evaluate", "m.anomaly", "--normal", "test/bent", "--anomalous", "test/bent/../bent"],
        "both as good and as defects",
    ),
}


@pytest.mark.parametrize("kind", MISTAKES)
def test_mistakes_are_one_sentence_and_exit_code_2(place, kind, monkeypatch):
    arguments, reason = MISTAKES[kind]
    monkeypatch.chdir(place)
    before = sorted(place.rglob("*"))
    ran = run(*arguments)
    assert ran.returncode == 2, ran.stderr
    assert reason in ran.stderr
    assert "Traceback" not in ran.stderr
    assert ran.stdout == ""
    assert len(ran.stderr.strip().splitlines()) == 1
    assert sorted(place.rglob("*")) == before


def test_a_mistake_in_a_process_of_its_own(tmp_path):
    ran = run_alone("train", tmp_path, "--out", tmp_path / "m.anomaly")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == f"There is no image in {tmp_path}: choose a folder with images.\n"


@pytest.mark.skipif(os.name == "nt", reason="sends a Unix signal")
def _heed_interrupts():
    """Undo what shells do to programs they start in the background, these tests among them."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def test_ctrl_c_leaves_nothing_half_done_and_the_old_model_whole(place, tmp_path):
    many = save_parts(tmp_path / "many", 400, 5, name="Teil_部品")
    model, out = tmp_path / "m.anomaly", tmp_path / "t.json"
    old = (place / "m.anomaly").read_bytes()
    model.write_bytes(old)
    running = subprocess.Popen(
        [
            *(sys.executable, "-m", "anomaly_gui", "train", many, "--out", model, "--json", out),
            *("--detector", "pooled", "--size", "224"),
        ],
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=_heed_interrupts,
    )
    time.sleep(8)  # at work on the images: all of them would take a minute
    assert running.poll() is None
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "Traceback" not in said
    assert sorted(path.name for path in tmp_path.iterdir()) == ["m.anomaly", "many"]
    assert model.read_bytes() == old


def test_names_of_files_that_are_not_utf8_are_judged(place, tmp_path):
    if sys.platform != "linux":
        pytest.skip("only Linux keeps such names")
    image = Path(os.fsdecode(os.fsencode(tmp_path) + b"/t\xff.png"))
    image.write_bytes((place / "good" / "copy.png").read_bytes())
    ran = run_alone(
        *("score", place / "m.anomaly", tmp_path, "--csv", tmp_path / "s.csv", "--json", tmp_path / "s.json"),
        *("--threshold", "1e9"),
        env={**os.environ, "PYTHONIOENCODING": ""},
    )
    assert ran.returncode == 0, ran.stderr
    assert b"t\xff.png" in (tmp_path / "s.csv").read_bytes()
    assert _json(tmp_path / "s.json")["images"][0]["path"].endswith("t\udcff.png")
