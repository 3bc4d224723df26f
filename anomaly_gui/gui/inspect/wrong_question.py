"""What an image is, asked where label and verdict do not tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from anomaly_gui.gui.state.image_table import ImageLabel
from anomaly_gui.gui.style.parts import make_notice
from anomaly_gui.gui.widgets.style import fit_height, set_role

if TYPE_CHECKING:
    from anomaly_gui.gui.state.corrections import Corrections
    from anomaly_gui.gui.state.session import Session


class WrongQuestion(QFrame):
    """A sentence and three buttons; there only while it is asked."""

    def __init__(self, session: Session, corrections: Corrections, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._corrections = session, corrections
        self._rows: tuple[int, ...] = ()
        make_notice(self)
        self.says = QLabel(wordWrap=True)
        set_role(self.says, bold=True)
        fit_height(self.says)
        self.good_button = QPushButton(self.tr("It is good"))
        self.defect_button = QPushButton(self.tr("It is a defect"))
        self.cancel_button = QPushButton(self.tr("Cancel"))
        self.good_button.clicked.connect(self._on_good_clicked)
        self.defect_button.clicked.connect(self._on_defect_clicked)
        self.cancel_button.clicked.connect(self.hide)
        row = QHBoxLayout()
        for button in (self.good_button, self.defect_button, self.cancel_button):
            row.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 6)
        layout.addWidget(self.says)
        layout.addLayout(row)
        corrections.answer_wanted.connect(self._on_answer_wanted)
        session.selection_changed.connect(self.hide)
        session.images_replaced.connect(self.hide)
        self.hide()

    @Slot(object)
    def _on_answer_wanted(self, rows: tuple[int, ...]) -> None:
        self._rows = rows
        agree = self._session.table.labels[list(rows)].any()
        self.says.setText(
            self.tr("Label and verdict are the same. What is it really?")
            if agree
            else self.tr("The verdict is neither good nor defect. What is it?")
        )
        self.show()
        self.good_button.setFocus()

    @Slot()
    def _on_good_clicked(self) -> None:
        self._answer(ImageLabel.GOOD)

    @Slot()
    def _on_defect_clicked(self) -> None:
        self._answer(ImageLabel.DEFECT)

    def _answer(self, label: ImageLabel) -> None:
        self.hide()
        self._corrections.put_aside(self._rows, label)
