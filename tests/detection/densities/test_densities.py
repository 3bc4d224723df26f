import tracemalloc

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.covariance import ledoit_wolf_shrinkage
from sklearn.mixture import GaussianMixture
from sklearn.model_selection import GroupKFold
from sklearn.utils.estimator_checks import parametrize_with_checks

from anomaly_gui.detection.arrays import moments
from anomaly_gui.detection.arrays.moments import estimate_shrinkage
from anomaly_gui.detection.arrays.row_store import RowStore
from anomaly_gui.detection.densities.folds import FOLDS, split_into_folds
from anomaly_gui.detection.densities.mixture import MixtureDensity
from anomaly_gui.detection.densities.mixture_state import COVARIANCE_TYPES
from anomaly_gui.detection.densities.plain import PlainGaussian
from anomaly_gui.detection.densities.registry import make_density, restore_density
from anomaly_gui.detection.densities.shrunk import ShrunkGaussian
from anomaly_gui.errors import ParameterError


@pytest.mark.filterwarnings("ignore")
@parametrize_with_checks([ShrunkGaussian(), PlainGaussian(), MixtureDensity()])
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
    constant = density.fitted.log_density(np.zeros(1))[0]
    for group in np.unique(groups):
        out = groups == group
        refit = ShrunkGaussian(density.shrinkage_).fit(X[~out])
        distances = refit.fitted.squared_distances(X[out] - refit.location_)
        np.testing.assert_allclose(held_out[out], constant - distances / 2, rtol=1e-8)


def _groups_of_all_sizes(rows):
    """One of 300 rows, some of a few, most of one."""
    numbers = np.arange(rows)
    numbers[:300] = 0
    numbers[300:900] //= 4
    return np.random.default_rng(2).permutation(numbers)


def test_blocks_give_what_the_whole_gives(monkeypatch):
    X, groups = _correlated(5000, 64), _groups_of_all_sizes(5000)
    whole = ShrunkGaussian().fit(X, groups=groups)
    scores, held_out = whole.score_samples(X), whole.held_out_scores(X, groups)
    variances = np.linalg.eigvalsh(np.cov(X.T, bias=True))
    share = ledoit_wolf_shrinkage((X - X.mean(axis=0))[np.unique(groups, return_index=True)[1]])
    np.testing.assert_allclose(
        whole.variances_, (1 - share) * variances + share * variances.mean(), rtol=1e-8
    )
    monkeypatch.setattr(moments, "ROWS_AT_ONCE", 77)
    blocks = ShrunkGaussian().fit(X, groups=groups)
    np.testing.assert_allclose(blocks.location_, X.mean(axis=0), rtol=1e-8)
    np.testing.assert_allclose(blocks.variances_, whole.variances_, rtol=1e-8)
    np.testing.assert_allclose(blocks.score_samples(X), scores, rtol=1e-8)
    np.testing.assert_allclose(blocks.held_out_scores(X, groups), held_out, rtol=1e-8)


@pytest.mark.parametrize(("rows", "columns"), [(40, 60), (60, 60), (61, 60), (4000, 60), (500, 1)])
def test_shrinkage_is_that_of_scikit_learn(monkeypatch, rows, columns):
    monkeypatch.setattr(moments, "ROWS_AT_ONCE", 77)
    X = _correlated(rows, columns)
    some = np.arange(0, rows, 2)
    assert estimate_shrinkage(X) == pytest.approx(ledoit_wolf_shrinkage(X), rel=1e-9)
    assert estimate_shrinkage(X, some) == pytest.approx(ledoit_wolf_shrinkage(X[some]), rel=1e-9)


@pytest.mark.parametrize(("rows", "columns"), [(30, 80), (300, 12), (3, 2)])
def test_distances_of_rows_alone_are_those_of_groups_of_one(rows, columns):
    X = _correlated(rows, columns)
    density = ShrunkGaussian().fit(X)
    alone = density._distances_alone(density._project_rows(X), rows)
    expected = [density._distances_without(X, np.array([row]), rows)[0] for row in range(rows)]
    np.testing.assert_allclose(alone, expected, rtol=1e-9)


def _stored(X):
    store = RowStore(X.shape[1], X.dtype)
    for row in X:
        store.append(row)
    return store


@pytest.mark.parametrize("kind", [np.float16, np.float32])
@pytest.mark.parametrize(("rows", "columns"), [(300, 20), (15, 20)])
def test_rows_of_single_precision_and_on_disk_are_taken_as_they_are(tmp_path, kind, rows, columns):
    X = _correlated(rows, columns).astype(kind)
    groups = np.arange(rows) // 2
    on_disk = np.memmap(tmp_path / "X", kind, "w+", shape=X.shape)
    on_disk[:] = X
    expected = ShrunkGaussian().fit(X.astype(np.float64), groups=groups)
    for same in (X, on_disk, _stored(X)):
        density = ShrunkGaussian().fit(same, groups=groups)
        assert density.n_features_in_ == columns
        np.testing.assert_allclose(density.score_samples(same), expected.score_samples(X), rtol=1e-9)
        np.testing.assert_allclose(
            density.held_out_scores(same, groups), expected.held_out_scores(X, groups), rtol=1e-9
        )


def test_memory_is_that_of_a_block(tmp_path):
    X = np.memmap(tmp_path / "X", np.float32, "w+", shape=(60_000, 64))
    X[:] = np.random.default_rng(0).standard_normal(X.shape, np.float32)
    groups = np.arange(len(X))
    tracemalloc.start()
    try:
        ShrunkGaussian().fit(X, groups=groups).held_out_scores(X, groups)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 0.6 * X.nbytes


def test_value_that_is_not_finite_is_found_in_any_block(monkeypatch):
    monkeypatch.setattr(moments, "ROWS_AT_ONCE", 10)
    X = _correlated(100, 4).astype(np.float32)
    density = ShrunkGaussian().fit(X)
    X[95, 2] = np.inf
    for ask in (ShrunkGaussian().fit, density.score_samples, density.held_out_scores):
        with pytest.raises(ValueError, match="infinity"):
            ask(X)
        with pytest.raises(ValueError, match="infinity"):
            ask(_stored(X))


def test_store_of_rows_of_another_length_is_refused():
    density = ShrunkGaussian().fit(_correlated(30, 4))
    with pytest.raises(ValueError, match="4 features"):
        density.score_samples(_stored(_correlated(30, 5)))


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


def test_near_duplicates_do_not_pass_for_more_images():
    X = _correlated(30, 50)
    copies = np.repeat(X, 4, axis=0) + np.random.default_rng(0).normal(0, 1e-3, (120, 50))
    groups = np.repeat(np.arange(30), 4)
    single = ShrunkGaussian().fit(X).shrinkage_
    assert ShrunkGaussian().fit(copies, groups=groups).shrinkage_ == pytest.approx(single, rel=0.05)
    assert ShrunkGaussian().fit(copies).shrinkage_ < single / 2


@pytest.mark.parametrize(("rows", "parts"), [(40, 40), (200, 30), (60, 4)])
def test_folds_are_those_of_scikit_learn(rows, parts):
    groups = np.random.default_rng(0).integers(0, parts, rows) * 3 + 7
    folds = split_into_folds(rows, groups)
    expected = GroupKFold(min(FOLDS, len(np.unique(groups))), shuffle=True, random_state=0)
    for fold, (_, out) in zip(folds, expected.split(groups, groups=groups), strict=True):
        np.testing.assert_array_equal(fold, out)
    np.testing.assert_array_equal(np.sort(np.concatenate(folds)), np.arange(rows))
    assert all(len(set(groups[fold]) & set(np.delete(groups, fold))) == 0 for fold in folds)


@pytest.mark.parametrize("kind", [np.float64, np.float32])
@pytest.mark.parametrize("covariance", COVARIANCE_TYPES)
@pytest.mark.parametrize(("rows", "columns"), [(300, 20), (30, 50)])
def test_one_component_needs_no_search(covariance, rows, columns, kind):
    X = _correlated(rows, columns).astype(kind)
    groups = np.arange(rows) // 2
    searched = MixtureDensity(covariance_type=covariance).fit(X)
    density = make_density("gmm", covariance_type=covariance).fit(X)
    assert isinstance(density, PlainGaussian)
    new = _correlated(40, columns, 1)
    restored = restore_density("gmm", density.state(), columns)
    for judging in (density, restored, restore_density("gmm", searched.state(), columns)):
        np.testing.assert_allclose(judging.score_samples(new), searched.score_samples(new), rtol=1e-6)
    np.testing.assert_allclose(
        density.held_out_scores(X, groups), searched.held_out_scores(X, groups), rtol=1e-6
    )
    for name, values in searched.state().arrays.items():
        np.testing.assert_allclose(density.state().arrays[name], values, rtol=1e-5, atol=1e-5)
    assert density.state().settings == searched.state().settings


def test_a_mixture_of_several_is_restored_as_such():
    X = _correlated(60, 3)
    density = make_density("gmm", components=2).fit(X)
    restored = restore_density("gmm", density.state(), 3)
    np.testing.assert_allclose(restored.score_samples(X), density.score_samples(X))


def test_mixture_folds_keep_groups_together():
    X = _correlated(60, 3)
    groups = np.repeat(np.arange(3), 20)
    density = MixtureDensity(2).fit(X)
    expected = [clone(density).fit(X[groups != g]).score_samples(X[groups == g]) for g in range(3)]
    np.testing.assert_allclose(density.held_out_scores(X, groups), np.concatenate(expected))


@pytest.mark.parametrize("X", [np.ones((5, 3)), np.ones((1, 3)), np.array([[1.0, np.nan], [0, 1]])])
@pytest.mark.parametrize("name", ["shrunk"])
def test_what_cannot_be_learned_is_refused(X, name):
    with pytest.raises(ValueError, match=r"same in every row|minimum of 2|NaN"):
        make_density(name).fit(X)


@pytest.mark.parametrize("density", [ShrunkGaussian(), PlainGaussian(), MixtureDensity()])
def test_one_group_cannot_be_held_out(density):
    X = _correlated(5, 3)
    with pytest.raises(ValueError, match="one group"):
        density.fit(X).held_out_scores(X, np.zeros(5, int))


def test_unknown_density():
    with pytest.raises(ParameterError, match="shrunk, gmm"):
        make_density("kde")
