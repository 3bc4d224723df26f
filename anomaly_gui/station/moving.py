"""Move judged pictures where they belong: the last step of a part, and durable."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from anomaly_gui.station import files

if TYPE_CHECKING:
    from collections.abc import Iterable

    from anomaly_gui.station.ledger.ledger import PartSteps

BAD, DUPLICATE = "bad", "duplicate"
"""Folders beside those of the verdicts: of what does not decode, and of pictures that came twice."""

COARSE = 2_000_000_000
"""Nanoseconds: some disks keep no finer times."""


@dataclass(frozen=True)
class Places:
    """Where pictures go: a folder for each verdict.

    Parameters
    ----------
    judged : the folder of these
    is_taken : tells whether the records know a path
    """

    judged: Path
    is_taken: Callable[[Path], bool]

    def choose_target(self, name: str, folder: str, mark: str) -> Path:
        """Return a path in a folder that nothing has: the picture's own name, or with `mark` in it."""
        target = self.judged / folder / name
        number = 0
        while self.is_taken(target) or target.exists():
            number += 1
            again = f".{number}" if number > 1 else ""
            target = target.with_name(f"{Path(name).stem}.{mark}{again}{Path(name).suffix}")
        return target


def move_pictures(parts: Iterable[PartSteps]) -> tuple[list[PartSteps], list[PartSteps], OSError | None]:
    """Move pictures of judged parts.

    Returns
    -------
    those that are where they belong; those that are gone; and what went wrong with others, if anything did
    """
    moved: list[PartSteps] = []
    gone: list[PartSteps] = []
    troubles: list[OSError] = []
    for part in parts:
        done = _try_moving(part)
        if isinstance(done, OSError):
            troubles.append(done)
        else:
            (moved if done else gone).append(part)
    trouble = next(iter(troubles), None)
    folders = {folder for part in moved for folder in (part.path.parent, _need_target(part).parent)}
    try:
        for folder in folders:
            files.sync_folder(folder)
    except OSError as error:
        return [], gone, error
    return moved, gone, trouble


def _try_moving(part: PartSteps) -> bool | OSError:
    try:
        return _move_picture(part)
    except OSError as error:
        return error


def _need_target(part: PartSteps) -> Path:
    if part.target is None:
        raise ValueError(f"part {part.id} has not been judged")
    return part.target


def _move_picture(part: PartSteps) -> bool:
    """Move one; False where neither the picture is at its place nor at its target."""
    target = _need_target(part)
    if target == part.path:
        return True
    if _is_picture(target, part, slack=COARSE):
        return True  # by a process that ended; what is left where it came from is a copy
    if not _is_picture(part.path, part):
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    files.sync_file(part.path)
    remove_done(part.path)  # first: what is left of an end in between is the picture
    files.rename_file(part.path, target)
    return True


def _is_picture(path: Path, part: PartSteps, slack: int = 0) -> bool:
    """Tell whether a part's picture is at a path; its time may be off by so many nanoseconds."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return False
    return status.st_size == part.size and abs(status.st_mtime_ns - part.mtime_ns) <= slack


def remove_done(path: Path) -> None:
    """Remove the files that said that a picture was whole."""
    for done in name_done(path):
        done.unlink(missing_ok=True)


def name_done(path: Path) -> tuple[Path, Path]:
    """Return the names that say so: `a.png.done` and `a.done`."""
    return path.with_name(f"{path.name}.done"), path.with_suffix(".done")
