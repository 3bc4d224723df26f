"""The files commands write: whole or not at all, and never over an image."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

from anomaly_gui.detection.folders import ENDINGS
from anomaly_gui.errors import UserError
from anomaly_gui.paths import atomic_write

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
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


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write JSON; bytes of file names that are not UTF-8 become JSON's escapes of lone surrogates."""
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1)
    _write(path, text.encode("utf-8", "backslashreplace"))


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write a table; bytes of file names that are not UTF-8 stay as they are."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows(rows)
    _write(path, text.getvalue().encode("utf-8", "surrogateescape"))


def _write(path: Path, content: bytes) -> None:
    try:
        with atomic_write(path) as file:
            file.write(content)
    except OSError as error:
        raise UserError(f"{path} cannot be written ({error.strerror}): choose another place.") from error
