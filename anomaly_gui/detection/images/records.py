"""What is remembered of an image."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from anomaly_gui.language import translate_kept
from anomaly_gui.wording import join_clauses


@dataclass(frozen=True)
class ImageRecord:
    """What is remembered of an image: its file, the SHA-256 of its bytes, its size in pixels, and remarks.

    The remarks are in English, since they are kept in files; `remarks` has them in the language in use.
    """

    path: Path
    sha256: str
    width: int
    height: int
    notes: tuple[str, ...] = ()

    @property
    def remarks(self) -> str:
        """The remarks as they are shown."""
        return join_clauses(map(translate_kept, self.notes))
