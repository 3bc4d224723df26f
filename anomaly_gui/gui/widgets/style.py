"""Colours, and how the window's own text looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QSizePolicy

from anomaly_gui.detection.judging.verdicts import Verdict

if TYPE_CHECKING:
    from PySide6.QtWidgets import QLabel, QWidget

_VERDICTS = {
    Verdict.GOOD: "#1f7a4d",
    Verdict.DEFECT: "#c2185b",
    Verdict.NOT_SURE: "#b26a00",
    Verdict.CANNOT_JUDGE: "#5f6368",
}
_VERDICTS_ON_DARK = {
    Verdict.GOOD: "#57c78f",
    Verdict.DEFECT: "#ff7fae",
    Verdict.NOT_SURE: "#f0b050",
    Verdict.CANNOT_JUDGE: "#b0b4b8",
}
VERDICT_MARKS = {Verdict.GOOD: "✓", Verdict.DEFECT: "✕", Verdict.NOT_SURE: "?", Verdict.CANNOT_JUDGE: "–"}


def is_dark() -> bool:
    """Tell whether the window is drawn light on dark."""
    return QGuiApplication.palette().color(QPalette.ColorRole.Window).lightness() < 128


def verdict_colour(verdict: Verdict) -> QColor:
    """Return the colour of a verdict."""
    colours = _VERDICTS_ON_DARK if is_dark() else _VERDICTS
    return QColor(colours[verdict])


def verdict_name(verdict: Verdict) -> str:
    """Return a verdict in the language of the window."""
    names = {
        Verdict.GOOD: QCoreApplication.translate("Verdicts", "good"),
        Verdict.DEFECT: QCoreApplication.translate("Verdicts", "defect"),
        Verdict.NOT_SURE: QCoreApplication.translate("Verdicts", "not sure"),
        Verdict.CANNOT_JUDGE: QCoreApplication.translate("Verdicts", "cannot judge"),
    }
    return names[verdict]


def text_colour() -> QColor:
    """Return the colour of text and of the threshold: black, or nearly white on dark."""
    return QGuiApplication.palette().color(QPalette.ColorRole.WindowText)


def base_colour() -> QColor:
    """Return what plots and lists are drawn on."""
    return QGuiApplication.palette().color(QPalette.ColorRole.Base)


def faint_text_colour() -> QColor:
    """Return a colour between text and ground, still easy to read."""
    text, base = text_colour(), base_colour()
    return QColor(
        (2 * text.red() + base.red()) // 3,
        (2 * text.green() + base.green()) // 3,
        (2 * text.blue() + base.blue()) // 3,
    )


def set_role(widget: QWidget, *, size: float = 1.0, bold: bool = False, faint: bool = False) -> None:
    """Give a widget's text a size (a factor), a weight and a colour."""
    font = widget.font()
    font.setPointSizeF(QGuiApplication.font().pointSizeF() * size)
    font.setBold(bold)
    widget.setFont(font)
    if faint:
        palette = widget.palette()
        palette.setColor(QPalette.ColorRole.WindowText, faint_text_colour())
        widget.setPalette(palette)


def fit_height(label: QLabel) -> None:
    """Give a label as many lines as its text takes, whatever is around it."""
    policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    policy.setHeightForWidth(True)
    label.setSizePolicy(policy)
