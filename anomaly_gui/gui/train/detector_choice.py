"""Which detector to train: a choice, and below it when to take it; and what a training says of the choice."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from anomaly_gui.detection.settings.choices import AUTOENCODER, DEEP_SVDD, POOLED, POSITIONAL, TEXTURE
from anomaly_gui.detection.settings.detector_kinds import DETECTORS
from anomaly_gui.gui.widgets.style import fit_height, set_role


class DetectorHint(QLabel):
    """Says when to take the detector that a combo box names."""

    def __init__(self, combo: QComboBox, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWordWrap(True)
        set_role(self, size=0.92, faint=True)
        fit_height(self)
        combo.currentTextChanged.connect(self._on_chosen)
        self._on_chosen(combo.currentText())

    @Slot(str)
    def _on_chosen(self, detector: str) -> None:
        texts = {
            POOLED: self.tr(
                "Judges the image as a whole. Take it for parts that differ all over, "
                "or when speed counts most."
            ),
            POSITIONAL: self.tr(
                "Judges each place by itself and shows where. "
                "Take it for parts that always lie in the same place."
            ),
            TEXTURE: self.tr(
                "For surfaces without fixed places, and for parts in any direction: "
                "it aligns them by itself. Shows where."
            ),
            AUTOENCODER: self.tr(
                "Learns from your good images alone how they look. Shows where. For hundreds of images "
                "unlike photographs, when the others miss defects: compare them first. "
                "Training takes minutes and needs TensorFlow."
            ),
            DEEP_SVDD: self.tr(
                "Learns from your good images alone what they have in common, and judges the image as a "
                "whole. For hundreds of images unlike photographs, when the others miss defects: compare "
                "them first. Training takes minutes and needs TensorFlow."
            ),
        }
        self.setText(texts.get(detector, ""))


class DetectorAdvice(QFrame):
    """The detector that would fit the parts better, with a button that takes it; hidden where none would."""

    taken = Signal(str)  # a detector's name

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._recommended = ""
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.says = QLabel(wordWrap=True)
        fit_height(self.says)
        self.button = QPushButton()
        self.button.clicked.connect(self._on_clicked)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 6)
        layout.addWidget(self.says)
        layout.addWidget(self.button)
        self.hide()

    def show_advice(self, advice: str | None, recommended: str | None) -> None:
        """Show what a training says of the detector; None for nothing."""
        self._recommended = recommended if recommended and recommended in DETECTORS else ""
        self.says.setText(advice or "")
        self.button.setText(self.tr("Use %1").replace("%1", self._recommended))
        self.button.setVisible(bool(self._recommended))
        self.setVisible(bool(advice))

    @Slot()
    def _on_clicked(self) -> None:
        self.hide()
        self.taken.emit(self._recommended)
