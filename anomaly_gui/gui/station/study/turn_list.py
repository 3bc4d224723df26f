"""How far a study is filled in, and who judges next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from anomaly_gui.gui.style.icons import set_icon
from anomaly_gui.gui.style.parts import make_primary
from anomaly_gui.gui.style.tokens import ROOM
from anomaly_gui.gui.widgets.style import fit_height, set_role

if TYPE_CHECKING:
    from anomaly_gui.station.watching.study.sheet import Sheet


class TurnList(QWidget):
    """A table of operators and trials; the plan's next operator is chosen, and another may be."""

    begun = Signal(str)  # the operator

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sheet: Sheet | None = None
        self.says, self.advice = QLabel(wordWrap=True), QLabel(wordWrap=True)
        set_role(self.says, size=1.25, bold=True)
        self.advice.setText(
            self.tr(
                "Each judges alone and sees no picture of another's turn. Let some time pass between the"
                " trials of one person: what is remembered is not judged."
            )
        )
        for label in (self.says, self.advice):
            fit_height(label)
        self.table = QTableWidget()
        self.table.setAccessibleName(self.tr("Who has judged how much"))
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setTabKeyNavigation(False)
        self.table.setShowGrid(False)
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setHighlightSections(False)
        self.begin = QPushButton()
        make_primary(self.begin)
        set_icon(self.begin, "play")
        self._lay_out()
        self.table.itemSelectionChanged.connect(self._on_selected)
        self.table.itemActivated.connect(self._on_begin)
        self.begin.clicked.connect(self._on_begin)

    def _lay_out(self) -> None:
        column, foot = QVBoxLayout(self), QHBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(ROOM)
        column.addWidget(self.says)
        column.addWidget(self.advice)
        column.addWidget(self.table, 1)
        foot.addStretch(1)
        foot.addWidget(self.begin)
        column.addLayout(foot)

    def show_sheet(self, sheet: Sheet, remark: str = "") -> None:
        """Show how far a study is; a remark is on what was done just now."""
        self._sheet = sheet
        answered, count = sheet.count_answers()
        so_far = self.tr("%1 of %2 answers are given.").replace("%1", f"{answered:,}")
        self.says.setText(f"{remark} {so_far.replace('%2', f'{count:,}')}".strip())
        self._fill_table(sheet)
        place = sheet.find_next()
        operator = sheet.questions[place].operator if place is not None else sheet.operators[0]
        self.table.selectRow(sheet.operators.index(operator))
        self._on_selected()

    def _fill_table(self, sheet: Sheet) -> None:
        table, trials = self.table, sheet.trials
        table.clear()
        table.setRowCount(len(sheet.operators))
        table.setColumnCount(1 + len(trials))
        trial = self.tr("Trial %1")
        table.setHorizontalHeaderLabels(
            [self.tr("Operator"), *(trial.replace("%1", each) for each in trials)]
        )
        for row, operator in enumerate(sheet.operators):
            cells = [operator, *(self._write_progress(sheet, operator, each) for each in trials)]
            for column, text in enumerate(cells):
                table.setItem(row, column, QTableWidgetItem(text))
        header = table.horizontalHeader()
        for column in range(1 + len(trials)):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)

    def _write_progress(self, sheet: Sheet, operator: str, trial: str) -> str:
        answered, count = sheet.count_answers(operator, trial)
        text = self.tr("%1 of %2").replace("%1", f"{answered:,}").replace("%2", f"{count:,}")
        return f"✓ {text}" if answered == count else text

    @property
    def operator(self) -> str:
        """Who is chosen."""
        row = self.table.currentRow()
        return "" if self._sheet is None or row < 0 else self._sheet.operators[row]

    @Slot()
    def _on_selected(self) -> None:
        sheet, operator = self._sheet, self.operator
        place = sheet.find_next(operator) if sheet is not None and operator else None
        self.begin.setEnabled(place is not None)
        if sheet is None or place is None:
            self.begin.setText(self.tr("%1 has judged everything").replace("%1", operator))
            return
        text = self.tr("%1 judges: trial %2").replace("%2", sheet.questions[place].trial)
        self.begin.setText(text.replace("%1", operator).replace("&", "&&"))

    @Slot()
    def _on_begin(self) -> None:
        if self.begin.isEnabled():
            self.begun.emit(self.operator)
