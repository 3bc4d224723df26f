"""The labelled images, divided by what the threshold makes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from anomaly_gui.detection.judging.verdicts import VERDICTS, Verdict
from anomaly_gui.gui.state.image_table import ImageLabel
from anomaly_gui.gui.tune.thumbnails import Thumbnails

if TYPE_CHECKING:
    from anomaly_gui.detection.judging.thresholds import Threshold
    from anomaly_gui.gui.state.session import Session
    from anomaly_gui.gui.work.pictures.badges import Badges
    from anomaly_gui.gui.work.pictures.pictures import Pictures

_SHOWN_IN_ROW = 300


class WrongAndRight(QWidget):
    """For each class the wrong predictions beside the right ones, worst first; "not sure" is neither.

    Attributes
    ----------
    lists, titles : of good images wrong and right, of defects wrong and right, then of both "not sure"
    """

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
            self.tr("good, not sure"),
            self.tr("defect, not sure"),
        )
        self.lists: list[Thumbnails] = []
        self.titles: list[QLabel] = []
        for row, column in ((0, 0), (0, 2), (1, 0), (1, 2), (0, 1), (1, 1)):
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
        if not self._worst_first:
            self._sort_images()
        is_banded = threshold is not None and threshold.unsure > 0
        for index in (4, 5):
            self.titles[index].setVisible(is_banded)
            self.lists[index].setVisible(is_banded)
        for at, label, wrong in ((0, ImageLabel.GOOD, Verdict.DEFECT), (2, ImageLabel.DEFECT, Verdict.GOOD)):
            rows = self._worst_first[label]
            codes = self._session.table.find_verdict_codes(rows, threshold)
            is_wrong, is_unsure = codes == VERDICTS.index(wrong), codes == VERDICTS.index(Verdict.NOT_SURE)
            self._show_list(at, rows[is_wrong], len(rows), threshold)
            self._show_list(at + 1, rows[~is_wrong & ~is_unsure], len(rows), threshold)
            self._show_list(4 + at // 2, rows[is_unsure], len(rows), threshold)

    def _sort_images(self) -> None:
        """Bring the images of each label into an order that has the wrong ones first at any threshold."""
        table, shown = self._session.table, self._session.table.shown_rows
        for label, sign in ((ImageLabel.GOOD, 1), (ImageLabel.DEFECT, -1)):
            own = shown[(table.labels[shown] == label) & np.isfinite(table.scores[shown])]
            self._worst_first[label] = own[np.argsort(sign * table.scores[own], kind="stable")]

    def _show_list(self, at: int, rows: np.ndarray, of: int, threshold: Threshold | None) -> None:
        text = self.tr("%1: %2").replace("%1", self._names[at])
        self.titles[at].setText(text.replace("%2", f"{len(rows):,} / {of:,}"))
        self.lists[at].rows.set_rows(rows[:_SHOWN_IN_ROW])
        self.lists[at].preview_threshold(threshold)
        self.lists[at].show_selection()
