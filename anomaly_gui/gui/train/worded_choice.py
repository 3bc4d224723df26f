"""A choice in words that a person understands, for settings whose values are none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QComboBox, QWidget

from anomaly_gui.language import translate

if TYPE_CHECKING:
    from anomaly_gui.detection.settings.declarations import Setting


class WordedChoice(QComboBox):
    """Shows words and yields values; where a setting takes any text, it can be typed in."""

    def __init__(self, declared: Setting, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        for value, words in declared.words.items():
            self.addItem(translate(words), value)
        self.setEditable(not declared.choices)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(12)
        self.set_value(str(declared.default))

    def disable_value(self, value: str, why: str) -> None:
        """Let a value no more be chosen, and say why where it is pointed at."""
        model, index = self.model(), self.findData(value)
        if isinstance(model, QStandardItemModel) and index >= 0:
            model.item(index).setEnabled(False)
            model.item(index).setToolTip(why)

    def setCurrentText(self, text: str) -> None:
        """Show what has these words, or this value."""
        self.set_value(str(self.itemData(index)) if (index := self.findText(text)) >= 0 else text)

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
