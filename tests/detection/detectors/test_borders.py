"""Cells at the border of the picture are no more easily a defect than others, and no less."""

import numpy as np
import pytest

from anomaly_gui.detection.detectors.local_maps import LocalMaps, temper_border
from anomaly_gui.detection.features.plan import Grid, Plan
from anomaly_gui.detection.images.region_of_interest import RegionOfInterest, Shape
from anomaly_gui.detection.settings.feature_settings import FeatureSettings
from anomaly_gui.detection.settings.grid_settings import GridSettings

PLAN = Plan(FeatureSettings(size=64), Grid.from_settings(GridSettings(64)))


def _make_ratios(plan, at_border):
    """Return maps, and ratios of good images with tails so many times as long at the border."""
    usual = np.ones(plan.used_cells.sum(), np.float32)
    local = LocalMaps(None, usual, plan.used_cells, plan.shape)
    ratios = np.random.default_rng(0).exponential(1, (300, len(usual))).astype(np.float32)
    ratios[:, local.is_border] *= at_border
    return local, ratios


def test_longer_tails_at_the_border_are_brought_to_those_inside():
    local, ratios = temper_border(*_make_ratios(PLAN, 1.8))
    border = local.is_border
    assert border.sum() == 28
    outer, inner = (np.quantile(ratios[:, cells], 0.99) for cells in (border, ~border))
    assert outer == pytest.approx(inner, rel=0.01)
    assert local.usual[border] == pytest.approx(1.8, rel=0.05)
    assert (local.usual[~border] == 1).all()
    assert local.untempered == pytest.approx(1)


def test_shorter_ones_stay():
    local, ratios = _make_ratios(PLAN, 0.5)
    same, the_same = temper_border(local, ratios)
    assert same is local
    assert the_same is ratios


def test_a_region_inside_has_no_border():
    inside = RegionOfInterest((Shape("rectangle", ((0.3, 0.3), (0.7, 0.7)), keep=True),))
    plan = Plan(PLAN.features, PLAN.grid, interest=inside)
    local, ratios = _make_ratios(plan, 2.0)
    assert not local.is_border.any()
    assert temper_border(local, ratios)[0] is local
