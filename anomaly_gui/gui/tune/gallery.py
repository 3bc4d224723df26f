"""The images as thumbnails, following the threshold."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from anomaly_gui.gui.state.image_table import Origin
from anomaly_gui.gui.style.parts import EmptyState
from anomaly_gui.gui.style.tokens import NARROW, TIGHT
from anomaly_gui.gui.tune.thumbnails import Thumbnails
from anomaly_gui.gui.tune.wrong_and_right import WrongAndRight
from anomaly_gui.gui.widgets.style import set_role
from anomaly_gui.gui.work.pictures.thumbnail_legend import ThumbnailLegend

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anomaly_gui.detection.judging.thresholds import Threshold
    from anomaly_gui.gui.state.session import Session
    from anomaly_gui.gui.work.pictures.badges import Badges
    from anomaly_gui.gui.work.pictures.pictures import Pictures

_FOLLOWING = 16  # milliseconds between two updates while the line is dragged: 60 a second
_LOWEST = 120  # pixels: a row of thumbnails


class Show(Enum):
    """What a gallery shows."""

    WRONG_AND_RIGHT = 0
    ALL = 1
    DROPPED = 2
    SELECTION = 3


class Gallery(QWidget):
    """The images, in one of four views, following the threshold."""

    score_requested = Signal()

    def __init__(
        self,
        session: Session,
        pictures: Pictures,
        badges: Badges | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._preview: Threshold | None = None
        self.pair = WrongAndRight(session, pictures, badges)
        self.flat = Thumbnails(session, pictures, badges, one_row=False)
        scroll = QScrollArea()
        scroll.setWidget(self.pair)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        self._stack = QStackedWidget()
        self._stack.addWidget(scroll)
        self._stack.addWidget(self.flat)
        self._stack.setMinimumHeight(_LOWEST)  # the plot has the height that there is
        self._make_empty_states()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self._make_bar())
        layout.addWidget(self._stack)
        self._timer = QTimer(self, singleShot=True, interval=_FOLLOWING)
        self._timer.timeout.connect(self.refresh)
        session.images_replaced.connect(self._on_images_replaced)
        for signal in (session.images_added, session.labels_changed):
            signal.connect(self._on_images_changed)
        for signal in (session.thresholds.changed, session.selection_changed):
            signal.connect(self._on_changed)
        session.thresholds.previewed.connect(self._on_previewed)

    def _make_empty_states(self) -> None:
        self.nothing_dropped = EmptyState(
            "empty-images",
            self.tr("Nothing was dropped yet: drop images or a folder anywhere to have them judged."),
            self.tr("Score images…"),
        )
        if self.nothing_dropped.button is not None:
            self.nothing_dropped.button.clicked.connect(self.score_requested)
        self.nothing_selected = EmptyState(
            "empty-selection", self.tr("Nothing is selected: drag a rectangle in the plot with Shift held.")
        )
        for state in (self.nothing_dropped, self.nothing_selected):
            self._stack.addWidget(state)
        good, defects = self.tr("No false alarm at this threshold"), self.tr("No miss at this threshold")
        for thumbnails, sentence in ((self.pair.lists[0], good), (self.pair.lists[2], defects)):
            thumbnails.empty = sentence
        for title, thumbnails in zip(self.pair.titles, self.pair.lists, strict=True):
            title.setBuddy(thumbnails)  # which names it where it is read aloud
        self.flat.setAccessibleName(self.tr("Images"))

    def _make_bar(self) -> QHBoxLayout:
        bar = QHBoxLayout()
        bar.setContentsMargins(TIGHT, TIGHT, TIGHT, 0)
        self.buttons = QButtonGroup(self)
        names = (self.tr("Wrong | right"), self.tr("All"), self.tr("Dropped"), self.tr("Selection"))
        for show, name in zip(Show, names, strict=True):
            button = QToolButton()
            button.setText(name)
            button.setCheckable(True)
            button.setAutoRaise(True)
            self.buttons.addButton(button, show.value)
            bar.addWidget(button)
        self.buttons.button(0).setChecked(True)
        self.buttons.idClicked.connect(self._on_changed)
        self.legend = ThumbnailLegend()
        bar.addWidget(self.legend, 1)
        bar.addSpacing(NARROW)
        self.count = QLabel()
        set_role(self.count, faint=True)
        bar.addWidget(self.count)
        return bar

    def show_view(self, show: Show) -> None:
        """Choose what is shown."""
        self.buttons.button(show.value).setChecked(True)
        self.refresh()

    @Slot()
    def _on_images_replaced(self) -> None:
        # at once: the lists may be drawn before the timer, and would ask for rows that are gone
        for thumbnails in (*self.pair.lists, self.flat):
            thumbnails.rows.set_rows(np.empty(0, np.int64))
        self._on_images_changed()

    @Slot()
    def _on_images_changed(self) -> None:
        self.pair.forget_order()
        self._on_changed()

    @Slot()
    def _on_changed(self) -> None:
        self._preview = None
        if not self._timer.isActive():
            self._timer.start()

    @Slot(object)
    def _on_previewed(self, threshold: Threshold) -> None:
        self._preview = threshold
        if not self._timer.isActive():
            self._timer.start()

    @Slot()
    def refresh(self) -> None:
        """Show the images as they are now."""
        show = Show(self.buttons.checkedId())
        self._stack.setCurrentIndex(0 if show is Show.WRONG_AND_RIGHT else 1)
        if show is Show.WRONG_AND_RIGHT:
            self.pair.refresh(self._preview or self._session.threshold)
            self.count.setText("")
            return
        rows = self._choose_rows(show)
        if not len(rows) and show is not Show.ALL:
            self._stack.setCurrentWidget(
                self.nothing_dropped if show is Show.DROPPED else self.nothing_selected
            )
        self.flat.rows.set_rows(rows)
        self.flat.preview_threshold(self._preview)
        self.flat.show_selection()
        self.count.setText(self.tr("%n image(s)", "", len(rows)))

    def _choose_rows(self, show: Show) -> np.ndarray:
        table = self._session.table
        if show is Show.SELECTION:
            selection = np.array(self._session.selection, np.int64)
            before = self.flat.rows.rows
            # one that is picked out of the selection leaves the others in sight
            is_part = len(selection) < len(before) and np.isin(selection, before).all()
            return before if is_part and self.flat.hasFocus() else selection
        if show is Show.DROPPED:
            return np.flatnonzero(table.origins == Origin.DROPPED)
        return self._session.table.shown_rows

    def list_rows_in_order(self) -> Sequence[int]:
        """Return the rows in the order they are shown."""
        if Show(self.buttons.checkedId()) is Show.WRONG_AND_RIGHT:
            return [int(row) for each in self.pair.lists for row in each.rows.rows]
        return [int(row) for row in self.flat.rows.rows]
