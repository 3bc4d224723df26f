"""A backbone is chosen in the form, or with a row of a comparison; the layers follow it."""

import pytest

from anomaly_gui.detection.settings.train_settings import TrainSettings
from anomaly_gui.gui.train.settings_form import SettingsForm


@pytest.fixture
def form(qtbot):
    form = SettingsForm()
    qtbot.addWidget(form)
    return form


def _offered(form):
    layer = form.fields["layer"]
    return [layer.itemText(row) for row in range(layer.count())]


def test_nothing_said_is_the_backbone_of_the_detector(form):
    assert form.read_settings() == TrainSettings()
    assert _offered(form) == ["auto", *(f"stage{number}" for number in range(7))]
    form.fields["detector"].setCurrentText("pooled")
    assert _offered(form)[:2] == ["auto", "block1_conv1"]
    assert "stage1" not in _offered(form)


def test_the_layers_of_the_backbone_are_offered_and_those_of_another_give_way(form):
    form.fields["layer"].setCurrentText("block4_conv3")
    form.fields["backbone"].setCurrentText("efficientnet-lite0")
    assert _offered(form) == ["auto", *(f"stage{number}" for number in range(7))]
    assert form.read_settings().features.layers == ("stage1", "stage2", "stage4", "stage5")
    form.fields["layer"].setCurrentText("stage3")
    form.fields["backbone"].setCurrentText("efficientnet-lite2")
    assert form.read_settings().features.layers == ("stage3",)


def test_a_row_of_a_comparison_brings_its_backbone(form):
    chosen = {"detector": "pooled", "backbone": "efficientnet-lite2", "layer": "stage1,stage2", "size": 160}
    form.set_values(chosen)
    settings = form.read_settings()
    assert {name: getattr(settings, name) for name in chosen} == chosen


def test_as_many_numbers_of_a_cell_as_suit_the_backbone_unless_some_are_named(form):
    channels = form.fields["channels"]
    assert channels.text() == "auto"
    counts = {}
    for backbone in ("vgg16", "efficientnet-lite2"):
        form.fields["backbone"].setCurrentText(backbone)
        counts[backbone] = form.read_settings().grid.channels
    assert counts == {"vgg16": 100, "efficientnet-lite2": 150}
    form.set_values({"channels": 50})
    assert form.read_settings().channels == 50
    form.set_values({"channels": None})
    assert form.read_settings().channels is None
