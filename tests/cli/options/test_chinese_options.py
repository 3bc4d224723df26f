"""Sentences of the library with options in them, in Chinese as in English."""

import pytest

from anomaly_gui.cli.options.option_words import describe_error, with_options
from anomaly_gui.errors import ParameterError, UserError
from anomaly_gui.language import speak, translate
from anomaly_gui.wording import name_setting


@pytest.fixture(autouse=True)
def chinese():
    with speak("zh_CN"):
        yield


def test_settings_are_named_by_their_options():
    lower = translate(
        "Deep SVDD has collapsed: the network maps whatever it sees to one place, and cannot tell defects. "
        "Lower {setting}, or take another detector.",
        setting=name_setting("steps"),
    )
    assert with_options(lower).endswith("请调低 --steps，或换用其他检测器。")
    error = ParameterError(translate("cannot be {value}: give a finite number.", value="nan"), "pixel_limit")
    assert describe_error(error) == "--pixel-limit 不能是 nan：请给出有限的数。"
    assert (
        describe_error(UserError(f"无法训练。{error}"))
        == "无法训练。--pixel-limit 不能是 nan：请给出有限的数。"
    )


def test_known_defects_are_named_by_their_option():
    needed = translate("The rule best-f1 needs known defects: give their folder.")
    assert with_options(needed) == "规则 best-f1 需要已知缺陷：请给出其文件夹 (--anomalous)。"


def test_detectors_are_named_by_their_option():
    faster = translate("the detector pooled, which has no maps, would be faster")
    assert with_options(f"太慢：{faster}。").endswith("（没有异常图）会更快（--detector pooled）。")
    needs = translate("The detector positional needs parts in place: take the detector auto.")
    assert with_options(needs) == needs
