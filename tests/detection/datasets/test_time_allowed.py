"""Time chooses the finest input that this machine judges fast enough, then a lighter backbone, or says no."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from anomaly_gui.detection.datasets.input_shape import LADDER, list_sizes
from anomaly_gui.detection.datasets.judging_rate import JudgingRate
from anomaly_gui.detection.datasets.time_allowed import choose_within_time
from anomaly_gui.detection.datasets.train_request import TrainRequest
from anomaly_gui.detection.settings.train_settings import TrainSettings
from anomaly_gui.detection.training import train
from anomaly_gui.errors import ParameterError
from anomaly_gui.progress import SilentProgress

_COST = {"vgg16": 30.0, "efficientnet-lite2": 2.0, "efficientnet-lite0": 1.0}  # seconds a megapixel


class _Clock:
    """Rates by formula, and what was asked for."""

    def __init__(self):
        self.asked = []

    def __call__(self, settings):
        backbone, (height, width) = settings.declared_backbone.name, settings.features.shape
        self.asked.append((backbone, settings.size))
        return JudgingRate(1e6 / (_COST[backbone] * height * width), height, width, backbone)


@pytest.mark.parametrize(
    ("rate", "backbone", "size"),
    [
        (0.1, "efficientnet-lite2", 448),
        (2.4, "efficientnet-lite2", 448),
        (2.6, "efficientnet-lite2", 320),
        (19.0, "efficientnet-lite2", 160),
        (20.0, "efficientnet-lite0", 160),
        (39.0, "efficientnet-lite0", 160),
    ],
)
def test_the_finest_size_is_taken_then_the_lighter_backbone(rate, backbone, size):
    clock = _Clock()
    settings, measured = choose_within_time(TrainSettings(images_per_second=rate), LADDER, clock)
    assert (settings.declared_backbone.name, settings.size) == (backbone, size)
    assert measured.images_per_second >= rate
    assert (measured.backbone, measured.width) == (backbone, size)
    assert len(clock.asked) <= 4


def test_a_backbone_and_a_size_that_were_named_stay():
    clock, asked = _Clock(), TrainSettings("positional", "vgg16", size=128, images_per_second=1.5)
    settings, _ = choose_within_time(asked, list_sizes(asked, []), clock)
    assert (settings.backbone, settings.size) == ("vgg16", 128)
    with pytest.raises(ParameterError, match="cannot be 3: even at 128 x 128 px, the coarsest, this machine"):
        choose_within_time(replace(asked, images_per_second=3.0), (128,), clock)
    assert {backbone for backbone, _ in clock.asked} == {"vgg16"}


def test_what_even_the_lightest_backbone_cannot_is_refused_in_one_sentence():
    with pytest.raises(ParameterError) as refused:
        choose_within_time(TrainSettings(images_per_second=50.0), LADDER, _Clock())
    assert str(refused.value) == (
        "The setting “Images per second” cannot be 50: even at 160 x 160 px, the coarsest, this machine "
        "judges about 39 images a second."
    )


@pytest.fixture(scope="module")
def small_images(tmp_path_factory):
    folder, rng = tmp_path_factory.mktemp("small"), np.random.default_rng(0)
    for number in range(12):
        Image.fromarray(rng.integers(0, 256, (40, 80), np.uint8)).save(folder / f"{number}.png")
    return folder


def test_no_size_is_much_larger_than_the_images(small_images):
    assert list_sizes(TrainSettings(), sorted(small_images.iterdir())) == (128,)
    assert list_sizes(TrainSettings(), []) == LADDER


def test_a_training_says_how_fast_its_model_judges(small_images):
    settings = TrainSettings("pooled", group_by="none", images_per_second=0.05, false_alarm_rate=0.1)
    found = train(TrainRequest((small_images,), settings=settings), SilentProgress()).findings
    assert found.rate.images_per_second >= 0.05
    assert (found.rate.height, found.rate.width, found.rate.backbone) == (128, 128, "vgg16")
    assert "images a second at 128 x 128 px on this machine." in str(found.rate)
