"""Known defects choose among candidates only where that is more than chance."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from anomaly_gui.detection.judging.choosing import JudgedImages, choose_candidate, estimate_auroc


def _draw(rng, count, means):
    """Return scores, (candidates, count), of images that each candidate sees at its own mean."""
    return np.asarray(means)[:, None] + rng.normal(size=(len(means), count))


def _judged(scores):
    return JudgedImages(scores, np.arange(scores.shape[1]))


def _choose(seed, means, good=60, defects=30):
    rng = np.random.default_rng(seed)
    return choose_candidate(
        _judged(_draw(rng, good, [0.0] * len(means))), _judged(_draw(rng, defects, means)), 0
    )


def test_areas_are_those_of_scikit_learn_with_ties():
    rng = np.random.default_rng(0)
    good, defects = rng.integers(0, 9, (1, 40)), rng.integers(-3, 6, (1, 25))
    scores, labels = np.concatenate([good[0], defects[0]]), [0] * 40 + [1] * 25
    found = estimate_auroc(_judged(good), _judged(defects))
    assert found.value == pytest.approx(roc_auc_score(labels, -scores))
    assert found.low < found.value < found.high


def test_a_candidate_that_is_clearly_better_is_chosen_with_what_it_gains():
    choice = _choose(0, [-0.7, -0.6, -3.0])
    assert (choice.best, choice.chosen, choice.defects) == (2, 2, 30)
    assert 0.1 < choice.gain.low < choice.gain.value < choice.gain.high
    assert choice.gain.value == pytest.approx(choice.aurocs[2].value - choice.aurocs[0].value, abs=0.03)


def test_the_luckiest_of_many_alike_is_not_chosen_and_gains_nothing_on_average():
    choices = [_choose(seed, [-1.0] * 30) for seed in range(40)]
    assert sum(choice.best != 0 for choice in choices) > 30
    assert sum(choice.chosen != 0 for choice in choices) <= 2
    apparent = [choice.aurocs[choice.best].value - choice.aurocs[0].value for choice in choices]
    assert np.mean(apparent) > 0.05
    assert abs(np.mean([choice.gain.value for choice in choices])) < 0.02


def test_nothing_that_cannot_tell_defects_at_all_is_chosen():
    rng = np.random.default_rng(0)
    good, defects = _draw(rng, 40, [0.0, 0.0]), _draw(rng, 20, [3.0, 0.2])  # the default is upside down
    choice = choose_candidate(_judged(good), _judged(defects), 0)
    assert choice.gain.low > 0
    assert (choice.best, choice.chosen, choice.is_beyond_chance) == (1, 0, False)


def test_shots_of_one_part_count_as_one():
    rng = np.random.default_rng(1)
    good, defects = _draw(rng, 60, [0.0, 0.0]), np.repeat(_draw(rng, 6, [-1.0, -2.0]), 10, axis=1)
    parts = np.repeat(np.arange(6), 10)
    alone = choose_candidate(_judged(good), _judged(defects), 0)
    together = choose_candidate(_judged(good), JudgedImages(defects, parts), 0)
    widths = [one.gain.high - one.gain.low for one in (alone, together)]
    assert widths[1] > 2 * widths[0]
    of_two = choose_candidate(_judged(good), JudgedImages(defects[:, :20], parts[:20]), 0)
    assert of_two is None


def test_a_perfect_candidate_is_no_surer_than_its_few_defects():
    rng = np.random.default_rng(0)
    found = estimate_auroc(_judged(_draw(rng, 200, [0.0])), _judged(_draw(rng, 6, [-50.0])))
    assert (found.value, found.high) == (1.0, 1.0)
    assert 0.4 < found.low < 0.7
    assert estimate_auroc(_judged(np.zeros((1, 4))), _judged(np.zeros((1, 9)))) is None
