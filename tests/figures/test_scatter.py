import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pictures import clipped, near, overlapping, pixels, texts

from anomaly_gui.figures import NamedThreshold, ScatterData, draw_histogram, draw_scatter, draw_scatters
from anomaly_gui.figures.score_scale import ScoreScale, choose_scale
from anomaly_gui.figures.style import ANOMALOUS, FAINT, NORMAL, THRESHOLD

HONEST = NamedThreshold("honest: 1 % false alarms", -393.2)
TEXTBOOK = NamedThreshold("textbook: mean - 3 sigma", -325.6)


def data(normal=330, anomalous=1070, middle=-600.0, spread=150.0, extra=(), thresholds=(HONEST, TEXTBOOK)):
    random = np.random.default_rng(1)
    scores = [random.normal(-300, 40, normal), random.normal(middle, spread, anomalous), extra]
    labels = ["normal"] * normal + ["anomalous"] * (anomalous + len(extra))
    return ScatterData(np.concatenate(scores), labels, thresholds, "Ones and sevens")


CASES = {
    "plausible": data(),
    "some far below": data(300, 300, extra=(-9e3, -4e4, -1.2e6)),
    "all far below": data(middle=-9000, spread=2000),
    "some far above": data(300, 20, extra=(5e5, 6e5)),
    "tiny": data(3, 2),
    "only normal": data(400, 0),
    "only anomalous": data(0, 50),
    "one": ScatterData([-3.0], ["normal"], [NamedThreshold("manual", -3.5)]),
    "all the same": ScatterData([5.0] * 9, ["normal"] * 9),
    "large numbers": ScatterData([-2e6, -2.01e6, -2.3e6], ["normal", "normal", "anomalous"]),
    "small numbers": ScatterData([-0.01, -0.013, -0.04], ["normal", "normal", "anomalous"]),
    "unlabelled": ScatterData([-1.0, -2.0, -4.0], ["normal", None, None], [NamedThreshold("manual", -3.5)]),
    "empty": ScatterData([], []),
}


@pytest.mark.parametrize("draw", [draw_scatter, draw_histogram])
@pytest.mark.parametrize("name", CASES)
def test_no_text_is_clipped_or_drawn_over_another(draw, name):
    figure = draw(CASES[name])
    assert clipped(figure) == []
    assert overlapping(figure) == []


def test_scatter_has_the_class_colours_the_threshold_and_named_axes():
    figure = draw_scatter(data())
    picture = pixels(figure)
    assert near(picture, NORMAL, 60) > 1000 and near(picture, ANOMALOUS, 60) > 1000
    assert near(picture, THRESHOLD) > 500
    assert {
        "image index",
        "score (log-likelihood, higher is more normal)",
        "normal (330)",
        "anomalous (1,070)",
        "honest: 1 % false alarms (−393.2)",
        "textbook: mean - 3 sigma (−325.6)",
        "Ones and sevens",
    } <= set(texts(figure))


def test_classes_differ_in_shape_and_thresholds_in_line():
    (axes,) = draw_scatter(data()).axes
    points = [line for line in axes.lines if line.get_marker() != "None"]
    rules = [line for line in axes.lines if line.get_marker() == "None"]
    assert [line.get_marker() for line in points] == ["o", "^"]
    assert [line.get_linestyle() for line in rules] == ["-", "--"]
    assert {line.get_color() for line in rules} == {THRESHOLD}


@pytest.mark.parametrize("name", CASES)
def test_every_image_is_a_point_inside_the_axes(name):
    case = CASES[name]
    (axes,) = draw_scatter(case).axes
    points = [line.get_xydata() for line in axes.lines if line.get_marker() != "None"]
    drawn = np.concatenate([np.empty((0, 2)), *points])
    assert sorted(drawn[:, 1]) == sorted(case.values)
    assert sorted(drawn[:, 0]) == list(range(len(case.labels)))
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    assert ((drawn[:, 0] > left) & (drawn[:, 0] < right)).all()
    assert ((drawn[:, 1] > bottom) & (drawn[:, 1] < top)).all()


def test_index_of_the_caller_is_kept():
    case = ScatterData([-1.0, -2.0], ["normal", "anomalous"], index=[70, 30])
    points = [line.get_xydata().tolist() for line in draw_scatter(case).axes[0].lines]
    assert points == [[[70.0, -1.0]], [[30.0, -2.0]]]


def test_points_get_smaller_and_fainter_as_they_get_more():
    few, many = (draw_scatter(data(n, 7 * n)).axes[0].lines[0] for n in (10, 12_500))
    assert few.get_markersize() > 3 * many.get_markersize()
    assert few.get_alpha() > many.get_alpha()
    assert near(pixels(many.figure), "white") > 0.3 * pixels(many.figure)[..., 0].size


@pytest.mark.parametrize(("name", "said"), [("some far below", "below"), ("some far above", "above")])
def test_compressed_scale_is_tinted_and_said(name, said):
    figure = draw_scatter(CASES[name])
    assert any(f"compressed scale {said} " in text for text in texts(figure))
    assert near(pixels(figure), FAINT, 1) > 10_000
    assert not any("compressed" in text for text in texts(draw_scatter(CASES["plausible"])))


@pytest.mark.parametrize("name", ["some far below", "all far below", "some far above"])
def test_surroundings_of_the_threshold_stay_readable(name):
    (axes,) = draw_scatter(CASES[name]).axes
    low, high = axes.transAxes.inverted().transform(axes.transData.transform([(0, -420), (0, -200)]))[:, 1]
    assert high - low > 0.15


def test_ticks_read_as_their_numbers():
    for case in CASES.values():
        axis = draw_scatter(case).axes[0].yaxis
        written = [text.get_text().replace("−", "-").replace(",", "") for text in axis.get_ticklabels()]
        ticks = np.asarray(axis.get_ticklocs())
        assert len(ticks) > 2 or not len(case.labels)
        np.testing.assert_allclose([float(text) for text in written], ticks, rtol=1e-9, atol=1e-12)


NUMBERS = st.one_of(st.floats(-1e12, 1e12), st.floats(-1, 1), st.integers(-900, 0).map(float))
LABELLED = st.lists(
    st.tuples(NUMBERS, st.sampled_from(["normal", "anomalous", None])), min_size=1, max_size=20
)


@settings(deadline=None)
@given(LABELLED, st.lists(NUMBERS, max_size=2))
def test_scale_keeps_the_order_and_can_be_undone(sample, thresholds):
    scores = np.array([score for score, _ in sample])
    named = [NamedThreshold("t", value) for value in thresholds]
    scale = choose_scale(ScatterData(scores, [label for _, label in sample], named))
    assert scale.low < scale.high and scale.width > 0
    assert (np.diff(scale.forward(np.sort(scores))) >= 0).all()
    np.testing.assert_allclose(
        scale.inverse(scale.forward(scores)), scores, rtol=1e-6, atol=1e-6 * scale.width
    )


@settings(deadline=None, max_examples=10)
@given(LABELLED, st.lists(NUMBERS, max_size=2))
def test_any_scores_can_be_drawn(sample, thresholds):
    scores, labels = [score for score, _ in sample], [label for _, label in sample]
    case = ScatterData(scores, labels, [NamedThreshold("t", value) for value in thresholds])
    (axes,) = draw_scatter(case).axes
    bottom, top = axes.get_ylim()
    assert bottom < min(scores) and max(scores) < top and len(axes.get_yticks())
    assert draw_histogram(case).axes


def test_panels_stand_side_by_side_each_on_its_own_scale():
    cases = [
        ScatterData(np.arange(9.0) * times, ["normal"] * 9, [NamedThreshold("line", times)], name)
        for times, name in ((1, "first"), (100, "second"))
    ]
    figure = draw_scatters(cases)
    picture = pixels(figure)
    left, right = (part.axes[0] for part in figure.subfigs)
    assert (left.get_title(), right.get_title()) == ("first", "second")
    assert right.get_ylim()[1] > 10 * left.get_ylim()[1]
    half = picture.shape[1] // 2
    assert all(near(part, NORMAL) > 20 for part in (picture[:, :half], picture[:, half:]))
    assert clipped(figure) == [] and overlapping(figure) == []


def test_scale_joins_without_a_kink():
    scale = ScoreScale(low=-10.0, high=10.0, width=4.0)
    for knee in (-10.0, 10.0):
        left, middle, right = scale.forward([knee - 1e-6, knee, knee + 1e-6])
        assert middle - left == pytest.approx(1e-6, rel=1e-5) == right - middle
    assert scale.forward([-3.0, 10.0 + 4.0 * np.expm1(2.0)]) == pytest.approx([-3.0, 18.0])


@pytest.mark.parametrize(
    "wrong",
    [
        {"scores": [1.0], "labels": []},
        {"scores": [np.nan], "labels": ["normal"]},
        {"scores": [1.0], "labels": ["defect"]},
        {"scores": [1.0], "labels": ["normal"], "index": [1, 2]},
        {"scores": [1.0], "labels": ["normal"], "thresholds": [NamedThreshold("none", -np.inf)]},
    ],
)
def test_data_that_cannot_be_drawn_are_refused(wrong):
    with pytest.raises(ValueError, match=r"scores|finite|unknown"):
        ScatterData(**wrong)
