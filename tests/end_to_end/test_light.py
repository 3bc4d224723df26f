"""Light of another day: learned from the good images themselves, and named where it is too far off."""

import csv
import json
from dataclasses import replace

import numpy as np
import pytest
from command_line import run
from parts import save_parts
from PIL import Image

from anomaly_gui.detection.model.model_file import open_model, save_model

SETTINGS = ["--size", "64", "--channels", "50", "--false-alarm-rate", "0.1"]
GOOD, NEW = 20, 6


def _relight(folder, to, exposure):
    to.mkdir()
    for path in sorted(folder.iterdir()):
        pixels = np.asarray(Image.open(path)).astype(float) * exposure
        Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(to / path.name)
    return to


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    place = tmp_path_factory.mktemp("light")
    save_parts(place / "good", GOOD)
    save_parts(place / "new", NEW, 1)
    save_parts(place / "bad", NEW, 2, defect=True)
    _relight(place / "new", place / "darker", 0.93)
    _relight(place / "new", place / "dark", 0.2)
    ran = run("train", place / "good", "--out", place / "m.anomaly", *SETTINGS)
    assert ran.returncode == 0, ran.stderr
    ran = run("train", place / "good", "--out", place / "plain.anomaly", *SETTINGS, "--variants", "0")
    assert ran.returncode == 0, ran.stderr
    return place


def _score(model, folder, tmp_path):
    files = tmp_path / "r.csv", tmp_path / "r.json"
    ran = run("score", model, folder, "--csv", files[0], "--json", files[1])
    assert ran.returncode in (0, 3), ran.stderr
    rows = list(csv.DictReader(files[0].read_text("utf-8-sig").splitlines()))
    return ran.stdout + ran.stderr, rows, json.loads(files[1].read_text("utf-8"))["images"]


def test_what_is_far_too_dark_is_not_judged_and_said_so(place, tmp_path):
    said, rows, images = _score(place / "m.anomaly", place / "dark", tmp_path)
    assert f"cannot judge: {NEW}" in said
    assert "is 80 % darker than the good parts" in said
    for row, image in zip(rows, images, strict=True):
        assert row["verdict"] == image["verdict"] == "cannot judge"
        assert "darker than the good parts" in row["reason"]
        assert row["reason"] == image["reason"]
        assert image["score"] is None


def test_less_light_changes_no_verdict_and_defects_are_found(place, tmp_path):
    _, rows, _ = _score(place / "m.anomaly", place / "darker", tmp_path)
    assert [row["verdict"] for row in rows].count("good") >= NEW - 1
    _, rows, _ = _score(place / "m.anomaly", place / "bad", tmp_path)
    assert [row["verdict"] for row in rows] == ["defect"] * NEW


def test_without_variants_all_is_judged_as_before(place, tmp_path):
    said, _, _ = _score(place / "plain.anomaly", place / "dark", tmp_path)
    assert "cannot judge: 0" in said
    assert open_model(place / "plain.anomaly").admission.light is None
    assert "their light" not in run("info", place / "plain.anomaly").stdout
    assert "their light   judged to" in run("info", place / "m.anomaly").stdout


def test_an_evaluation_counts_what_the_light_forbids(place, tmp_path):
    result = tmp_path / "e.json"
    told = ("--normal", place / "dark", "--anomalous", place / "bad", "--json", result)
    assert run("evaluate", place / "m.anomaly", *told).returncode == 3
    evaluated = json.loads(result.read_text("utf-8"))
    assert (evaluated["n_not_judged"], evaluated["n_normal"], evaluated["n_anomalous"]) == (NEW, 0, NEW)


def test_a_model_file_keeps_its_light_and_one_without_stays_so(place, tmp_path):
    model = open_model(place / "m.anomaly")
    assert model.admission.light is not None
    save_model(model, tmp_path / "again.anomaly")
    assert open_model(tmp_path / "again.anomaly").admission == model.admission
    older = replace(model, admission=replace(model.admission, light=None))
    save_model(older, tmp_path / "older.anomaly")
    assert open_model(tmp_path / "older.anomaly").admission.light is None


def test_held_out_scores_are_those_of_the_images_alone(place):
    training = open_model(place / "m.anomaly").training
    assert len(training.images) == len(training.held_out) == len(training.scores) == GOOD


def test_images_are_added_to_a_model_with_its_light_and_taken_out(place, tmp_path):
    updated = tmp_path / "updated.anomaly"
    change = ("--add", place / "darker", "--without", place / "good" / "part_3.png")
    ran = run("update", place / "m.anomaly", *change, "--out", updated)
    assert ran.returncode == 0, ran.stderr
    assert f"Added {NEW} images, took out 1." in ran.stdout
    assert "their light   judged to" in run("info", updated).stdout
    _, rows, _ = _score(updated, place / "darker", tmp_path)
    assert [row["verdict"] for row in rows].count("good") >= NEW - 1
    assert f"cannot judge: {NEW}" in _score(updated, place / "dark", tmp_path)[0]
    _, rows, _ = _score(updated, place / "bad", tmp_path)
    assert [row["verdict"] for row in rows] == ["defect"] * NEW
