"""Where commands may write: never over an image, and found out before the work that would be lost."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING

from anomaly_gui.detection.images.decoding.kinds import ENDINGS
from anomaly_gui.errors import UserError
from anomaly_gui.paths import is_special, open_descriptor

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_STDOUT = 1


def check_places(*places: Path | None, inputs: Iterable[Path | None] = ()) -> None:
    """Raise UserError for a place that cannot be written to, before the work that would be lost.

    Pipes and devices are written into; links are followed to what would be written.

    Parameters
    ----------
    inputs : files that are read, and must not be written over
    """
    asked = [place for place in places if place is not None]
    for place in asked:
        if not is_special(place):
            _check(place)
    _check_apart(asked, [path for path in inputs if path is not None])


def _check(place: Path) -> None:
    target = Path(os.path.realpath(place))
    if place.is_dir():
        raise UserError(f"{place} is a folder: give the name of a file.")
    if target.is_symlink():
        raise UserError(f"{place} is a link that leads in a circle: choose another file.")
    if not target.parent.is_dir():
        raise UserError(f"{place} cannot be saved, its folder does not exist: make it or choose another.")
    if not os.access(target.parent, os.W_OK):
        raise UserError(f"{place} cannot be saved, its folder may not be written to: choose another.")
    if {place.suffix.lower(), target.suffix.lower()} & ENDINGS:
        raise UserError(f"{place} is the name of an image: choose another, so that no image is lost.")


def _check_apart(places: list[Path], inputs: list[Path]) -> None:
    read = {_identity(path): path for path in inputs if not path.is_dir()}
    written: dict[str, Path] = {}
    for place in places:
        if is_special(place):
            continue
        name = _identity(place)
        if name in read or any(_is_one_file(place, path) for path in read.values()):
            raise UserError(f"{place} is read by this command: choose another file to write to.")
        if name in written:
            raise UserError(f"{place} would be written twice: give each result a file of its own.")
        written[name] = place


def _identity(path: Path) -> str:
    return os.path.normcase(os.path.realpath(path))


def _is_one_file(one: Path, other: Path) -> bool:
    """Tell two names of one file, such as hard links."""
    try:
        return one.samefile(other)
    except (OSError, ValueError):
        return False


@contextmanager
def results_apart(*places: Path | None) -> Iterator[None]:
    """Let what is said go to stderr where a result itself is written to stdout."""
    if any(place is not None and open_descriptor(place) == _STDOUT for place in places):
        with redirect_stdout(sys.stderr):
            yield
    else:
        yield


def make_folder(path: Path) -> None:
    """Make a folder for results, or raise UserError."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"The folder {path} cannot be made ({error.strerror}): choose another.") from error
