"""What only an expert sets: folded away, with a line that says what of it is not automatic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from anomaly_gui.gui.widgets.style import fit_height, set_role
from anomaly_gui.wording import join_list

if TYPE_CHECKING:
    from collections.abc import Sequence


class ExpertFold(QWidget):
    """A button that unfolds a form, and whatever else is added below it."""

    reset_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.button = QToolButton()
        self.button.setText(self.tr("Expert"))
        self.button.setToolTip(self.tr("Network, layer, density and the like: automatic until you choose"))
        self.button.setCheckable(True)
        self.button.setAutoRaise(True)
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.button.toggled.connect(self._on_folded)
        self.changes = QLabel(wordWrap=True)
        set_role(self.changes, size=0.92, faint=True)
        fit_height(self.changes)
        self.reset = QPushButton(self.tr("Back to automatic"))
        self.reset.clicked.connect(self.reset_wanted)
        self._inside = QWidget()
        self._layout = QVBoxLayout(self._inside)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self.form = QFormLayout()
        self._layout.addLayout(self.form)
        self._lay_out()
        self._on_folded(False)
        self.show_changes(())

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.button)
        top.addStretch(1)
        top.addWidget(self.reset)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(top)
        layout.addWidget(self.changes)
        layout.addWidget(self._inside)

    def add_widget(self, widget: QWidget) -> None:
        """Add a widget below the form."""
        self._layout.addWidget(widget)

    def show_changes(self, titles: Sequence[str]) -> None:
        """Name the settings that are not automatic."""
        self.changes.setText(self.tr("Changed: %1").replace("%1", join_list(titles)) if titles else "")
        for widget in (self.changes, self.reset):
            widget.setVisible(bool(titles))

    @Slot(bool)
    def _on_folded(self, shown: bool) -> None:
        self._inside.setVisible(shown)
        self.button.setArrowType(Qt.ArrowType.DownArrow if shown else Qt.ArrowType.RightArrow)
