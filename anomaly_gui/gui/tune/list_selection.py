"""Highlighting in a list what was selected elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QItemSelection, QItemSelectionModel
from PySide6.QtWidgets import QAbstractItemView

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anomaly_gui.detection.arrays.kinds import IntArray


def select_rows(view: QAbstractItemView, rows: IntArray, selection: Sequence[int]) -> None:
    """Select these rows of the session's table where a view shows them, and bring the first into sight."""
    indices = np.flatnonzero(np.isin(rows, selection)) if len(selection) else np.empty(0, np.int64)
    model, chosen = view.model(), QItemSelection()
    # neighbours go together: one range costs as little as one row
    for run in np.split(indices, np.flatnonzero(np.diff(indices) > 1) + 1):
        if len(run):
            chosen.select(model.index(int(run[0]), 0), model.index(int(run[-1]), 0))
    flags = QItemSelectionModel.SelectionFlag
    view.selectionModel().select(chosen, flags.ClearAndSelect | flags.Rows)
    if len(indices):
        view.scrollTo(model.index(int(indices[0]), 0))
