"""The worked example: ones are good, sevens are defects; its images, and the methods that judge them."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from anomaly_gui.detection.settings.choices import MIXTURE, POOLED, SIGMA, UNCHANGED
from anomaly_gui.detection.settings.train_settings import TrainSettings
from anomaly_gui.errors import UserError
from anomaly_gui.language import translate
from anomaly_gui.paths import resource
from anomaly_gui.wording import explain_os_error

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.kinds import ImageArray, IntArray

SETTINGS = TrainSettings(detector=POOLED, layer="block3_pool", size=32)
"""What the window trains with: the pooled detector, with a calibrated threshold."""

TEXTBOOK = replace(SETTINGS, density=MIXTURE, normalization=UNCHANGED, rule=SIGMA)
"""The textbook's method: a Gaussian mixture of plain features, and three sigmas of its training scores."""

AUTOMATIC = TrainSettings()
"""Nothing set: the detector auto."""

_TO_FIT = 800
_GOOD, _DEFECT = 1, 7


@dataclass(frozen=True)
class Example:
    """Image files: ones to learn from, then other ones (good) and sevens (defects) to judge."""

    fit: tuple[Path, ...]
    normal: tuple[Path, ...]
    anomalous: tuple[Path, ...]


def unpack_sample(folder: Path) -> Example:
    """Write the digits that ship with the product into a folder, as PNG files: 800 ones to learn from."""
    with np.load(resource("samples", "mnist_ones_sevens.npz"), allow_pickle=False) as archive:
        ones, sevens = archive["ones"], archive["sevens"]
    return Example(
        _save_images(ones[:_TO_FIT], folder / "good"),
        _save_images(ones[_TO_FIT:], folder / "good of another day"),
        _save_images(sevens, folder / "defects"),
    )


def unpack_mnist(archive: Path, folder: Path) -> Example:
    """Write the ones and sevens of Keras's mnist.npz into a folder, as PNG files.

    The training set's ones are to learn from; the test set's ones, and every seven, are to judge.

    Raises
    ------
    UserError : the file is not Keras's mnist.npz
    """
    images, labels, test_images, test_labels = _read_mnist(archive)
    sevens = np.concatenate([images[labels == _DEFECT], test_images[test_labels == _DEFECT]])
    return Example(
        _save_images(images[labels == _GOOD], folder / "good"),
        _save_images(test_images[test_labels == _GOOD], folder / "good of another day"),
        _save_images(sevens, folder / "defects"),
    )


def _read_mnist(archive: Path) -> tuple[ImageArray, IntArray, ImageArray, IntArray]:
    try:
        with archive.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            x, y, test_x, test_y = (arrays[name] for name in ("x_train", "y_train", "x_test", "y_test"))
    except OSError as error:
        raise UserError(
            translate(
                "{archive} cannot be read ({why}): give the path of mnist.npz.",
                archive=archive,
                why=explain_os_error(error),
            )
        ) from error
    except (ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise UserError(
            translate(
                "{archive} is not Keras's mnist.npz: download it anew, or give its path.", archive=archive
            )
        ) from error
    for images, labels in ((x, y), (test_x, test_y)):
        whole = images.dtype == np.uint8 and images.ndim == 3 and labels.shape == images.shape[:1]
        if not whole or not {_GOOD, _DEFECT} <= set(np.unique(labels).tolist()):
            raise UserError(
                translate(
                    "{archive} does not hold MNIST's images and labels: give Keras's mnist.npz.",
                    archive=archive,
                )
            )
    return x, y, test_x, test_y


def _save_images(images: ImageArray, folder: Path) -> tuple[Path, ...]:
    folder.mkdir(parents=True, exist_ok=True)
    name = "seven" if folder.name == "defects" else "one"
    paths = tuple(folder / f"{name}_{index:05}.png" for index in range(len(images)))
    for path, pixels in zip(paths, images, strict=True):
        Image.fromarray(pixels).save(path)
    return paths
