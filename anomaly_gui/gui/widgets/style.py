"""Colours, and how the window's own text looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QColor, QFont, QGuiApplication
from PySide6.QtWidgets import QSizePolicy

from anomaly_gui.detection.judging.verdicts import Verdict
from anomaly_gui.gui.style.scheme import current_scheme, make_faint
from anomaly_gui.gui.style.tokens import DISPLAY, nearest_size

if TYPE_CHECKING:
    from PySide6.QtWidgets import QLabel, QWidget

VERDICT_MARKS = {Verdict.GOOD: "✓", Verdict.DEFECT: "✕", Verdict.NOT_SURE: "?", Verdict.CANNOT_JUDGE: "–"}


def verdict_colour(verdict: Verdict) -> QColor:
    """Return the colour of a verdict."""
    scheme = current_scheme()
    colours = {
        Verdict.GOOD: scheme.good,
        Verdict.DEFECT: scheme.defect,
        Verdict.NOT_SURE: scheme.not_sure,
        Verdict.CANNOT_JUDGE: scheme.cannot_judge,
    }
    return QColor(colours[verdict])


def text_colour() -> QColor:
    """Return the colour of text and of the threshold: black, or nearly white on dark."""
    return QColor(current_scheme().text)


def base_colour() -> QColor:
    """Return what plots and lists are drawn on."""
    return QColor(current_scheme().surface)


def faint_text_colour() -> QColor:
    """Return a colour between text and ground, still easy to read."""
    return QColor(current_scheme().faint)


def set_role(widget: QWidget, *, size: float = 1.0, bold: bool = False, faint: bool = False) -> None:
    """Give a widget's text the size of the scale nearest to a factor, a weight and a colour.

    What is larger than the scale, to be read from far away, stays as large as that.
    """
    font = widget.font()
    font.setPointSizeF(QGuiApplication.font().pointSizeF() * (size if size > DISPLAY else nearest_size(size)))
    font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    widget.setFont(font)
    if faint:
        make_faint(widget)


def fit_height(label: QLabel) -> None:
    """Give a label as many lines as its text takes, whatever is around it."""
    policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    policy.setHeightForWidth(True)
    label.setSizePolicy(policy)
