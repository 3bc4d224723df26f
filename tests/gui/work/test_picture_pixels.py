"""Pictures become what the window draws in the thread that decodes them."""

import numpy as np
import pytest
from PySide6.QtGui import QImage, QPixmap

from anomaly_gui.gui.work.pictures.pictures import to_image


@pytest.mark.parametrize("size", [(1, 1), (3, 5), (40, 7)])
def test_each_pixel_has_its_colour(size: tuple[int, int]) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (*size, 3), np.uint8)
    image = to_image(pixels)
    expected = pixels.copy()
    pixels[:] = 0  # the image has memory of its own
    for row in range(size[0]):
        for column in range(size[1]):
            assert image.pixelColor(column, row).getRgb() == (*expected[row, column].tolist(), 255)


@pytest.mark.usefixtures("qapp")
def test_a_pixmap_takes_it_without_another_copy() -> None:
    image = to_image(np.zeros((4, 6, 3), np.uint8))
    assert image.format() == QImage.Format.Format_RGB32 == QPixmap.fromImage(image).toImage().format()
