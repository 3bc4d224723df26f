"""What a comparison found, a training on the same good images repeats, and never denies."""

import json

import pytest
from command_line import run
from parts import save_parts

SMALL = ("--group-by", "none", "--false-alarm-rate", 0.1)
POOLED = ("--detector", "pooled", "--layer", "block2_pool", "--size", 32, *SMALL)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    place = tmp_path_factory.mktemp("advice")
    save_parts(place / "good", 24)
    save_parts(place / "defects", 8, 1, defect=True)
    save_parts(place / "others", 20, 2)
    return place


def _train(place, *words):
    out = place / "train.json"
    ran = run("train", *words, "--out", place / "m.anomaly", "--json", out)
    assert ran.returncode == 0, ran.stderr
    return json.loads(out.read_text("utf-8")), ran


def _compare(place, defects):
    out = place / "compare.json"
    ran = run(
        *("compare", "--normal", place / "good", "--anomalous", defects, "--sizes", 32, "--group-by", "none"),
        *("--backbones", "efficientnet-lite0", "--json", out),
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(out.read_text("utf-8"))


def test_known_defects_of_a_training_tell_how_good_it_is_and_what_counts(place):
    told, ran = _train(place, place / "good", "--anomalous", place / "defects", *SMALL)
    assert told["detector"] == "auto"
    known = told["known_defects"]
    assert known["text"] in ran.stdout
    assert set(known["opinions"]) == {"joined", "shared", "memory", "places", "whole"}
    assert known["chosen"] in known["opinions"]
    assert known["auroc"][1] <= known["auroc"][0] <= known["auroc"][2] == 1.0
    told, _ = _train(place, place / "good", *SMALL)
    assert told["known_defects"] is None


def test_without_a_comparison_a_measurement_is_not_outranked_by_a_guess(place):
    told, ran = _train(place, place / "others", "--anomalous", place / "defects", *POOLED)
    assert told["recommended_detector"] is None
    assert "auto joins" not in ran.stderr
    assert "a comparison measures" in ran.stderr
    assert told["known_defects"]["text"].startswith("By 8 known defects: AUROC ")
    assert told["known_defects"]["chosen"] is None


def test_a_training_says_what_the_comparison_said(place):
    compared = _compare(place, place / "defects")
    assert compared["recommended"]["detector"] == "auto"  # nothing is better than an AUROC of 1 beyond chance
    assert "no other is better" in compared["recommendation"]
    assert all(one["auroc_interval"][0] <= one["auroc"] for one in compared["candidates"])
    told, ran = _train(place, place / "good", *POOLED)
    assert told["recommended"] == compared["recommended"]
    assert "Detectors were compared on these images. By 8 known defects no other is better" in ran.stderr
    told, ran = _train(place, place / "good", *SMALL)
    assert told["recommended"] == compared["recommended"]
    assert "were compared" not in ran.stderr
