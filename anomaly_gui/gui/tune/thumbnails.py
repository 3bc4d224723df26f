"""A list of thumbnails: what each image is judged, and where verdict and label differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Slot,
)
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from anomaly_gui.gui.state.image_table import ImageLabel
from anomaly_gui.gui.state.label_colours import label_colour
from anomaly_gui.gui.style.scheme import current_scheme
from anomaly_gui.gui.style.tokens import SMALL_RADIUS
from anomaly_gui.gui.tune.list_selection import select_rows
from anomaly_gui.gui.widgets.plain_text import escape_tooltip
from anomaly_gui.gui.widgets.style import (
    VERDICT_MARKS,
    faint_text_colour,
    text_colour,
    verdict_colour,
)
from anomaly_gui.gui.work.pictures.pictures import SIDE

if TYPE_CHECKING:
    from anomaly_gui.detection.judging.thresholds import Threshold
    from anomaly_gui.gui.state.session import Session
    from anomaly_gui.gui.work.pictures.badges import Badges
    from anomaly_gui.gui.work.pictures.pictures import Pictures

_Index = QModelIndex | QPersistentModelIndex
_CELL = QSize(SIDE + 12, SIDE + 30)
_STRIPE = 5
_BELOW = 16  # pixels: the scroll bar and the frame


class _Rows(QAbstractListModel):
    """Rows of the session's table."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self.rows: np.ndarray = np.empty(0, np.int64)

    def set_rows(self, rows: np.ndarray) -> None:
        """Show other rows, replaced in one call."""
        if not np.array_equal(rows, self.rows):
            self.beginResetModel()
            self.rows = rows
            self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = int(self.rows[index.row()])
        if role == Qt.ItemDataRole.UserRole:
            return row
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            name = self._session.table.paths[row].name
            text = f"{name}: {self._session.find_verdict(row).told}"
            return escape_tooltip(text) if role == Qt.ItemDataRole.ToolTipRole else text
        return None


class _Painter(QStyledItemDelegate):
    """Draws a thumbnail, a stripe in the verdict's colour, and a frame where verdict and label differ."""

    def __init__(self, session: Session, pictures: Pictures, badges: Badges | None, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._pictures, self._badges = session, pictures, badges
        self.threshold: Threshold | None = None  # while the line is dragged

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:  # noqa: ARG002 - Qt's signature
        return _CELL

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        row = int(index.data(Qt.ItemDataRole.UserRole))
        table, threshold = self._session.table, self.threshold or self._session.threshold
        verdict = table.find_verdict(row, threshold)
        cell: QRect = option.rect.adjusted(4, 4, -4, -4)
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            _draw_chosen(painter, option.rect)
        picture = QRect(cell.left(), cell.top(), cell.width(), SIDE)
        self._draw_picture(painter, picture, row)
        painter.fillRect(
            QRect(picture.left(), picture.bottom() + 1, picture.width(), _STRIPE), verdict_colour(verdict)
        )
        if threshold is not None and table.is_wrong(row, threshold.value, threshold.unsure):
            painter.setPen(QPen(label_colour(ImageLabel(int(table.labels[row]))), 4))
            painter.drawRect(picture.adjusted(1, 1, -2, -2))
        score = table.scores[row]
        number = verdict.told
        if np.isfinite(score):
            number = self._session.score_display.write_score(float(score), threshold)
        painter.setPen(text_colour())
        below = QRect(
            cell.left(), picture.bottom() + _STRIPE, cell.width(), cell.bottom() - picture.bottom() - _STRIPE
        )
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, f"{VERDICT_MARKS[verdict]} {number}")
        painter.restore()

    def _draw_picture(self, painter: QPainter, area: QRect, row: int) -> None:
        pixmap = self._pictures.find_thumbnail(str(self._session.table.paths[row]))
        if pixmap is None or pixmap.isNull():
            painter.setPen(faint_text_colour())
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, "…" if pixmap is None else "–")
            return
        if self._badges is not None:
            pixmap = self._badges.draw_badge(pixmap, self._session.table.maps[row])
        size = pixmap.size().scaled(area.size(), Qt.AspectRatioMode.KeepAspectRatio)
        target = QRect(0, 0, size.width(), size.height())
        target.moveCenter(area.center())
        painter.drawPixmap(target, pixmap)


def _draw_chosen(painter: QPainter, area: QRect) -> None:
    scheme = current_scheme()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(scheme.accent_text), 2))
    painter.setBrush(QColor(scheme.accent_soft))
    painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), SMALL_RADIUS, SMALL_RADIUS)
    painter.setBrush(Qt.BrushStyle.NoBrush)


class Thumbnails(QListView):
    """A list of thumbnails that selects images in the session.

    Attributes
    ----------
    empty : what is said where there is none
    """

    def __init__(
        self, session: Session, pictures: Pictures, badges: Badges | None = None, *, one_row: bool
    ) -> None:
        super().__init__()
        self._session, self.empty = session, ""
        self.rows = _Rows(session, self)
        self.painter = _Painter(session, pictures, badges, self)
        self.setModel(self.rows)
        self.setItemDelegate(self.painter)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setFrameShape(QListView.Shape.NoFrame)
        if one_row:
            self.setWrapping(False)
            self.setFixedHeight(_CELL.height() + _BELOW)
            self.setMinimumWidth(2 * _CELL.width())
            self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        else:
            self.setWrapping(True)
            self.setResizeMode(QListView.ResizeMode.Adjust)
            self.setLayoutMode(QListView.LayoutMode.Batched)
            self.setBatchSize(2000)
        self.selectionModel().selectionChanged.connect(self._on_selected)
        pictures.thumbnail_ready.connect(self._on_thumbnails_changed)
        session.score_display.changed.connect(self._on_thumbnails_changed)
        if badges is not None:
            badges.changed.connect(self._on_thumbnails_changed)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.empty and not len(self.rows.rows):
            painter = QPainter(self.viewport())
            painter.setPen(faint_text_colour())
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.viewport().rect(), flags, self.empty)
            painter.end()

    @Slot()
    def _on_thumbnails_changed(self) -> None:
        if self.isVisible():
            self.viewport().update()

    @Slot()
    def _on_selected(self) -> None:
        chosen = [int(index.data(Qt.ItemDataRole.UserRole)) for index in self.selectedIndexes()]
        if chosen and self.hasFocus():
            self._session.select_rows(chosen)

    def show_selection(self) -> None:
        """Highlight what was selected elsewhere."""
        selection = self._session.selection
        if not self.hasFocus():  # what is all of the selection need not be highlighted
            select_rows(self, self.rows.rows, selection if len(selection) != len(self.rows.rows) else ())

    def preview_threshold(self, threshold: Threshold | None) -> None:
        """Draw verdicts at another threshold (None: the one in use)."""
        self.painter.threshold = threshold
        self.viewport().update()
