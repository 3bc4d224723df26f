"""What listings of a folder say of its pictures: which are ready, and how long each has waited."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from anomaly_gui.detection.images.decoding.kinds import ENDINGS
from anomaly_gui.station.capture.picture import Backlog

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Set
    from pathlib import Path

_DONE = ".done"


@dataclass
class Sighting:
    """A file as the last listing saw it.

    Parameters
    ----------
    size, mtime_ns : what it was like
    arrived : when it came to the folder, seconds since 1970
    since : when it was first seen like that, by a clock that only goes forwards
    listings : how many have seen it like that
    is_done : whether a file beside it says that it is whole
    ready_since : when a listing found it ready; None before
    tried : when it was read last and found unfit; None where it was not
    is_taken : whether it was handed on
    """

    size: int
    mtime_ns: int
    arrived: float
    since: float
    listings: int = 1
    is_done: bool = False
    ready_since: float | None = None
    tried: float | None = None
    is_taken: bool = False


class Sightings:
    """The pictures of a folder, as its listings saw them.

    Parameters
    ----------
    folder : what is listed
    every : seconds for which a file has to stay the same
    is_wanted : tells of a file's name whether it is to be judged
    are_whole : whether what has such a name is whole from the start
    """

    def __init__(
        self, folder: Path, every: float, is_wanted: Callable[[str], bool], *, are_whole: bool = False
    ) -> None:
        self._folder, self._every = folder, every
        self._is_wanted, self._are_whole = is_wanted, are_whole
        self.by_name: dict[str, Sighting] = {}

    def list_folder(self, now: float) -> None:
        """List the folder; raises OSError, and what was known stays known."""
        before, listed = self.by_name, {}
        entries, done = _list_entries(self._folder, self._is_wanted)
        for name, status in entries:
            sighting = before.get(name)
            if sighting is None or (sighting.size, sighting.mtime_ns) != (status.st_size, status.st_mtime_ns):
                sighting = Sighting(status.st_size, status.st_mtime_ns, status.st_ctime, now)
            else:
                sighting.listings += 1
            sighting.is_done = f"{name}{_DONE}" in done or f"{PurePath(name).stem}{_DONE}" in done
            if sighting.ready_since is None and self._is_ready(sighting, now):
                sighting.ready_since = now
            listed[name] = sighting
        self.by_name = listed

    def _is_ready(self, sighting: Sighting, now: float) -> bool:
        is_quiet = sighting.listings > 1 and now - sighting.since >= self._every
        return self._are_whole or sighting.is_done or is_quiet

    def order_ready(self) -> list[str]:
        """Return the names of what is ready and not handed on, by time, then name."""
        ready = [
            (sighting.mtime_ns, name)
            for name, sighting in self.by_name.items()
            if sighting.ready_since is not None and not sighting.is_taken
        ]
        return [name for _, name in sorted(ready)]

    def measure_backlog(self, wall: float) -> Backlog:
        """Return what is not handed on; `wall` is now, in seconds since 1970."""
        waiting = [one.arrived for one in self.by_name.values() if not one.is_taken]
        return Backlog(len(waiting), max(0.0, wall - min(waiting))) if waiting else Backlog()


def _list_entries(
    folder: Path, is_wanted: Callable[[str], bool]
) -> tuple[list[tuple[str, os.stat_result]], Set[str]]:
    """Return the pictures of a folder, and the names of the files that say that one is whole."""
    found, done = [], set()
    for entry in _scan_files(folder):
        if entry.name.endswith(_DONE):
            done.add(entry.name)
        elif is_wanted(entry.name):
            try:
                found.append((entry.name, entry.stat()))
            except FileNotFoundError:  # renamed or removed while the folder was listed
                continue
    return found, done


def _scan_files(folder: Path) -> Iterator[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if not entry.name.startswith(".") and entry.is_file():
                yield entry


def is_picture_name(name: str) -> bool:
    """Tell whether a name is that of a picture: no hidden file, no `.tmp`, `.part` or other kind.

    >>> [is_picture_name(name) for name in ("a.PNG", "a.png.tmp", ".a.png", "a.part", "notes.txt")]
    [True, False, False, False, False]
    """
    return not name.startswith(".") and PurePath(name).suffix.lower() in ENDINGS
