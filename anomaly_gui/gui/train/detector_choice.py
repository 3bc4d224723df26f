"""Which detector to train: a choice, and below it when to take it; and what a training says of the choice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from anomaly_gui.detection.settings.detector_kinds import DETECTORS
from anomaly_gui.gui.style.parts import make_notice
from anomaly_gui.gui.widgets.style import fit_height, set_role
from anomaly_gui.language import translate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from anomaly_gui.gui.train.worded_choice import WordedChoice


def name_detector(detector: str) -> str:
    """Return what people call a detector."""
    return translate(DETECTORS[detector].title) if detector in DETECTORS else detector


class DetectorHint(QLabel):
    """Says when to take the detector that a combo box names."""

    def __init__(self, combo: WordedChoice, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._combo = combo
        self.setWordWrap(True)
        set_role(self, size=0.92, faint=True)
        fit_height(self)
        combo.currentTextChanged.connect(self._on_chosen)
        self._on_chosen()

    @Slot()
    def _on_chosen(self) -> None:
        detector = self._combo.read_value()
        hint = DETECTORS[detector].hint if detector in DETECTORS else ""
        self.setText(translate(hint))
        self._claim_lines()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Claim as many lines as the text takes at the new width."""
        super().resizeEvent(event)
        self._claim_lines()

    def _claim_lines(self) -> None:
        """A form's layout may keep the height that the text before took, where the form's own is the same."""
        self.setMinimumHeight(0)  # which counts in what it takes
        self.setMinimumHeight(self.heightForWidth(self.width()))


class DetectorAdvice(QFrame):
    """The detector that would fit the parts better, with a button that takes it; hidden where none would."""

    taken = Signal(object)  # settings by name, the detector among them

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._recommended: Mapping[str, Any] = {}
        make_notice(self)
        self.says = QLabel(wordWrap=True)
        fit_height(self.says)
        self.button = QPushButton()
        self.button.clicked.connect(self._on_clicked)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 6)
        layout.addWidget(self.says)
        layout.addWidget(self.button)
        self.hide()

    def show_advice(
        self, advice: str | None, recommended: str | None, choice: Mapping[str, Any] | None = None
    ) -> None:
        """Show what a training says of the detector; None for nothing.

        `choice` are the settings that take the recommended one, where more than its name is known.
        """
        name = recommended if recommended in DETECTORS else None
        self._recommended = {**(choice or {}), "detector": name} if name else {}
        self.says.setText(advice or "")
        self.button.setText(self.tr("Use %1").replace("%1", name_detector(name) if name else ""))
        self.button.setVisible(bool(name))
        self.setVisible(bool(advice))

    @Slot()
    def _on_clicked(self) -> None:
        self.hide()
        self.taken.emit(self._recommended)
