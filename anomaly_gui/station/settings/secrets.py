"""Passwords and tokens, which stand in files of their own and never in the file of settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def read_secret(path: Path) -> str:
    """Return the first line of a file; raise OSError where it cannot be read."""
    with path.open(encoding="utf-8") as file:
        return file.readline().rstrip("\r\n")
