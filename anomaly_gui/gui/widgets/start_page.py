"""What an empty window says: the three ways to begin."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from anomaly_gui.gui.style.icons import draw_picture, set_icon
from anomaly_gui.gui.style.parts import make_primary
from anomaly_gui.gui.style.scheme import current_scheme
from anomaly_gui.gui.style.tokens import AIR, NARROW, ROOM
from anomaly_gui.gui.widgets.style import set_role

_PICTURE = QSize(240, 150)  # pixels


class StartPage(QWidget):
    """Three buttons and a sentence each."""

    sample_requested = Signal()
    train_requested = Signal()
    open_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = QVBoxLayout(self)
        layout.setSpacing(NARROW)
        layout.addStretch(2)
        self._drawing = QLabel()
        layout.addWidget(self._drawing, alignment=Qt.AlignmentFlag.AlignHCenter)
        layout.addSpacing(ROOM)
        title = QLabel(self.tr("Show it good parts. It finds the bad ones."))
        set_role(title, size=1.8, bold=True)
        layout.addWidget(title, alignment=Qt.AlignmentFlag.AlignHCenter)
        hint = QLabel(
            self.tr("Drop a folder of images of good parts, or a model file, anywhere in this window.")
        )
        hint.setWordWrap(True)
        hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout.addWidget(hint)
        layout.addSpacing(AIR)
        self.train = self._add_button(self.tr("Train from a folder of good images…"), "folder-good", layout)
        make_primary(self.train)
        self.train.clicked.connect(self.train_requested)
        self.open = self._add_button(self.tr("Open a model…"), "folder-open", layout)
        self.open.clicked.connect(self.open_requested)
        self.sample = self._add_button(self.tr("Open the sample (ones and sevens)"), "sample", layout)
        self.sample.clicked.connect(self.sample_requested)
        note = QLabel(
            self.tr("The sample learns 800 handwritten ones and finds the sevens; it takes half a minute.")
        )
        set_role(note, faint=True)
        layout.addWidget(note, alignment=Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_drawing"):
            self._draw()

    def _draw(self) -> None:
        colour, scale = current_scheme().faint, self.devicePixelRatioF()
        self._drawing.setPixmap(draw_picture("picture-start", _PICTURE, colour, scale))

    def _add_button(self, text: str, icon: str, layout: QVBoxLayout) -> QPushButton:
        button = QPushButton(text)
        set_icon(button, icon)
        button.setMinimumSize(360, 44)
        layout.addWidget(button, alignment=Qt.AlignmentFlag.AlignHCenter)
        return button
