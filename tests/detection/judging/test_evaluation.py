import math
import pickle
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom
from sklearn.metrics import average_precision_score, roc_auc_score, roc_curve

from anomaly_gui.detection.judging.evaluation import LabelledColumns, LabelledScore, evaluate_scores
from anomaly_gui.detection.judging.metrics import (
    LABELS,
    Confusion,
    Rate,
    average_precision,
    best_f1_threshold,
    clopper_pearson,
    confusion,
    image_auroc,
    precision_recall,
    roc,
)

# Machines of test runs are shared: a slow example is no failure.
unhurried = settings(deadline=None)

# Few distinct values make ties common; the wide ones look for overflow.
SCORES = st.one_of(st.integers(-4, 4).map(float), st.floats(allow_nan=False, allow_infinity=False))
SAMPLES = st.lists(st.tuples(SCORES, st.sampled_from(LABELS)), max_size=30)
MIXED = SAMPLES.filter(lambda sample: len({label for _, label in sample}) == 2)


def split(sample):
    return [score for score, _ in sample], [label for _, label in sample]


def truth(labels):
    return np.array([label == "anomalous" for label in labels])


def plausible(seed=0):
    random = np.random.default_rng(seed)
    scores = np.concatenate([random.normal(-300, 40, 60), random.normal(-420, 90, 40)]).round(-1)
    return scores, ["normal"] * 60 + ["anomalous"] * 40


# Intervals


@pytest.mark.parametrize(("count", "total"), [(1, 100), (3, 17), (50, 100), (99, 100), (1, 2)])
def test_clopper_pearson_ends_where_the_binomial_tails_hold_half_of_the_rest(count, total):
    low, high = clopper_pearson(count, total, 0.9)
    assert binom.sf(count - 1, total, low) == pytest.approx(0.05, rel=1e-6)
    assert binom.cdf(count, total, high) == pytest.approx(0.05, rel=1e-6)


@pytest.mark.parametrize("total", [1, 20, 500])
def test_clopper_pearson_of_nothing_and_of_all_has_a_closed_form(total):
    bound = 0.025 ** (1 / total)
    assert clopper_pearson(0, total) == pytest.approx((0.0, 1 - bound))
    assert clopper_pearson(total, total) == pytest.approx((bound, 1.0))


def test_no_trial_tells_nothing():
    assert clopper_pearson(0, 0) == (0.0, 1.0)
    assert Rate.of(0, 0) == Rate(0, 0, None, 0.0, 1.0)


@unhurried
@given(st.integers(0, 400), st.integers(0, 400), st.floats(0.01, 0.999))
def test_interval_holds_the_rate_and_mirrors(count, rest, confidence):
    low, high = clopper_pearson(count, count + rest, confidence)
    mirrored = clopper_pearson(rest, count + rest, confidence)
    assert 0 <= low <= high <= 1
    assert mirrored == pytest.approx((1 - high, 1 - low), abs=1e-9)
    assert count + rest == 0 or low <= count / (count + rest) <= high


@pytest.mark.parametrize(
    ("count", "total", "confidence"), [(-1, 3, 0.95), (4, 3, 0.95), (1, 3, 1.0), (1, 3, 0)]
)
def test_impossible_counts_are_refused(count, total, confidence):
    with pytest.raises(ValueError, match=r"impossible|between"):
        clopper_pearson(count, total, confidence)


# Ranking


@unhurried
@given(MIXED)
def test_auroc_is_the_chance_of_the_right_order_with_ties_as_halves(sample):
    scores, labels = map(np.array, split(sample))
    good, bad = scores[labels == "normal"][:, None], scores[labels == "anomalous"]
    expected = np.mean((bad < good) + 0.5 * (bad == good))
    assert image_auroc(scores, list(labels)) == pytest.approx(expected)


def test_ranking_agrees_with_scikit_learn():
    scores, labels = plausible()
    assert image_auroc(scores, labels) == pytest.approx(roc_auc_score(truth(labels), -scores))
    assert average_precision(scores, labels) == pytest.approx(average_precision_score(truth(labels), -scores))


def test_higher_is_more_normal():
    assert image_auroc([5.0, 1.0], ["normal", "anomalous"]) == 1.0
    assert image_auroc([1.0, 5.0], ["normal", "anomalous"]) == 0.0
    assert average_precision([5.0, 4.0, 1.0], ["normal", "normal", "anomalous"]) == 1.0


@pytest.mark.parametrize("labels", [[], ["normal"], ["anomalous", "anomalous"]])
def test_a_missing_class_gives_none(labels):
    scores = [float(i) for i in range(len(labels))]
    for metric in (image_auroc, average_precision, roc, precision_recall, best_f1_threshold):
        assert metric(scores, labels) is None


@pytest.mark.parametrize("wrong", [math.nan, math.inf, -math.inf])
def test_scores_that_are_not_finite_are_refused(wrong):
    for metric in (image_auroc, average_precision, roc, precision_recall, best_f1_threshold):
        with pytest.raises(ValueError, match="finite"):
            metric([1.0, wrong], ["normal", "anomalous"])
    with pytest.raises(ValueError, match="finite"):
        confusion([1.0, wrong], ["normal", "anomalous"], 0.0)


def test_lengths_and_labels_are_checked():
    with pytest.raises(ValueError, match="do not fit"):
        roc([1.0], ["normal", "anomalous"])
    with pytest.raises(ValueError, match="unknown labels"):
        roc([1.0, 2.0], ["normal", "defect"])
    with pytest.raises(ValueError, match="not a number"):
        confusion([1.0], ["normal"], math.nan)


# Curves


@unhurried
@given(MIXED)
def test_every_point_of_the_curves_is_the_confusion_at_its_threshold(sample):
    scores, labels = split(sample)
    curve, recall = roc(scores, labels), precision_recall(scores, labels)
    for i, threshold in enumerate(curve.thresholds):
        counts = confusion(scores, labels, threshold)
        assert curve.false_alarm_rate[i] == counts.false_alarms / labels.count("normal")
        assert curve.detection_rate[i] == counts.defects_found / labels.count("anomalous")
        if i > 0:
            judged = counts.defects_found + counts.false_alarms
            assert recall.thresholds[i - 1] == threshold
            assert recall.precision[i - 1] == counts.defects_found / judged
            assert recall.recall[i - 1] == curve.detection_rate[i]


@unhurried
@given(MIXED)
def test_curves_rise_from_corner_to_corner_and_hold_their_areas(sample):
    scores, labels = split(sample)
    curve, points = roc(scores, labels), precision_recall(scores, labels)
    x, y = curve.false_alarm_rate, curve.detection_rate
    assert (x[0], y[0], x[-1], y[-1]) == (0, 0, 1, 1)
    assert (
        (np.diff(x) >= 0).all()
        and (np.diff(y) >= 0).all()
        and (curve.thresholds[1:] > curve.thresholds[:-1]).all()
    )
    assert np.sum(np.diff(x) * (y[1:] + y[:-1]) / 2) == pytest.approx(image_auroc(scores, labels))
    assert roc(scores, labels).area == pytest.approx(image_auroc(scores, labels))
    steps = np.diff(points.recall, prepend=0)
    assert np.sum(steps * points.precision) == pytest.approx(average_precision(scores, labels))


def test_roc_agrees_with_scikit_learn():
    scores, labels = plausible()
    alarms, found, _ = roc_curve(truth(labels), -scores, drop_intermediate=False)
    curve = roc(scores, labels)
    np.testing.assert_allclose(curve.false_alarm_rate, alarms)
    np.testing.assert_allclose(curve.detection_rate, found)


# Counts


@unhurried
@given(SAMPLES, SCORES)
def test_counts_sum_to_the_labels(sample, threshold):
    scores, labels = split(sample)
    counts = confusion(scores, labels, threshold)
    assert counts.normal_judged_good + counts.false_alarms == labels.count("normal")
    assert counts.misses + counts.defects_found == labels.count("anomalous")


def test_a_score_on_the_threshold_is_good():
    labels = ["normal", "normal", "anomalous", "anomalous"]
    assert confusion([-5.0, -5.1, -5.0, -5.1], labels, -5.0) == Confusion(1, 1, 1, 1)


@pytest.mark.parametrize(("threshold", "judged"), [(-math.inf, 0), (math.inf, 1)])
def test_endless_thresholds_reject_nothing_or_all(threshold, judged):
    counts = confusion([1.0, 2.0], ["normal", "anomalous"], threshold)
    assert (counts.false_alarms, counts.defects_found) == (judged, judged)


@unhurried
@given(MIXED)
def test_no_threshold_has_a_better_f1(sample):
    scores, labels = split(sample)
    best = best_f1_threshold(scores, labels)

    def f1(threshold):
        counts = confusion(scores, labels, threshold)
        right = 2 * counts.defects_found
        return right / (right + counts.false_alarms + counts.misses)

    assert f1(best) == pytest.approx(max(f1(threshold) for threshold in [*scores, math.inf]))
    assert min(scores) < best


def test_best_f1_prefers_fewest_false_alarms_and_lies_midway():
    labels = ["anomalous", "normal", "normal", "anomalous"]
    # One of two found without alarms: 2/3. Both found with two alarms: 2 * 2 / (4 + 2) = 2/3 too.
    assert best_f1_threshold([-8.0, -6.0, -3.0, -1.0], labels) == -7.0


def test_best_f1_that_judges_all_anomalous_lies_just_above():
    best = best_f1_threshold([-3.0, -2.0], ["normal", "anomalous"])
    assert best == math.nextafter(-2.0, 0.0)


# The whole


def labelled(name, label, score, verdict="good"):
    return LabelledScore(Path(name), label, score, verdict)


IMAGES = (
    labelled("n1", "normal", -1.0),
    labelled("n2", "normal", -6.0, "not sure"),
    labelled("n3", "normal", -9.0, "defect"),
    labelled("n4", "normal", None, "cannot judge"),
    labelled("a1", "anomalous", -20.0, "defect"),
    labelled("a2", "anomalous", -2.0),
    labelled("a3", "anomalous", -3.0),
    labelled("a4", "anomalous", -50.0, "cannot judge"),
    labelled("a5", "anomalous", -7.0, "defect"),
)


def names(images):
    return [image.path.name for image in images]


def test_evaluation_lists_the_worst_first():
    result = evaluate_scores(IMAGES, -5.0)
    assert names(result.false_alarms) == ["n3", "n2"]
    assert names(result.misses) == ["a2", "a3"]
    assert names(result.passed) == ["n1"]
    assert names(result.found) == ["a5", "a1"]


def test_evaluation_counts_every_image_once():
    result = evaluate_scores(IMAGES, -5.0)
    assert result.confusion == Confusion(1, 2, 2, 2)
    assert result.false_alarm == Rate.of(2, 3) and result.miss == Rate.of(2, 4)
    assert (result.not_judged.normal, result.not_judged.anomalous) == (1, 1)
    assert (result.not_sure.normal, result.not_sure.anomalous) == (1, 0)
    assert result.images == IMAGES and result.threshold == -5.0


def test_evaluation_ranks_judged_images_only():
    judged = [image for image in IMAGES if image.verdict != "cannot judge"]
    scores, labels = [image.score for image in judged], [image.label for image in judged]
    result = evaluate_scores(IMAGES, -5.0)
    assert result.auroc == image_auroc(scores, labels)
    assert result.average_precision == average_precision(scores, labels)
    assert result.roc.thresholds.tolist() == [
        -20.0,
        -9.0,
        -7.0,
        -6.0,
        -3.0,
        -2.0,
        -1.0,
        math.nextafter(-1.0, 0),
    ]
    assert len(result.precision_recall.recall) == 7


@pytest.mark.parametrize("kept", [(), IMAGES[:4], IMAGES[4:], IMAGES[3:4]])
def test_evaluation_of_one_class_or_none_has_counts_but_no_curves(kept):
    result = evaluate_scores(kept, -5.0)
    assert result.auroc is result.average_precision is result.roc is result.precision_recall is None
    assert result.false_alarm.total + result.miss.total == sum(
        image.verdict != "cannot judge" for image in kept
    )


def test_evaluation_survives_pickling():
    result = evaluate_scores(IMAGES, -5.0)
    copy = pickle.loads(pickle.dumps(result))  # noqa: S301 - our own bytes
    assert copy.images == result.images and copy.roc.thresholds.tolist() == result.roc.thresholds.tolist()


@pytest.mark.parametrize(
    ("label", "score", "verdict"),
    [
        ("defect", -1.0, "good"),
        ("normal", -1.0, "fine"),
        ("normal", None, "good"),
        ("normal", None, "not sure"),
        ("anomalous", math.nan, "defect"),
        ("anomalous", -math.inf, "defect"),
    ],
)
def test_contradictions_are_refused(label, score, verdict):
    with pytest.raises(ValueError, match=r"part\.png"):
        labelled("part.png", label, score, verdict)


def as_columns():
    """The same images in columns, among others that are not meant."""
    known = LabelledColumns.of([IMAGES[2], *IMAGES])
    return known.choose(np.arange(1, 1 + len(IMAGES)))


def test_columns_evaluate_to_the_same():
    own, found = evaluate_scores(IMAGES, -5.0), evaluate_scores(as_columns(), -5.0)
    for name in ("false_alarms", "misses", "passed", "found", "images"):
        assert list(getattr(found, name)) == list(getattr(own, name))
    for name in ("auroc", "average_precision", "confusion", "false_alarm", "miss", "not_sure", "not_judged"):
        assert getattr(found, name) == getattr(own, name)


def test_columns_are_read_as_a_sequence():
    images = as_columns()
    assert tuple(images) == IMAGES and images[-1] == IMAGES[-1]
    assert tuple(images[2:5]) == IMAGES[2:5] and tuple(images[::-1]) == IMAGES[::-1]
    assert tuple(images.choose(np.array([7, 0]))) == (IMAGES[7], IMAGES[0])
    with pytest.raises(IndexError):
        images[len(IMAGES)]


def test_columns_need_a_score_for_a_verdict():
    files, labels = [Path("a")], np.zeros(1, np.int8)
    with pytest.raises(ValueError, match="not finite"):
        evaluate_scores(LabelledColumns(files, labels, np.array([np.nan]), labels), -5.0)


def test_ties_stay_in_the_order_of_the_images():
    images = [labelled(f"{place}{label[0]}", label, -6.0) for place in range(3) for label in LABELS]
    found = evaluate_scores(images, -5.0)
    assert names(found.false_alarms) == ["0n", "1n", "2n"] and names(found.found) == ["0a", "1a", "2a"]
