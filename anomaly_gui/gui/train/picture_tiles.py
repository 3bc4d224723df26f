"""A few images side by side, with their names, to be looked at before a question is answered."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QSize, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QIcon
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from anomaly_gui.gui.widgets.style import set_role
from anomaly_gui.gui.work.pictures.pictures import LARGE_SIDE, fit_pixmap

if TYPE_CHECKING:
    from anomaly_gui.gui.state.session import Session
    from anomaly_gui.gui.work.pictures.pictures import Pictures

_COLUMNS = 2
_SIDE = 108  # pixels: two of them fit into the narrowest panel
_MARGIN = 16  # of the button: border, and room around the picture


class Picture(NamedTuple):
    """An image to be shown, and what is said of it below its name."""

    path: Path
    note: str = ""


class _Tile(QWidget):
    """One image: a click opens it in the inspector, or, if it has no row there, as the system does."""

    def __init__(self, session: Session, pictures: Pictures) -> None:
        super().__init__()
        self._session, self._pictures = session, pictures
        self.path = Path()
        self.button = QToolButton()
        self.button.setAutoRaise(True)
        self.button.setProperty("tight", True)
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        self.button.setIconSize(QSize(_SIDE, _SIDE))
        lines = self.button.fontMetrics().height()
        self.button.setFixedSize(_SIDE + _MARGIN, _SIDE + _MARGIN + lines)  # before there is a picture, too
        self.button.clicked.connect(self._on_clicked)
        self.note = QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignHCenter)
        set_role(self.note, size=0.92, faint=True)
        self.note.setFixedWidth(_SIDE + _MARGIN)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.button)
        layout.addWidget(self.note, 0, Qt.AlignmentFlag.AlignTop)
        layout.addStretch(1)

    def show_picture(self, picture: Picture) -> None:
        self.path = picture.path
        self.button.setIcon(QIcon())
        metrics = self.button.fontMetrics()
        room = _SIDE - 2 * metrics.horizontalAdvance(" ")  # buttons put a space at either side of a text
        name = metrics.elidedText(picture.path.name, Qt.TextElideMode.ElideMiddle, room)
        self.button.setText(name.replace("&", "&&"))
        self.button.setToolTip(str(picture.path))
        self.note.setText(picture.note)
        self.note.setVisible(bool(picture.note))
        self.show_thumbnail()

    def show_thumbnail(self) -> None:
        """Show the thumbnail as soon as it is there."""
        pixmap = self._pictures.find_thumbnail(str(self.path), LARGE_SIDE)
        if pixmap is not None and not pixmap.isNull():
            self.button.setIcon(QIcon(fit_pixmap(pixmap, QSize(_SIDE, _SIDE))))

    @Slot()
    def _on_clicked(self) -> None:
        paths = self._session.table.paths
        if self.path in paths:
            self._session.select_rows((paths.index(self.path),))
        else:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.path.absolute())))


class PictureTiles(QWidget):
    """Shows images two by two."""

    def __init__(self, session: Session, pictures: Pictures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._pictures = session, pictures
        self.tiles: list[_Tile] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(4)
        self._grid.setColumnStretch(_COLUMNS, 1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        pictures.thumbnail_ready.connect(self._on_thumbnail_ready)

    def show_pictures(self, shown: list[Picture]) -> None:
        """Show these images in place of others."""
        while len(self.tiles) < len(shown):
            index = len(self.tiles)
            self.tiles.append(_Tile(self._session, self._pictures))
            self._grid.addWidget(self.tiles[-1], index // _COLUMNS, index % _COLUMNS)
        for index, tile in enumerate(self.tiles):
            tile.setVisible(index < len(shown))
            if index < len(shown):
                tile.show_picture(shown[index])

    @Slot(str)
    def _on_thumbnail_ready(self, path: str) -> None:
        for tile in self.tiles:
            if str(tile.path) == path:
                tile.show_thumbnail()
