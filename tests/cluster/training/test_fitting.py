"""Made-up features in part files: what a cluster learns of them against one pass on one machine."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plain_engine import PlainEngine, store_parts

from anomaly_gui.cluster.training.near_duplicates import find_nearest
from anomaly_gui.cluster.training.part_store import PartRows
from anomaly_gui.cluster.training.whole_images import fit_pooled, fit_rows, judge_rows
from anomaly_gui.detection.densities.shrunk_fit import ShrunkFit
from anomaly_gui.detection.features.plan import Plan
from anomaly_gui.detection.grouping.neighbours import find_nearest_pairs, pair_with_nearest, whiten_features
from anomaly_gui.detection.settings.feature_settings import FeatureSettings

EXACT = 1e-10


def _features(rows, columns, seed=0):
    random = np.random.default_rng(seed)
    return (random.normal(size=(rows, columns)) @ random.normal(size=(columns, columns)) + 3).astype(
        np.float32
    )


def _one_pass(vectors, groups):
    fit = ShrunkFit()
    fit.learn_rows(vectors, groups)
    return fit, fit.held_out_scores(vectors, groups), fit.fitted.score_samples(vectors)


def _assert_alike(found, expected):
    np.testing.assert_allclose(found, expected, rtol=EXACT, atol=EXACT * np.abs(expected).max())


@pytest.mark.parametrize(("rows", "columns"), [(90, 12), (25, 40)])
@pytest.mark.parametrize("grouped", [False, True])
def test_a_gaussian_is_that_of_one_pass(tmp_path, rows, columns, grouped):
    vectors = _features(rows, columns)
    groups = (
        np.arange(rows) % (rows - 6) if grouped else np.arange(rows)
    )  # the last join the first, parts away
    stored = store_parts(tmp_path, vectors, [10, 0, rows - 17, 7])
    fit, held_out, own = _one_pass(vectors, groups)
    fitted, scores = fit_pooled(PlainEngine(), Plan(FeatureSettings()), stored, groups)
    density = fitted.detector.density
    _assert_alike(density.location, fit.location_)
    _assert_alike(density.used, fit.shrinkage_)
    _assert_alike(density.floor, fit.floor_)
    _assert_alike(np.sort(density.variances), np.sort(fit.variances_))
    _assert_alike(fitted.held_out, held_out)
    _assert_alike(scores, own)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(
    cuts=st.lists(st.integers(1, 59), max_size=6, unique=True),
    groups=st.lists(st.integers(0, 20), min_size=60, max_size=60).filter(lambda many: len(set(many)) > 2),
)
def test_however_it_is_cut_and_grouped(tmp_path_factory, cuts, groups):
    vectors, groups = _features(60, 6), np.array(groups)
    sizes = np.diff([0, *sorted(cuts), 60])
    stored = store_parts(tmp_path_factory.mktemp("parts"), vectors, sizes)
    fit, expected, _ = _one_pass(vectors, groups)
    engine = PlainEngine(seed=len(cuts))
    found = fit_rows(engine, stored, groups)
    held_out = found.fitted.log_density(judge_rows(engine, stored, groups, found)[0])
    _assert_alike(found.shrinkage_, fit.shrinkage_)
    np.testing.assert_allclose(held_out, expected, rtol=1e-8)


def test_whoever_is_first_changes_no_bit(tmp_path):
    vectors, groups = _features(120, 16), np.arange(120) // 2
    stored = store_parts(tmp_path, vectors, [30] * 4)
    found = [fit_pooled(PlainEngine(seed), Plan(FeatureSettings()), stored, groups) for seed in range(4)]
    first = found[0]
    for fitted, scores in found[1:]:
        assert fitted.held_out.tobytes() == first[0].held_out.tobytes()
        assert scores.tobytes() == first[1].tobytes()
        state, expected = fitted.detector.state()[1], first[0].detector.state()[1]
        assert all(state[name].tobytes() == values.tobytes() for name, values in expected.items())


def test_a_first_part_far_from_all_others_costs_no_digit(tmp_path):
    vectors = _features(900, 8)
    vectors[:3] += 4000
    stored = store_parts(tmp_path, vectors, [3, 400, 497])
    some = PartRows(stored.store, stored.name, stored.numbers[3:], 8, np.float32)
    fit, _, _ = _one_pass(vectors[3:], np.arange(897))
    found = fit_rows(PlainEngine(), some, np.arange(897))
    _assert_alike(found.shrinkage_, fit.shrinkage_)
    whole = fit_rows(PlainEngine(), stored, np.arange(900))
    expected, _, _ = _one_pass(vectors, np.arange(900))
    _assert_alike(whole.shrinkage_, expected.shrinkage_)


def test_rows_that_are_all_the_same_are_refused(tmp_path):
    stored = store_parts(tmp_path, np.ones((8, 3), np.float32), [4, 4])
    with pytest.raises(ValueError, match="same in every row"):
        fit_rows(PlainEngine(), stored, np.arange(8))


def test_neighbours_across_parts_are_those_of_one_search(tmp_path, monkeypatch):
    monkeypatch.setattr("anomaly_gui.cluster.training.near_duplicates._ROWS_A_BLOCK", 37)
    vectors = _features(150, 10)
    stored = store_parts(tmp_path, vectors, [50, 60, 40])
    nearest = find_nearest(PlainEngine(), stored, 5)
    expected = find_nearest_pairs(whiten_features(vectors), 5)
    np.testing.assert_array_equal(pair_with_nearest(nearest), expected)
