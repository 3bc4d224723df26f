"""How many parts of each verdict since the shift began, the yield, and the beginning of another shift."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QLabel, QMessageBox, QPushButton, QWidget

from anomaly_gui.gui.station.looks import MARKS, colour_of
from anomaly_gui.gui.widgets.style import set_role
from anomaly_gui.station.judging.judged import StationVerdict
from anomaly_gui.station.settings.shifts import find_shift
from anomaly_gui.wording import percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anomaly_gui.gui.station.feed.snapshot import Snapshot
    from anomaly_gui.station.settings.shifts import Shift

_COLUMNS = 2  # pairs of name and number beside each other


class CountsPanel(QWidget):
    """Follows the snapshots; nothing is counted here."""

    shift_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shifts: tuple[Shift, ...] = ()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(2)
        self._names = [QLabel() for _ in StationVerdict]
        self.numbers = {verdict: QLabel() for verdict in StationVerdict}
        self._yield_name, self.yield_share = QLabel(self.tr("Yield")), QLabel()
        self._yield_name.setToolTip(self.tr("Good ones of all that were judged good, defect or not sure"))
        pairs = [*zip(self._names, self.numbers.values(), strict=True), (self._yield_name, self.yield_share)]
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for place, (name, number) in enumerate(pairs):
            line, column = place // _COLUMNS, 3 * (place % _COLUMNS)
            grid.addWidget(name, line, column)
            grid.addWidget(number, line, column + 1, right)
        grid.setColumnMinimumWidth(2, 16)
        for column in (0, 3):
            grid.setColumnStretch(column, 1)
        self.since = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.reset = QPushButton(self.tr("New shift…"))
        self.reset.setToolTip(self.tr("Count from zero, from now on"))
        self.reset.clicked.connect(self._on_reset)
        below = len(pairs) // _COLUMNS
        grid.addWidget(self.since, below, 0, 1, 3)
        grid.addWidget(self.reset, below, 3, 1, 2, right)
        self.scale_text(1.0)

    def show_shifts(self, shifts: Sequence[Shift]) -> None:
        """Know when shifts begin: nobody has to say so, then."""
        self._shifts = tuple(shifts)
        self.reset.setVisible(not shifts)

    def scale_text(self, scale: float) -> None:
        """Write larger on larger screens."""
        for label in (*self._names, *self.numbers.values()):
            set_role(label, size=1.15 * scale)
        for label in (self._yield_name, self.yield_share):
            set_role(label, size=1.15 * scale, bold=True)
        set_role(self.since, size=0.92 * scale, faint=True)

    def show_counts(self, snapshot: Snapshot) -> None:
        """Show the counts of a moment."""
        for name, verdict in zip(self._names, StationVerdict, strict=True):
            name.setText(
                f'<span style="color:{colour_of(verdict).name()}">{MARKS[verdict]}</span> {verdict.told}'
            )
            self.numbers[verdict].setText(f"{snapshot.counts[verdict]:,}")
        share = snapshot.yield_share
        self.yield_share.setText("–" if share is None else percent(share, 1))
        since = self.tr("since %1").replace("%1", f"{snapshot.since:%Y-%m-%d %H:%M}")
        shift = find_shift(self._shifts, snapshot.since)
        self.since.setText(since if shift is None else f"{shift}, {since}")

    @Slot()
    def _on_reset(self) -> None:
        buttons = QMessageBox.StandardButton
        answer = QMessageBox.question(
            self,
            self.tr("Begin a new shift"),
            self.tr("Count from zero, from now on? The records stay as they are."),
            buttons.Yes | buttons.Cancel,
            buttons.Cancel,
        )
        if answer == buttons.Yes:
            self.shift_wanted.emit()
