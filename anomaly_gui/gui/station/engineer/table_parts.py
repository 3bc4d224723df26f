"""What the tables of records have in common."""

from __future__ import annotations

from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView


def prepare_table(table: QTableView, name: str, widths: dict[int, str], wide: int) -> None:
    """Let a table be read, by rows; columns are as wide as a text that stands for theirs, one takes the rest.

    Parameters
    ----------
    widths : a text of common width, by column
    wide : the column that takes the room that is left
    """
    table.setAccessibleName(name)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setWordWrap(False)
    table.setTabKeyNavigation(False)
    table.setShowGrid(False)
    table.setAlternatingRowColors(True)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(table.fontMetrics().height() + 10)
    header = table.horizontalHeader()
    header.setHighlightSections(False)
    for column, text in widths.items():
        needed = max(table.fontMetrics().horizontalAdvance(text) + 28, header.sectionSizeHint(column))
        table.setColumnWidth(column, needed)
    header.setSectionResizeMode(wide, QHeaderView.ResizeMode.Stretch)
