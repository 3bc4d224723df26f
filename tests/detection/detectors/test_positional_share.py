"""How much of its map makes a positional detector's score."""

import numpy as np
import pytest

from anomaly_gui.detection.densities.cell_gaussians import CellGaussians
from anomaly_gui.detection.detectors.local_maps import LocalMaps
from anomaly_gui.detection.detectors.placement.placement import UNKNOWN, Placement
from anomaly_gui.detection.detectors.positional import PositionalDetector, choose_share
from anomaly_gui.detection.features.network_outputs import ImageFeatures
from anomaly_gui.detection.images.region_of_interest import RegionOfInterest
from anomaly_gui.detection.settings.choices import POSITIONAL
from anomaly_gui.detection.settings.train_settings import TrainSettings


@pytest.mark.parametrize(("backbone", "share"), [("vgg16", 0.01), ("efficientnet-lite2", 0.07)])
def test_the_share_of_the_map_that_counts_is_that_of_the_backbone_and_of_the_model(backbone, share):
    rng = np.random.default_rng(0)
    settings = TrainSettings(POSITIONAL, backbone, size=64, channels=50)
    plan = PositionalDetector.make_plan(settings, RegionOfInterest(), Placement(UNKNOWN))
    cells = CellGaussians(np.zeros((64, 50), np.float32), np.tile(np.eye(50, dtype=np.float32), (64, 1, 1)))
    local = LocalMaps(cells, np.ones(64, np.float32), plan.used_cells, plan.shape)
    detector = PositionalDetector(plan, local, choose_share(settings))
    described, arrays = detector.state()
    assert described["share"] == share
    features = ImageFeatures(np.zeros((3, plan.length), np.float32), rng.normal(size=(3, 64, 50)))
    scores = detector.judge(features).scores
    assert np.array_equal(PositionalDetector.restore(plan, described, arrays).judge(features).scores, scores)
    distances = -np.sort(-np.square(features.cells).sum(axis=2), axis=1)
    np.testing.assert_allclose(scores, -distances[:, : round(64 * share)].mean(axis=1), rtol=1e-5)
    of_before = PositionalDetector.restore(plan, {"level": described["level"]}, arrays)
    np.testing.assert_allclose(of_before.judge(features).scores, -distances[:, 0], rtol=1e-5)
