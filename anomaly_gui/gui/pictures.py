"""Pictures from files, decoded in threads and remembered: nothing that draws waits for a disk."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal, Slot
from PySide6.QtGui import QImage, QPixmap

from anomaly_gui.detection.images import decode_full, decode_small
from anomaly_gui.errors import ImageRefusedError

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays import ImageArray

SIDE = 64
"""Longer side of a thumbnail, in pixels."""
_REMEMBERED = 3000
_WAITING = 400  # older wishes are dropped: what was scrolled past need not be decoded


def to_image(pixels: ImageArray) -> QImage:
    """Return (height, width, 3) RGB as an image of its own memory."""
    height, width, _ = pixels.shape
    return QImage(pixels.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888).copy()


class _Decoding(QRunnable):
    def __init__(self, pictures: Pictures, path: str, side: int) -> None:
        super().__init__()
        self._pictures, self._path, self._side = pictures, path, side

    def run(self) -> None:
        try:
            path = Path(self._path)
            pixels = decode_small(path, self._side) if self._side else decode_full(path)
            self._pictures.decoded.emit(self._path, self._side, to_image(pixels), "")
        except ImageRefusedError as refused:
            self._pictures.decoded.emit(self._path, self._side, QImage(), refused.reason)


class Pictures(QObject):
    """Thumbnails by path, and whole pictures."""

    decoded = Signal(str, int, QImage, str)  # path, side (0: whole), image, and why there is none
    thumbnail_ready = Signal(str)
    picture_ready = Signal(str, QImage, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thumbnails: OrderedDict[str, QPixmap] = OrderedDict()
        self._wanted: OrderedDict[str, None] = OrderedDict()
        self._at_work: set[str] = set()
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(2)
        self.decoded.connect(self._on_decoded)

    def thumbnail(self, path: str) -> QPixmap | None:
        """Return a thumbnail that is there; otherwise it is decoded, and `thumbnail_ready` tells when."""
        if path in self._thumbnails:
            self._thumbnails.move_to_end(path)
            return self._thumbnails[path]
        if path not in self._at_work:
            self._wanted[path] = None
            self._wanted.move_to_end(path)
            while len(self._wanted) > _WAITING:
                self._wanted.popitem(last=False)
            self._go_on()
        return None

    def request_picture(self, path: str) -> None:
        """Decode a whole picture; `picture_ready` tells when."""
        self._pool.start(_Decoding(self, path, 0), 1)

    def _go_on(self) -> None:
        while self._wanted and len(self._at_work) < self._pool.maxThreadCount():
            path, _ = self._wanted.popitem()  # the last wish first: it is what is looked at now
            self._at_work.add(path)
            self._pool.start(_Decoding(self, path, SIDE))

    @Slot(str, int, QImage, str)
    def _on_decoded(self, path: str, side: int, image: QImage, reason: str) -> None:
        if not side:
            self.picture_ready.emit(path, image, reason)
            return
        self._at_work.discard(path)
        self._thumbnails[path] = QPixmap.fromImage(image)
        while len(self._thumbnails) > _REMEMBERED:
            self._thumbnails.popitem(last=False)
        self._go_on()
        self.thumbnail_ready.emit(path)

    def close(self) -> None:
        """Wait for the threads."""
        self._wanted.clear()
        self._pool.clear()
        self._pool.waitForDone()
