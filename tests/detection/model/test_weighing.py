"""Known defects decide which opinions of the automatic detector count; held-out scores follow."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from anomaly_gui.detection.detectors.automatic import AutomaticDetector
from anomaly_gui.detection.detectors.opinions import MEMORY, PLACES, SHARED, WEIGHTS, WHOLE
from anomaly_gui.detection.detectors.protocol import Fitted
from anomaly_gui.detection.grouping.groups import Groups
from anomaly_gui.detection.model import weighing
from anomaly_gui.detection.model.weighing import weigh_opinions

GOOD, BAD = 60, 30


DEFECTS = SimpleNamespace(records=tuple(range(BAD)))


def _fit(rated):
    detector = AutomaticDetector(None, None, {}, None, WEIGHTS)
    return Fitted(detector, np.zeros(GOOD), np.ones(GOOD), rated=rated)


@pytest.fixture
def weigh(monkeypatch):
    """Weigh opinions that see defects so many deviations away."""

    def weigh_means(**means):
        rng = np.random.default_rng(0)
        good = {name: rng.normal(size=GOOD) for name in WEIGHTS}
        bad = {name: means.get(name, 1.0) + rng.normal(size=BAD) for name in WEIGHTS}
        monkeypatch.setattr(weighing, "_rate_all", lambda *_: bad)
        fitted, found = weigh_opinions(_fit(good), Groups(np.arange(GOOD), ""), DEFECTS, np.arange(BAD))
        return fitted, found, good

    return weigh_means


def test_the_opinion_that_is_clearly_better_counts_alone_and_gives_the_held_out_scores(weigh):
    fitted, found, good = weigh(places=6.0, shared=-2.0, memory=-2.0)
    assert found.chosen == PLACES
    assert fitted.detector.weights == {SHARED: 0, MEMORY: 0, PLACES: 1, WHOLE: 0}
    assert fitted.held_out == pytest.approx(-good[PLACES])
    assert str(found).startswith("Chosen by 30 known defects: a Gaussian of each place alone, AUROC 1.000")
    assert "on images that had no part in the choice it gains 0." in str(found)


def test_all_opinions_stay_joined_where_none_is_better_beyond_chance(weigh):
    fitted, found, _ = weigh(places=1.4)
    assert found.chosen is None
    assert fitted.detector.weights == WEIGHTS
    assert str(found).startswith("By 30 known defects: AUROC 0.")
    assert "no opinion alone is better" in str(found)


def test_without_defects_or_opinions_nothing_is_weighed():
    fitted = _fit(None)
    assert weigh_opinions(fitted, Groups(np.arange(GOOD), ""), DEFECTS, np.arange(BAD)) == (fitted, None)
    fitted = replace(fitted, rated={})
    nothing = SimpleNamespace(records=())
    assert weigh_opinions(fitted, Groups(np.arange(GOOD), ""), nothing, np.arange(0)) == (fitted, None)
