"""A guided walk through the window: a card that says what to do, and a frame around where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from anomaly_gui.gui.style.parts import make_card, make_primary
from anomaly_gui.gui.widgets.style import set_role

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import SignalInstance

_CARD_WIDTH, _AIR = 360, 16
_FRAME = 4  # pixels of the frame around a place
_SETTLE = 60  # milliseconds until a place that was just shown is where it stays


@dataclass(frozen=True)
class TourStep:
    """One step.

    Parameters
    ----------
    title, text : what the card says
    find_target : the widget that it is about
    button : what leads on
    begin : called when the step is shown
    act : called by the button, and returns whether it has begun; None where that leads to the next step
    done : leads to the next step by itself
    """

    title: str
    text: str
    find_target: Callable[[], QWidget]
    button: str
    begin: Callable[[], None] | None = None
    act: Callable[[], bool] | None = None
    done: SignalInstance | None = None


class TourCard(QFrame):
    """What the card looks like."""

    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        make_card(self)
        self.setFixedWidth(_CARD_WIDTH)
        self.number, self.title, self.text = QLabel(), QLabel(wordWrap=True), QLabel(wordWrap=True)
        set_role(self.number, size=0.9, faint=True)
        set_role(self.title, size=1.3, bold=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_AIR, _AIR, _AIR, _AIR)
        for label in (self.number, self.title, self.text):
            layout.addWidget(label)
        row = QHBoxLayout()
        self.leave, self.lead_on = QPushButton(self.tr("Leave")), QPushButton()
        make_primary(self.lead_on)
        self.leave.clicked.connect(self.left)
        row.addWidget(self.leave)
        row.addStretch(1)
        row.addWidget(self.lead_on)
        layout.addLayout(row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class _Outline(QWidget):
    """A frame that lets the mouse through."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), _FRAME))
        half = _FRAME // 2
        painter.drawRoundedRect(self.rect().adjusted(half, half, -half, -half), 6, 6)
        painter.end()


class Tour(QObject):
    """Leads through steps; it can be left at any time, and nothing that was done is undone."""

    ended = Signal()

    def __init__(self, window: QWidget, steps: Sequence[TourStep]) -> None:
        super().__init__(window)
        self._window, self._steps, self.index = window, tuple(steps), 0
        self._outline = _Outline(window)
        self.card = TourCard(window)
        self.card.lead_on.clicked.connect(self._on_lead_on)
        self.card.left.connect(self.leave_tour)
        self._settling = QTimer(self, singleShot=True, interval=_SETTLE)
        self._settling.timeout.connect(self._place_card)
        window.installEventFilter(self)
        self._show_step()

    def _show_step(self) -> None:
        step = self._steps[self.index]
        if step.begin is not None:
            step.begin()
        if step.done is not None:
            step.done.connect(self._on_done)
        text = self.tr("Step %1 of %2").replace("%1", str(self.index + 1))
        self.card.number.setText(text.replace("%2", str(len(self._steps))))
        self.card.title.setText(step.title)
        self.card.text.setText(step.text)
        self.card.lead_on.setText(step.button)
        self.card.lead_on.setEnabled(True)
        self.card.lead_on.setFocus(Qt.FocusReason.OtherFocusReason)
        self.card.show()
        self._place_card()  # and again when what was just shown is where it stays
        self._settling.start()

    @Slot()
    def _on_lead_on(self) -> None:
        step = self._steps[self.index]
        if step.act is None:
            self._go_on()
        else:
            self.card.lead_on.setEnabled(not step.act())

    @Slot()
    def try_again(self) -> None:
        """Let the button be pressed again: what it began came to nothing."""
        self.card.lead_on.setEnabled(True)

    @Slot()
    def _on_done(self) -> None:
        self._go_on()

    def _go_on(self) -> None:
        self._forget_signal()
        self.index += 1
        if self.index < len(self._steps):
            self._show_step()
        else:
            self.leave_tour()

    def _forget_signal(self) -> None:
        done = self._steps[self.index].done if self.index < len(self._steps) else None
        if done is not None:
            done.disconnect(self._on_done)

    @Slot()
    def leave_tour(self) -> None:
        """End it."""
        self._forget_signal()
        self._settling.stop()
        self._window.removeEventFilter(self)
        for widget in (self.card, self._outline):
            widget.hide()
            widget.deleteLater()
        self.ended.emit()
        self.deleteLater()

    # Where things are

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._window and event.type() == QEvent.Type.Resize:
            self._settling.start()
        return False

    @Slot()
    def _place_card(self) -> None:
        """Frame the step's place, and put the card into the corner that hides least of it."""
        target = self._steps[self.index].find_target()
        area = QRect(target.mapTo(self._window, QPoint(0, 0)), target.size()) & self._window.rect()
        self._outline.setVisible(target.isVisible())
        self._outline.setGeometry(area.adjusted(-_FRAME, -_FRAME, _FRAME, _FRAME) & self._window.rect())
        self.card.resize(_CARD_WIDTH, self.card.heightForWidth(_CARD_WIDTH))
        self.card.move(min(self._list_corners(), key=lambda corner: self._count_hidden(corner, area)))
        self._outline.raise_()
        self.card.raise_()

    def _list_corners(self) -> list[QPoint]:
        room = self._window.rect().adjusted(_AIR, 64, -_AIR, -40)
        right, bottom = room.right() - self.card.width(), room.bottom() - self.card.height()
        places = ((right, bottom), (room.left(), bottom), (right, room.top()), (room.left(), room.top()))
        return [QPoint(x, y) for x, y in places]

    def _count_hidden(self, corner: QPoint, area: QRect) -> int:
        hidden = QRect(corner, self.card.size()) & area
        return max(0, hidden.width()) * max(0, hidden.height())
