"""A camera of 12 bits that writes files of 16: trained on, and judged, as if they had 8."""

import json
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from anomaly_gui.__main__ import main
from anomaly_gui.detection.datasets.train_request import TrainRequest
from anomaly_gui.detection.images.loading import ReadingOptions
from anomaly_gui.detection.judging.verdicts import Verdict
from anomaly_gui.detection.model.model_file import open_model, save_model
from anomaly_gui.detection.scoring import ScoreRequest, score
from anomaly_gui.detection.settings.train_settings import TrainSettings
from anomaly_gui.detection.training import train
from anomaly_gui.progress import SilentProgress

SETTINGS = TrainSettings(
    detector="pooled", layer="block3_conv3", size=96, group_by="none", false_alarm_rate=0.05
)


def part(seed, *, has_defect=False):
    """Return light from 0 to 1 of a disc with a groove on a dark table, (120, 140)."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:120, 0:140]
    radius = np.hypot(y - 60 + random.normal(), x - 70 + random.normal())
    light = np.where(radius < 48, 0.5 + 0.04 * random.normal(size=(120, 140)), 0.12)
    light = np.where(np.abs(radius - 30) < 2, 0.85, light)
    if has_defect:
        light[70:80, 60:110] = 0.07
        light[35:52, 76:82] = 0.9
    return np.clip(light + random.normal(0, 0.01, light.shape), 0, 1)


def write(folder, seeds, bits, *, has_defect=False, shift=0):
    folder.mkdir()
    for seed in seeds:
        values = (part(seed, has_defect=has_defect) * ((1 << bits) - 1) + 0.5).astype(np.uint16) << shift
        Image.fromarray(values.astype(np.uint8) if bits == 8 else values).save(folder / f"{seed:03}.png")
    return folder


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    place = tmp_path_factory.mktemp("depth")
    return {
        "train": write(place / "train", range(30), 12),
        "train of 8": write(place / "train_8", range(30), 8),
        "good": write(place / "good", range(500, 508), 12),
        "bad": write(place / "bad", range(600, 608), 12, has_defect=True),
        "good of 8": write(place / "good_8", range(500, 508), 8),
        "bad of 8": write(place / "bad_8", range(600, 608), 8, has_defect=True),
        "full": write(place / "full", range(500, 502), 12, shift=4),
    }


@pytest.fixture(scope="module")
def model(folders):
    return train(TrainRequest((folders["train"],), settings=SETTINGS), SilentProgress()).model


def judged(model, folder):
    return score(ScoreRequest(model, (folder,)), SilentProgress()).images


def test_defects_are_found_and_good_parts_are_not_rejected(folders, model):
    assert model.detector.plan.features.depth == 12
    assert [image.verdict for image in judged(model, folders["bad"])] == ["defect"] * 8
    assert [image.verdict for image in judged(model, folders["good"])] == ["good"] * 8


@pytest.mark.parametrize("kind", ["good", "bad"])
def test_files_of_8_bits_of_the_same_scene_are_judged_alike(folders, model, kind):
    wide, narrow = judged(model, folders[kind]), judged(model, folders[f"{kind} of 8"])
    assert [one.verdict for one in wide] == [one.verdict for one in narrow]
    spread = np.ptp(model.training.held_out)
    assert max(abs(one.score - other.score) for one, other in zip(wide, narrow, strict=True)) < spread / 2


def test_what_does_not_fit_cannot_be_judged(folders, model):
    for image in judged(model, folders["full"]):
        assert image.verdict == Verdict.CANNOT_JUDGE
        assert "where the good images use 12 bits (4,095)" in image.reason
    narrow = train(TrainRequest((folders["train of 8"],), settings=SETTINGS), SilentProgress()).model
    assert narrow.detector.plan.features.depth is None
    for image in judged(narrow, folders["bad"]):
        assert image.verdict == Verdict.CANNOT_JUDGE
        assert "would be read as far too dark" in image.reason


def test_a_brighter_image_than_the_sample_has_all_read_anew(folders, tmp_path, monkeypatch):
    monkeypatch.setattr("anomaly_gui.detection.images.bit_depth._SAMPLE", 1)
    dark = write(tmp_path / "dark", [0], 10)  # read first, and by itself a depth of 10
    kept = replace(SETTINGS, suspects="keep")  # it is unlike the others
    result = train(TrainRequest((dark, folders["train"]), settings=kept), SilentProgress())
    assert result.model.detector.plan.features.depth == 12
    assert not result.findings.unreadable
    assert len(result.model.training.images) == 31


def test_the_model_file_keeps_the_depth_and_older_ones_mean_16(folders, model, tmp_path):
    path = tmp_path / "a.anomaly"
    save_model(model, path)
    assert open_model(path).detector.plan.features.depth == 12
    plan = model.detector.plan
    assert plan.reading_options(10**9).depth == 12
    assert (
        replace(plan, features=replace(plan.features, depth=16)).reading_options(10**9).depth
        == ReadingOptions().depth
    )


def test_the_commands_say_it(folders, tmp_path, capsys, monkeypatch):
    def run(*arguments):
        monkeypatch.setattr("sys.argv", ["anomaly-gui", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code in (0, None)

    path, told = tmp_path / "a.anomaly", tmp_path / "a.json"
    options = ["--detector", "pooled", "--layer", "block1_pool", "--size", "32", "--group-by", "none"]
    options += ["--json", str(told)]
    run("train", folders["train"], "--out", path, *options)
    assert "16-bit files: 12 bits used, white is 4,095." in capsys.readouterr().out
    assert json.loads(told.read_text())["depth_of_16_bit_files"] == 12
    run("info", path)
    assert "12 bits used" in capsys.readouterr().out
