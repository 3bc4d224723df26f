"""A choice in words that a person understands, for settings whose values are none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QComboBox, QWidget

if TYPE_CHECKING:
    from anomaly_gui.detection.settings.declarations import Setting


class WordedChoice(QComboBox):
    """Shows words and yields values; where a setting takes any text, it can be typed in."""

    def __init__(self, declared: Setting, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        for value, words in declared.words.items():
            self.addItem(QCoreApplication.translate("Choices", words), value)
        self.setEditable(not declared.choices)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(12)
        self.set_value(str(declared.default))

    def read_value(self) -> str:
        """Return the value of what is shown."""
        index = self.findText(self.currentText())
        return str(self.itemData(index)) if index >= 0 else self.currentText()

    def set_value(self, value: str) -> None:
        """Show a value, in words where there are some."""
        index = self.findData(value)
        if index >= 0:
            self.setCurrentIndex(index)
        else:
            self.setEditText(value)
