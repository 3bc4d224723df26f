"""What an empty window says: the three ways to begin."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from anomaly_gui.gui.widgets.style import set_role


class StartPage(QWidget):
    """Three buttons and a sentence each."""

    sample_requested = Signal()
    train_requested = Signal()
    open_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = QVBoxLayout(self)
        layout.setSpacing(6)
        layout.addStretch(2)
        title = QLabel(self.tr("Show it good parts. It finds the bad ones."))
        set_role(title, size=1.8, bold=True)
        layout.addWidget(title, alignment=Qt.AlignmentFlag.AlignHCenter)
        hint = QLabel(
            self.tr("Drop a folder of images of good parts, or a model file, anywhere in this window.")
        )
        hint.setWordWrap(True)
        hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout.addWidget(hint)
        layout.addSpacing(24)
        self.train = self._add_button(self.tr("Train from a folder of good images…"), layout)
        self.train.clicked.connect(self.train_requested)
        self.open = self._add_button(self.tr("Open a model…"), layout)
        self.open.clicked.connect(self.open_requested)
        self.sample = self._add_button(self.tr("Open the sample (ones and sevens)"), layout)
        self.sample.clicked.connect(self.sample_requested)
        note = QLabel(
            self.tr("The sample learns 800 handwritten ones and finds the sevens; it takes half a minute.")
        )
        set_role(note, faint=True)
        layout.addWidget(note, alignment=Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)

    def _add_button(self, text: str, layout: QVBoxLayout) -> QPushButton:
        button = QPushButton(text)
        button.setMinimumSize(360, 44)
        layout.addWidget(button, alignment=Qt.AlignmentFlag.AlignHCenter)
        return button
