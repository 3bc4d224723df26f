"""Images as thumbnails: wrong and right ones as in the worked example, all of them, or those selected."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    QTimer,
    Slot,
)
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QListView,
    QScrollArea,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from anomaly_gui.figures.style import format_score
from anomaly_gui.gui.state.image_table import Marked, Origin
from anomaly_gui.gui.tune.list_selection import select_rows
from anomaly_gui.gui.widgets.style import (
    VERDICT_MARKS,
    faint_text_colour,
    mark_colour,
    set_role,
    text_colour,
    verdict_colour,
    verdict_name,
)
from anomaly_gui.gui.work.pictures import SIDE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anomaly_gui.detection.judging.thresholds import Threshold
    from anomaly_gui.gui.state.session import Session
    from anomaly_gui.gui.tune.badges import Badges
    from anomaly_gui.gui.work.pictures import Pictures

_Index = QModelIndex | QPersistentModelIndex
_CELL = QSize(SIDE + 12, SIDE + 30)
_STRIPE = 5
_FOLLOWING = 16  # milliseconds between two updates while the line is dragged: 60 a second
_SHOWN_IN_ROW = 300


class Show(Enum):
    """What a gallery shows."""

    WRONG_AND_RIGHT = 0
    ALL = 1
    DROPPED = 2
    SELECTION = 3


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
            return f"{self._session.table.paths[row].name}: {verdict_name(self._session.verdict(row))}"
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
        verdict = table.verdict(row, threshold)
        cell: QRect = option.rect.adjusted(4, 4, -4, -4)
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, option.palette.highlight())
        picture = QRect(cell.left(), cell.top(), cell.width(), SIDE)
        self._draw_picture(painter, picture, row)
        painter.fillRect(
            QRect(picture.left(), picture.bottom() + 1, picture.width(), _STRIPE), verdict_colour(verdict)
        )
        if threshold is not None and table.is_wrong(row, threshold.value):
            painter.setPen(QPen(mark_colour(Marked(int(table.marks[row]))), 4))
            painter.drawRect(picture.adjusted(1, 1, -2, -2))
        score = table.scores[row]
        number = format_score(float(score)) if np.isfinite(score) else verdict_name(verdict)
        painter.setPen(text_colour())
        below = QRect(
            cell.left(), picture.bottom() + _STRIPE, cell.width(), cell.bottom() - picture.bottom() - _STRIPE
        )
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, f"{VERDICT_MARKS[verdict]} {number}")
        painter.restore()

    def _draw_picture(self, painter: QPainter, place: QRect, row: int) -> None:
        pixmap = self._pictures.thumbnail(str(self._session.table.paths[row]))
        if pixmap is None or pixmap.isNull():
            painter.setPen(faint_text_colour())
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, "…" if pixmap is None else "–")
            return
        if self._badges is not None:
            pixmap = self._badges.badge(pixmap, self._session.table.maps[row])
        size = pixmap.size().scaled(place.size(), Qt.AspectRatioMode.KeepAspectRatio)
        target = QRect(0, 0, size.width(), size.height())
        target.moveCenter(place.center())
        painter.drawPixmap(target, pixmap)


class Thumbnails(QListView):
    """A list of thumbnails that selects images in the session."""

    def __init__(
        self, session: Session, pictures: Pictures, badges: Badges | None = None, *, one_row: bool
    ) -> None:
        super().__init__()
        self._session = session
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
            self.setFixedHeight(_CELL.height() + 22)
            self.setMinimumWidth(2 * _CELL.width())
            self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        else:
            self.setWrapping(True)
            self.setResizeMode(QListView.ResizeMode.Adjust)
            self.setLayoutMode(QListView.LayoutMode.Batched)
            self.setBatchSize(2000)
        self.selectionModel().selectionChanged.connect(self._on_selected)
        pictures.thumbnail_ready.connect(self._on_thumbnails_changed)
        if badges is not None:
            badges.changed.connect(self._on_thumbnails_changed)

    @Slot()
    def _on_thumbnails_changed(self) -> None:
        if self.isVisible():
            self.viewport().update()

    @Slot()
    def _on_selected(self) -> None:
        chosen = [int(index.data(Qt.ItemDataRole.UserRole)) for index in self.selectedIndexes()]
        if chosen and self.hasFocus():
            self._session.select(chosen)

    def show_selection(self) -> None:
        """Mark what was selected elsewhere."""
        selection = self._session.selection
        if not self.hasFocus():  # what is all of the selection need not be marked
            select_rows(self, self.rows.rows, selection if len(selection) != len(self.rows.rows) else ())

    def preview(self, threshold: Threshold | None) -> None:
        """Draw verdicts at another threshold (None: the one in use)."""
        self.painter.threshold = threshold
        self.viewport().update()


class _WrongAndRight(QWidget):
    """For each class the wrong predictions beside the right ones, worst first."""

    def __init__(self, session: Session, pictures: Pictures, badges: Badges | None) -> None:
        super().__init__()
        self._session = session
        layout = QGridLayout(self)
        layout.setContentsMargins(8, 4, 8, 4)
        layout.setVerticalSpacing(2)
        layout.setHorizontalSpacing(16)
        self._worst_first: dict[Marked, np.ndarray] = {}
        self._names = (
            self.tr("false alarms (good judged defect)"),
            self.tr("good judged good"),
            self.tr("misses (defect judged good)"),
            self.tr("defect judged defect"),
        )
        self.lists: list[Thumbnails] = []
        self.titles: list[QLabel] = []
        for place in range(4):
            row, column = divmod(place, 2)
            self.titles.append(QLabel())
            self.lists.append(Thumbnails(session, pictures, badges, one_row=True))
            layout.addWidget(self.titles[-1], 2 * row, column)
            layout.addWidget(self.lists[-1], 2 * row + 1, column)
        layout.setRowStretch(4, 1)

    def forget(self) -> None:
        """Sort anew at the next time: images or labels are others."""
        self._worst_first.clear()

    def refresh(self, threshold: Threshold | None) -> None:
        """Divide the labelled images by what this threshold makes of them."""
        value = -np.inf if threshold is None else threshold.value
        if not self._worst_first:
            self._sort()
        of_good, of_defects = self._worst_first[Marked.GOOD], self._worst_first[Marked.DEFECT]
        scores = self._session.table.scores
        self._show(0, of_good, int(np.searchsorted(scores[of_good], value)), threshold)
        self._show(2, of_defects, int(np.searchsorted(-scores[of_defects], -value, "right")), threshold)

    def _sort(self) -> None:
        """Bring the images of each label into an order that has the wrong ones first at any threshold."""
        table, shown = self._session.table, self._session.shown
        for mark, sign in ((Marked.GOOD, 1), (Marked.DEFECT, -1)):
            own = shown[(table.marks[shown] == mark) & np.isfinite(table.scores[shown])]
            self._worst_first[mark] = own[np.argsort(sign * table.scores[own], kind="stable")]

    def _show(self, place: int, rows: np.ndarray, wrong: int, threshold: Threshold | None) -> None:
        for at, some in ((place, rows[:wrong]), (place + 1, rows[wrong:])):
            self.titles[at].setText(f"{self._names[at]}: {len(some):,} / {len(rows):,}")
            self.lists[at].rows.set_rows(some[:_SHOWN_IN_ROW])
            self.lists[at].preview(threshold)
            self.lists[at].show_selection()


class Gallery(QWidget):
    """The images, in one of four views, following the threshold."""

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
        self.pair = _WrongAndRight(session, pictures, badges)
        self.flat = Thumbnails(session, pictures, badges, one_row=False)
        scroll = QScrollArea()
        scroll.setWidget(self.pair)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        self._stack = QStackedWidget()
        self._stack.addWidget(scroll)
        self._stack.addWidget(self.flat)
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
        for signal in (session.threshold_changed, session.selection_changed):
            signal.connect(self._on_changed)
        session.threshold_previewed.connect(self._on_previewed)

    def _make_bar(self) -> QHBoxLayout:
        bar = QHBoxLayout()
        bar.setContentsMargins(8, 4, 8, 0)
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
        bar.addStretch(1)
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
        self.pair.forget()
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
        rows = self._rows(show)
        self.flat.rows.set_rows(rows)
        self.flat.preview(self._preview)
        self.flat.show_selection()
        self.count.setText(self.tr("%n image(s)", "", len(rows)))

    def _rows(self, show: Show) -> np.ndarray:
        table = self._session.table
        if show is Show.SELECTION:
            selection = np.array(self._session.selection, np.int64)
            before = self.flat.rows.rows
            # one that is picked out of the selection leaves the others in sight
            is_part = len(selection) < len(before) and np.isin(selection, before).all()
            return before if is_part and self.flat.hasFocus() else selection
        if show is Show.DROPPED:
            return np.flatnonzero(table.origins == Origin.DROPPED)
        return self._session.shown

    def order(self) -> Sequence[int]:
        """Return the rows in the order they are shown."""
        if Show(self.buttons.checkedId()) is Show.WRONG_AND_RIGHT:
            return [int(row) for each in self.pair.lists for row in each.rows.rows]
        return [int(row) for row in self.flat.rows.rows]
