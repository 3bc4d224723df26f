"""A table that grows by a line a part, each on the disk before the next."""

from __future__ import annotations

import csv
import io
import json
import os
from typing import TYPE_CHECKING, Any

from anomaly_gui.language import translate
from anomaly_gui.station.files import sync_folder, try_writing
from anomaly_gui.station.outputs.output import Output, OutputError, StationPlace

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from anomaly_gui.station.outputs.settings.kinds import CsvSettings

COLUMNS = (
    *(
        "id",
        "seq",
        "at",
        "site",
        "line",
        "station",
        "part",
        "lot",
        "source",
        "picture_path",
        "picture_sha256",
    ),
    *("verdict", "score", "threshold", "band", "model_name", "model_sha256", "version", "milliseconds"),
    *("brightness", "contrast", "sharpness", "reason", "regions", "is_challenge", "is_simulated"),
)
LOOKED_BACK, REMEMBERED = 1 << 19, 5000
"""Bytes at the end, and parts since, in which one that is sent again is looked for: more than a batch."""


class CsvOutput(Output):
    """Adds a line for each result that is not in the table yet."""

    def __init__(self, name: str, settings: CsvSettings, place: StationPlace) -> None:
        super().__init__(name, place)
        self._path = settings.path
        self._ids: dict[str, None] = {}

    def try_out(self) -> str:
        """Look whether lines can be added to the table."""
        try_writing(self._path.parent)
        if self._path.exists():
            with self._path.open("r+b") as file:
                self._check_columns(file)
        return translate("lines can be added to {path}.", path=self._path)

    def open(self) -> None:
        """Make the table, or take away the half of a line a crash left, and see which parts it ends with."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        if not self._path.exists() or self._path.stat().st_size == 0:
            self._begin_table()
            return
        with self._path.open("r+b") as file:
            self._check_columns(file)
            self._ids = _repair_end(file)

    def send(self, message: Mapping[str, Any]) -> None:
        """Add a line, unless it is there."""
        if message["id"] in self._ids:
            return
        if not self._path.exists():  # taken away, to begin a new one
            self._begin_table()
        _append_durably(self._path, write_row(message))
        self._ids[message["id"]] = None
        if len(self._ids) > REMEMBERED:
            del self._ids[next(iter(self._ids))]

    def close(self) -> None:
        """Forget; nothing is held open."""
        self._ids.clear()

    def _check_columns(self, file: io.BufferedRandom) -> None:
        first = file.readline()
        if first and first.decode("utf-8-sig", "replace").strip() != ",".join(COLUMNS):
            raise OutputError(
                translate("{path} is a table with other columns: name another file.", path=self._path)
            )

    def _begin_table(self) -> None:
        self._ids.clear()
        self._path.write_bytes(b"")
        _append_durably(self._path, "\ufeff" + ",".join(COLUMNS) + "\r\n")
        sync_folder(self._path.parent)


def write_row(message: Mapping[str, Any]) -> str:
    """Return the line of a result."""
    row = {
        **message,
        "picture_path": message["picture"]["path"],
        "picture_sha256": message["picture"]["sha256"],
        "model_name": message["model"]["name"],
        "model_sha256": message["model"]["sha256"],
        "milliseconds": json.dumps(message["milliseconds"]),
        "regions": json.dumps(message["regions"]),
        **(message["look"] or {}),
    }
    text = io.StringIO()
    csv.writer(text).writerow([write_cell(row.get(column)) for column in COLUMNS])
    return text.getvalue()


def write_cell(value: Any) -> str:
    """Return a value as a cell: one line, and no formula for a spreadsheet.

    >>> write_cell(True), write_cell(None), write_cell(-0.5), write_cell("=1+1"), write_cell("two\\nlines")
    ('true', '', '-0.5', "'=1+1", 'two lines')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, str):
        return str(value)
    text = " ".join(value.splitlines()) if value.splitlines() else value
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t") else text


def _repair_end(file: io.BufferedRandom) -> dict[str, None]:
    """Cut off what follows the last whole line, and return the ids of the last lines."""
    size = file.seek(0, os.SEEK_END)
    start = max(0, size - LOOKED_BACK)
    file.seek(start)
    tail = file.read()
    whole = tail.rfind(b"\n") + 1
    if whole < len(tail):
        file.truncate(start + whole)
        file.flush()
        os.fsync(file.fileno())
    lines = tail[:whole].split(b"\n")[1:]
    return dict.fromkeys(line.split(b",", 1)[0].decode("utf-8", "replace") for line in lines)


def _append_durably(path: Path, line: str) -> None:
    """Add a line that is on the disk afterwards; of one that does not fit, nothing stays."""
    with path.open("ab", buffering=0) as file:
        before = file.tell()
        try:
            written = file.write(line.encode("utf-8"))
            if written != len(line.encode("utf-8")):
                raise OutputError(translate("{path}: the disk is full.", path=path))
            os.fsync(file.fileno())
        except (OSError, OutputError):
            file.truncate(before)
            raise
