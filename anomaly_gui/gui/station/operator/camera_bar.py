"""Which part the camera takes next, scanned or typed, and the button that lets it."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from anomaly_gui.gui.inspect.operator.part_field import PartField
from anomaly_gui.gui.style.icons import set_icon
from anomaly_gui.gui.style.tokens import NARROW
from anomaly_gui.gui.widgets.style import set_role


class CameraBar(QWidget):
    """Shows the code that goes with the next picture; only where the station has a camera."""

    scanned = Signal(str)
    picture_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_alive, self._is_asking, self._had_focus, self._waiting = True, False, False, ""
        self._name, self.code = QLabel(self.tr("Next part")), PartField()
        self.code.setPlaceholderText(self.tr("scan or type"))
        self.take = QPushButton(self.tr("Take a picture"))
        set_icon(self.take, "camera")
        self._name.setBuddy(self.code)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(NARROW)
        line.addWidget(self._name)
        line.addWidget(self.code, 1)
        line.addWidget(self.take)
        self.code.scanned.connect(self._on_scanned)
        self.take.clicked.connect(self._on_take)
        self.scale_text(1.0)

    def scale_text(self, scale: float) -> None:
        """Write larger on larger screens."""
        set_role(self._name, size=scale, faint=True)
        set_role(self.code, size=1.1 * scale)
        set_role(self.take, size=scale)

    def show_code(self, code: str, is_alive: bool) -> None:
        """Show the code that waits; nothing can be asked of a station that does not run."""
        self._is_alive, self._waiting = is_alive, code
        self.code.show_number(code)
        self.code.setEnabled(is_alive)
        self._let_take()

    @Slot(bool)
    def show_asking(self, is_asking: bool) -> None:
        """Show whether a picture is awaited: one at a time can be."""
        if is_asking and self.window().focusWidget() is self.take:
            self.take.clearFocus()  # else the button after it would hear the keys meanwhile
            self._had_focus = True
        self._is_asking = is_asking
        self._let_take()
        if not is_asking and self._had_focus:
            self._had_focus = False
            if self.window().focusWidget() is None:
                self.take.setFocus()

    def _let_take(self) -> None:
        self.take.setEnabled(self._is_alive and not self._is_asking)

    @Slot()
    def _on_take(self) -> None:
        if self.code.isModified():  # what stands there goes with this picture, without Enter too
            self.code.finish_number()
        self.picture_wanted.emit()

    @Slot(str)
    def _on_scanned(self, code: str) -> None:
        if code or self._waiting:  # nothing in place of the code that waits
            self._waiting = code
            self.scanned.emit(code)
