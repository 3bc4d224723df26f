import numpy as np
import pytest
from pictures import clipped, near, overlapping, pixels, texts

from anomaly_gui.figures import ClassPredictions, Thumbnail, draw_failures
from anomaly_gui.figures.style import ANOMALOUS, NORMAL


def thumbnails(*scores, shape=(28, 28), value=0):
    return [Thumbnail(np.full(shape, value, np.uint8), score) for score in scores]


ONES = ClassPredictions("ones", "normal", thumbnails(-401, -430, -410), 3, thumbnails(-310, -390), 324)
SEVENS = ClassPredictions("sevens", "anomalous", [], 0, thumbnails(-400, -900, -500), 1028)


def scores(axes):
    return [text.get_text() for text in axes.texts]


def test_rows_are_titled_with_counts():
    assert {
        "ones judged defect: 3 of 327 (false alarms)",
        "ones judged good: 324 of 327 (right; the 2 least like their class)",
        "sevens judged good: 0 of 1,028 (misses)",
        "sevens judged defect: 1,028 of 1,028 (right; the 3 least like their class)",
    } <= set(texts(draw_failures([ONES, SEVENS])))


def test_worst_come_first_whatever_the_order_given():
    wrong, right, none, found = draw_failures([ONES, SEVENS]).axes
    assert scores(wrong) == ["−430.0", "−410.0", "−401.0"]
    assert scores(right) == ["−390.0", "−310.0"]
    assert scores(none) == ["none"]
    assert scores(found) == ["−400.0", "−500.0", "−900.0"]


def test_at_most_ten_are_shown():
    many = ClassPredictions("good images", "normal", thumbnails(*range(-50, 0)), 50, [], 0)
    wrong, right = draw_failures([many]).axes
    assert len(wrong.images) == 10 and scores(wrong)[0] == "−50.0"
    assert "the 10 least like their class" in wrong.get_title(loc="left")
    assert scores(right) == ["none"] and right.get_title(loc="left").endswith("0 of 50 (right)")


def test_pixels_are_shown_as_they_are():
    grey = ClassPredictions("a", "normal", thumbnails(-1, value=77), 1, [], 0)
    green = np.zeros((40, 40, 3), np.uint8)
    green[..., 1] = 200
    colour = ClassPredictions("b", "anomalous", [Thumbnail(green, -1.0)], 1, [], 0)
    picture = pixels(draw_failures([grey, colour]))
    assert near(picture, (77 / 255,) * 3, 0) > 5000
    assert near(picture, (0, 200 / 255, 0), 0) > 5000
    assert near(picture, NORMAL, 3) > 100 and near(picture, ANOMALOUS, 3) > 100


@pytest.mark.parametrize("shape", [(20, 200, 3), (200, 20), (1, 1), (300, 301)])
def test_pictures_are_not_stretched(shape):
    one = ClassPredictions("a", "normal", thumbnails(-1, shape=shape), 1, [], 0)
    axes = draw_failures([one]).axes[0]
    left, right, bottom, top = axes.images[0].get_extent()
    corners = axes.transData.transform([(left, bottom), (right, top)])
    width, height = corners[1] - corners[0]
    assert width / height == pytest.approx(shape[1] / shape[0])
    assert bottom >= 0 and top <= 1


@pytest.mark.parametrize("classes", [[], [ONES], [ONES, SEVENS], [SEVENS, ONES, SEVENS]])
@pytest.mark.parametrize("limit", [1, 10])
def test_no_text_is_clipped_or_drawn_over_another(classes, limit):
    figure = draw_failures(classes, limit)
    assert clipped(figure) == overlapping(figure) == []


def test_long_scores_keep_apart():
    figure = draw_failures([ClassPredictions("ones", "normal", thumbnails(*[-9_876_543.2] * 10), 10, [], 0)])
    assert clipped(figure) == overlapping(figure) == []


def test_nothing_to_show_says_so():
    assert texts(draw_failures([])) == ["no images"]


@pytest.mark.parametrize(
    "pixels", [np.zeros((4, 4)), np.zeros((4, 4, 4), np.uint8), np.zeros((0, 4), np.uint8)]
)
def test_other_pixels_are_refused(pixels):
    with pytest.raises(ValueError, match="cannot show"):
        ClassPredictions("ones", "normal", [Thumbnail(pixels, 0.0)], 1, [], 0)


def test_counts_below_what_is_given_are_refused():
    with pytest.raises(ValueError, match="more images"):
        ClassPredictions("ones", "normal", thumbnails(1, 2), 1, [], 0)
