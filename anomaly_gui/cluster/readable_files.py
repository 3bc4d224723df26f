"""Which files can be read where the work was asked for: what a worker alone cannot read is its own fault."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from anomaly_gui.cluster.engine import WorkerRefusedError
from anomaly_gui.cluster.places.url_paths import PlaceError
from anomaly_gui.detection.images.decoding.refusals import FileUnreachableError
from anomaly_gui.detection.images.loading import ReadingOptions, read_file
from anomaly_gui.errors import ImageRefusedError
from anomaly_gui.language import translate

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence
    from pathlib import Path

ROUNDS = 3
"""How often a part is tried that fails without ending its worker."""


@dataclass(frozen=True)
class UnreadPart:
    """That a part was not done: a worker could not read some of its files, which others may be able to.

    Parameters
    ----------
    places : which of the part's files these are
    reason : why the first of them could not be read, with its name
    """

    places: tuple[int, ...]
    reason: str


class ReadableFiles:
    """What is known of files, as far as reading them was tried here.

    Parameters
    ----------
    files : those of a listing, in order
    """

    def __init__(self, files: Sequence[Path]) -> None:
        self._files = files
        self._known: dict[int, bool | None] = {}
        self._by_folder: dict[Path, Path | None] = {}

    def check(self, places: Iterable[int]) -> None:
        """Try to read files, by their places in the listing."""
        for place in places:
            self._known[place] = self._try_reading(self._files[place])

    def _try_reading(self, file: Path) -> bool | None:
        """Tell whether a file can be read here; None where nothing of its folder can any more."""
        was_read = can_read(file)
        beside = self._by_folder.get(file.parent)
        if was_read is False and beside is not None and not can_read(beside):
            return None
        return was_read

    def list_unreadable(self, first: int = 0, end: int | None = None) -> frozenset[int]:
        """Return which of the files from one place to another cannot be read here either, from 0 on."""
        if not self._known:
            return frozenset()
        end = len(self._files) if end is None else end
        return frozenset(place - first for place in range(first, end) if self._known.get(place) is False)

    def list_readable(self, first: int = 0, end: int | None = None) -> tuple[Path, ...]:
        """Return those of these files that were read here; of others, one beside the first of them."""
        end = len(self._files) if end is None else end
        places = range(first, end) if self._known else ()
        found = tuple(self._files[place] for place in places if self._known.get(place))
        beside = None if found or first >= end else self._find_beside(self._files[first])
        return found if beside is None else (beside,)

    def _find_beside(self, file: Path) -> Path | None:
        folder = file.parent
        if folder not in self._by_folder:
            was_read = can_read(file)
            if was_read is not False:  # or the next file of this folder is tried
                self._by_folder[folder] = file if was_read else None
        return self._by_folder.get(folder)


def can_read(file: Path) -> bool | None:
    """Tell whether the bytes of a file can be read here; None where its place does not answer."""
    try:
        read_file(file, ReadingOptions.pixel_limit)
    except PlaceError:
        return None
    except ImageRefusedError as error:
        return not isinstance(error, FileUnreachableError)
    return True


def find_lost(
    refused: Iterable[ImageRefusedError],
    files: Sequence[Path],
    unreadable: Container[int],
    readable: Sequence[Path],
) -> UnreadPart | None:
    """Return which files could not be had here, though others may be able to; None where there is none.

    Parameters
    ----------
    refused : what was refused of the files
    unreadable, readable : what is known of them where the work was asked for; see `ReadableFiles`

    Raises
    ------
    WorkerRefusedError : as of `check_reach`
    """
    unreached = [one for one in refused if isinstance(one, FileUnreachableError)]
    places = {file: place for place, file in enumerate(files)} if unreached else {}
    lost = {places[one.path]: one for one in unreached if places[one.path] not in unreadable}
    if not lost:
        return None
    check_reach(readable, [one.path for one in lost.values()])
    return UnreadPart(tuple(lost), str(next(iter(lost.values()))))


def check_reach(readable: Sequence[Path], lost: Iterable[Path]) -> None:
    """Raise WorkerRefusedError where this worker cannot read what was read where the work was asked for.

    Parameters
    ----------
    readable : what was read there
    lost : what could not be read here
    """
    wanted = set(lost)
    for file in [file for file in readable if file in wanted] or readable[:1]:
        if can_read(file) is False:
            raise WorkerRefusedError(
                translate(
                    "A worker cannot read {path}, which was read where the work was asked for: connect its "
                    "folder under the same name on every machine, and give each worker the same credentials.",
                    path=file,
                )
            )
