"""The library's sentences in the words of the command line: settings by their options."""

from __future__ import annotations

import re
from functools import lru_cache

from anomaly_gui.cli.options.setting_options import name_option
from anomaly_gui.detection.settings.train_settings import SETTINGS
from anomaly_gui.errors import ParameterError, UserError
from anomaly_gui.language import find_language, mark, translate
from anomaly_gui.wording import name_setting

# Patterns of sentences: a language has its own, with the same groups.
_DEFECTS = mark(r"known defects(: give their folder)?(?=\.| as soon as)")
_DETECTOR = mark(r"(the detector (positional|texture|pooled)\b[^.]*)\.$")
_WITH_DETECTOR = mark(r"\1 (--detector \2).")


def with_options(sentence: str) -> str:
    """Return a sentence with the options that do what it says.

    >>> with_options("The setting “Pixel limit” cannot be 0: take 1 or more.")
    '--pixel-limit cannot be 0: take 1 or more.'
    >>> with_options("These parts lie in place: the detector positional finds more on them.")
    'These parts lie in place: the detector positional finds more on them (--detector positional).'
    """
    sentence = re.sub(translate(_DEFECTS), r"\g<0> (--anomalous)", sentence)
    if "“" in sentence:
        for named, option in _name_options(find_language()):
            sentence = _put_in(sentence, named, option)
    return re.sub(translate(_DETECTOR), translate(_WITH_DETECTOR), sentence)


def _put_in(sentence: str, named: str, option: str) -> str:
    """Put an option in place of a setting's name, apart from letters beside it: Chinese has no spaces there.

    >>> _put_in("请调低设置“步数”，或再试", "设置“步数”", "--steps")
    '请调低 --steps，或再试'
    """
    first, *others = sentence.split(named)
    for other in others:
        before = " " if first[-1:].isalnum() else ""
        first += before + option + (" " if other[:1].isalnum() else "") + other
    return first


@lru_cache(maxsize=4)
def _name_options(language: str) -> tuple[tuple[str, str], ...]:  # noqa: ARG001 - the one in use
    """Return the names of all settings in a language, and their options."""
    return tuple(
        (name_setting(name, starts=starts), name_option(name))
        for name in SETTINGS
        for starts in (True, False)
    )


def describe_error(error: UserError) -> str:
    """Return the sentence of an error, with the setting to blame by its option.

    >>> describe_error(ParameterError("cannot be 0: take 1 or more.", "pixel_limit"))
    '--pixel-limit cannot be 0: take 1 or more.'
    """
    if isinstance(error, ParameterError) and error.setting:
        return f"{name_option(error.setting)} {with_options(error.problem)}"
    return with_options(str(error))
