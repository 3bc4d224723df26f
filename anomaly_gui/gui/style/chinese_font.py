"""The font with Chinese letters, which not every system has."""

from __future__ import annotations

from PySide6.QtGui import QFontDatabase

_PREFERRED = ("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC")


def find_chinese_font() -> str | None:
    """Return the family of a font with Chinese characters; None where none is installed."""
    families = QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese)
    return next((family for family in (*_PREFERRED, *families) if family in families), None)
