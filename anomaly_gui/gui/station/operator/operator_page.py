"""The operator's page of a station: the part that was judged last, to be read from two metres."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QImage, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from anomaly_gui.gui.inspect.map_view import MapView
from anomaly_gui.gui.inspect.operator.operator_keys import OperatorKeys
from anomaly_gui.gui.inspect.operator.verdict_card import VerdictCard
from anomaly_gui.gui.station.feed.moments import write_time
from anomaly_gui.gui.station.looks import mark_challenge, show_as_word
from anomaly_gui.gui.station.operator.alarm_list import AlarmList
from anomaly_gui.gui.station.operator.camera_bar import CameraBar
from anomaly_gui.gui.station.operator.condition_strip import ConditionStrip
from anomaly_gui.gui.station.operator.counts_panel import CountsPanel
from anomaly_gui.gui.station.operator.lamp_row import LampRow
from anomaly_gui.gui.station.operator.last_results import LastResults
from anomaly_gui.gui.station.operator.trend_view import TrendView
from anomaly_gui.gui.station.recorded_region import list_regions
from anomaly_gui.gui.style.tokens import NARROW, ROOM
from anomaly_gui.gui.widgets.style import fit_height, set_role

if TYPE_CHECKING:
    from anomaly_gui.gui.station.feed.snapshot import ShownPart, Snapshot
    from anomaly_gui.gui.work.pictures.pictures import Pictures

_COLUMN_SHARE = 0.29  # of the page's width
_NARROWEST, _WIDEST = 320, 560
_PLAIN_WIDTH, _PLAIN_HEIGHT = 1100, 640  # from this size on text grows with the page
_LARGEST_TEXT = 2.0  # so many times at most
_BELOW = 0.2  # of the page's height: trend and alarms


class OperatorPage(QWidget):
    """Shows the newest part, or the one that was clicked until the next comes."""

    start_wanted = Signal()
    shift_wanted = Signal()
    remedy_wanted = Signal(object)  # what an engineer is to sign

    _keys: OperatorKeys | None

    def __init__(self, pictures: Pictures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pictures, self._scale = pictures, 1.0
        self._newest, self._is_pictured = -1, False
        self.shown: ShownPart | None = None
        self.condition, self.lamps = ConditionStrip(), LampRow()
        self.word, self.part, self.why = VerdictCard(), QLabel(wordWrap=True), QLabel(wordWrap=True)
        for label in (self.part, self.why):  # names may hold & and <
            label.setTextFormat(Qt.TextFormat.PlainText)
            fit_height(label)
        self.picture = MapView(compact=True)
        self.picture.setMinimumSize(200, 120)
        self.picture.picture.drawn_when_empty = "picture-empty-images"
        self.picture.picture.setAccessibleName(self.tr("The part"))
        self.strip, self.counts = LastResults(pictures), CountsPanel()
        self.trend, self.alarms = TrendView(), AlarmList()
        self.camera, self._keys = CameraBar(), None
        self.camera.hide()
        self._lay_out()
        self.strip.chosen.connect(self.show_part)
        self.condition.start_wanted.connect(self.start_wanted)
        self.condition.remedy_wanted.connect(self.remedy_wanted)
        self.counts.shift_wanted.connect(self.shift_wanted)
        pictures.picture_ready.connect(self._on_picture_ready)
        self.scale_text(1.0)
        self._show_nothing()

    def _lay_out(self) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(NARROW, NARROW, NARROW, NARROW)
        whole.setSpacing(NARROW)
        whole.addWidget(self.condition)
        whole.addWidget(self.lamps)
        middle, left = QHBoxLayout(), QVBoxLayout()
        middle.setSpacing(ROOM)
        left.addWidget(self.picture, 1)
        left.addWidget(self.strip)
        middle.addLayout(left, 1)
        self.column = QWidget()
        column = QVBoxLayout(self.column)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.word, 1)
        for widget in (self.part, self.why, self.camera, self.counts):
            column.addWidget(widget)
        middle.addWidget(self.column)
        whole.addLayout(middle, 1)
        self._below = QWidget()
        self._below.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        below = QHBoxLayout(self._below)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(ROOM)
        below.addWidget(self.trend, 1)
        below.addWidget(self.alarms)
        whole.addWidget(self._below)

    def scale_text(self, scale: float) -> None:
        """Write all texts larger by a factor."""
        self._scale = scale
        set_role(self.part, size=1.25 * scale, bold=True)
        set_role(self.why, size=scale)
        self.counts.scale_text(scale)
        self.camera.scale_text(scale)

    def show_camera(self, is_there: bool) -> None:
        """Offer what can be asked of a camera, where there is one."""
        self.camera.setVisible(is_there)
        self._follow_keys(is_there and self.isVisible())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._follow_keys(not self.camera.isHidden())
        self._request_picture()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._follow_keys(False)

    def _follow_keys(self, on: bool) -> None:
        """Let whatever is typed here be the code of the next part: a scanner needs no click."""
        if on and self._keys is None:
            self._keys = OperatorKeys(self.window(), self.camera.code, lambda: False)
            self._keys.setParent(self)  # it goes with the page, which may go before its window
        if self._keys is not None:
            self._keys.set_on(on)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = min(self.height() / _PLAIN_HEIGHT, self.width() / _PLAIN_WIDTH)
        scale = min(_LARGEST_TEXT, max(1.0, room))
        if abs(scale - self._scale) > 0.02:
            self.scale_text(scale)
        width = round(min(scale * _WIDEST, max(_NARROWEST, _COLUMN_SHARE * self.width())))
        self.column.setFixedWidth(width)
        self.alarms.setFixedWidth(width)
        self._below.setFixedHeight(max(110, round(_BELOW * self.height())))

    def show_snapshot(self, snapshot: Snapshot, can_start: bool) -> None:
        """Show a moment of the station; `can_start`: whether it may be started from here."""
        self.condition.show_condition(snapshot, can_start)
        self.lamps.show_lamps(snapshot.health.lamps)
        self.alarms.show_alarms((*snapshot.health.alarms, *snapshot.health.troubles))
        self.counts.show_counts(snapshot)
        self.trend.show_trend(snapshot.trend)
        self.camera.show_code(snapshot.scanned, snapshot.health.is_alive)
        self.strip.show_parts(snapshot.last)
        self._show_name()
        newest = snapshot.last[0].row.seq if snapshot.last else -1
        if newest != self._newest:
            self._newest = newest
            if snapshot.last:
                self.show_part(snapshot.last[0])
            else:
                self._show_nothing()
        self._follow_picture(snapshot)

    def _follow_picture(self, snapshot: Snapshot) -> None:
        """Look again for the picture of the part that is shown: it may have been moved meanwhile."""
        for part in snapshot.last:
            is_it = self.shown is not None and part.row.seq == self.shown.row.seq
            if is_it and self.shown is not None and part.picture != self.shown.picture:
                self.shown = part
                self._request_picture()

    @Slot(object)
    def show_part(self, part: ShownPart) -> None:
        """Show a part."""
        if self.shown is not None and part.row.seq == self.shown.row.seq:
            return
        self.shown, row = part, part.row
        self.word.show_word(show_as_word(row.verdict))
        self._show_name()
        self.why.setText(f"{row.image_path.name}   {row.reason}".strip())
        self._clear_picture()
        self._request_picture()

    def _show_name(self) -> None:
        """Write what the part is called: the time has a day once that is another than today."""
        if self.shown is not None:
            self.part.setText("   ".join(self._name_part(self.shown)))

    def _name_part(self, part: ShownPart) -> list[str]:
        row = part.row
        named = [
            mark_challenge(row, ""),
            self.tr("Part %1").replace("%1", row.part) if row.part else "",
            self.tr("Lot %1").replace("%1", row.lot) if row.lot else "",
            write_time(row.at),
        ]
        return [text for text in named if text]

    def _show_nothing(self) -> None:
        self.shown = None
        self.word.show_word(None, self.tr("No part yet"))
        self.part.setText("")
        self.why.setText("")
        self._clear_picture()

    def _clear_picture(self) -> None:
        self._is_pictured = False
        self.picture.show_image(QImage())

    def _request_picture(self) -> None:
        """Ask for the picture of the part that is shown, while the page is looked at and has none of it."""
        if self._is_pictured or not self.isVisible():
            return
        if self.shown is not None and self.shown.picture is not None:
            self._pictures.request_picture(str(self.shown.picture), self)

    @Slot(str, QImage, str)
    def _on_picture_ready(self, path: str, image: QImage, reason: str) -> None:  # noqa: ARG002
        part = self.shown
        if part is None or path != str(part.picture) or image.isNull():
            return
        self._is_pictured = True
        self.picture.show_image(image)
        regions = list_regions(part.row)
        self.picture.show_map(None, regions, outlined=len(regions))

    def apply_colours(self) -> None:
        """Take the colours of the scheme."""
        self.trend.apply_colours()
        self.strip.apply_colours()
        self.alarms.apply_colours()
