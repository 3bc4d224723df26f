"""A choice in words that a person understands, for settings whose values are none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QComboBox, QWidget

from anomaly_gui.detection.groups import AUTOMATIC, FOLDER, INDEPENDENT, ONE
from anomaly_gui.detection.judging.suspects import KEEP, LEAVE_OUT

if TYPE_CHECKING:
    from anomaly_gui.detection.parameters import Parameter

WORDS = {"group_by": (AUTOMATIC, INDEPENDENT, ONE, FOLDER), "suspects": (LEAVE_OUT, KEEP)}
"""The settings with such a choice, and the values it offers."""


def _in_words(value: str) -> str:
    return {
        AUTOMATIC: QCoreApplication.translate("Choices", "near-copies"),
        INDEPENDENT: QCoreApplication.translate("Choices", "nothing: all differ"),
        ONE: QCoreApplication.translate("Choices", "all show one part"),
        FOLDER: QCoreApplication.translate("Choices", "folder"),
        LEAVE_OUT: QCoreApplication.translate("Choices", "leave out"),
        KEEP: QCoreApplication.translate("Choices", "keep"),
    }[value]


class WordedChoice(QComboBox):
    """Shows words and yields values; where a setting takes any text, it can be typed in."""

    def __init__(self, parameter: Parameter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        for value in WORDS[parameter.name]:
            self.addItem(_in_words(value), value)
        self.setEditable(not parameter.choices)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(12)
        self.set_value(str(parameter.default))

    def value(self) -> str:
        """Return the value of what is shown."""
        place = self.findText(self.currentText())
        return str(self.itemData(place)) if place >= 0 else self.currentText()

    def set_value(self, value: str) -> None:
        """Show a value, in words where there are some."""
        place = self.findData(value)
        if place >= 0:
            self.setCurrentIndex(place)
        else:
            self.setEditText(value)
