"""For the operator: one verdict to be read from two metres, the last parts, and the counts of the shift."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QIcon,
    QImage,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from anomaly_gui.detection.judging.relative_scores import RelativeScale, compress
from anomaly_gui.detection.judging.verdicts import VERDICTS, Verdict
from anomaly_gui.gui.inspect.image_map import show_image_map
from anomaly_gui.gui.inspect.map_view import MapView
from anomaly_gui.gui.inspect.nearest_parts import NearestParts
from anomaly_gui.gui.state.image_counts import count_dropped_verdicts
from anomaly_gui.gui.widgets.plain_text import escape_tooltip
from anomaly_gui.gui.widgets.style import VERDICT_MARKS, set_role, text_colour, verdict_colour, verdict_name
from anomaly_gui.gui.work.pictures import LARGE_SIDE, fit_pixmap

if TYPE_CHECKING:
    from anomaly_gui.gui.state.session import Session
    from anomaly_gui.gui.work.badges import Badges
    from anomaly_gui.gui.work.pictures import Pictures

_LAST = 30
_THUMB = QSize(72, 72)
_LARGEST_WORD = 110  # pixels


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
        self, session: Session, pictures: Pictures, badges: Badges, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._pictures = session, pictures
        self._badges = badges
        self._row, self._is_strip_old = -1, False
        self.word = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self.word.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.word.setFixedHeight(150)
        self.why = QLabel(alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        self.why.setTextFormat(Qt.TextFormat.PlainText)
        set_role(self.why, size=1.3)
        self.picture = MapView(badges.maps.settings, compact=True)
        self.scale_bar = ScoreScale(session)
        self._make_strip()
        self.counts = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        set_role(self.counts, size=1.3)
        layout = QVBoxLayout(self)
        layout.addWidget(self.word)
        layout.addWidget(self.why)
        self.neighbours = NearestParts(session, pictures, LARGE_SIDE)
        row = QHBoxLayout()
        row.addWidget(self.picture, 1)
        row.addWidget(self.neighbours)
        layout.addLayout(row, 1)
        layout.addWidget(self.scale_bar)
        layout.addWidget(self.strip)
        layout.addWidget(self.counts)
        session.images_added.connect(self._on_images_added)
        session.images_replaced.connect(self._on_images_replaced)
        session.selection_changed.connect(self._on_selection_changed)
        session.thresholds.changed.connect(self._on_threshold_changed)
        pictures.picture_ready.connect(self._on_picture_ready)
        pictures.thumbnail_ready.connect(self._on_thumbnail_ready)
        badges.changed.connect(self._on_badges_changed)
        self.show_row(-1)

    def _make_strip(self) -> None:
        self.strip = QListWidget()
        self.strip.setAccessibleName(self.tr("The last parts"))
        self.strip.setViewMode(QListWidget.ViewMode.IconMode)  # the verdict stands below its picture
        self.strip.setFlow(QListWidget.Flow.LeftToRight)
        self.strip.setMovement(QListWidget.Movement.Static)
        self.strip.setWrapping(False)
        self.strip.setGridSize(_THUMB + QSize(10, 24))
        self.strip.setIconSize(_THUMB)
        self.strip.setFixedHeight(_THUMB.height() + 50)
        self.strip.setFrameShape(QFrame.Shape.NoFrame)
        self.strip.itemClicked.connect(self._on_strip_clicked)

    @Slot(int, int)
    def _on_images_added(self, first: int, count: int) -> None:
        for row in range(max(first, first + count - _LAST), first + count):
            self._add_to_strip(row)
        self.show_row(first + count - 1)
        self._show_counts()

    @Slot()
    def _on_images_replaced(self) -> None:
        self.strip.clear()
        self.show_row(-1)
        self._show_counts()

    @Slot()
    def _on_selection_changed(self) -> None:
        if self._session.selection:
            self.show_row(self._session.selection[0])

    @Slot()
    def _on_threshold_changed(self) -> None:
        self.show_row(self._row)
        self._show_counts()

    def _add_to_strip(self, row: int) -> None:
        path, verdict = self._session.table.paths[row], self._session.find_verdict(row)
        item = QListWidgetItem(QIcon(), VERDICT_MARKS[verdict])
        item.setData(Qt.ItemDataRole.UserRole, row)
        item.setForeground(verdict_colour(verdict))
        item.setToolTip(escape_tooltip(f"{path}\n{verdict_name(verdict)}"))
        self.strip.insertItem(0, item)
        if self.isVisible():
            self._fill_strip()
        while self.strip.count() > _LAST:
            self.strip.takeItem(self.strip.count() - 1)

    @Slot(QListWidgetItem)
    def _on_strip_clicked(self, item: QListWidgetItem) -> None:
        self._session.select_rows((int(item.data(Qt.ItemDataRole.UserRole)),))

    @Slot(str)
    def _on_thumbnail_ready(self, path: str) -> None:  # noqa: ARG002 - the signal's signature
        if self.isVisible():
            self._fill_strip()

    @Slot()
    def _on_badges_changed(self) -> None:
        self._is_strip_old = True
        if self.isVisible():
            self._fill_strip()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fill_strip()

    def _fill_strip(self) -> None:
        for index in range(self.strip.count()):
            item = self.strip.item(index)
            if self._is_strip_old or item.icon().isNull():
                item.setIcon(self._make_icon(int(item.data(Qt.ItemDataRole.UserRole))))
        self._is_strip_old = False

    def _make_icon(self, row: int) -> QIcon:
        pixmap = self._pictures.find_thumbnail(str(self._session.table.paths[row]))
        if pixmap is None or pixmap.isNull():
            return QIcon()
        return QIcon(fit_pixmap(self._badges.draw_badge(pixmap, self._session.table.maps[row]), _THUMB))

    def apply_colours(self) -> None:
        """Take the colours of the scheme."""
        self.show_row(self._row)

    def show_row(self, row: int) -> None:
        """Show the verdict on an image; -1 for none."""
        is_new, self._row = row != self._row, row
        if row < 0 or row >= len(self._session.table):
            self._show_word(self.tr("Drop an image"), text_colour(), "")
            self.picture.show_image(QImage())
            self.scale_bar.show_score(None)
            self.neighbours.show_parts(())
            return
        one, verdict = self._session.table.read_row(row), self._session.find_verdict(row)
        why = f"{one.path.name}   {self._session.explain_verdict(row)}".strip()
        self._show_word(
            f"{VERDICT_MARKS[verdict]} {verdict_name(verdict).upper()}", verdict_colour(verdict), why
        )
        self.scale_bar.show_score(one.score)
        self.neighbours.show_parts(one.nearest)
        if is_new:
            self.picture.show_image(QImage())
            self._pictures.request_picture(str(one.path))
        show_image_map(self.picture, self._session, row)  # what is marked hangs on the threshold, too

    def _show_word(self, word: str, colour: QColor, why: str) -> None:
        self.word.setText(word)
        palette = self.word.palette()
        palette.setColor(QPalette.ColorRole.WindowText, colour)
        self.word.setPalette(palette)
        self._fit_word()
        self.why.setText(why)

    def _fit_word(self) -> None:
        """Write the word as large as its place allows."""
        font = self.word.font()
        font.setBold(True)
        font.setPixelSize(_LARGEST_WORD)
        wide = QFontMetrics(font).horizontalAdvance(self.word.text())
        room = max(self.word.width() - 20, 100)
        font.setPixelSize(max(12, min(_LARGEST_WORD, _LARGEST_WORD * room // max(wide, 1))))
        self.word.setFont(font)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_word()

    def _show_counts(self) -> None:
        counts = count_dropped_verdicts(self._session.table, self._session.threshold)
        self.counts.setText(
            "   ·   ".join(f"{verdict_name(verdict)} {counts[verdict]:,}" for verdict in VERDICTS)
        )

    @Slot(str, QImage, str)
    def _on_picture_ready(self, path: str, image: QImage, reason: str) -> None:  # noqa: ARG002
        if 0 <= self._row < len(self._session.table) and path == str(self._session.table.paths[self._row]):
            self.picture.show_image(image)
