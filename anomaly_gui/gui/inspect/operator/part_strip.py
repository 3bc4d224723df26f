"""A strip of thumbnails with the mark and colour of a verdict below each."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem

LAST = 20
_SMALLEST, _LARGEST = 36, 96  # pixels of a thumbnail's side: all fit beside each other, where they can
_GAP = 6


class PartStrip(QListWidget):
    """Newest first; whoever derives from it makes the icons of its items, once they are in sight."""

    def __init__(self) -> None:
        super().__init__()
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

    def make_icon(self, item: QListWidgetItem) -> QIcon:
        """Return the picture of an item, an empty icon while it is not there."""
        raise NotImplementedError

    def add_first(self, item: QListWidgetItem) -> None:
        """Put an item before all others, and drop what is too many."""
        item.setSizeHint(self.gridSize())  # else it is laid out by the icon it does not have yet
        self.insertItem(0, item)
        while self.count() > LAST:
            self.takeItem(self.count() - 1)

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
        self.renew_icons()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.fill_icons()

    def renew_icons(self) -> None:
        """Make every icon anew."""
        self._is_old = True
        self.fill_icons()

    def fill_icons(self) -> None:
        """Make the icons that are missing."""
        if not self.isVisible():
            return
        for index in range(self.count()):
            item = self.item(index)
            if self._is_old or item.icon().isNull():
                item.setIcon(self.make_icon(item))
        self._is_old = False
