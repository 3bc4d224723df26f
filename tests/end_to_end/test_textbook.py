"""The textbook's method stays as it is: scikit-learn's mixture of plain features, mean minus three sigmas."""

import csv
import json
from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest
from command_line import run
from sklearn.mixture import GaussianMixture

from anomaly_gui.detection.features.collection import collect_features
from anomaly_gui.detection.features.feature_cache import default_cache
from anomaly_gui.detection.features.plan import Plan
from anomaly_gui.detection.runtimes.protocol import default_runtime
from anomaly_gui.detection.settings.choices import SHRUNK
from anomaly_gui.detection.worked_example import AUTOMATIC, SETTINGS, TEXTBOOK, unpack_sample
from anomaly_gui.progress import SilentProgress

TEXTBOOK_WORDS = ["--detector", "pooled", "--density", "gmm", "--normalization", "none", "--rule", "sigma"]
ONES, SEVENS = 250, 40
LAYER = "block1_pool"  # of fewer numbers than there are ones: nothing is drowned in rounding
CLOSE = 1e-7  # the closed form of one component rounds otherwise than the search


@pytest.fixture(scope="module")
def digits(tmp_path_factory):
    """Return files of ones and of sevens."""
    example = unpack_sample(tmp_path_factory.mktemp("digits"))
    return example.fit[:ONES], example.anomalous[:SEVENS]


def _read_plain(files):
    """Return the means over all positions of a layer's output, to the bit as the commands before had them."""
    plan = Plan(replace(TEXTBOOK, layer=LAYER).features)
    with closing(default_cache()) as cache:
        read = collect_features(
            files, plan, 10**9, default_runtime(), SilentProgress(), with_fingerprints=False, cache=cache
        )
    assert read.reused == len(files)
    return np.asarray(read.vectors, np.float64)


@pytest.mark.parametrize("components", [1, 2])
def test_its_scores_and_threshold_are_those_of_scikit_learn(digits, tmp_path, components):
    ones, sevens = digits
    features = ("--layer", LAYER, "--size", 32, "--components", components, "--group-by", "none")
    model, told, table = (tmp_path / name for name in ("t.anomaly", "t.json", "t.csv"))
    kept = ("--suspects", "keep", "--out", model, "--json", told)
    ran = run("train", *ones, *TEXTBOOK_WORDS, *features, *kept)
    assert ran.returncode == 0, ran.stderr
    assert run("score", model, *sevens, "--csv", table).returncode == 0
    of_ones = _read_plain(ones)
    mixture = GaussianMixture(components, random_state=0).fit(of_ones)
    own = mixture.score_samples(of_ones)
    threshold = json.loads(told.read_text("utf-8"))["threshold"]
    assert threshold == pytest.approx(own.mean() - 3 * own.std(), rel=CLOSE)
    with table.open(encoding="utf-8-sig") as file:
        scores = [float(row["score"]) for row in csv.DictReader(file)]
    wanted = mixture.score_samples(_read_plain(sevens))
    assert scores == pytest.approx(wanted.tolist(), rel=CLOSE)


def test_the_worked_example_shows_it_beside_the_automatic_one():
    told = (TEXTBOOK.detector, TEXTBOOK.density, TEXTBOOK.normalization, TEXTBOOK.rule)
    assert told == tuple(TEXTBOOK_WORDS[1::2])
    assert TEXTBOOK.declared_backbone.name == "vgg16"
    assert (TEXTBOOK.sigmas, TEXTBOOK.components, TEXTBOOK.covariance) == (3, 1, "full")
    assert (SETTINGS.density, AUTOMATIC.detector) == (SHRUNK, "auto")
