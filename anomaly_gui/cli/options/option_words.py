"""The library's sentences in the words of the command line: settings by their options."""

from __future__ import annotations

import re

from anomaly_gui.cli.options.setting_options import name_option
from anomaly_gui.errors import ParameterError, UserError

_SETTING = re.compile(r"[Tt]he setting “([^”]+)”")
_DEFECTS = re.compile(r"known defects(: give their folder)?(?=\.| as soon as)")
_DETECTOR = re.compile(r"(the detector (positional|texture|pooled)\b[^.]*)\.$")


def with_options(sentence: str) -> str:
    """Return a sentence with the options that do what it says.

    >>> with_options("The setting “Pixel limit” cannot be 0: take 1 or more.")
    '--pixel-limit cannot be 0: take 1 or more.'
    >>> with_options("These parts lie in place: the detector positional finds more on them.")
    'These parts lie in place: the detector positional finds more on them (--detector positional).'
    """
    sentence = _DEFECTS.sub(r"\g<0> (--anomalous)", sentence)
    sentence = _SETTING.sub(lambda found: f"--{found[1].lower().replace(' ', '-')}", sentence)
    return _DETECTOR.sub(r"\1 (--detector \2).", sentence)


def describe_error(error: UserError) -> str:
    """Return the sentence of an error, with the setting to blame by its option.

    >>> describe_error(ParameterError("cannot be 0: take 1 or more.", "pixel_limit"))
    '--pixel-limit cannot be 0: take 1 or more.'
    """
    if isinstance(error, ParameterError) and error.setting:
        return f"{name_option(error.setting)} {with_options(error.problem)}"
    return with_options(str(error))
