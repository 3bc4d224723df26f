"""The fonts of reports: Chinese characters need one that has them, which not every system does."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QFont, QGuiApplication

from anomaly_gui.gui.style.chinese_font import find_chinese_font

_FIRST_HAN, _LAST_HAN = "\u3400", "\u9fff"


def has_chinese(text: str) -> bool:
    """Tell whether a text has Chinese characters.

    >>> has_chinese("part 7"), has_chinese("合格")
    (False, True)
    """
    return any(_FIRST_HAN <= character <= _LAST_HAN for character in text)


def choose_font(text: str) -> QFont:
    """Return the font for a text: the window's own, with one behind it for what that does not have."""
    font = QFont(QGuiApplication.font())
    font.setPointSizeF(9.5)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    font.setFeature(QFont.Tag("liga"), 0)  # who copies "fine.png" from a report must not get a ligature
    chinese = find_chinese_font() if has_chinese(text) else None
    if chinese is not None:
        font.setFamilies([*font.families(), chinese])
    return font


def explain_missing_font(text: str) -> str:
    """Say what to install where a text has characters that no font has; nothing where all is well."""
    if not has_chinese(text) or find_chinese_font() is not None:
        return ""
    return QCoreApplication.translate(
        "Report",
        "No font on this computer has Chinese characters: install one, such as Noto Sans CJK SC, and write"
        " the report again.",
    )
