"""Which help page belongs to what: widgets name theirs, and places of the window have one each."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence, QShortcut

from anomaly_gui.gui.state.mode import Mode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtWidgets import QDialog, QWidget

KEY = "F1"
PROJECTS = "window.md#projects"
CONTENTS, GLOSSARY, KEYS = "index.md", "glossary.md", "window.md#keys"
COMPARISON, QUESTIONS = "window.md#compare-detectors", "window.md#questions-after-a-training"
WHICH_DETECTOR, REGION_OF_INTEREST = "detectors.md#when-to-take-which", "window.md#region-of-interest"

PAGE_OF_MODE: Mapping[Mode, str] = {
    Mode.TRAIN: "first_steps.md#your-own-parts-in-the-window",
    Mode.TUNE: "thresholds.md",
    Mode.INSPECT: "window.md#inspect",
}

_PROPERTY = "help_page"


def set_help(widget: QWidget, address: str) -> None:
    """Say which page explains a widget and all that is in it."""
    widget.setProperty(_PROPERTY, address)


def give_term(term: str) -> str:
    """Return where the glossary explains a term."""
    return f"{GLOSSARY}#{term.lower().replace(' ', '-')}"


def find_help(widget: QWidget | None, mode: Mode) -> str:
    """Return the page of a widget, or else of what it is in, or else of the place of the window."""
    while widget is not None:
        address = widget.property(_PROPERTY)
        if address:
            return str(address)
        widget = widget.parentWidget()
    return PAGE_OF_MODE[mode]


def open_help(address: str) -> None:
    """Show a page in the help window; see `HelpWindow.show_page`."""
    from anomaly_gui.gui.help.help_window import get_help_window  # late: the main window is there sooner

    get_help_window().show_page(address)


def give_help(dialog: QDialog, address: str) -> None:
    """Open a page by F1 in a dialog, which the main window's menu does not reach."""
    QShortcut(QKeySequence(KEY), dialog, partial(open_help, address))
