"""The good parts most like an image, so that one sees why it was judged as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QPixmap, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from anomaly_gui.gui.widgets.plain_text import escape_tooltip
from anomaly_gui.gui.widgets.style import set_role
from anomaly_gui.gui.work.pictures.pictures import fit_pixmap

if TYPE_CHECKING:
    from anomaly_gui.gui.state.session import Session
    from anomaly_gui.gui.work.pictures.pictures import Pictures

_SHOWN = 3


class NearestParts(QWidget):
    """Shows training images of the model in use; large ones stand below each other, small ones beside."""

    def __init__(self, session: Session, pictures: Pictures, side: int, *, in_a_row: bool = False) -> None:
        super().__init__()
        self._session, self._pictures, self._side = session, pictures, side
        self._nearest: tuple[int, ...] = ()
        self._shown: set[str] = set()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 4)
        title = QLabel(self.tr("Good parts most like it"))
        set_role(title, faint=True)
        layout.addWidget(title)
        directions = QBoxLayout.Direction
        row = QBoxLayout(directions.LeftToRight if in_a_row else directions.TopToBottom)
        self.labels = [QLabel(alignment=Qt.AlignmentFlag.AlignCenter) for _ in range(_SHOWN)]
        for label in self.labels:
            row.addWidget(label)
        row.addStretch(1)
        layout.addLayout(row, 1)
        self._in_a_row, self._title = in_a_row, title
        if not in_a_row:
            self.setFixedWidth(side)
            self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Ignored)
        pictures.thumbnail_ready.connect(self._on_thumbnail_ready)
        self.show_parts(())

    def show_parts(self, nearest: tuple[int, ...]) -> None:
        """Show training images by their places in the training."""
        self._nearest = nearest
        self.setVisible(bool(nearest))
        self._fill_labels()

    @Slot(str)
    def _on_thumbnail_ready(self, path: str) -> None:
        if self.isVisible() and path in self._shown:
            self._fill_labels()

    def _fill_labels(self) -> None:
        self._shown.clear()
        images = self._session.model.training.images if self._session.model else ()
        for place, label in enumerate(self.labels):
            has = place < len(self._nearest) and self._nearest[place] < len(images)
            label.setVisible(has)
            if has:
                path = str(images[self._nearest[place]].path)
                label.setToolTip(escape_tooltip(path))
                self._shown.add(path)
                pixmap = self._pictures.find_thumbnail(path, self._side)
                label.setPixmap(
                    fit_pixmap(pixmap, self._find_size()) if pixmap and not pixmap.isNull() else QPixmap()
                )
                label.setText("…" if pixmap is None else "" if not pixmap.isNull() else self.tr("gone"))

    def _find_size(self) -> QSize:
        """Return what one picture may take: those below each other share the height there is."""
        room = self.height() - self._title.sizeHint().height() - 10 * (_SHOWN + 1)
        height = self._side if self._in_a_row else max(24, min(self._side, room // _SHOWN))
        return QSize(self._side, height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fill_labels()
