import itertools

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from anomaly_gui.figures.style import ANOMALOUS, CLASS_STYLES, NORMAL, format_score
from anomaly_gui.wording import percent

# Machado, Oliveira and Fernandes, IEEE TVCG 15(6), 2009: severity 1, on linear RGB.
SIGHT = {
    "full": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def linear(colour):
    rgb = np.array(to_rgb(colour))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def lab(rgb):
    f = np.cbrt(XYZ @ rgb / [0.9505, 1.0, 1.089])
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("sight", SIGHT)
def test_classes_are_told_apart_by_everyone(sight):
    seen = [lab(np.clip(np.array(SIGHT[sight]) @ linear(colour), 0, 1)) for colour in (NORMAL, ANOMALOUS)]
    assert np.linalg.norm(seen[0] - seen[1]) > 20  # a just noticeable difference is about 2.3


@pytest.mark.parametrize("style", CLASS_STYLES.values())
def test_classes_stand_out_from_white(style):
    assert 1.05 / (XYZ[1] @ linear(style.colour) + 0.05) >= 3


def test_classes_differ_in_shape_and_hatch_too():
    for one, other in itertools.combinations(CLASS_STYLES.values(), 2):
        assert one.marker != other.marker and one.hatch != other.hatch


@pytest.mark.parametrize(
    ("score", "text"),
    [
        (0.0, "0"),
        (-9.994, "−9.99"),
        (-10.0, "−10.0"),
        (-999.94, "−999.9"),
        (1234.5, "1,234"),
        (-3.2e12, "−3.2e+12"),
    ],
)
def test_scores_are_written_with_the_digits_that_matter(score, text):
    assert format_score(score) == text


def test_percentages_have_the_decimals_asked_for():
    assert (percent(1.0), percent(0.0049, 1), percent(0.5, 2)) == ("100 %", "0.5 %", "50.00 %")
