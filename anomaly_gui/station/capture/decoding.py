"""Tell whether bytes are a whole picture."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from anomaly_gui.detection.images.loading import ImageFile, ReadingOptions, decode_image
from anomaly_gui.errors import ImageRefusedError

FindTroubles = Callable[[Sequence[tuple[Path, bytes]]], Iterable[str]]
"""Tells of each picture's path and bytes why it is not whole, or ""."""


def find_trouble(path: Path, data: bytes) -> str:
    """Return why bytes are no whole picture, or ""."""
    try:
        decode_image(ImageFile(path, data, ""), ReadingOptions())
    except ImageRefusedError as error:
        return error.reason
    except Exception as error:  # noqa: BLE001 - whatever a decoder stumbles over, the picture is at fault
        return f"{type(error).__name__}: {error}"
    return ""
