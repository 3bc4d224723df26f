"""Pictures are in the language in use where there is a font for it, else in English."""

import pytest

from anomaly_gui.detection.judging.metrics import Confusion
from anomaly_gui.figures import fonts
from anomaly_gui.figures.canvas import set_up_drawing
from anomaly_gui.figures.confusion_table import draw_confusion
from anomaly_gui.language import find_language, speak


def words_of(figure):
    return {
        text.get_text() for axes in figure.axes for text in axes.findobj(lambda one: hasattr(one, "get_text"))
    }


@pytest.fixture
def chinese():
    fonts._find_fonts.cache_clear()
    with speak("zh_CN"):
        yield
    fonts._find_fonts.cache_clear()


def test_without_a_font_pictures_are_in_english(chinese, monkeypatch):
    monkeypatch.setattr(fonts, "_FONTS", {"zh_CN": ("No Such Font",)})
    monkeypatch.setattr(fonts, "_FILES", {"zh_CN": ("nosuchfont",)})
    words = words_of(draw_confusion(Confusion(8, 2, 1, 9)))
    assert {"judged good", "judged defect", "20.0 % false alarms"} <= words
    assert find_language() == "zh_CN"


def test_with_a_font_they_are_in_the_language_in_use(chinese, monkeypatch):
    monkeypatch.setattr(fonts, "_FONTS", {"zh_CN": ("No Such Font", "DejaVu Sans Mono")})
    words = words_of(draw_confusion(Confusion(8, 2, 1, 9)))
    assert {"判为合格", "判为不合格", "误报 20.0%", "80.0%"} <= words


def test_the_font_stands_behind_our_own(chinese, monkeypatch):
    import matplotlib

    monkeypatch.setattr(fonts, "_FONTS", {"zh_CN": ("DejaVu Sans Mono",)})
    with set_up_drawing():
        assert matplotlib.rcParams["font.family"] == ["DejaVu Sans", "DejaVu Sans Mono"]
    with speak("en"), set_up_drawing():
        assert matplotlib.rcParams["font.family"] == ["DejaVu Sans"]
