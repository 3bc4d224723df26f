"""One odd image among the good ones must not decide; a broken promise is said: through the command line."""

import json

import numpy as np
import pytest
from command_line import run
from PIL import Image

SIDE, GOOD = 200, 24
DEFAULTS = ("--detector", "pooled", "--layer", "block2_pool", "--size", "64", "--false-alarm-rate", "0.05")


def _part(seed, *, defect=False, gain=1.0):
    """A disc with a face of its own on a dark table."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[:SIDE, :SIDE] - SIDE / 2 + random.normal(0, 0.5, (2, 1, 1))
    grain = Image.fromarray(random.normal(0, 1, (70, 70)).astype(np.float32)).resize((SIDE, SIDE))
    pixels = np.where(np.hypot(y, x) < 80, 140 + 12 * np.asarray(grain), 40) + random.normal(
        0, 3, (SIDE, SIDE)
    )
    if defect:
        pixels[90:110, 40:160] = 240
    return (pixels * gain).clip(0, 255).astype(np.uint8)


def _save(folder, seeds, **how):
    folder.mkdir(parents=True)
    for seed in seeds:
        Image.fromarray(_part(seed, **how)).save(folder / f"part_{seed:03}.png")
    return folder


def _train(folder, out, *options):
    done = run("train", folder, "--out", out, "--json", out.with_suffix(".json"), *DEFAULTS, *options)
    return done, json.loads(out.with_suffix(".json").read_text("utf-8"))


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    return _save(tmp_path_factory.mktemp("odd") / "good", range(GOOD))


@pytest.fixture(scope="module")
def clean(good):
    return _train(good, good.parent / "clean.anomaly")


ODD = {
    "black": (np.zeros((SIDE, SIDE)), "is all black"),
    "foreign": (np.random.default_rng(1).integers(0, 76, (SIDE, SIDE)), "is unlike the other 24"),
}


@pytest.mark.parametrize("detector", ["pooled", "positional", "texture"])
@pytest.mark.parametrize("name", ODD)
def test_an_odd_image_is_named_left_out_and_does_not_decide(tmp_path, name, detector):
    pixels, reason = ODD[name]
    folder = _save(tmp_path / "good", range(GOOD))
    _, without = _train(folder, tmp_path / "clean.anomaly", "--detector", detector)
    Image.fromarray(pixels.astype(np.uint8)).save(folder / "odd.png")
    done, told = _train(folder, tmp_path / "model.anomaly", "--detector", detector)
    assert [(one["path"], one["reason"]) for one in told["suspects"]] == [(str(folder / "odd.png"), reason)]
    assert told["suspects_left_out"]
    assert told["n_images"] == GOOD
    assert f"1 image of {GOOD + 1} good ones left out" in " ".join(told["warnings"])
    assert f"odd.png: {reason}" in done.stdout
    assert told["threshold"] == pytest.approx(without["threshold"], rel=0.02)
    info = run("info", tmp_path / "model.anomaly").stdout
    assert "left out      1 image unlike the others" in info
    assert f"odd.png: {reason}" in info


def test_kept_it_is_named_all_the_same(tmp_path):
    folder = _save(tmp_path / "good", range(GOOD))
    Image.new("L", (SIDE, SIDE)).save(folder / "odd.png")
    _, told = _train(folder, tmp_path / "model.anomaly", "--suspects", "keep")
    assert (told["n_images"], told["suspects_left_out"], len(told["suspects"])) == (GOOD + 1, False, 1)


def test_a_second_kind_of_part_is_said_and_left_in(tmp_path):
    folder = _save(tmp_path / "good", range(GOOD))
    random = np.random.default_rng(0)
    for number in range(8):
        Image.fromarray(random.integers(0, 255, (SIDE, SIDE), np.uint8)).save(folder / f"other_{number}.png")
    _, told = _train(folder, tmp_path / "model.anomaly")
    assert [kind["images"] for kind in told["kinds_of_parts"]] == [GOOD, 8]
    assert told["suspects"] == []
    assert told["n_images"] == GOOD + 8
    assert "several cameras: 24 like part_000.png" in " ".join(told["warnings"])


@pytest.mark.parametrize("level", [0, 255, 100])
def test_images_that_show_no_part_are_refused_with_the_reason(tmp_path, level):
    folder = tmp_path / "good"
    folder.mkdir()
    for number in range(8):
        Image.new("L", (SIDE, SIDE + number), level + number % 2 * (level == 100)).save(
            folder / f"{number}.png"
        )
    done = run("train", folder, "--out", tmp_path / "model.anomaly", *DEFAULTS)
    assert done.returncode == 2
    assert "None of the 8 good images shows a part: 0.png is " in done.stderr
    assert not (tmp_path / "model.anomaly").exists()


def test_images_that_are_the_same_to_a_pixel_are_refused(tmp_path):
    folder = tmp_path / "good"
    folder.mkdir()
    for number in range(8):
        Image.fromarray(_part(1)).save(folder / f"{number}.png", dpi=(72 + number, 72))
    done = run("train", folder, "--out", tmp_path / "model.anomaly", *DEFAULTS)
    assert done.returncode == 2
    assert "All 8 good images show the same to a pixel" in done.stderr


def test_one_part_filmed_is_trained_on_and_asked_about(tmp_path):
    folder = tmp_path / "film"
    folder.mkdir()
    part, random = _part(0).astype(float), np.random.default_rng(0)
    for number in range(20):
        noisy = part * random.uniform(0.95, 1.05) + random.normal(0, 3, part.shape)
        Image.fromarray(noisy.clip(0, 255).astype(np.uint8)).save(folder / f"{number:02}.png")
    done, told = _train(folder, tmp_path / "model.anomaly")
    assert (done.returncode, told["n_parts"]) == (0, 1)
    assert told["alleged_copies"]
    assert "All 20 good images seem to show one part" in " ".join(told["warnings"])
    assert "--group-by none" in done.stdout
    _, told = _train(folder, tmp_path / "model.anomaly", "--group-by", "none")
    assert (told["n_parts"], told["alleged_copies"]) == (20, [])


def _evaluate(model, unseen, defects, out):
    done = run("evaluate", model, "--normal", unseen, "--anomalous", defects, "--json", out)
    return done, json.loads(out.read_text("utf-8"))


def test_a_broken_promise_is_said_with_what_differs(tmp_path, good, clean):
    defects = _save(tmp_path / "defects", range(300, 304), defect=True)
    bright = _save(tmp_path / "bright", range(100, 118), gain=1.3)
    done, told = _evaluate(good.parent / "clean.anomaly", bright, defects, tmp_path / "bright.json")
    assert told["promise"] == "broken"
    assert (
        "18 of 18 good parts rejected; promised 5 of 100: these images differ from those learned (brighter by"
        in (done.stdout)
    )
    same = _save(tmp_path / "same", range(100, 118))
    _, told = _evaluate(good.parent / "clean.anomaly", same, defects, tmp_path / "same.json")
    assert told["promise"] in ("kept", "too few to tell")


def test_good_parts_of_another_day_that_would_have_been_rejected_are_said(tmp_path, good):
    bright = _save(tmp_path / "bright", range(100, 120), gain=1.3)
    done, told = _train(good, tmp_path / "model.anomaly", "--calibration", bright)
    assert "By the first day's threshold alone: 20 of 20 good parts rejected" in done.stdout
    assert told["promise_on_another_day"]["outcome"] == "broken"
    assert "brighter" in told["promise_on_another_day"]["difference"]
    assert told["threshold_from"] == "scores of the calibration images"
