"""Widgets in a row that goes on below where there is no more room: a window may be narrow."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

_GAP = 6  # pixels


class FlowLayout(QLayout):
    """Lays widgets side by side, each as wide as it wants to be, in as many lines as that takes."""

    def __init__(self, *widgets: QWidget) -> None:
        super().__init__()
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)
        for widget in widgets:
            self.addWidget(widget)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._place_items(QRect(0, 0, width, 0), is_trial=True)

    def setGeometry(self, area: QRect) -> None:
        super().setGeometry(area)
        self._place_items(area, is_trial=False)

    def sizeHint(self) -> QSize:
        sizes = [item.sizeHint() for item in self._items]
        width = sum(size.width() + _GAP for size in sizes)
        return QSize(width, max((size.height() for size in sizes), default=0))

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size

    def _place_items(self, area: QRect, *, is_trial: bool) -> int:
        """Place the items, each in the middle of its line, unless it is a trial; return the height taken."""
        y = area.y()
        for line in self._divide_lines(area.width()):
            height, x = max(item.sizeHint().height() for item in line), area.x()
            for item in line:
                size = item.sizeHint()
                if not is_trial:
                    item.setGeometry(QRect(QPoint(x, y + (height - size.height()) // 2), size))
                x += size.width() + _GAP
            y += height + _GAP
        return max(y - _GAP - area.y(), 0)

    def _divide_lines(self, width: int) -> list[list[QLayoutItem]]:
        lines: list[list[QLayoutItem]] = []
        taken = width + 1
        for item in self._items:
            if taken + item.sizeHint().width() > width:
                lines.append([])
                taken = 0
            lines[-1].append(item)
            taken += item.sizeHint().width() + _GAP
        return lines
