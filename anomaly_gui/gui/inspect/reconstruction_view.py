"""What an autoencoder makes of an image, beside the image as its network sees it, and their difference."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRect, QSize, Qt, Slot
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from anomaly_gui.detection.settings.choices import AUTOENCODER
from anomaly_gui.figures.map_colours import overlay_map
from anomaly_gui.gui.widgets.style import fit_height, set_role
from anomaly_gui.gui.work.pictures.pictures import to_image

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from anomaly_gui.detection.arrays.kinds import FloatArray, ImageArray
    from anomaly_gui.gui.state.session import Session
    from anomaly_gui.gui.work.tasks import Task
    from anomaly_gui.worker.jobs.reconstructing import Reconstructed

_SMALLEST, _USUAL, _LARGEST = 48, 88, 220  # pixels of a picture's side
_FINE = 256  # pixels: the colours of a coarse map are smooth
_FADED, _GROUND = 0.45, 200  # how much of the image is left below its difference, and the grey of the rest


class SquarePicture(QWidget):
    """A square image as large as the width allows; its pixels stay sharp when they are few."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.image = QImage()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setMinimumSize(_SMALLEST, _SMALLEST)
        self.setMaximumSize(_LARGEST, _LARGEST)

    def show_image(self, image: QImage) -> None:
        """Show another image; a null one is none."""
        self.image = image
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(_USUAL, min(max(self.width(), _SMALLEST), _LARGEST))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()  # as high as wide where there is room; a low window may make it smaller

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        if self.image.isNull():
            return
        side = min(self.width(), self.height())
        area = QRect((self.width() - side) // 2, (self.height() - side) // 2, side, side)
        painter = QPainter(self)
        is_smaller = self.image.width() > side * self.devicePixelRatioF()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, is_smaller)
        painter.drawImage(area, self.image)
        painter.end()


class ReconstructionView(QWidget):
    """A button, and the pictures it asked for; there only while the model in use can reconstruct.

    Parameters
    ----------
    reconstruct : starts the job for an image's file; None where there is no model
    """

    def __init__(
        self,
        session: Session,
        reconstruct: Callable[[Path], Task | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._reconstruct = session, reconstruct
        self._row = -1
        self._task: Task | None = None
        self.button = QPushButton(self.tr("Reconstruction"))
        self.button.setToolTip(
            self.tr("Show what the network makes of this image, and where it is unlike the image")
        )
        self.button.clicked.connect(self._on_clicked)
        self.why = QLabel(wordWrap=True)
        fit_height(self.why)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.button)
        layout.addWidget(self.why)
        layout.addWidget(self._make_pictures())
        self.show_row(-1)

    def _make_pictures(self) -> QWidget:
        self.shown = QWidget()
        grid = QGridLayout(self.shown)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(1)
        names = (self.tr("image"), self.tr("reconstruction"), self.tr("difference"))
        self.pictures = tuple(SquarePicture() for _ in names)
        for column, (name, picture) in enumerate(zip(names, self.pictures, strict=True)):
            caption = QLabel(name, alignment=Qt.AlignmentFlag.AlignHCenter)
            set_role(caption, size=0.85, faint=True)
            grid.addWidget(picture, 0, column)
            grid.addWidget(caption, 1, column)
            grid.setColumnStretch(column, 1)
        self.pictures[2].setToolTip(
            self.tr("In the colours of the map: 1.0 is what only the promised share of good images exceeds")
        )
        return self.shown

    def show_row(self, row: int) -> None:
        """Offer the reconstruction of an image of the session's table; -1 is none."""
        model = self._session.model
        self.setVisible(row >= 0 and model is not None and model.detector == AUTOENCODER)
        if row != self._row or row < 0:
            self._row, self._task = row, None
            self._show_nothing("")
            self.button.setEnabled(True)

    def _show_nothing(self, why: str) -> None:
        self.shown.hide()
        self.why.setText(why)
        self.why.setVisible(bool(why))

    @Slot()
    def _on_clicked(self) -> None:
        task = self._reconstruct(self._session.table.paths[self._row])
        if task is None:
            return
        self._task = task
        self.button.setEnabled(False)
        task.finished.connect(self._on_finished)
        task.failed.connect(self._on_failed)
        task.ended.connect(self._on_ended)

    @Slot(object)
    def _on_finished(self, answer: Reconstructed) -> None:
        if self.sender() is not self._task:
            return  # of an image that was looked at before
        self._show_nothing("")
        images = answer.image, answer.reconstruction, coloured_difference(answer.image, answer.difference)
        for picture, pixels in zip(self.pictures, images, strict=True):
            picture.show_image(to_image(pixels))
        self.shown.show()

    @Slot(str)
    def _on_failed(self, sentence: str) -> None:
        if self.sender() is self._task:
            self._show_nothing(sentence)

    @Slot()
    def _on_ended(self) -> None:
        if self.sender() is self._task:
            self._task = None
            self.button.setEnabled(True)


def coloured_difference(image: ImageArray, difference: FloatArray) -> ImageArray:
    """Return a difference (rows, columns) in the colours of maps, over the image (size, size, 3), faded."""
    grey = image.mean(axis=2, keepdims=True).repeat(3, axis=2)
    faded = np.rint(_FADED * grey + (1 - _FADED) * _GROUND).astype(np.uint8)
    times = max(1, _FINE // len(image))
    return overlay_map(faded.repeat(times, axis=0).repeat(times, axis=1), difference, opacity=1)
