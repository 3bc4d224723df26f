"""Where commands may write: never over an image, and found out before the work that would be lost."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING

from anomaly_gui.detection.images.decoding.kinds import ENDINGS
from anomaly_gui.errors import UserError
from anomaly_gui.language import translate
from anomaly_gui.paths import is_special, open_descriptor
from anomaly_gui.wording import explain_os_error

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_STDOUT = 1


def check_result_files(*files: Path | None, inputs: Iterable[Path | None] = ()) -> None:
    """Raise UserError for a file that cannot be written to, before the work that would be lost.

    Pipes and devices are written into; links are followed to what would be written.

    Parameters
    ----------
    inputs : files that are read, and must not be written over
    """
    asked = [file for file in files if file is not None]
    for file in asked:
        if not is_special(file):
            _check_file(file)
    _check_apart(asked, [path for path in inputs if path is not None])


def _check_file(file: Path) -> None:
    target = Path(os.path.realpath(file))
    if file.is_dir():
        raise UserError(translate("{file} is a folder: give the name of a file.", file=file))
    if target.is_symlink():
        raise UserError(translate("{file} is a link that leads in a circle: choose another file.", file=file))
    if not target.parent.is_dir():
        raise UserError(
            translate(
                "{file} cannot be saved, its folder does not exist: make it or choose another.", file=file
            )
        )
    if not os.access(target.parent, os.W_OK):
        raise UserError(
            translate("{file} cannot be saved, its folder may not be written to: choose another.", file=file)
        )
    if {file.suffix.lower(), target.suffix.lower()} & ENDINGS:
        raise UserError(
            translate("{file} is the name of an image: choose another, so that no image is lost.", file=file)
        )


def _check_apart(files: list[Path], inputs: list[Path]) -> None:
    read = {_find_real_name(path): path for path in inputs if not path.is_dir()}
    written: dict[str, Path] = {}
    for file in files:
        if is_special(file):
            continue
        name = _find_real_name(file)
        if name in read or any(_is_one_file(file, path) for path in read.values()):
            raise UserError(
                translate("{file} is read by this command: choose another file to write to.", file=file)
            )
        if name in written:
            raise UserError(
                translate("{file} would be written twice: give each result a file of its own.", file=file)
            )
        written[name] = file


def _find_real_name(path: Path) -> str:
    return os.path.normcase(os.path.realpath(path))


def _is_one_file(one: Path, other: Path) -> bool:
    """Tell two names of one file, such as hard links."""
    try:
        return one.samefile(other)
    except (OSError, ValueError):
        return False


@contextmanager
def keep_results_apart(*files: Path | None) -> Iterator[None]:
    """Let what is said go to stderr where a result itself is written to stdout."""
    if any(file is not None and open_descriptor(file) == _STDOUT for file in files):
        with redirect_stdout(sys.stderr):
            yield
    else:
        yield


def make_folder(path: Path) -> None:
    """Make a folder for results, or raise UserError."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(
            translate(
                "The folder {path} cannot be made ({why}): choose another.",
                path=path,
                why=explain_os_error(error),
            )
        ) from error
