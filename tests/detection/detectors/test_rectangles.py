"""From a folder of wide images to a verdict and a map, on an input that keeps their proportions."""

import numpy as np
import pytest
from PIL import Image

from anomaly_gui.cli.commands.info import _describe_detector
from anomaly_gui.detection.datasets.train_request import TrainRequest
from anomaly_gui.detection.image_judging import judge_images
from anomaly_gui.detection.images.region_of_interest import RegionOfInterest, Shape
from anomaly_gui.detection.model.model_file import open_model, save_model
from anomaly_gui.detection.model.self_check import judging_difference
from anomaly_gui.detection.runtimes.protocol import default_runtime
from anomaly_gui.detection.settings.train_settings import TrainSettings
from anomaly_gui.detection.training import train
from anomaly_gui.progress import SilentProgress

WIDTH, HEIGHT = 600, 200
LEFT, TOP, SIDE = 480, 30, 30
QUIET = SilentProgress()


@pytest.fixture(scope="module")
def runtime():
    return default_runtime()


def _draw(seed, *, defect=False):
    """Return a wide image whose stripes lie in place, with a bright spot if it is a defect."""
    grain = np.random.default_rng(seed).normal(0, 6, (HEIGHT, WIDTH, 3))
    stripes = (
        110 + 40 * np.sin(np.arange(WIDTH) / 15)[None, :, None] * np.linspace(0.2, 1, HEIGHT)[:, None, None]
    )
    pixels = stripes + grain
    if defect:
        pixels[TOP : TOP + SIDE, LEFT : LEFT + SIDE] = 250
    return pixels.clip(0, 255).astype(np.uint8)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wide")
    (folder / "good").mkdir()
    for seed in range(24):
        Image.fromarray(_draw(seed)).save(folder / "good" / f"{seed}.png")
    Image.fromarray(_draw(101)).save(folder / "new.png")
    Image.fromarray(_draw(101, defect=True)).save(folder / "defect.png")
    return folder


def _train(folder, runtime, detector, **more):
    settings = TrainSettings(
        detector=detector,
        layer="block2_pool",
        size=128,
        channels=50,
        proportions=HEIGHT / WIDTH,
        false_alarm_rate=0.1,
        group_by="none",
    )
    return train(TrainRequest((folder / "good",), settings=settings, **more), QUIET, runtime).model


@pytest.mark.parametrize("detector", ["positional", "texture"])
def test_a_defect_is_boxed_where_it_is_on_the_original(folder, runtime, tmp_path, detector):
    model, path = _train(folder, runtime, detector), tmp_path / "m.anomaly"
    assert model.detector.plan.shape == (8, 28)
    assert model.reference.pixels.shape[1:] == (64, 224, 3)
    assert "64 x 224 px (height x width)" in _describe_detector(model)
    assert "8 x 28 cells" in _describe_detector(model)
    save_model(model, path)
    again = open_model(path)
    assert judging_difference(again, runtime) is None
    good, bad = judge_images(again, [folder / "new.png", folder / "defect.png"], QUIET, runtime=runtime)
    assert bad.verdict == "defect"
    assert bad.score < good.score
    assert bad.map.values.shape == (8, 28)
    region = bad.map.regions[0]
    assert WIDTH / 2 <= region.x <= LEFT and region.y <= TOP
    assert LEFT + SIDE <= region.x + region.width <= WIDTH
    assert TOP + SIDE <= region.y + region.height <= HEIGHT
    cell = HEIGHT / 8
    pixels = bad.map.at_size(WIDTH, HEIGHT)
    row, column = np.unravel_index(pixels.argmax(), pixels.shape)
    assert TOP - cell <= row <= TOP + SIDE + cell
    assert LEFT - cell <= column <= LEFT + SIDE + cell


def test_what_lies_outside_the_region_of_interest_is_no_defect(folder, runtime):
    left_half = RegionOfInterest((Shape("rectangle", ((0.0, 0.0), (0.5, 1.0)), keep=True),))
    model = _train(folder, runtime, "positional", interest=left_half)
    assert model.detector.plan.used_cells.reshape(8, 28).tolist() == [[True] * 14 + [False] * 14] * 8
    good, bad = judge_images(model, [folder / "new.png", folder / "defect.png"], QUIET, runtime=runtime)
    assert bad.score == pytest.approx(good.score)
    assert not np.asarray(bad.map.values)[:, 14:].any()
