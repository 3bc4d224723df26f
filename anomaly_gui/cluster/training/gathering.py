"""From part files to a set of images, as training knows it: rows stay in files, each image counts once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.cluster.engine import Failure, PartFailedError
from anomaly_gui.cluster.readable_files import ROUNDS, UnreadPart
from anomaly_gui.cluster.training.collecting import DIGEST, make_store
from anomaly_gui.cluster.training.image_parts import ImageParts
from anomaly_gui.cluster.training.part_store import PartRows
from anomaly_gui.detection.arrays.cell_store import CellStore
from anomaly_gui.detection.features.collection import Collection, Fingerprints
from anomaly_gui.detection.features.record_columns import RecordColumns
from anomaly_gui.detection.images.look import NUMBERS as LOOK
from anomaly_gui.detection.images.variants.light import NUMBERS as LIGHT
from anomaly_gui.language import translate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from anomaly_gui.cluster.engine import Engine
    from anomaly_gui.cluster.training.collecting import PartFacts
    from anomaly_gui.cluster.training.image_parts import FileStates, ImagePart
    from anomaly_gui.cluster.training.part_store import PartStore
    from anomaly_gui.detection.arrays.kinds import BoolArray, FloatArray, ImageArray, IntArray
    from anomaly_gui.detection.features.plan import Plan
    from anomaly_gui.progress import Progress

_SAMPLES = 8
_TOLD_BY = 16  # bytes of a digest


def collect_parts(
    engine: Engine,
    work: Callable[[ImagePart], PartFacts | UnreadPart],
    files: Sequence[Path],
    images: int,
    progress: Progress,
    states: FileStates | None = None,
) -> list[PartFacts]:
    """Return the facts of all parts of so many images, by number.

    A part that fails is tried again. What ends workers, or cannot be read here either, is left out and named.

    Parameters
    ----------
    states : of files at addresses

    Raises
    ------
    PartFailedError : a part cannot be worked on, for a reason that is none of its images'
    """
    parts = ImageParts(files, images, states)
    found: dict[int, PartFacts] = {}
    failed: list[Failure] = []
    numbers = list(range(len(parts)))
    for _ in range(ROUNDS):
        for failure in failed:
            _mend(engine, work, parts, failure, progress)
        failed = []
        for number, outcome in _try_parts(engine, work, parts, numbers):
            if isinstance(outcome, Failure):
                failed.append(replace(outcome, number=number))
            else:
                found[number] = outcome
                progress.advance(min(images, len(files) - number * images))
        numbers = sorted(failure.number for failure in failed)
        if not numbers:
            break
    for failure in failed:
        raise PartFailedError(failure)
    return [found[number] for number in range(len(parts))]


def _try_parts(
    engine: Engine,
    work: Callable[[ImagePart], PartFacts | UnreadPart],
    parts: ImageParts,
    numbers: Sequence[int],
) -> Iterator[tuple[int, PartFacts | Failure]]:
    """Yield what came of parts, by their numbers."""
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
        said = translate("Part {number:,} failed: {reason}", number=number + 1, reason=failure.reason)
        progress.fail(said)
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
        self._digests = np.concatenate([self._digests, _shorten(digests)])
        self._files.append((files, which))
        order = np.argsort(self._digests, kind="stable")
        is_copy = self._digests[order[1:]] == self._digests[order[:-1]]
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
    parts: list[PartFacts],
    files: Sequence[Path],
    images: int,
    folder: Path,
    plan: Plan,
    seen: SeenImages,
) -> Collection:
    """Return the images of all parts, each once.

    Parameters
    ----------
    parts : they are taken out of the list, lest a million images are in memory twice
    files, images : all files, and how many are in a part
    folder : where part files lie
    seen : images of sets before; it is added to
    """
    facts, store = _join_facts(parts, images), make_store(folder, parts)
    rows, copies = _find_first_ones(facts, parts, files, images, seen)
    refused = tuple(error for part in parts for error in part.refused)
    parts.clear()
    facts = facts.choose(rows)
    return Collection(
        records=RecordColumns(files, facts.which, facts.digests, facts.sizes, facts.notes),
        vectors=PartRows(store, "vectors", rows, plan.length, np.float32),
        fingerprints=Fingerprints(
            PartRows(store, "fingerprints", rows, facts.fingerprint, np.uint8), facts.seen
        ),
        looks=facts.looks,
        lights=np.broadcast_to(np.zeros(LIGHT, np.float32), (len(rows), LIGHT)),  # asked of variants only
        samples=_read_samples(store, rows, plan.features.shape),
        refused=refused,
        duplicates=copies,
        cells=_open_cells(store, rows, plan),
    )


@dataclass(frozen=True, eq=False)
class _Facts:
    """Facts of all rows; `which` is the index of each one's file."""

    which: IntArray
    digests: ImageArray
    sizes: IntArray
    looks: FloatArray
    seen: BoolArray
    notes: dict[int, tuple[str, ...]]
    fingerprint: int

    def choose(self, rows: IntArray) -> _Facts:
        """Return those of some rows; themselves where these are all."""
        if len(rows) == len(self.which):
            return self
        some = {name: getattr(self, name)[rows] for name in ("which", "digests", "sizes", "looks", "seen")}
        return replace(self, **some)


def _join_facts(parts: Sequence[PartFacts], images: int) -> _Facts:
    notes = {
        number * images + place: said
        for number, part in enumerate(parts)
        for place, said in part.notes.items()
    }
    return _Facts(
        np.concatenate([np.empty(0, np.int64), *(n * images + part.which for n, part in enumerate(parts))]),
        np.concatenate([np.empty((0, DIGEST), np.uint8), *(part.digests for part in parts)]),
        np.concatenate([np.empty((0, 2), np.int32), *(part.sizes for part in parts)]),
        np.concatenate([np.empty((0, LOOK), np.float32), *(part.looks for part in parts)]),
        np.concatenate([np.empty(0, np.bool_), *(part.seen for part in parts)]),
        notes,
        max((part.fingerprint for part in parts), default=0),
    )


def _find_first_ones(
    facts: _Facts, parts: Sequence[PartFacts], files: Sequence[Path], images: int, seen: SeenImages
) -> tuple[IntArray, tuple[tuple[Path, Path], ...]]:
    """Return the rows of images whose bytes are new, and the files of all others with the first of theirs."""
    copied = seen.add(facts.digests, files, facts.which)
    rows = np.setdiff1d(np.arange(len(facts.which)), list(copied))
    first_of = {int(facts.which[row]): first for row, first in copied.items()}
    for number, part in enumerate(parts):
        for copy, original in part.copies:
            of = number * images + original
            first_of[number * images + copy] = first_of.get(of, files[of])
    copies = tuple((files[file], first_of[file]) for file in sorted(first_of))
    return rows.astype(np.int64), copies


def _open_cells(store: PartStore, rows: IntArray, plan: Plan) -> CellStore | None:
    if not plan.has_cells:
        return None
    cells, channels = int(plan.used_cells.sum()), plan.channels
    values = PartRows(store, "cells", rows, cells * channels, np.float16)
    return CellStore.over_rows(values, cells, channels)


def _read_samples(store: PartStore, rows: IntArray, shape: tuple[int, int]) -> ImageArray:
    """Return the network's inputs of the first images, (few, height, width, 3) uint8."""
    found: list[ImageArray] = []
    first = rows[:_SAMPLES]
    for row, part in zip(first.tolist(), store.find_parts(first).tolist(), strict=True):
        samples, place = store.read_array("samples", part), row - int(store.starts[part])
        if samples is None or place >= len(samples):
            break
        found.append(np.array(samples[place]))
    return np.stack(found) if found else np.empty((0, *shape, 3), np.uint8)
