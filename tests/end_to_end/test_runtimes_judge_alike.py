"""A model judges the same whatever runs the network, and whatever ran it in training.

Runtimes differ by rounding only. Where a score lies within `BAND` of the threshold the verdict may differ;
nowhere else.
"""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from scipy.stats import spearmanr

from anomaly_gui.detection.datasets.train_request import TrainRequest
from anomaly_gui.detection.image_judging import judge_images
from anomaly_gui.detection.model.model_file import open_model, save_model
from anomaly_gui.detection.model.self_check import judging_difference
from anomaly_gui.detection.runtimes.protocol import KERAS, MNN, default_runtime
from anomaly_gui.detection.settings.train_settings import TrainSettings
from anomaly_gui.detection.training import train
from anomaly_gui.detection.worked_example import SETTINGS, unpack_sample
from anomaly_gui.progress import SilentProgress

BAND = 3e-3
"""How far apart two runtimes may score an image: a share of the standard deviation of held-out scores, and
of the distance to the threshold for images far from it."""

QUIET = SilentProgress()
NAMES = (KERAS, MNN)


@pytest.fixture(scope="module")
def runtimes():
    return {name: default_runtime(name) for name in NAMES}


@pytest.fixture(scope="module")
def digits(tmp_path_factory):
    example = unpack_sample(tmp_path_factory.mktemp("digits"))
    return example.fit[:150], [*example.normal[:150], *example.anomalous[:150]]


@pytest.fixture(scope="module")
def parts(tmp_path_factory):
    """Dark plates with a bright disc in place, some with a scratch or a dent of any strength."""
    random, folder, files = np.random.default_rng(0), tmp_path_factory.mktemp("plates"), []
    down, across = np.mgrid[:200, :200]
    for number in range(80):
        pixels = random.normal(90, 9, (200, 200)) + 70 * (np.hypot(down - 100, across - 100) < 60)
        if number >= 50:
            x, y = random.integers(40, 160, 2)
            pixels[y : y + 25, x : x + 3] += random.uniform(-60, 60)
        files.append(folder / f"{number:03}.png")
        Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(files[-1])
    return files[:40], files[40:]


def _assert_alike(model, files, runtimes):
    scored = {name: list(judge_images(model, files, QUIET, runtime=runtimes[name])) for name in NAMES}
    one, other = (np.array([image.score for image in scored[name]]) for name in NAMES)
    spread, threshold = np.std(model.training.held_out), model.threshold.value
    assert spearmanr(one, other).statistic >= 0.9999
    assert (np.abs(one - other) / (spread + np.abs(one - threshold))).max() <= BAND
    for image, its_other in zip(scored[KERAS], scored[MNN], strict=True):
        if abs(image.score - threshold) > BAND * spread:
            assert image.verdict == its_other.verdict
    assert {image.verdict for image in scored[MNN]} == {"good", "defect"}


@pytest.mark.parametrize("trained_on", NAMES)
def test_digits(digits, runtimes, trained_on):
    fit, others = digits
    model = train(TrainRequest(tuple(fit), settings=SETTINGS), QUIET, runtimes[trained_on]).model
    _assert_alike(model, others, runtimes)


@pytest.mark.parametrize("detector", ["pooled", "positional", "texture"])
@pytest.mark.parametrize("trained_on", NAMES)
def test_parts(parts, runtimes, detector, trained_on, tmp_path):
    fit, others = parts
    settings = TrainSettings(detector=detector, size=128, false_alarm_rate=0.05)
    model = train(TrainRequest(tuple(fit), settings=settings), QUIET, runtimes[trained_on]).model
    assert model.versions["runtime"] == runtimes[trained_on].name
    _assert_alike(model, others, runtimes)
    save_model(model, tmp_path / "m.anomaly")
    for name in NAMES:
        assert judging_difference(open_model(tmp_path / "m.anomaly"), runtimes[name]) is None


def test_a_runtime_that_computes_something_else_is_noticed(parts, runtimes):
    class Off:
        name = "off"

        def for_backbone(self, _):
            return self

        def pooled(self, batch, layers, backbone):
            return [1.05 * outputs + 0.05 for outputs in runtimes[MNN].pooled(batch, layers, backbone)]

    settings = TrainSettings(detector="pooled", size=64)
    model = train(TrainRequest(tuple(parts[0]), settings=settings), QUIET, runtimes[MNN]).model
    assert "may judge differently" in judging_difference(model, Off())
    one_off = replace(model, reference=replace(model.reference, scores=model.reference.scores + 1e3))
    assert judging_difference(one_off, runtimes[MNN]) is not None
