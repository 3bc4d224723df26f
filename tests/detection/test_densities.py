import numpy as np
import pytest
from sklearn.base import clone
from sklearn.mixture import GaussianMixture
from sklearn.utils.estimator_checks import parametrize_with_checks

from anomaly_gui.detection.densities import make_density
from anomaly_gui.detection.densities.mixture import MixtureDensity
from anomaly_gui.detection.densities.shrunk import ShrunkGaussian
from anomaly_gui.errors import ParameterError


@pytest.mark.filterwarnings("ignore")
@parametrize_with_checks([ShrunkGaussian(), MixtureDensity()])
def test_follows_scikit_learn(estimator, check):
    check(estimator)


def _correlated(rows, columns, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(rows, columns)) @ rng.normal(size=(columns, columns)) + 3


@pytest.mark.parametrize(
    ("rows", "columns", "parts"), [(30, 80, 10), (300, 12, 100), (300, 12, 6), (60, 80, 2)]
)
def test_held_out_scores_are_those_of_refits_without_the_group(rows, columns, parts):
    X = _correlated(rows, columns)
    groups = np.random.default_rng(1).integers(0, parts, rows)
    density = ShrunkGaussian().fit(X, groups=groups)
    held_out = density.held_out_scores(X, groups)
    constant = density._log_density(np.zeros(1))[0]
    for group in np.unique(groups):
        out = groups == group
        refit = ShrunkGaussian(density.shrinkage_).fit(X[~out])
        distances = refit._squared_distances(X[out] - refit.location_)
        np.testing.assert_allclose(held_out[out], constant - distances / 2, rtol=1e-8)


def test_without_shrinkage_it_is_the_plain_gaussian():
    X = _correlated(400, 6)
    plain = GaussianMixture(1, reg_covar=0).fit(X).score_samples(X)
    np.testing.assert_allclose(ShrunkGaussian(0.0).fit(X).score_samples(X), plain, rtol=1e-3)


def test_held_out_scores_keep_the_promise_with_fewer_images_than_features():
    X, new = np.split(_correlated(2100, 60), [40])
    density = ShrunkGaussian().fit(X)
    below_median = np.mean(density.score_samples(new) < np.median(density.held_out_scores(X)))
    of_training = np.mean(density.score_samples(new) < np.median(density.score_samples(X)))
    assert 0.3 < below_median < 0.7
    assert of_training > 0.9


def test_near_copies_do_not_pass_for_more_images():
    X = _correlated(30, 50)
    copies = np.repeat(X, 4, axis=0) + np.random.default_rng(0).normal(0, 1e-3, (120, 50))
    groups = np.repeat(np.arange(30), 4)
    single = ShrunkGaussian().fit(X).shrinkage_
    assert ShrunkGaussian().fit(copies, groups=groups).shrinkage_ == pytest.approx(single, rel=0.05)
    assert ShrunkGaussian().fit(copies).shrinkage_ < single / 2


def test_mixture_folds_keep_groups_together():
    X = _correlated(60, 3)
    groups = np.repeat(np.arange(3), 20)
    density = MixtureDensity().fit(X)
    expected = [clone(density).fit(X[groups != g]).score_samples(X[groups == g]) for g in range(3)]
    np.testing.assert_allclose(density.held_out_scores(X, groups), np.concatenate(expected))


@pytest.mark.parametrize("X", [np.ones((5, 3)), np.ones((1, 3)), np.array([[1.0, np.nan], [0, 1]])])
@pytest.mark.parametrize("name", ["shrunk"])
def test_what_cannot_be_learned_is_refused(X, name):
    with pytest.raises(ValueError, match=r"same in every row|minimum of 2|NaN"):
        make_density(name).fit(X)


def test_one_group_cannot_be_held_out():
    X = _correlated(5, 3)
    with pytest.raises(ValueError, match="one group"):
        ShrunkGaussian().fit(X).held_out_scores(X, np.zeros(5, int))


def test_unknown_density():
    with pytest.raises(ParameterError, match="shrunk, gmm"):
        make_density("kde")
