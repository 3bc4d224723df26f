"""What is remembered of an image."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class ImageRecord:
    """What is remembered of an image: its file, the SHA-256 of its bytes, its size in pixels, and remarks."""

    path: Path
    sha256: str
    width: int
    height: int
    notes: tuple[str, ...] = ()
