"""Paths as text that a database can hold, whatever bytes they have."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote_from_bytes, unquote_to_bytes

_QUOTED = "file:"


def write_path(path: Path) -> str:
    """Return a path as text; one whose bytes are no UTF-8 is quoted as a URL is.

    >>> write_path(Path("/in/a.png"))
    '/in/a.png'
    """
    text = str(path)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return _QUOTED + quote_from_bytes(os.fsencode(path))
    return text


def read_path(text: str) -> Path:
    """Return the path that `write_path` wrote.

    >>> read_path("file:/in/%E9.png") == Path(os.fsdecode(b"/in/\\xe9.png"))
    True
    """
    if text.startswith(_QUOTED):
        return Path(os.fsdecode(unquote_to_bytes(text.removeprefix(_QUOTED))))
    return Path(text)
