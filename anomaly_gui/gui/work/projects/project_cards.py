"""Cards of projects to go on with: a picture of the part, the product's name, and when it was worked on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QDateTime, QLocale, QPoint, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from anomaly_gui.gui.widgets.style import faint_text_colour
from anomaly_gui.gui.work.pictures.pictures import fit_pixmap

if TYPE_CHECKING:
    from anomaly_gui.gui.work.pictures.pictures import Pictures
    from anomaly_gui.gui.work.projects.recent_projects import RecentProject

SHOWN = 4
_PICTURE = QSize(136, 102)
_CARD = QSize(176, 172)
_NAME = 150  # pixels of a name


class ProjectCards(QWidget):
    """A row of cards, the project used last first; hidden while there is none."""

    chosen = Signal(object)  # the folder

    def __init__(self, pictures: Pictures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pictures = pictures
        self._projects: tuple[RecentProject, ...] = ()
        self.cards = [QToolButton() for _ in range(SHOWN)]
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        for card in self.cards:
            card.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
            card.setIconSize(_PICTURE)
            card.setMinimumSize(_CARD)
            card.clicked.connect(self._on_clicked)
            layout.addWidget(card)
        pictures.thumbnail_ready.connect(self._on_thumbnail_ready)
        self.show_projects(())

    @Slot(object)
    def show_projects(self, projects: tuple[RecentProject, ...]) -> None:
        """Show the first of these projects."""
        self._projects = projects[:SHOWN]
        for index, card in enumerate(self.cards):
            card.setVisible(index < len(self._projects))
        for card, project in zip(self.cards, self._projects, strict=False):
            self._fill_card(card, project)
        self.setVisible(bool(self._projects))

    def _fill_card(self, card: QToolButton, project: RecentProject) -> None:
        name = card.fontMetrics().elidedText(project.folder.stem, Qt.TextElideMode.ElideMiddle, _NAME)
        written = QDateTime.fromSecsSinceEpoch(int(project.written)).date()
        day = QLocale().toString(written, QLocale.FormatType.ShortFormat)
        models = self.tr("%n model(s)", "", project.models) if project.models else self.tr("no model yet")
        card.setText(f"{name}\n{models}, {day}".replace("&", "&&"))
        card.setToolTip(str(project.folder))
        card.setAccessibleName(f"{project.folder.stem}, {models}, {day}")
        card.setIcon(QIcon(self._find_picture(project)))

    def _find_picture(self, project: RecentProject) -> QPixmap:
        found = self._pictures.find_thumbnail(project.cover, _PICTURE.width()) if project.cover else None
        canvas = QPixmap(_PICTURE * self.devicePixelRatio())
        canvas.setDevicePixelRatio(self.devicePixelRatio())
        canvas.fill(Qt.GlobalColor.transparent)
        painter = QPainter(canvas)
        if found is None or found.isNull():
            _draw_letter(painter, project.folder.stem[:1])
        else:
            _draw_fitted(painter, fit_pixmap(found, _PICTURE))
        painter.end()
        return canvas

    @Slot(str)
    def _on_thumbnail_ready(self, path: str) -> None:
        for card, project in zip(self.cards, self._projects, strict=False):
            if project.cover == path:
                card.setIcon(QIcon(self._find_picture(project)))

    @Slot()
    def _on_clicked(self) -> None:
        for card, project in zip(self.cards, self._projects, strict=False):
            if card is self.sender():
                self.chosen.emit(project.folder)


def _draw_fitted(painter: QPainter, pixmap: QPixmap) -> None:
    size = pixmap.deviceIndependentSize()
    left, top = (_PICTURE.width() - size.width()) / 2, (_PICTURE.height() - size.height()) / 2
    painter.drawPixmap(round(left), round(top), pixmap)


def _draw_letter(painter: QPainter, letter: str) -> None:
    """Draw the name's first letter, where there is no picture, or not yet."""
    area = QRect(QPoint(0, 0), _PICTURE)
    font = painter.font()
    font.setPixelSize(_PICTURE.height() // 2)
    painter.setFont(font)
    painter.setPen(faint_text_colour())
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, letter.upper())
