"""From part files to a set of images, as training knows it: rows stay in files, each image counts once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from anomaly_gui.cluster.engine import Failure, PartFailedError
from anomaly_gui.cluster.readable_files import ROUNDS, UnreadPart
from anomaly_gui.cluster.training.collecting import DIGEST
from anomaly_gui.cluster.training.image_parts import ImageParts
from anomaly_gui.cluster.training.part_store import PartRows, PartStore
from anomaly_gui.detection.arrays.cell_store import CellStore
from anomaly_gui.detection.features.collection import Collection, Fingerprints
from anomaly_gui.detection.features.record_columns import RecordColumns
from anomaly_gui.detection.images.look import NUMBERS as LOOK
from anomaly_gui.detection.images.variants.light import NUMBERS as LIGHT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from anomaly_gui.cluster.engine import Engine
    from anomaly_gui.cluster.training.collecting import PartFacts
    from anomaly_gui.cluster.training.image_parts import FileStates, ImagePart
    from anomaly_gui.detection.arrays.kinds import BoolArray, ImageArray, IntArray
    from anomaly_gui.detection.features.plan import Plan
    from anomaly_gui.errors import ImageRefusedError
    from anomaly_gui.progress import Progress

T = TypeVar("T")

_TOLD_BY = 16  # bytes of a digest
_COMPARED_AT_ONCE = 65536  # digests


class FactColumns:
    """Facts of the images of all files, with a place for each, into which parts are written as they arrive.

    Parameters
    ----------
    files, images : how many files there are in all, and in a part

    Attributes
    ----------
    notes : remarks on some images, by the index of the file
    fingerprint : length of a fingerprint; 0 where there is none
    copies : files with the bytes of an earlier one of their part, and that one, by their indices
    """

    def __init__(self, files: int, images: int) -> None:
        self._images, self._keys = images, [""] * -(-files // images)
        self._has_row = np.zeros(files, np.bool_)
        self._columns: dict[str, np.ndarray] = {
            "digests": np.zeros((files, DIGEST), np.uint8),
            "sizes": np.zeros((files, 2), np.int32),
            "looks": np.zeros((files, LOOK), np.float32),
            "seen": np.zeros(files, np.bool_),
        }
        self._refused: dict[int, tuple[ImageRefusedError, ...]] = {}
        self._said: dict[tuple[str, ...], tuple[str, ...]] = {}
        self.notes: dict[int, tuple[str, ...]] = {}
        self.fingerprint = 0
        self.copies: dict[int, int] = {}

    def add(self, number: int, part: PartFacts) -> None:
        """Take in the facts of a part, whose images are in the order of its files."""
        first = number * self._images
        places = first + part.which
        self._keys[number] = part.key
        self._has_row[places] = True
        for name, column in self._columns.items():
            column[places] = getattr(part, name)
        for place, said in part.notes.items():
            self.notes[first + place] = self._said.setdefault(said, said)  # many images have the same
        self.fingerprint = max(self.fingerprint, part.fingerprint)
        if part.refused:
            self._refused[number] = part.refused
        self.copies |= {first + copy: first + original for copy, original in part.copies}

    @property
    def refused(self) -> tuple[ImageRefusedError, ...]:
        """Files that could not be read, in order."""
        return tuple(error for number in sorted(self._refused) for error in self._refused[number])

    def list_rows(self) -> IntArray:
        """Return the index of each row's file, (rows,) int32."""
        return np.flatnonzero(self._has_row).astype(np.int32)

    def choose(self, name: str, which: IntArray) -> np.ndarray:
        """Return digests, sizes, looks or seen of some files; all of them as they are, not copied."""
        column = self._columns[name]
        return column if len(which) == len(column) else np.asarray(column[which])

    def make_store(self, folder: Path) -> PartStore:
        """Return the rows of all parts, in their order."""
        before = np.concatenate([[0], np.cumsum(self._has_row, dtype=np.int64)])
        ends = np.arange(len(self._keys) + 1) * self._images
        return PartStore(folder, tuple(self._keys), before[np.minimum(ends, len(self._has_row))])


def collect_parts(
    engine: Engine,
    work: Callable[[ImagePart], PartFacts | UnreadPart],
    files: Sequence[Path],
    images: int,
    progress: Progress,
    states: FileStates | None = None,
) -> FactColumns:
    """Return the facts of all parts of so many images.

    A part that fails is tried again. What ends workers, or cannot be read here either, is left out and named.

    Parameters
    ----------
    states : of files at addresses

    Raises
    ------
    PartFailedError : a part cannot be worked on, for a reason that is none of its images'
    """
    parts, facts = ImageParts(files, images, states), FactColumns(len(files), images)
    failed: list[Failure] = []
    numbers = list(range(len(parts)))
    for _ in range(ROUNDS):
        for failure in failed:
            _mend(engine, work, parts, failure, progress)
        failed = []
        for number, outcome in try_parts(engine, work, parts, numbers):
            if isinstance(outcome, Failure):
                failed.append(replace(outcome, number=number))
            else:
                facts.add(number, outcome)
                progress.advance(min(images, len(files) - number * images))
        numbers = sorted(failure.number for failure in failed)
        if not numbers:
            break
    for failure in failed:
        raise PartFailedError(failure)
    return facts


def try_parts(
    engine: Engine,
    work: Callable[[ImagePart], T | UnreadPart],
    parts: ImageParts,
    numbers: Sequence[int],
) -> Iterator[tuple[int, T | Failure]]:
    """Yield what came of parts, by their numbers; files a worker could not read are tried here."""
    chosen = parts if len(numbers) == len(parts) else [parts[number] for number in numbers]
    for index, outcome in engine.map_parts(work, chosen):
        number = numbers[index]
        if isinstance(outcome, UnreadPart):
            parts.check(number, outcome.places)
            yield number, Failure(number, outcome.reason, ends_worker=False)
        else:
            yield number, outcome


def _mend(
    engine: Engine,
    work: Callable[[ImagePart], PartFacts | UnreadPart],
    parts: ImageParts,
    failure: Failure,
    progress: Progress,
) -> None:
    """Find out which images of a part end workers, or say why it failed otherwise."""
    number = failure.number
    if not failure.ends_worker:
        progress.fail(failure.say())
        return
    part = parts[number]
    alone = [part.take(index) for index in range(len(part.files))]
    outcomes = engine.map_parts(work, alone)
    parts.ending[number] = frozenset(
        index for index, outcome in outcomes if isinstance(outcome, Failure) and outcome.ends_worker
    )


class SeenImages:
    """Which bytes were seen before, in any set, and in which file: in the memory that digests take."""

    def __init__(self) -> None:
        self._digests = np.empty(0, f"S{_TOLD_BY}")
        self._files: list[tuple[Sequence[Path], IntArray]] = []

    def add(self, digests: ImageArray, files: Sequence[Path], which: IntArray) -> dict[int, Path]:
        """Take in images; return the files that had the bytes of some before, by the index of these.

        Parameters
        ----------
        digests : (images, 32) uint8
        files, which : all files, and (images,) the index of each image's
        """
        before = len(self._digests)
        short = _shorten(digests)
        self._digests = np.concatenate([self._digests, short]) if before else short
        self._files.append((files, which))
        order = np.argsort(self._digests, kind="stable")
        is_copy = self._tell_copies(order)
        found: dict[int, Path] = {}
        first = 0
        for place in np.flatnonzero(is_copy).tolist():
            first = first if place and is_copy[place - 1] else place
            if order[place + 1] >= before:
                found[int(order[place + 1]) - before] = self._find_file(int(order[first]))
        return found

    def add_files(self, files: Sequence[Path], digests: Sequence[str]) -> None:
        """Take in files by their SHA-256."""
        values = np.frombuffer(bytes.fromhex("".join(digests)), np.uint8).reshape(-1, DIGEST)
        self.add(values, files, np.arange(len(files)))

    def _tell_copies(self, order: IntArray) -> BoolArray:
        """Return which digests, but for the first, are that before them in an order."""
        is_copy = np.empty(max(0, len(order) - 1), np.bool_)
        for first in range(0, len(is_copy), _COMPARED_AT_ONCE):
            ordered = self._digests[order[first : first + _COMPARED_AT_ONCE + 1]]
            is_copy[first : first + _COMPARED_AT_ONCE] = ordered[1:] == ordered[:-1]
        return is_copy

    def _find_file(self, number: int) -> Path:
        for files, which in self._files:
            if number < len(which):
                return files[int(which[number])]
            number -= len(which)
        raise IndexError(number)


def _shorten(digests: ImageArray) -> np.ndarray:
    """Return the first half of each, which no two images share by chance either, as one value."""
    short = np.ascontiguousarray(digests[:, :_TOLD_BY])
    return short.view(f"S{_TOLD_BY}").reshape(len(short)) if len(short) else np.empty(0, f"S{_TOLD_BY}")


def gather_set(
    facts: FactColumns, files: Sequence[Path], folder: Path, plan: Plan, seen: SeenImages
) -> Collection:
    """Return the images of all parts, each once; without samples.

    Parameters
    ----------
    facts, files : of all images, and all files
    folder : where part files lie
    seen : images of sets before; it is added to
    """
    which, store = facts.list_rows(), facts.make_store(folder)
    rows, copies = _find_first_ones(facts, which, files, seen)
    which = which[rows]
    return Collection(
        records=RecordColumns(
            files, which, facts.choose("digests", which), facts.choose("sizes", which), facts.notes
        ),
        vectors=PartRows(store, "vectors", rows, plan.length, np.float32),
        fingerprints=Fingerprints(
            PartRows(store, "fingerprints", rows, facts.fingerprint, np.uint8), facts.choose("seen", which)
        ),
        looks=facts.choose("looks", which),
        lights=np.broadcast_to(np.zeros(LIGHT, np.float32), (len(rows), LIGHT)),  # asked of variants only
        samples=np.empty((0, *plan.features.shape, 3), np.uint8),
        refused=facts.refused,
        duplicates=copies,
        cells=_open_cells(store, rows, plan),
    )


def _find_first_ones(
    facts: FactColumns, which: IntArray, files: Sequence[Path], seen: SeenImages
) -> tuple[IntArray, tuple[tuple[Path, Path], ...]]:
    """Return the rows of images whose bytes are new, and the files of all others with the first of theirs."""
    copied = seen.add(facts.choose("digests", which), files, which)
    is_new = np.ones(len(which), np.bool_)
    is_new[list(copied)] = False
    first_of = {int(which[row]): first for row, first in copied.items()}
    for copy, original in facts.copies.items():
        first_of[copy] = first_of.get(original, files[original])
    copies = tuple((files[file], first_of[file]) for file in sorted(first_of))
    return np.flatnonzero(is_new).astype(np.int32), copies


def _open_cells(store: PartStore, rows: IntArray, plan: Plan) -> CellStore | None:
    if not plan.has_cells:
        return None
    cells, channels = int(plan.used_cells.sum()), plan.channels
    values = PartRows(store, "cells", rows, cells * channels, np.float16)
    return CellStore.over_rows(values, cells, channels)
