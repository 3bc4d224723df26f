"""One image in a tooltip of the plot."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice

if TYPE_CHECKING:
    from PySide6.QtGui import QPixmap

    from anomaly_gui.gui.state.session import Session
    from anomaly_gui.gui.work.pictures.pictures import Pictures


def describe_image(session: Session, pictures: Pictures, row: int) -> str:
    """Return thumbnail, name, score and verdict of an image as rich text."""
    one, verdict = session.table.read_row(row), session.find_verdict(row).told
    score = "" if one.score is None else session.score_display.write_score(one.score)
    thumbnail = pictures.find_thumbnail(str(one.path))
    image = ""
    if thumbnail is not None and not thumbnail.isNull():
        image = f'<img src="data:image/png;base64,{_encode_pixmap(thumbnail)}"><br>'
    return f"{image}{html.escape(one.path.name)}<br>{score}   {verdict}"


def _encode_pixmap(pixmap: QPixmap) -> str:
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    pixmap.save(buffer, "PNG")
    return bytes(data.toBase64().data()).decode("ascii")
