"""Results as files: JSON and CSV, whole or not at all."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePath
from typing import IO, TYPE_CHECKING, Any

from anomaly_gui.errors import ReaderGoneError, UserError
from anomaly_gui.language import translate
from anomaly_gui.paths import atomic_write
from anomaly_gui.wording import explain_os_error

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# names of files that are no text: bytes on most systems, halves of UTF-16 on Windows
_UNPAIRED = "surrogatepass" if os.name == "nt" else "surrogateescape"


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write JSON; bytes of file names that are not UTF-8 become JSON's escapes of lone surrogates.

    A value that is an iterator becomes a list, of which one entry at a time is in memory.

    Raises UserError where the file cannot be written.
    """
    with _open_text(path, "backslashreplace") as file:
        for place, (name, value) in enumerate(content.items()):
            file.write(("," if place else "{") + f"\n {json.dumps(name)}: ")
            if isinstance(value, Iterator):
                _write_list(file, value)
            else:
                file.write(_indent_json(value, 1))
        file.write("\n}")


def _write_list(file: IO[str], entries: Iterator[Any]) -> None:
    file.write("[")
    for place, entry in enumerate(entries):
        file.write(("," if place else "") + "\n  " + _indent_json(entry, 2))
    file.write("\n ]")


def _indent_json(value: Any, depth: int) -> str:
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=1)
    return text.replace("\n", "\n" + " " * depth)


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write a table that spreadsheets open as it is: UTF-8 with a byte order mark, and no text a formula.

    Bytes of file names that are not UTF-8 stay as they are. A path that begins like a formula is written as
    ./PATH, which is the same path; other text gets a ' before it.

    Raises UserError where the file cannot be written.
    """
    with _open_text(path, _UNPAIRED, "utf-8-sig") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows([_make_cell(value) for value in row] for row in rows)


def _make_cell(value: Any) -> Any:
    """Return a value such that no spreadsheet takes it for a formula."""
    if isinstance(value, PurePath):
        text = str(value)
        return os.path.join(".", text) if text.startswith(_FORMULA_SIGNS) else text  # noqa: PTH118 - Path drops "./"
    if isinstance(value, str) and value.startswith((*_FORMULA_SIGNS, "'")):
        return "'" + value
    return value


def write_text(path: Path, text: str) -> None:
    """Write a text, UTF-8; raises UserError where the file cannot be written."""
    with _open_text(path, "backslashreplace") as file:
        file.write(text)


@contextmanager
def _open_text(path: Path, errors: str, encoding: str = "utf-8") -> Iterator[IO[str]]:
    """Open a text file that takes the place of `path` once it is whole (see `atomic_write`)."""
    try:
        with atomic_write(path) as file:
            text = io.TextIOWrapper(file, encoding, errors, newline="")
            yield text
            text.detach()  # flushes it; `atomic_write` closes the file itself
    except BrokenPipeError as error:
        raise ReaderGoneError from error
    except OSError as error:
        raise UserError(
            translate(
                "{path} cannot be written ({why}): choose another place.",
                path=path,
                why=explain_os_error(error),
            )
        ) from error
