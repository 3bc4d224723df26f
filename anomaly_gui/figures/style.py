"""Colours, shapes and number formats that all pictures share."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from anomaly_gui.detection.judging.metrics import Label
from anomaly_gui.language import mark

# Blue and pink stay apart in all common kinds of colour blindness and stand out from white (3:1 and more, as
# WCAG 2.1 asks of graphics); the shapes differ for those who see or print no colour.
NORMAL = "#1f5fb4"
ANOMALOUS = "#ec4899"
UNLABELLED = "#6b6b6b"
THRESHOLD = "#000000"
FAINT = "#ececec"
TEXT = "#333333"

LINES = ("solid", "dashed", "dotted", "dashdot")  # the first threshold, the second, and so on


@dataclass(frozen=True)
class ClassStyle:
    """How the images of one label look: legend text, colour, marker and hatch in matplotlib's terms."""

    name: str
    colour: str
    marker: str
    hatch: str


CLASS_STYLES: dict[Label | None, ClassStyle] = {
    "normal": ClassStyle(mark("normal"), NORMAL, "o", ""),
    "anomalous": ClassStyle(mark("anomalous"), ANOMALOUS, "^", "///"),
    None: ClassStyle(mark("unlabelled"), UNLABELLED, "s", "..."),
}

SETTINGS: Mapping[Any, Any] = {
    "font.family": ["DejaVu Sans"],  # comes with matplotlib: the same picture on every machine
    "font.size": 10,
    "axes.titlesize": 11,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": TEXT,
    "axes.labelcolor": TEXT,
    "xtick.color": TEXT,
    "ytick.color": TEXT,
    "legend.frameon": False,
    "svg.hashsalt": "anomaly-gui",  # or its identifiers would be random
    "text.parse_math": False,  # a dollar sign in a name is a dollar sign
}


def format_score(score: float) -> str:
    """Write a score with the digits that matter.

    >>> format_score(-412.34), format_score(-12345.6), format_score(0.1234), format_score(-2.5e9)
    ('−412.3', '−12,346', '0.123', '−2.5e+09')
    """
    size = abs(score)
    pattern = ".3g" if size < 10 or size >= 1e7 else ",.1f" if size < 1000 else ",.0f"
    return use_minus_sign(format(score, pattern))


def use_minus_sign(number: str) -> str:
    """Use a true minus sign: a hyphen is easily missed before a number."""
    return number.replace("-", "−") if number.startswith("-") else number
