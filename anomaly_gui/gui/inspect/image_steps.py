"""Going from image to image, labelling them, and describing one in a tooltip."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, Slot
from PySide6.QtGui import QAction, QPixmap

from anomaly_gui.figures.style import format_score
from anomaly_gui.gui.state.image_table import Marked
from anomaly_gui.gui.widgets.style import verdict_name

if TYPE_CHECKING:
    from anomaly_gui.gui.state.corrections import Corrections
    from anomaly_gui.gui.state.session import Session
    from anomaly_gui.gui.tune.gallery import Gallery
    from anomaly_gui.gui.work.pictures import Pictures


class ImageSteps(QObject):
    """Selects the next image in the order of the gallery."""

    def __init__(self, session: Session, gallery: Gallery, corrections: Corrections, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._gallery, self._corrections = session, gallery, corrections

    @Slot()
    def go_to_next(self) -> None:
        """Select the next image."""
        self._step(1)

    @Slot()
    def go_to_previous(self) -> None:
        """Select the previous image."""
        self._step(-1)

    @Slot()
    def go_to_next_wrong(self) -> None:
        """Select the next image whose verdict differs from its label."""
        self._step(1, wrong_only=True)

    def _step(self, by: int, *, wrong_only: bool = False) -> None:
        order, threshold = list(self._gallery.order()), self._session.threshold
        if wrong_only and threshold is not None:
            order = [row for row in order if self._session.table.is_wrong(row, threshold.value)]
        if not order:
            return
        here = self._session.selection[0] if self._session.selection else None
        place = order.index(here) + by if here in order else 0
        self._session.select((order[place % len(order)],))

    @Slot()
    def label_by_action(self) -> None:
        """Give the selected images the label of the menu's entry."""
        action = self.sender()
        if isinstance(action, QAction):
            self.label(int(action.data()))

    @Slot(int)
    def label(self, mark: int) -> None:
        """Give the selected images a label."""
        self._session.label(self._session.selection, Marked(mark))

    @Slot()
    def say_wrong(self) -> None:
        """Say that the selected images were judged wrongly."""
        if self._session.selection:
            self._corrections.put_aside(self._session.selection)

    @Slot()
    def toggle_excluded(self) -> None:
        """Leave the selected images out of the next training; take them in again where all are left out."""
        rows = self._session.selection
        self._corrections.exclude(rows, not all(map(self._corrections.is_excluded, rows)))


def describe(session: Session, pictures: Pictures, row: int) -> str:
    """Return thumbnail, name, score and verdict of an image as rich text."""
    one, verdict = session.table.row(row), verdict_name(session.verdict(row))
    score = "" if one.score is None else format_score(one.score)
    thumbnail = pictures.thumbnail(str(one.path))
    image = ""
    if thumbnail is not None and not thumbnail.isNull():
        image = f'<img src="data:image/png;base64,{_as_text(thumbnail)}"><br>'
    return f"{image}{html.escape(one.path.name)}<br>{score}   {verdict}"


def _as_text(pixmap: QPixmap) -> str:
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    pixmap.save(buffer, "PNG")
    return bytes(data.toBase64().data()).decode("ascii")
