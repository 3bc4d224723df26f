"""Where the number of the part at hand is typed or scanned."""

from __future__ import annotations

import time

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from anomaly_gui.gui.inspect.operator.scan_timing import ScanTiming

_LONGEST = 200  # characters


class PartField(QLineEdit):
    """A line that a scanner types into and ends with Enter; the next scan takes the place of the last."""

    scanned = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._timing = ScanTiming()
        self.setMaxLength(_LONGEST)
        self.setPlaceholderText(self.tr("scan, or type and press Enter"))
        self.setAccessibleName(self.tr("Part number"))
        self.setAcceptDrops(False)  # images that are dropped here go to the window
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)  # it would keep what is scanned
        self.returnPressed.connect(self.finish_number)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text().isprintable():
            self._timing.note_key(event.text(), time.monotonic())
        super().keyPressEvent(event)

    def take_key(self, event: QKeyEvent) -> None:
        """Take a key that was typed elsewhere, and those that follow; what was shown gives way to it."""
        if not self.isEnabled():
            return
        if not self.isModified():
            self.selectAll()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.keyPressEvent(event)

    def show_number(self, number: str) -> None:
        """Show a part's number, unless another one is being typed."""
        if self.isModified() or self.text() == number:
            return
        self.setText(number)
        if self.window().focusWidget() is self:
            self.selectAll()  # what is typed next takes its place

    @Slot()
    def finish_number(self) -> None:
        """Take what stands here as the number, as Enter does."""
        number = self._timing.finish_text(self.text()).strip()
        self.setText(number)
        self.setModified(False)
        self.selectAll()
        self.scanned.emit(number)
