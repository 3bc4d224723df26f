"""Move judged pictures where they belong: the last step of a part, and durable."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from anomaly_gui.station import files

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from anomaly_gui.station.ledger.ledger import PartSteps

BAD, DUPLICATE, CHALLENGE = "bad", "duplicate", "challenge"
"""Folders beside those of the verdicts: of what does not decode, of copies, and of known parts."""

COARSE = 2_000_000_000
"""Nanoseconds: some disks keep no finer times."""
_LONGEST_NAME = 140  # bytes: any disk takes it
_MOST_AT_ONCE = 200
_LONGEST = 0.25  # seconds: judging waits for it


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

    def choose_target(self, name: str, folder: str, part_id: str) -> Path:
        """Return a path in a folder that nothing has: the picture's own name, or with the end of a part's id.

        Where the disk does not say what it has, all of the id is in the name: nothing else has that.
        """
        target = self.judged / folder / name
        number = 0
        try:
            while self.is_taken(target) or files.is_there(target):
                number += 1
                again = f".{number}" if number > 1 else ""
                target = target.with_name(_mark_name(name, f"{part_id[-8:]}{again}"))
        except OSError:
            return target.with_name(_mark_name(name, part_id))
        return target


def _mark_name(name: str, mark: str) -> str:
    """Return a name with a mark before its ending, and with less of itself where that is too long."""
    stem, ending = Path(name).stem, f".{mark}{Path(name).suffix}"
    while stem and len(os.fsencode(stem + ending)) > _LONGEST_NAME:
        stem = stem[:-1]
    return stem + ending


@dataclass
class Unfinished:
    """What is in memory of parts that are not at their end: all of it is in the ledger, too.

    Parameters
    ----------
    unmoved : judged parts whose pictures have still to be moved, by id: the next to try comes first
    stuck : ids of those that were tried, and could not be moved
    copies : pictures that came twice and could not be put aside
    gone_since : when a picture was first found to be neither here nor there, by id of its part
    """

    unmoved: dict[str, PartSteps] = field(default_factory=dict)
    stuck: set[str] = field(default_factory=set)
    copies: set[Path] = field(default_factory=set)
    gone_since: dict[str, float] = field(default_factory=dict)

    def take_some(self, *, with_stuck: bool) -> Iterator[PartSteps]:
        """Yield parts to move, for a moment; each is behind all others the next time.

        Parameters
        ----------
        with_stuck : whether those that could not be moved are tried again
        """
        until = time.monotonic() + _LONGEST
        some = (part_id for part_id in self.unmoved if with_stuck or part_id not in self.stuck)
        for part_id in list(islice(some, _MOST_AT_ONCE)):
            self.stuck.add(part_id)
            self.unmoved[part_id] = self.unmoved.pop(part_id)
            yield self.unmoved[part_id]
            if time.monotonic() >= until:
                return

    @property
    def is_stuck(self) -> bool:
        """Whether there is anything that could not be moved; a copy that went away was taken by somebody."""
        return bool(self.stuck) or any(map(_may_be_there, self.copies))

    def note_copy(self, path: Path, *, is_stuck: bool) -> None:
        """Note whether a copy could not be put aside; it comes again, then."""
        if is_stuck:
            self.copies.add(path)
        else:
            self.copies.discard(path)

    def forget(self, part: PartSteps) -> None:
        """Have nothing in memory of a part that is at its end."""
        self.unmoved.pop(part.id, None)
        self.stuck.discard(part.id)
        self.gone_since.pop(part.id, None)


def _may_be_there(path: Path) -> bool:
    try:
        return files.is_there(path)
    except OSError:
        return True


def is_away(part: PartSteps) -> bool | None:
    """Tell whether a part's file is neither at its place nor at its target; None: the disk does not say."""
    try:
        return not any(files.is_there(path) for path in (part.path, part.target) if path is not None)
    except OSError:
        return None


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
        with suppress(FileNotFoundError):  # it stays for as long as whoever put it there lets it
            _sync_picture(target)
        return True
    if _is_picture(target, part, slack=COARSE):
        return True  # by a process that ended; what is left where it came from is a copy
    if not _is_picture(part.path, part):
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    _sync_picture(part.path)
    remove_done(part.path)  # first: what is left of an end in between is the picture
    files.rename_file(part.path, target)
    return True


def _sync_picture(path: Path) -> None:
    """Let a picture's bytes be on the disk, unless it may not be opened: it may be moved for all that."""
    with suppress(PermissionError):
        files.sync_file(path)


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
        _remove_file(done)


def _remove_file(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        if error.errno != errno.ENAMETOOLONG:  # there can be none, then
            raise


def name_done(path: Path) -> tuple[Path, Path]:
    """Return the names that say so: `a.png.done` and `a.done`."""
    return path.with_name(f"{path.name}.done"), path.with_suffix(".done")
