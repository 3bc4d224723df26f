"""Which language sentences are in, and how values get into them."""

import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from anomaly_gui.errors import ImageRefusedError, ParameterError
from anomaly_gui.language import (
    VARIABLES,
    find_language,
    keep,
    list_languages,
    speak,
    translate,
    translate_count,
    translate_kept,
    use_language,
)
from anomaly_gui.wording import count_images, duration, in_counts, join_list, join_sentences, percent


@pytest.fixture(autouse=True)
def no_language(monkeypatch):
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)


@pytest.mark.parametrize(
    ("named", "found"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh_CN"),
        ({"LANG": "zh_CN"}, "zh_CN"),
        ({"LANG": "zh_SG.UTF-8"}, "zh_CN"),
        ({"LANG": "zh-Hans"}, "zh_CN"),
        ({"LANG": "zh_TW.UTF-8"}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "de_DE@euro"}, "en"),
        ({"LANG": "../../etc"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8"}, "zh_CN"),
        ({"LC_ALL": "en_GB.UTF-8", "LANGUAGE": "de:zh_CN:en"}, "zh_CN"),
        ({"LC_ALL": "zh_CN.UTF-8", "LANGUAGE": "en"}, "en"),
        ({"LC_ALL": "", "LANG": "zh_CN.UTF-8"}, "zh_CN"),
    ],
)
def test_the_environment_names_the_language(monkeypatch, named, found):
    for variable, value in named.items():
        monkeypatch.setenv(variable, value)
    assert find_language() == found


def test_the_language_may_change_while_the_program_runs(monkeypatch):
    monkeypatch.setenv("LANGUAGE", "en")
    said = [translate("good")]
    for language in ("zh_CN", "en"):
        use_language(language)
        said.append(translate("good"))
    assert said == ["good", "合格", "good"]
    assert list_languages() == ("en", "zh_CN")


def test_what_is_started_speaks_the_same_language(monkeypatch):
    monkeypatch.setenv("LANGUAGE", "en")
    use_language("zh_CN")
    code = "from anomaly_gui.language import translate; print(ascii(translate('good')))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == ascii("合格")


def test_english_reads_no_catalogue():
    """Nor does it look for one: a start would take longer."""
    code = "import gettext, anomaly_gui.language as language\ngettext.find = language.list_languages = None\n"
    code += "print(language.translate('good'), language.translate_count('{count} part', '{count} parts', 2))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["good", "2", "parts"]


def test_numbers_and_counts_are_written_as_people_write_them():
    with speak("zh_CN"):
        said = [percent(0.012, 1), in_counts(0.01), duration(75), count_images(1200), join_list(["a", "b"])]
        assert said == ["1.2%", "每 100 个中 1 个", "1 分 15 秒", "1,200 幅图像", "a、b"]
        assert join_sentences("甲。", None, "乙。") == "甲。乙。"
        assert translate_count("{count:,} part", "{count:,} parts", 2) == "2 个零件"
    assert [count_images(1), count_images(2)] == ["1 image", "2 images"]


def test_what_is_kept_in_english_is_shown_in_the_language_in_use():
    kept = keep("{how}; new ones among themselves", how=keep("told by their names: {why}", why="no"))
    assert translate_kept(kept) == kept == "told by their names: no; new ones among themselves"
    with speak("zh_CN"):
        assert translate_kept(kept) == "按名称区分：no；新图像仅在彼此之间比较"
        assert translate_kept("what nobody wrote") == "what nobody wrote"
        assert translate_kept(keep("{count} parts", count="{usual}")) == "{usual} 个零件"


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_errors_stay_what_they_are_between_processes(language):
    with speak(language):
        refused = ImageRefusedError(Path("部品{1}.png"), translate("is empty; copy it again"))
        unfit = ParameterError(
            translate("cannot be {value}: give a finite number.", value="nan"), "pixel_limit"
        )
    for error in (refused, unfit):
        copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - made just now
        with speak(language):
            assert str(type(error)(*error.__reduce__()[1])) == str(error)
        assert copy.__reduce__() == error.__reduce__()
    expected = {"en": "The setting “Pixel limit” cannot be nan", "zh_CN": "设置“像素上限”不能是 nan"}
    assert str(unfit).startswith(expected[language])


def test_values_with_braces_are_left_alone():
    assert translate("{path}: {reason}", path="{reason}", reason="{") == "{reason}: {"
