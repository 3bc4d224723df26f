"""Results as files: JSON and CSV, whole or not at all."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any

from anomaly_gui.errors import UserError
from anomaly_gui.paths import atomic_write

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write JSON; bytes of file names that are not UTF-8 become JSON's escapes of lone surrogates.

    A value that is an iterator becomes a list, of which one entry at a time is in memory.

    Raises UserError where the file cannot be written.
    """
    with _written(path, "backslashreplace") as file:
        for place, (name, value) in enumerate(content.items()):
            file.write(("," if place else "{") + f"\n {json.dumps(name)}: ")
            if isinstance(value, Iterator):
                _write_list(file, value)
            else:
                file.write(_indented(value, 1))
        file.write("\n}")


def _write_list(file: IO[str], entries: Iterator[Any]) -> None:
    file.write("[")
    for place, entry in enumerate(entries):
        file.write(("," if place else "") + "\n  " + _indented(entry, 2))
    file.write("\n ]")


def _indented(value: Any, depth: int) -> str:
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=1)
    return text.replace("\n", "\n" + " " * depth)


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write a table; bytes of file names that are not UTF-8 stay as they are.

    Raises UserError where the file cannot be written.
    """
    with _written(path, "surrogateescape") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)


@contextmanager
def _written(path: Path, errors: str) -> Iterator[IO[str]]:
    """Open a text file in UTF-8 that takes the place of `path` once it is whole."""
    try:
        with atomic_write(path) as file:
            text = io.TextIOWrapper(file, "utf-8", errors, newline="")
            yield text
            text.detach()  # flushes it; `atomic_write` closes the file itself
    except OSError as error:
        raise UserError(f"{path} cannot be written ({error.strerror}): choose another place.") from error
