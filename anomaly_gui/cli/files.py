"""Where commands may write: never over an image, and found out before the work that would be lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anomaly_gui.detection.folders import ENDINGS
from anomaly_gui.errors import UserError

if TYPE_CHECKING:
    from pathlib import Path


def check_places(*paths: Path | None) -> None:
    """Raise UserError for a place that cannot be written to, before the work that would be lost."""
    for path in paths:
        if path is None:
            continue
        if path.is_dir():
            raise UserError(f"{path} is a folder: give the name of a file.")
        if not path.absolute().parent.is_dir():
            raise UserError(f"{path} cannot be saved, its folder does not exist: make it or choose another.")
        if path.suffix.lower() in ENDINGS:
            raise UserError(f"{path} is the name of an image: choose another, so that no image is lost.")


def make_folder(path: Path) -> None:
    """Make a folder for results, or raise UserError."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"The folder {path} cannot be made ({error.strerror}): choose another.") from error
