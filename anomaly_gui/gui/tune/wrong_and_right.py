"""The labelled images, divided by what the threshold makes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from anomaly_gui.gui.state.image_table import ImageLabel
from anomaly_gui.gui.tune.thumbnails import Thumbnails

if TYPE_CHECKING:
    from anomaly_gui.detection.judging.thresholds import Threshold
    from anomaly_gui.gui.state.session import Session
    from anomaly_gui.gui.work.badges import Badges
    from anomaly_gui.gui.work.pictures import Pictures

_SHOWN_IN_ROW = 300


class WrongAndRight(QWidget):
    """For each class the wrong predictions beside the right ones, worst first."""

    def __init__(self, session: Session, pictures: Pictures, badges: Badges | None) -> None:
        super().__init__()
        self._session = session
        layout = QGridLayout(self)
        layout.setContentsMargins(8, 4, 8, 4)
        layout.setVerticalSpacing(2)
        layout.setHorizontalSpacing(16)
        self._worst_first: dict[ImageLabel, np.ndarray] = {}
        self._names = (
            self.tr("false alarms (good judged defect)"),
            self.tr("good judged good"),
            self.tr("misses (defect judged good)"),
            self.tr("defect judged defect"),
        )
        self.lists: list[Thumbnails] = []
        self.titles: list[QLabel] = []
        for index in range(4):
            row, column = divmod(index, 2)
            self.titles.append(QLabel())
            self.lists.append(Thumbnails(session, pictures, badges, one_row=True))
            layout.addWidget(self.titles[-1], 2 * row, column)
            layout.addWidget(self.lists[-1], 2 * row + 1, column)
        layout.setRowStretch(4, 1)

    def forget_order(self) -> None:
        """Sort anew at the next time: images or labels are others."""
        self._worst_first.clear()

    def refresh(self, threshold: Threshold | None) -> None:
        """Divide the labelled images by what this threshold makes of them."""
        value = -np.inf if threshold is None else threshold.value
        if not self._worst_first:
            self._sort_images()
        of_good, of_defects = self._worst_first[ImageLabel.GOOD], self._worst_first[ImageLabel.DEFECT]
        scores = self._session.table.scores
        self._show_lists(0, of_good, int(np.searchsorted(scores[of_good], value)), threshold)
        self._show_lists(2, of_defects, int(np.searchsorted(-scores[of_defects], -value, "right")), threshold)

    def _sort_images(self) -> None:
        """Bring the images of each label into an order that has the wrong ones first at any threshold."""
        table, shown = self._session.table, self._session.table.shown_rows
        for label, sign in ((ImageLabel.GOOD, 1), (ImageLabel.DEFECT, -1)):
            own = shown[(table.labels[shown] == label) & np.isfinite(table.scores[shown])]
            self._worst_first[label] = own[np.argsort(sign * table.scores[own], kind="stable")]

    def _show_lists(self, index: int, rows: np.ndarray, wrong: int, threshold: Threshold | None) -> None:
        for at, some in ((index, rows[:wrong]), (index + 1, rows[wrong:])):
            self.titles[at].setText(f"{self._names[at]}: {len(some):,} / {len(rows):,}")
            self.lists[at].rows.set_rows(some[:_SHOWN_IN_ROW])
            self.lists[at].preview_threshold(threshold)
            self.lists[at].show_selection()
