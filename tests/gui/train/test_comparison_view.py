from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from anomaly_gui.detection.candidates.candidate import Candidate
from anomaly_gui.detection.comparison import CompareResult
from anomaly_gui.detection.datasets.image_sets import SetSummary
from anomaly_gui.detection.detectors.placement.placement import IN_PLACE, Placement
from anomaly_gui.detection.grouping.groups import Groups
from anomaly_gui.detection.judging.metrics import Rate
from anomaly_gui.detection.judging.thresholds import HELD_OUT, Threshold
from anomaly_gui.gui.train.comparison_view import ComparisonView
from anomaly_gui.gui.train.settings_form import SettingsForm

THRESHOLD = Threshold(-5.0, "false-alarm-rate", HELD_OUT, asked_rate=0.01, promised_rate=0.01)


def _candidate(detector, size, auroc, found, speed):
    layers = ("block4_conv3",)
    return Candidate(detector, layers, size, auroc, auroc, Rate.of(found, 40), THRESHOLD, speed, 9.0)


CANDIDATES = (
    _candidate("pooled", 224, 0.91, 20, 12.5),
    _candidate("positional", 224, 0.97, 33, 9.0),
    _candidate("texture", 320, 0.95, 9, 4.2),
)
COMPARED = CompareResult(
    candidates=CANDIDATES,
    recommended=CANDIDATES[1],
    recommendation="Take positional, block4_conv3, 224 px: it found 33 of 40 defects.",
    normal=SetSummary(300, (), (), ()),
    anomalous=SetSummary(40, (), (), ()),
    groups=Groups(np.arange(300), "by test"),
    placement=Placement(IN_PLACE),
    skipped=(),
    seconds=12.0,
)


@pytest.fixture
def parent(qtbot):
    widget = QWidget()
    qtbot.addWidget(widget)
    return widget


def _view(compared, parent):
    form = SettingsForm(parent)
    view = ComparisonView(compared, form, parent)
    view.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    return view, form


def _column(view, column):
    return [view.table.item(row, column).text() for row in range(view.table.rowCount())]


def test_the_recommended_one_is_chosen_and_bold(parent):
    view, _ = _view(COMPARED, parent)
    assert view.recommendation.text() == COMPARED.recommendation
    assert view.chosen == 1
    bold = [view.table.item(row, 0).font().bold() for row in range(3)]
    assert [name for name, is_bold in zip(_column(view, 0), bold, strict=True) if is_bold] == [
        "Parts in place (positional)"
    ]


def test_use_this_one_takes_detector_layer_and_size(parent, qtbot):
    view, form = _view(COMPARED, parent)
    view._choose_row(2)
    qtbot.mouseClick(view.use_button, Qt.MouseButton.LeftButton)
    settings = form.read_settings()
    assert (settings.detector, settings.size) == ("texture", 320)
    assert view.result() == view.DialogCode.Accepted


def test_rows_sort_by_numbers(parent):
    view, _ = _view(COMPARED, parent)
    view.table.sortByColumn(5, Qt.SortOrder.DescendingOrder)
    assert _column(view, 5) == ["33 / 40", "20 / 40", "9 / 40"]
    view.table.sortByColumn(6, Qt.SortOrder.AscendingOrder)
    assert _column(view, 6) == ["4.2", "9.0", "12.5"]


def test_the_chart_has_a_point_for_each_and_a_ring_around_the_chosen(parent):
    view, _ = _view(COMPARED, parent)
    assert sum(len(points.data) for points in view._points.values()) == 3
    assert view._ring.getData()[0].tolist() == [9.0]
    view._on_point_clicked(view._points["texture"], view._points["texture"].points())
    assert view.chosen == 2
    assert view._ring.getData()[0].tolist() == [4.2]


def test_without_defects_there_is_no_chart(parent):
    alone = tuple(replace(one, auroc=None, average_precision=None, found=None) for one in COMPARED.candidates)
    without = replace(COMPARED, candidates=alone, recommended=alone[1], anomalous=SetSummary(0, (), (), ()))
    view, _ = _view(without, parent)
    assert not hasattr(view, "chart")
    assert set(_column(view, 4)) == {"–"}


def test_how_long_learning_took_is_told_where_something_was_learned(parent):
    view, _ = _view(COMPARED, parent)
    assert view.table.isColumnHidden(8)
    learned = replace(COMPARED.candidates[1], detector="deep-svdd", layers=(), training_seconds=75.0)
    view, form = _view(replace(COMPARED, candidates=(*COMPARED.candidates, learned)), parent)
    assert not view.table.isColumnHidden(8)
    assert sorted(_column(view, 8)) == ["1 min 15 s", "–", "–", "–"]
    assert sum(len(points.data) for points in view._points.values()) == 4
    view._choose_row(3)
    view.use_button.click()
    assert form.read_settings().detector == "deep-svdd"


def test_what_was_found_at_a_higher_rate_than_asked_says_so(parent):
    few = replace(COMPARED.candidates[2], threshold=replace(THRESHOLD, promised_rate=0.053))
    view, _ = _view(replace(COMPARED, candidates=(*COMPARED.candidates[:2], few)), parent)
    assert sorted(_column(view, 5)) == ["20 / 40", "33 / 40", "9 / 40 at 5.3 %"]


def test_what_was_skipped_is_told(parent):
    view, _ = _view(COMPARED, parent)
    assert view.skipped.isHidden()
    skipped = ("The detector autoencoder could not be trained. 8 good parts are too few.",)
    view, _ = _view(replace(COMPARED, skipped=skipped), parent)
    assert not view.skipped.isHidden()
    assert view.skipped.text() == skipped[0]


def test_a_picture_of_it(parent, tmp_path):
    view, _ = _view(COMPARED, parent)
    view.show()
    assert view.grab().save(str(tmp_path / "view.png"))
