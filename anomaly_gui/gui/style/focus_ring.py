"""Shows which part hears the keys: a ring around it, when one came there by the keyboard."""

from __future__ import annotations

from PySide6.QtCore import QObject, QRectF, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QFocusFrame, QWidget

from anomaly_gui.gui.style.scheme import current_scheme
from anomaly_gui.gui.style.tokens import SMALL_RADIUS

_LINE = 2  # pixels


class FocusRing(QFocusFrame):
    """A ring around one widget, over it; the mouse goes through."""

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(current_scheme().accent_text), _LINE))
        inset = _LINE / 2
        area = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(area, SMALL_RADIUS, SMALL_RADIUS)
        painter.end()


class FocusRings(QObject):
    """Moves one ring to whatever gets the focus by a key, and takes it away at a click."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self.ring: FocusRing | None = None
        app.focusChanged.connect(self._on_focus_changed)

    @Slot(QWidget, QWidget)
    def _on_focus_changed(self, old: QWidget | None, new: QWidget | None) -> None:  # noqa: ARG002 - the signal's
        by_key = new is not None and new.window().testAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)
        if new is None or not by_key:
            if self.ring is not None:
                self.ring.setWidget(None)  # type: ignore[arg-type] # Qt's word for no widget
            return
        if self.ring is None:
            self.ring = FocusRing(new)
            self.ring.destroyed.connect(self._on_ring_destroyed)
        self.ring.setWidget(new)

    @Slot()
    def _on_ring_destroyed(self) -> None:
        self.ring = None  # it went with the window it was in
