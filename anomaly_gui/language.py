"""The language of sentences: English as they are written, or the translation a catalogue has of them.

`translate` looks a sentence up when it is said, so that the language may change while the program runs. What
is kept in files (model files, the feature cache) is kept in English: `keep` puts it together, and
`translate_kept` translates it where it is shown. Catalogues are made by `packaging/translations.py`; English
needs none.
"""

from __future__ import annotations

import gettext
import os
import re
import sys
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from anomaly_gui.paths import resource

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DOMAIN = "anomaly_gui"
ENGLISH = "en"
VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
"""Environment variables that name a language, the first that is set, as gettext has it."""

_spoken: ContextVar[str] = ContextVar("spoken", default="")
_PLACEHOLDER = re.compile(r"\{(\w+)[^{}]*\}")
_SIMPLIFIED = re.compile(r"zh(_(cn|sg|my|hans.*))?", re.IGNORECASE)


def translate(text: str, /, **values: Any) -> str:
    """Return a sentence in the language in use, with values in its placeholders.

    >>> translate("{path}: holds {count:,} images", path="a", count=1200)
    'a: holds 1,200 images'
    """
    template = _load_catalogue(find_language()).gettext(text) if text else text
    return template.format(**values) if values else template


def translate_count(singular: str, plural: str, count: int, /, **values: Any) -> str:
    """Return a sentence in the form that its `{count}` asks for.

    >>> [translate_count("{count:,} copy", "{count:,} copies", count) for count in (1, 1200)]
    ['1 copy', '1,200 copies']
    """
    return _load_catalogue(find_language()).ngettext(singular, plural, count).format(count=count, **values)


def mark(text: str, /) -> str:
    """Return a text as it is: it is found for the catalogues, and translated where it is said."""
    return text


def mark_count(singular: str, plural: str, /) -> tuple[str, str]:
    """Return both forms of a text as they are: see `mark`."""
    return singular, plural


def keep(text: str, /, **values: Any) -> str:
    """Return a sentence in English, to be kept in a file and shown by `translate_kept`."""
    return text.format(**values) if values else text


def translate_kept(sentence: str) -> str:
    """Return what `keep` returned in the language in use; unknown sentences as they are."""
    language = find_language()
    return sentence if language == ENGLISH else _translate_kept(sentence, language)


def find_language() -> str:
    """Return the language in use: the first that the environment names and a catalogue has, else English."""
    if spoken := _spoken.get():
        return spoken
    for variable in VARIABLES:
        if named := os.environ.get(variable):
            return choose_language(named)
    return choose_language(_find_windows_language())


def use_language(language: str) -> None:
    """Use a language from now on, in this process and those it starts."""
    os.environ["LANGUAGE"] = language


@contextmanager
def speak(language: str) -> Iterator[None]:
    """Use a language in this thread until the end of the block."""
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)


def list_languages() -> tuple[str, ...]:
    """Return the languages there are sentences in, English first."""
    found = resource("translations").glob(f"*/LC_MESSAGES/{DOMAIN}.mo")
    return (ENGLISH, *sorted(path.parent.parent.name for path in found))


def _find_windows_language() -> str:
    """Return what Windows speaks to its user, whose programs get none of the variables; "" elsewhere."""
    if sys.platform == "win32":
        import ctypes
        import locale

        return locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), "")
    return ""


@lru_cache(maxsize=16)
def choose_language(named: str) -> str:
    """Return the first language of a list such as "zh_CN.UTF-8:en" that there is, else English.

    >>> choose_language("xx:zh-Hans-CN:en")
    'zh_CN'
    """
    for each in filter(None, named.split(":")):
        code = re.split(r"[.@]", each)[0].replace("-", "_")
        if code.split("_")[0] in (ENGLISH, "C", "POSIX"):
            return ENGLISH
        known = list_languages()
        for one in (code, "zh_CN" if _SIMPLIFIED.fullmatch(code) else code, code.split("_")[0]):
            if one in known:
                return one
    return ENGLISH


@lru_cache(maxsize=4)
def _load_catalogue(language: str) -> gettext.NullTranslations:
    if language == ENGLISH:
        return gettext.NullTranslations()
    return gettext.translation(DOMAIN, resource("translations"), [language])


@lru_cache(maxsize=1024)
def _translate_kept(sentence: str, language: str) -> str:
    for pattern, translation in _list_kept(language):
        if found := pattern.fullmatch(sentence):
            values = {name: _translate_kept(value, language) for name, value in found.groupdict().items()}
            return _fill_in(translation, values)
    return sentence


def _fill_in(template: str, values: Mapping[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda place: values[place[1]], template)


@lru_cache(maxsize=4)
def _list_kept(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return a pattern for each sentence that is kept, and its translation; the longest come first."""
    catalogue: dict[str, str] = vars(_load_catalogue(language)).get("_catalog", {})
    kept = [(key.partition("\4")[2], said) for key, said in catalogue.items() if "\4" in str(key)]
    kept.sort(key=lambda each: -len(_PLACEHOLDER.sub("", each[0])))
    return tuple((_compile_template(text), said) for text, said in kept)


def _compile_template(template: str) -> re.Pattern[str]:
    """Return a pattern that finds the values in a sentence of a template."""
    parts, end = [], 0
    for place in _PLACEHOLDER.finditer(template):
        parts += [re.escape(template[end : place.start()]), f"(?P<{place[1]}>.*)"]
        end = place.end()
    return re.compile("".join([*parts, re.escape(template[end:])]), re.DOTALL)
