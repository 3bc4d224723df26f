"""What a comparison says of speed: reading and the network add up, and the cache has no part in it."""

import pytest

from anomaly_gui.detection.candidates.speed import PlanSpeed
from anomaly_gui.detection.settings.backbones import VGG16
from anomaly_gui.detection.settings.train_settings import TrainSettings


def test_a_shallow_layer_waits_for_reading_and_for_its_share_of_the_network():
    speed = PlanSpeed(reading=0.01, network=0.03)
    assert speed.images_per_second == pytest.approx(25)
    deepest = TrainSettings(detector="pooled", layer="block5_conv3")
    assert speed.estimate_rate(deepest) == pytest.approx(25)
    shallow = TrainSettings(detector="pooled", layer="block1_conv2")
    share = VGG16.count_pixel_operations(["block1_conv2"]) / VGG16.count_pixel_operations(["block5_conv3"])
    assert speed.estimate_rate(shallow) == pytest.approx(1 / (0.01 + 0.03 * share))
    with_map = TrainSettings("positional", layer="block1_conv2")
    assert speed.estimate_rate(with_map) < speed.estimate_rate(shallow)
