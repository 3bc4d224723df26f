"""The last images that were judged, as a strip: picture, mark and colour of the verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QIcon, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem

from anomaly_gui.gui.widgets.plain_text import escape_tooltip
from anomaly_gui.gui.widgets.style import VERDICT_MARKS, verdict_colour
from anomaly_gui.gui.work.pictures.pictures import fit_pixmap

if TYPE_CHECKING:
    from anomaly_gui.gui.state.session import Session
    from anomaly_gui.gui.work.pictures.badges import Badges
    from anomaly_gui.gui.work.pictures.pictures import Pictures

LAST = 20
_SMALLEST, _LARGEST = 36, 96  # pixels of a thumbnail's side: all fit beside each other, where they can
_GAP = 6


class LastParts(QListWidget):
    """Newest first; a click selects the image."""

    def __init__(self, session: Session, pictures: Pictures, badges: Badges) -> None:
        super().__init__()
        self._session, self._pictures, self._badges = session, pictures, badges
        self._is_old = False
        self.setAccessibleName(self.tr("The last parts"))
        self.setViewMode(QListWidget.ViewMode.IconMode)  # the verdict stands below its picture
        self.setFlow(QListWidget.Flow.LeftToRight)
        self.setMovement(QListWidget.Movement.Static)
        self.setWrapping(False)
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._fit_thumbnails()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAcceptDrops(False)
        self.itemClicked.connect(self._on_clicked)
        session.images_added.connect(self._on_images_added)
        session.images_replaced.connect(self.clear)
        session.thresholds.changed.connect(self.show_verdicts)
        pictures.thumbnail_ready.connect(self._on_thumbnail_ready)
        badges.changed.connect(self._on_badges_changed)

    @Slot(int, int)
    def _on_images_added(self, first: int, count: int) -> None:
        for row in range(max(first, first + count - LAST), first + count):
            item = QListWidgetItem()
            item.setData(Qt.ItemDataRole.UserRole, row)
            item.setSizeHint(self.gridSize())  # else it is laid out by the icon it does not have yet
            self._show_verdict(item)
            self.insertItem(0, item)
        while self.count() > LAST:
            self.takeItem(self.count() - 1)
        self._fill_icons()

    @Slot()
    def show_verdicts(self) -> None:
        """Show the verdicts as they are now."""
        for index in range(self.count()):
            self._show_verdict(self.item(index))

    def _show_verdict(self, item: QListWidgetItem) -> None:
        row = int(item.data(Qt.ItemDataRole.UserRole))
        verdict, table = self._session.find_verdict(row), self._session.table
        item.setText(VERDICT_MARKS[verdict])
        item.setForeground(verdict_colour(verdict))
        number = table.parts[row].number
        said = filter(None, (str(table.paths[row]), number, verdict.told))
        item.setToolTip(escape_tooltip("\n".join(said)))

    @Slot(QListWidgetItem)
    def _on_clicked(self, item: QListWidgetItem) -> None:
        self._session.select_rows((int(item.data(Qt.ItemDataRole.UserRole)),))

    @Slot(str)
    def _on_thumbnail_ready(self, path: str) -> None:  # noqa: ARG002 - the signal's signature
        self._fill_icons()

    @Slot()
    def _on_badges_changed(self) -> None:
        self._is_old = True
        self._fill_icons()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_thumbnails()

    def _fit_thumbnails(self) -> None:
        """Give every thumbnail its share of the width, and the strip their height."""
        side = min(_LARGEST, max(_SMALLEST, (self.width() - 2) // LAST - _GAP))
        if side == self.iconSize().width():
            return
        line = self.fontMetrics().height()
        self.setIconSize(QSize(side, side))
        self.setGridSize(QSize(side + _GAP, side + line + _GAP))
        needs_bar = (side + _GAP) * LAST > self.width()
        self.setFixedHeight(
            side + line + 2 * _GAP + needs_bar * self.horizontalScrollBar().sizeHint().height()
        )
        for index in range(self.count()):
            self.item(index).setSizeHint(self.gridSize())
        self._is_old = True
        self._fill_icons()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fill_icons()

    def _fill_icons(self) -> None:
        if not self.isVisible():
            return
        for index in range(self.count()):
            item = self.item(index)
            if self._is_old or item.icon().isNull():
                item.setIcon(self._make_icon(int(item.data(Qt.ItemDataRole.UserRole))))
        self._is_old = False

    def _make_icon(self, row: int) -> QIcon:
        pixmap = self._pictures.find_thumbnail(str(self._session.table.paths[row]))
        if pixmap is None or pixmap.isNull():
            return QIcon()
        return QIcon(
            fit_pixmap(self._badges.draw_badge(pixmap, self._session.table.maps[row]), self.iconSize())
        )
