"""The journal beside a model: one line of JSON for each thing that happened, added as it happens."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NoReturn

from anomaly_gui.project.kept_file import replace_file, restore_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_END = {"whole": True}  # ends what was written at once: what follows was added


def add_events(file: Path, events: Iterable[dict[str, Any]]) -> None:
    """Add events at the end of a journal; OSError where it cannot be written.

    What a crash tore off before is ended first: it costs only itself.
    """
    with file.open("ab+") as journal:
        if journal.tell():
            journal.seek(-1, 2)
            if journal.read(1) != b"\n":
                journal.write(b"\n")
        journal.write(b"".join(_make_line(event) for event in events))


def write_events(file: Path, events: Iterable[dict[str, Any]]) -> None:
    """Write events in place of those of a journal, all of them or none; OSError where that cannot be."""
    with replace_file(file) as journal:
        journal.writelines(_make_line(event) for event in events)
        journal.write(_make_line(_END))


def _make_line(event: dict[str, Any]) -> bytes:
    return json.dumps(event, separators=(",", ":")).encode("ascii") + b"\n"


def read_events(file: Path) -> Iterator[dict[str, Any]]:
    """Yield the events of a journal; lines that were not written to their end are left out."""
    restore_file(file, _has_end)
    with file.open("rb") as lines:
        for line in lines:
            try:
                event = json.loads(line, parse_constant=_refuse_constant)
            except ValueError:
                continue
            if isinstance(event, dict) and event != _END:
                yield event


def _refuse_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is no score or threshold")


def _has_end(file: Path) -> bool:
    """Tell whether what was written at once is all there."""
    try:
        with file.open("rb") as lines:
            return _make_line(_END) in lines
    except FileNotFoundError:
        return False
