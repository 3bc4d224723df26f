"""The kind of a defect and a note on an image, to be written in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QLineEdit, QWidget

from anomaly_gui.gui.widgets.style import set_role

if TYPE_CHECKING:
    from anomaly_gui.gui.state.said.remarks import Remarks
    from anomaly_gui.gui.state.session import Session

FIRST_KEY, LAST_KEY = 3, 9  # digits that give a kind; 0 to 2 are labels


class RemarkFields(QWidget):
    """Fields for the selected images; a kind that was used before has a key."""

    def __init__(self, session: Session, remarks: Remarks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._remarks = session, remarks
        self.kind, written = QComboBox(), QLineEdit()
        self.kind.setLineEdit(written)
        self.kind.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.kind.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.kind.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.kind.setToolTip(self.tr("The kind of defect, in your own words; the keys 3 to 9 give it, too"))
        written.setPlaceholderText(self.tr("scratch, dent, …"))
        self.kind.activated.connect(self._on_kind_chosen)
        written.editingFinished.connect(self._on_kind_written)
        self.note = QLineEdit()
        self.note.setPlaceholderText(self.tr("what is worth knowing of this image"))
        self.note.editingFinished.connect(self._on_note_written)
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(4)
        for text, field in ((self.tr("Kind"), self.kind), (self.tr("Note"), self.note)):
            title = QLabel(text)
            title.setBuddy(field)
            set_role(title, faint=True)
            field.setAccessibleName(text)
            form.addRow(title, field)
        session.selection_changed.connect(self.refresh)
        session.images_replaced.connect(self.refresh)
        remarks.changed.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show what was said of the selected image."""
        rows = self._session.selection
        self.setEnabled(bool(rows))
        remark = self._remarks.find_remark(rows[0]) if rows else None
        self.kind.blockSignals(True)
        self.kind.clear()
        for digit, kind in enumerate(self._remarks.list_kinds(), FIRST_KEY):
            self.kind.addItem(f"{digit} {kind}" if digit <= LAST_KEY else kind, kind)
        self.kind.setEditText(remark.kind if remark else "")
        self.kind.blockSignals(False)
        self.note.setText(remark.note if remark else "")

    @Slot(int)
    def _on_kind_chosen(self, index: int) -> None:
        self._say_kind(str(self.kind.itemData(index)))

    @Slot()
    def _on_kind_written(self) -> None:
        text = self.kind.currentText()
        index = self.kind.findText(text, Qt.MatchFlag.MatchFixedString)
        self._say_kind(str(self.kind.itemData(index)) if index >= 0 else text)

    def _say_kind(self, kind: str) -> None:
        rows = self._session.selection
        if rows and kind.strip() != self._remarks.find_remark(rows[0]).kind:
            self._remarks.set_kind(rows, kind)

    @Slot()
    def _on_note_written(self) -> None:
        rows = self._session.selection
        if rows and self.note.text().strip() != self._remarks.find_remark(rows[0]).note:
            self._remarks.set_note(rows, self.note.text())
