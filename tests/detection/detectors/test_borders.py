"""Cells at the border of the picture are no more easily a defect than others, and no less."""

import numpy as np
import pytest

from anomaly_gui.detection.detectors.local_maps import LocalMaps, find_border, temper_border
from anomaly_gui.detection.features.plan import Grid, Plan
from anomaly_gui.detection.images.region_of_interest import RegionOfInterest, Shape
from anomaly_gui.detection.settings.feature_settings import FeatureSettings
from anomaly_gui.detection.settings.grid_settings import GridSettings

PLAN = Plan(FeatureSettings(size=64), Grid.from_settings(GridSettings(64)))


def _make_ratios(plan, at_border):
    """Return maps, and ratios of good images with tails so many times as long at the border."""
    border = find_border(plan)
    ratios = np.random.default_rng(0).exponential(1, (300, len(border))).astype(np.float32)
    ratios[:, border] *= at_border
    usual = np.ones(len(border), np.float32)
    return LocalMaps(None, usual, plan.used_cells, plan.shape), ratios


def test_longer_tails_at_the_border_are_brought_to_those_inside():
    border = find_border(PLAN)
    assert border.sum() == 28
    local, ratios = temper_border(*_make_ratios(PLAN, 1.8), PLAN)
    outer, inner = (np.quantile(ratios[:, cells], 0.99) for cells in (border, ~border))
    assert outer == pytest.approx(inner, rel=0.01)
    assert local.usual[border] == pytest.approx(1.8, rel=0.05)
    assert (local.usual[~border] == 1).all()


def test_shorter_ones_stay():
    local, ratios = _make_ratios(PLAN, 0.5)
    same, the_same = temper_border(local, ratios, PLAN)
    assert same is local
    assert the_same is ratios


def test_a_region_inside_has_no_border():
    inside = RegionOfInterest((Shape("rectangle", ((0.3, 0.3), (0.7, 0.7)), keep=True),))
    plan = Plan(PLAN.features, PLAN.grid, interest=inside)
    assert not find_border(plan).any()
    local, ratios = _make_ratios(plan, 2.0)
    assert temper_border(local, ratios, plan)[0] is local
