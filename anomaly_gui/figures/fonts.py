"""Fonts for languages whose letters matplotlib's own lacks."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import lru_cache
from pathlib import Path

from anomaly_gui.language import ENGLISH, find_language, speak

_FONTS: Mapping[str, tuple[str, ...]] = {
    "zh_CN": (
        *("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC"),
        *("Hiragino Sans GB", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "SimHei", "Droid Sans Fallback"),
        "Noto Sans CJK JP",
    )
}
"""Names of fonts with the letters of a language, the best first."""

_FILES = {
    "zh_CN": ("notosanscjk", "notosanssc", "sourcehansans", "msyh", "wqy-", "simhei", "droidsansfallback")
}
"""How the names of their files begin, in small letters."""


def list_fonts() -> list[str]:
    """Return the font to take beside matplotlib's for the language in use, where there is one."""
    return list(_find_fonts(find_language()))


def speak_drawable() -> AbstractContextManager[None]:
    """Speak the language in use where there is a font for it, else English: boxes tell nobody anything."""
    return nullcontext() if find_language() == ENGLISH or list_fonts() else speak(ENGLISH)


@lru_cache(maxsize=4)
def _find_fonts(language: str) -> tuple[str, ...]:
    known = _FONTS.get(language, ())
    if not known:
        return ()
    from matplotlib.font_manager import fontManager

    if not set(known) & set(fontManager.get_font_names()):
        for path in _list_files(language):  # matplotlib's list is as old as its cache
            fontManager.addfont(path)
    there = set(fontManager.get_font_names())
    return tuple(name for name in known if name in there)[:1]


def _list_files(language: str) -> Iterator[str]:
    from matplotlib.font_manager import findSystemFonts

    for path in findSystemFonts():
        if Path(path).name.lower().startswith(_FILES[language]):
            yield path
