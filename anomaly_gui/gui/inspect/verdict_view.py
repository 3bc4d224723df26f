"""For the operator: a large picture, one verdict to be read from two metres, and the shift."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF, Qt, Slot
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPalette, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from anomaly_gui.detection.judging.relative_scores import RelativeScale, compress
from anomaly_gui.detection.judging.verdicts import Verdict
from anomaly_gui.gui.inspect.image_map import show_image_map
from anomaly_gui.gui.inspect.map_view import MapView
from anomaly_gui.gui.inspect.nearest_parts import NearestParts
from anomaly_gui.gui.inspect.operator.last_parts import LastParts
from anomaly_gui.gui.inspect.operator.part_panel import PartPanel
from anomaly_gui.gui.inspect.operator.shift_panel import ShiftPanel
from anomaly_gui.gui.inspect.operator.verdict_card import VerdictCard
from anomaly_gui.gui.style.icons import set_icon
from anomaly_gui.gui.widgets.style import set_role, text_colour, verdict_colour

if TYPE_CHECKING:
    from anomaly_gui.gui.state.operator.operator_state import OperatorState
    from anomaly_gui.gui.state.operator.shift_book import ShiftBook
    from anomaly_gui.gui.state.session import Session
    from anomaly_gui.gui.work.pictures.badges import Badges
    from anomaly_gui.gui.work.pictures.pictures import Pictures

_NEIGHBOUR_SIDE = 84
_COLUMN_SHARE = 0.27  # of the window's width
_NARROWEST, _WIDEST = 300, 560
_LOW = 520  # pixels below which there is no room for the good parts most like it
_PLAIN_HEIGHT, _LARGEST_TEXT = 760, 2.0  # from this height on text grows with the page, so many times at most


class ScoreScale(QWidget):
    """The score against the threshold and the scores of good parts."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._score: float | None = None
        self.setMinimumHeight(54)

    def show_score(self, score: float | None) -> None:
        """Show another score."""
        self._score = score
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        good, threshold = self._session.thresholds.good, self._session.threshold
        if self._score is None or good is None or threshold is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ends = (float(good.scores.min()), float(good.scores.max()), threshold.value, self._score)
        relative = RelativeScale(threshold.value, self._session.thresholds.unit)
        places = compress(relative.relate(np.array(ends)))  # what is worse lies further right
        width = self.width() - 40
        shares = (places - places.min()) / max(float(np.ptp(places)), 1e-9)
        at, here = (20 + width * shares[2:]).tolist()
        painter.fillRect(QRectF(20, 22, at - 20, 10), _make_pale(verdict_colour(Verdict.GOOD)))
        painter.fillRect(QRectF(at, 22, 20 + width - at, 10), _make_pale(verdict_colour(Verdict.DEFECT)))
        painter.setPen(QPen(text_colour(), 3))
        painter.drawLine(int(at), 16, int(at), 38)
        painter.setBrush(verdict_colour(threshold.verdict(self._score)))
        painter.drawEllipse(QRectF(here - 8, 19, 16, 16))
        painter.setPen(text_colour())
        text = self._session.score_display.write_score(threshold.value)
        wide = painter.fontMetrics().horizontalAdvance(text) + 2
        left = max(0.0, min(at - wide / 2, self.width() - wide))  # below its tick, and whole
        painter.drawText(QRectF(left, 38, wide, 16), Qt.AlignmentFlag.AlignCenter, text)
        painter.end()


def _make_pale(colour: QColor) -> QColor:
    pale = QColor(colour)
    pale.setAlpha(90)
    return pale


class VerdictView(QWidget):
    """The last image that was judged, or the one selected."""

    def __init__(
        self,
        session: Session,
        pictures: Pictures,
        badges: Badges,
        operator: OperatorState,
        shift: ShiftBook,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._pictures, self._badges = session, pictures, badges
        self._row, self._scale = -1, 1.0
        self.word, self.why, self.shown_part = VerdictCard(), QLabel(wordWrap=True), QLabel(wordWrap=True)
        for label in (self.why, self.shown_part):  # names may hold & and <
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.picture = MapView(badges.maps.settings, compact=True)
        self.scale_bar = ScoreScale(session)
        self.strip = LastParts(session, pictures, badges)
        self.neighbours = NearestParts(session, pictures, _NEIGHBOUR_SIDE, in_a_row=True)
        self.part, self.shift = PartPanel(operator), ShiftPanel(shift)
        self._lay_out()
        session.images_added.connect(self._on_images_added)
        session.images_replaced.connect(self._on_images_replaced)
        session.selection_changed.connect(self._on_selection_changed)
        session.thresholds.changed.connect(self._on_threshold_changed)
        pictures.picture_ready.connect(self._on_picture_ready)
        self.scale_text(1.0)
        self.show_row(-1)

    def _lay_out(self) -> None:
        line = QHBoxLayout(self)
        line.setContentsMargins(8, 8, 8, 8)
        line.setSpacing(12)
        left = QVBoxLayout()
        left.addWidget(self.picture, 1)
        left.addWidget(self.scale_bar)
        left.addWidget(self.strip)
        line.addLayout(left, 1)
        self.column = QWidget()
        column = QVBoxLayout(self.column)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.word, 1)
        for widget in (self.shown_part, self.why, self.neighbours, _make_line(), self.part, _make_line()):
            column.addWidget(widget)
        column.addWidget(self.shift)
        column.addWidget(_make_line())
        column.addLayout(self._make_buttons())
        line.addWidget(self.column)

    def _make_buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self.map_button = self._add_button(
            row, "map", self.tr("Map"), self.tr("Show the map over the image, or not")
        )
        self.map_button.clicked.connect(self._badges.maps.toggle_map)
        self.sound = self._add_button(
            row, "sound", self.tr("Sound"), self.tr("Sound a short tone for every defect")
        )
        self.sound.setCheckable(True)
        self.full_screen = self._add_button(
            row, "full-screen", self.tr("Full screen"), self.tr("Fill the screen (F11)")
        )
        self.lock = self._add_button(
            row, "lock", self.tr("Lock"), self.tr("Let nothing be changed by accident: a PIN leads back")
        )
        return row

    def _add_button(self, row: QHBoxLayout, icon: str, text: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        set_icon(button, icon)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        button.setToolTip(tip)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys where they are
        row.addWidget(button)
        return button

    def scale_text(self, scale: float) -> None:
        """Write all texts larger by a factor."""
        self._scale = scale
        set_role(self.why, size=1.1 * scale)
        set_role(self.shown_part, size=1.25 * scale, bold=True)
        for button in (self.map_button, self.sound, self.full_screen, self.lock):
            set_role(button, size=scale)
        self.part.scale_text(scale)
        self.shift.scale_text(scale)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        scale = min(_LARGEST_TEXT, max(1.0, self.height() / _PLAIN_HEIGHT))
        if abs(scale - self._scale) > 0.02:
            self.scale_text(scale)
        width = min(scale * _WIDEST, max(_NARROWEST, _COLUMN_SHARE * self.width()))
        self.column.setFixedWidth(round(width))
        if (event.oldSize().height() >= _LOW) != (self.height() >= _LOW):
            self.show_row(self._row)

    @Slot(int, int)
    def _on_images_added(self, first: int, count: int) -> None:
        self.show_row(first + count - 1)

    @Slot()
    def _on_images_replaced(self) -> None:
        self.show_row(-1)

    @Slot()
    def _on_selection_changed(self) -> None:
        if self._session.selection:
            self.show_row(self._session.selection[0])

    @Slot()
    def _on_threshold_changed(self) -> None:
        self.show_row(self._row)

    def apply_colours(self) -> None:
        """Take the colours of the scheme."""
        self.show_row(self._row)
        self.shift.refresh()
        self.strip.show_verdicts()

    def show_row(self, row: int) -> None:
        """Show the verdict on an image; -1 for none."""
        is_new, self._row = row != self._row, row
        if row < 0 or row >= len(self._session.table):
            self.word.show_verdict(None, self.tr("Drop an image"))
            self.why.setText("")
            self.shown_part.hide()
            self.picture.show_image(QImage())
            self.scale_bar.show_score(None)
            self.neighbours.show_parts(())
            return
        one = self._session.table.read_row(row)
        self.word.show_verdict(self._session.find_verdict(row))
        self.why.setText(f"{one.path.name}   {self._session.explain_verdict(row)}".strip())
        self._show_part(row)
        self.scale_bar.show_score(one.score)
        self.neighbours.show_parts(one.nearest if self.height() >= _LOW else ())
        if is_new:
            self.picture.show_image(QImage())
            self._pictures.request_picture(str(one.path), self)
        show_image_map(self.picture, self._session, row)  # what is marked hangs on the threshold, too

    def _show_part(self, row: int) -> None:
        part = self._session.table.parts[row]
        self.shown_part.setVisible(bool(part.number))
        self.shown_part.setText(self.tr("Part %1").replace("%1", part.number))

    @Slot(str, QImage, str)
    def _on_picture_ready(self, path: str, image: QImage, reason: str) -> None:  # noqa: ARG002
        if 0 <= self._row < len(self._session.table) and path == str(self._session.table.paths[self._row]):
            self.picture.show_image(image)


def _make_line() -> QFrame:
    line = QFrame()
    line.setFrameShape(QFrame.Shape.HLine)
    line.setFrameShadow(QFrame.Shadow.Plain)
    line.setForegroundRole(QPalette.ColorRole.Mid)
    return line
