"""The counters of the shift: verdicts as they were read, the yield, since when, and a new shift."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QGridLayout, QLabel, QMessageBox, QPushButton, QWidget

from anomaly_gui.detection.judging.verdicts import VERDICTS
from anomaly_gui.gui.widgets.style import VERDICT_MARKS, set_role, verdict_colour
from anomaly_gui.wording import percent

if TYPE_CHECKING:
    from anomaly_gui.gui.state.operator.shift_book import ShiftBook


class ShiftPanel(QWidget):
    """Follows the book of the shift."""

    def __init__(self, shift: ShiftBook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shift = shift
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(2)
        self._names = [QLabel() for _ in VERDICTS]
        self.numbers = {verdict: QLabel() for verdict in VERDICTS}
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for line, (name, verdict) in enumerate(zip(self._names, VERDICTS, strict=True)):
            grid.addWidget(name, line, 0)
            grid.addWidget(self.numbers[verdict], line, 1, right)
        self._yield_name, self.yield_share = QLabel(self.tr("Yield")), QLabel()
        self._yield_name.setToolTip(self.tr("Good ones of all that were judged good, defect or not sure"))
        grid.addWidget(self._yield_name, len(VERDICTS), 0)
        grid.addWidget(self.yield_share, len(VERDICTS), 1, right)
        self.since = QLabel()
        grid.addWidget(self.since, len(VERDICTS) + 1, 0)
        self.reset = QPushButton(self.tr("New shift…"))
        self.reset.setToolTip(self.tr("Count from zero, from now on"))
        self.reset.clicked.connect(self._on_reset)
        grid.addWidget(self.reset, len(VERDICTS) + 1, 1, right)
        grid.setColumnStretch(0, 1)
        shift.changed.connect(self.refresh)
        self.scale_text(1.0)
        self.refresh()

    def scale_text(self, scale: float) -> None:
        """Write larger on larger screens."""
        for label in (*self._names, *self.numbers.values()):
            set_role(label, size=1.25 * scale)
        for label in (self._yield_name, self.yield_share):
            set_role(label, size=1.25 * scale, bold=True)
        set_role(self.since, size=scale, faint=True)
        set_role(self.reset, size=scale)

    @Slot()
    def refresh(self) -> None:
        """Show the counts as they are."""
        counts = self._shift.counts
        for name, verdict in zip(self._names, VERDICTS, strict=True):
            colour = verdict_colour(verdict).name()
            name.setText(f'<span style="color:{colour}">{VERDICT_MARKS[verdict]}</span> {verdict.told}')
            self.numbers[verdict].setText(f"{counts[verdict]:,}")
        share = self._shift.yield_share
        self.yield_share.setText("–" if share is None else percent(share, 1))
        self.since.setText(self.tr("since %1").replace("%1", f"{self._shift.since:%Y-%m-%d %H:%M}"))

    @Slot()
    def _on_reset(self) -> None:
        buttons = QMessageBox.StandardButton
        answer = QMessageBox.question(
            self,
            self.tr("Begin a new shift"),
            self.tr("Count from zero, from now on? What was judged so far is kept in the shift's file."),
            buttons.Yes | buttons.Cancel,
            buttons.Cancel,
        )
        if answer == buttons.Yes:
            self._shift.start_shift()
