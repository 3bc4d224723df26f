"""The look itself: colours that can be read, one scale, and icons that are all there."""

import re
from dataclasses import fields

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QPalette
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QPushButton

from anomaly_gui.figures import style as figures
from anomaly_gui.gui.state.image_table import ImageLabel
from anomaly_gui.gui.state.label_colours import label_colour
from anomaly_gui.gui.style import tokens
from anomaly_gui.gui.style.action_icons import ACTION_ICONS
from anomaly_gui.gui.style.icons import draw_picture, set_icon
from anomaly_gui.gui.style.sheet import write_sheet
from anomaly_gui.gui.style.tokens import DARK, LIGHT, SCHEMES, contrast
from anomaly_gui.gui.widgets.style import set_role, text_colour
from anomaly_gui.paths import resource

GROUNDS = ("window", "surface", "raised", "accent_soft")
TEXTS = ("text", "faint", "accent_text")
VERDICTS = ("good", "defect", "not_sure", "cannot_judge")
MARKS = ("normal", "anomalous", "unlabelled", "edge")


@pytest.fixture(params=SCHEMES.values(), ids=SCHEMES)
def scheme(request):
    return request.param


def test_texts_stand_out_from_every_ground(scheme):
    pairs = [(text, ground) for text in TEXTS for ground in GROUNDS]
    pairs += [(verdict, ground) for verdict in VERDICTS for ground in ("window", "surface")]
    pairs += [("on_accent", "accent"), ("on_accent", "accent_hover")]
    pale = [pair for pair in pairs if contrast(*(getattr(scheme, name) for name in pair)) < 4.5]
    assert not pale


def test_marks_and_edges_stand_out(scheme):
    pale = [name for name in MARKS if contrast(getattr(scheme, name), scheme.surface) < 3]
    assert not pale


def test_pictures_and_plots_have_the_same_colours():
    assert (LIGHT.normal, LIGHT.anomalous) == (figures.NORMAL, figures.ANOMALOUS)
    assert LIGHT.unlabelled == figures.UNLABELLED


def test_the_threshold_is_light_where_the_ground_is_dark():
    assert QColor(DARK.text).lightness() > 200 > 60 > QColor(LIGHT.text).lightness()


def test_every_colour_is_written_whole(scheme):
    written = [getattr(scheme, field.name) for field in fields(scheme) if field.name != "name"]
    assert all(re.fullmatch("#[0-9a-f]{6}", colour) for colour in written)


def test_distances_are_on_the_grid():
    distances = (tokens.TIGHT, tokens.NARROW, tokens.ROOM, tokens.WIDE, tokens.AIR, tokens.RADIUS)
    assert all(distance % 4 == 0 for distance in distances)


def test_the_sheet_names_only_pictures_that_are_there(scheme):
    sheet = write_sheet(scheme)
    assert "$" not in sheet
    named = set(re.findall(r"url\(icons:([^)]+)\)", sheet))
    assert named
    assert [name for name in named if not resource("icons", *name.split("/")).is_file()] == []


def test_every_icon_can_be_drawn(qapp):
    files = sorted(resource("icons").rglob("*.svg"))
    assert len(files) > 50
    assert [file.name for file in files if not QSvgRenderer(str(file)).isValid()] == []
    assert [name for name in ACTION_ICONS.values() if not resource("icons", f"{name}.svg").is_file()] == []


def test_drawings_take_the_colour(qapp):
    image = draw_picture("save", QSize(24, 24), "#12ab34").toImage()
    colours = {image.pixelColor(x, y).name() for x in range(24) for y in range(24)}
    assert "#12ab34" in colours


def test_another_scheme_redraws_icons_and_texts(dressing, qtbot):
    button = QPushButton("Faint")
    qtbot.addWidget(button)
    dressing.wear(LIGHT)
    set_icon(button, "save")
    set_role(button, faint=True)
    before = button.icon().cacheKey()
    dressing.wear(DARK)
    assert button.icon().cacheKey() != before
    assert button.palette().color(QPalette.ColorRole.WindowText) == QColor(DARK.faint)
    assert text_colour() == QColor(DARK.text)
    assert label_colour(ImageLabel.GOOD) == QColor(DARK.normal)
