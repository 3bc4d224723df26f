import numpy as np
import pytest
from pictures import clipped, near, overlapping, pixels, texts

from anomaly_gui.detection.judging.metrics import Confusion, image_auroc, roc
from anomaly_gui.figures import NamedThreshold, ScatterData, draw_confusion, draw_histogram, draw_roc
from anomaly_gui.figures.style import ANOMALOUS, NORMAL, THRESHOLD

SCORES = [-1.0, -2.0, -4.0, -3.0, -5.0, -6.0]
LABELS = ["normal"] * 3 + ["anomalous"] * 3


def test_roc_shows_the_curve_its_area_and_the_operating_point():
    curve = roc(SCORES, LABELS)
    figure = draw_roc(curve, image_auroc(SCORES, LABELS), (1 / 3, 2 / 3))
    line, _, point = figure.axes[0].lines
    np.testing.assert_array_equal(line.get_xdata(), curve.false_alarm_rate)
    np.testing.assert_array_equal(line.get_ydata(), curve.detection_rate)
    assert (point.get_xdata()[0], point.get_ydata()[0]) == (1 / 3, 2 / 3)
    assert {"AUROC 0.889", "at the threshold: 33.3 % false alarms, 66.7 % found"} <= set(texts(figure))
    assert near(pixels(figure), NORMAL, 60) > 300 and near(pixels(figure), ANOMALOUS, 60) > 20
    assert clipped(figure) == overlapping(figure) == []


def test_roc_without_a_point_has_no_mark():
    figure = draw_roc(roc(SCORES, LABELS), 8 / 9)
    assert not any("at the threshold" in text for text in texts(figure))
    assert near(pixels(figure), ANOMALOUS, 60) == 0


def test_roc_of_one_class_says_what_it_needs():
    figure = draw_roc(None, None, (0.0, 0.0))
    assert "needs normal and anomalous images" in texts(figure)
    assert not figure.axes[0].lines and clipped(figure) == []


def test_histogram_shows_shares_of_each_class():
    case = ScatterData(
        [-1.0] * 30 + [-2.0] * 10 + [-9.0], ["normal"] * 40 + ["anomalous"], [NamedThreshold("t", -5)]
    )
    figure = draw_histogram(case)
    normal, anomalous = (patch.get_data() for patch in figure.axes[0].patches)
    assert sorted(share for share in normal.values if share) == [0.25, 0.75]
    assert [share for share in anomalous.values if share] == [1.0]
    assert normal.edges[np.argmax(normal.values)] <= -1.0 <= normal.edges[np.argmax(normal.values) + 1]
    assert {"normal (40)", "anomalous (1)", "t (−5)"} <= set(texts(figure))
    picture = pixels(figure)
    assert min(near(picture, colour, 60) for colour in (NORMAL, ANOMALOUS, THRESHOLD)) > 100


def test_histogram_counts_every_score_on_a_compressed_axis():
    random = np.random.default_rng(0)
    scores = np.concatenate([random.normal(-300, 40, 50), random.normal(-9000, 3000, 50), [-1e7, 1e7]])
    figure = draw_histogram(ScatterData(scores, ["normal"] * 50 + ["anomalous"] * 52))
    bars = [patch.get_data() for patch in figure.axes[0].patches if hasattr(patch, "get_data")]
    assert [np.sum(bar.values) for bar in bars] == [pytest.approx(1), pytest.approx(1)]


def test_confusion_has_four_counts_with_shares_of_their_row():
    figure = draw_confusion(Confusion(324, 3, 105, 923), ("ones", "sevens"))
    assert {"324", "3", "105", "923", "99.1 %", "0.9 % false alarms", "10.2 % misses", "89.8 %"} <= set(
        texts(figure)
    )
    assert {"ones\n(327)", "sevens\n(1,028)", "judged good", "judged defect"} <= set(texts(figure))
    assert clipped(figure) == overlapping(figure) == []


def test_confusion_of_a_missing_class_says_no_images():
    figure = draw_confusion(Confusion(0, 0, 100_005, 1_923))
    assert texts(figure).count("no images") == 2
    assert clipped(figure) == overlapping(figure) == []
