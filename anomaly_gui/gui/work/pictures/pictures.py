"""Pictures from files, decoded in threads and remembered: nothing that draws waits for a disk."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QRunnable, Qt, QThreadPool, Signal, Slot
from PySide6.QtGui import QGuiApplication, QImage, QPixmap

from anomaly_gui.detection.images.decoding.depth import OWN_DEPTH
from anomaly_gui.detection.images.decoding.refusals import DepthExceededError
from anomaly_gui.detection.images.loading import decode_full, decode_small
from anomaly_gui.errors import ImageRefusedError

if TYPE_CHECKING:
    from PySide6.QtCore import QSize

    from anomaly_gui.detection.arrays.kinds import ImageArray

SIDE = 64
"""Longer side of a thumbnail, in the window's units."""
LARGE_SIDE = 200
"""Longer side of a thumbnail beside a verdict."""
_REMEMBERED = 96_000_000  # bytes
_WAITING = 400  # older wishes are dropped: what was scrolled past need not be decoded
_Key = tuple[str, int]  # path, and side


def to_image(pixels: ImageArray) -> QImage:
    """Return (height, width, 3) RGB as an image of its own memory, which a pixmap takes as it is.

    It is filled by NumPy, which lets other threads go on; Qt's own conversions would hold up the window.
    """
    height, width, _ = pixels.shape
    image = QImage(width, height, QImage.Format.Format_RGB32)
    blue_first = np.frombuffer(image.bits(), np.uint8).reshape(height, width, 4)
    for channel in range(3):
        blue_first[..., channel] = pixels[..., 2 - channel]
    blue_first[..., 3] = 255
    return image


def fit_pixmap(pixmap: QPixmap, size: QSize) -> QPixmap:
    """Return a picture as large as fits into a size of the window's units: small images would be tiny."""
    whole = pixmap.scaled(size * pixmap.devicePixelRatio(), Qt.AspectRatioMode.KeepAspectRatio)
    whole.setDevicePixelRatio(pixmap.devicePixelRatio())
    return whole


class _Decoding(QRunnable):
    def __init__(self, pictures: Pictures, path: str, side: int, pixels: int, depth: int) -> None:
        super().__init__()
        self._pictures, self._path, self._side, self._pixels = pictures, path, side, pixels
        self._depth = depth

    def run(self) -> None:
        image, reason = QImage(), ""
        try:
            image = to_image(self._decode_pixels())
        except ImageRefusedError as refused:
            reason = refused.reason
        finally:  # whatever happens, others get their turn
            self._pictures.decoded.emit(self._path, self._side, image, reason)

    def _decode_pixels(self) -> ImageArray:
        try:
            return self._decode_at(self._depth)
        except DepthExceededError:  # it cannot be judged, and is shown all the same
            return self._decode_at(OWN_DEPTH)

    def _decode_at(self, depth: int) -> ImageArray:
        path = Path(self._path)
        return (
            decode_small(path, self._pixels, depth=depth) if self._pixels else decode_full(path, depth=depth)
        )


class Pictures(QObject):
    """Thumbnails by path, and whole pictures."""

    decoded = Signal(str, int, QImage, str)  # path, side (0: whole), image, and why there is none
    thumbnail_ready = Signal(str)
    picture_ready = Signal(str, QImage, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thumbnails: OrderedDict[_Key, QPixmap] = OrderedDict()
        self._bytes = 0
        self._depth = OWN_DEPTH
        self._wanted: OrderedDict[_Key, None] = OrderedDict()
        self._wanted_whole: OrderedDict[object, str] = OrderedDict()  # paths, by who asked
        self._at_work: list[_Key] = []  # side 0: whole
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(2)
        self.decoded.connect(self._on_decoded)

    def set_depth(self, depth: int | None) -> None:
        """Show files of 16 bits by the bits a model uses of them; None: each by its own highest value."""
        if (depth or OWN_DEPTH) != self._depth:
            self._depth = depth or OWN_DEPTH
            self._thumbnails.clear()
            self._bytes = 0

    @property
    def _screen_density(self) -> float:
        """Pixels to a unit of the window, on the densest screen."""
        return max((screen.devicePixelRatio() for screen in QGuiApplication.screens()), default=1.0)

    def find_thumbnail(self, path: str, side: int = SIDE) -> QPixmap | None:
        """Return a thumbnail that is there; otherwise it is decoded, and `thumbnail_ready` tells when."""
        key = path, side
        if key in self._thumbnails:
            self._thumbnails.move_to_end(key)
            return self._thumbnails[key]
        if key not in self._at_work:
            self._wanted[key] = None
            self._wanted.move_to_end(key)
            while len(self._wanted) > _WAITING:
                self._wanted.popitem(last=False)
            self._start_next()
        return None

    def request_picture(self, path: str, page: object = None) -> None:
        """Decode a whole picture; `picture_ready` tells when.

        A page that asks again does not wait any longer for what it asked for before.
        """
        asking = path if page is None else page
        self._wanted_whole[asking] = path
        self._wanted_whole.move_to_end(asking)
        self._start_next()

    def _start_next(self) -> None:
        while len(self._at_work) < self._pool.maxThreadCount() and (self._wanted_whole or self._wanted):
            path, side = self._take_wish()
            self._at_work.append((path, side))
            self._pool.start(_Decoding(self, path, side, round(side * self._screen_density), self._depth))

    def _take_wish(self) -> _Key:
        """Return the last wish: it is what is looked at now. Whole pictures come before thumbnails."""
        if self._wanted_whole:
            return self._wanted_whole.popitem()[1], 0
        return self._wanted.popitem()[0]

    @Slot(str, int, QImage, str)
    def _on_decoded(self, path: str, side: int, image: QImage, reason: str) -> None:
        self._at_work.remove((path, side))
        if not side:
            self._start_next()
            self.picture_ready.emit(path, image, reason)
            return
        pixmap = QPixmap.fromImage(image)
        pixmap.setDevicePixelRatio(self._screen_density)
        self._remember_thumbnail((path, side), pixmap)
        self._start_next()
        self.thumbnail_ready.emit(path)

    def _remember_thumbnail(self, key: _Key, pixmap: QPixmap) -> None:
        if key in self._thumbnails:
            self._bytes -= _count_bytes(self._thumbnails.pop(key))
        self._thumbnails[key] = pixmap
        self._bytes += _count_bytes(pixmap)
        while self._bytes > _REMEMBERED:
            _, oldest = self._thumbnails.popitem(last=False)
            self._bytes -= _count_bytes(oldest)

    def close(self) -> None:
        """Wait for the threads."""
        self._wanted.clear()
        self._wanted_whole.clear()
        self._pool.clear()
        self._pool.waitForDone()


def _count_bytes(pixmap: QPixmap) -> int:
    return 4 * pixmap.width() * pixmap.height() + 500  # bytes, with what remembering itself takes
