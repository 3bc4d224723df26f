"""Results as files: JSON and CSV, whole or not at all."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

from anomaly_gui.errors import UserError
from anomaly_gui.paths import atomic_write

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write JSON; bytes of file names that are not UTF-8 become JSON's escapes of lone surrogates.

    Raises UserError where the file cannot be written.
    """
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1)
    _write(path, text.encode("utf-8", "backslashreplace"))


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write a table; bytes of file names that are not UTF-8 stay as they are.

    Raises UserError where the file cannot be written.
    """
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
