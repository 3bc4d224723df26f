"""What training remembers of the images of a set."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.arrays.cell_store import CellStore
from anomaly_gui.detection.arrays.row_store import ChosenRows, RowStore
from anomaly_gui.detection.features.batches import read_batches
from anomaly_gui.detection.images.look import rows_of_looks
from anomaly_gui.errors import ImageRefusedError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from anomaly_gui.detection.arrays.kinds import BoolArray, FloatArray, ImageArray, IntArray, Rows
    from anomaly_gui.detection.features.feature_cache import FeatureCache
    from anomaly_gui.detection.features.network_outputs import ImageFeatures
    from anomaly_gui.detection.features.plan import Plan
    from anomaly_gui.detection.features.read_images import Batch, ReadImage
    from anomaly_gui.detection.images.look import Look
    from anomaly_gui.detection.images.records import ImageRecord
    from anomaly_gui.detection.runtimes.protocol import Runtime
    from anomaly_gui.progress import Progress

_SAMPLES = 8


@dataclass(frozen=True, eq=False)
class Fingerprints:
    """The images' fine grain.

    Parameters
    ----------
    rows : (images, 2 * frequencies) uint8; of no frequencies where no image has one
    known : (images,) which rows hold one; the other images are too small to tell
    """

    rows: Rows
    known: BoolArray


@dataclass(frozen=True, eq=False)
class Collection:
    """The images of a set that could be read, without those whose bytes had been seen before.

    Parameters
    ----------
    records : (images,)
    vectors : (images, features) float32
    grains : see `compute_fingerprint`; not those of chosen images, which were grouped before they were chosen
    looks : how the images look, (images, 4) float32; see `look`
    samples : the network's inputs of the first few images, (few, size, size, 3) uint8
    refused : files that could not be read
    duplicates : files with the same bytes as an earlier one, and that one
    cells : features of the images' places, or None where the plan takes none
    reused : how many images' features were known from before
    """

    records: tuple[ImageRecord, ...]
    vectors: Rows
    grains: Fingerprints
    looks: FloatArray
    samples: ImageArray
    refused: tuple[ImageRefusedError, ...]
    duplicates: tuple[tuple[Path, Path], ...]
    cells: CellStore | None = None
    reused: int = 0

    def select_images(self, places: IntArray) -> Collection:
        """Return some of the images, by their places in ascending order; what was refused stays with it."""
        if len(places) == len(self.records):
            return self
        vectors = self.vectors
        return replace(
            self,
            records=tuple(self.records[place] for place in places),
            vectors=ChosenRows(vectors, places) if isinstance(vectors, RowStore) else vectors[places],
            grains=Fingerprints(self.grains.rows[:0], self.grains.known[:0]),
            looks=self.looks[places],
            samples=self.samples[places[places < len(self.samples)]],
            cells=None if self.cells is None else self.cells.select_images(places),
        )


def collect_features(
    files: Sequence[Path],
    plan: Plan,
    pixel_limit: int,
    runtime: Runtime,
    progress: Progress,
    *,
    with_fingerprints: bool = True,
    seen: dict[str, Path] | None = None,
    cache: FeatureCache | None = None,
) -> Collection:
    """Read all files, in order, and remember what training needs of each.

    `seen` maps SHA-256 to the file that had those bytes, of sets collected before; it is added to.
    """
    gathered = _Gathered({} if seen is None else seen, plan)
    batches = read_batches(
        files,
        plan,
        pixel_limit,
        runtime,
        progress,
        with_fingerprint=with_fingerprints,
        cache=cache,
        shown=_SAMPLES,
    )
    with closing(batches):
        for batch in batches:
            gathered.add_batch(batch)
    return gathered.as_collection(plan)


class _Gathered:
    """What is remembered while a set is read."""

    def __init__(self, seen: dict[str, Path], plan: Plan) -> None:
        self._seen = seen
        self._cells = CellStore(int(plan.used_cells.sum()), plan.channels) if plan.side else None
        self._vectors = RowStore(plan.length, np.float32)
        self._grains: RowStore | None = None
        self._has_grain: list[bool] = []
        self._kept: list[ImageRecord] = []
        self._refused: list[ImageRefusedError] = []
        self._duplicates: list[tuple[Path, Path]] = []
        self._reused = 0
        self._samples: list[ImageArray | None] = []
        self._looks: list[Look] = []

    def add_batch(self, batch: Batch) -> None:
        """Take in what was read; `observed` has a row for each image that could be."""
        self._reused += batch.reused
        place = 0
        for outcome in batch.outcomes:
            if isinstance(outcome, ImageRefusedError):
                self._refused.append(outcome)
            elif batch.observed is not None:
                self._add_image(outcome, batch.observed[place])
                place += 1

    def _add_image(self, image: ReadImage, observed: ImageFeatures) -> None:
        record = image.record
        if record.sha256 in self._seen:  # also the same file, in a set before
            self._duplicates.append((record.path, self._seen[record.sha256]))
            return
        self._seen[record.sha256] = record.path
        self._kept.append(record)
        self._looks.append(image.look)
        if len(self._samples) < _SAMPLES:
            self._samples.append(image.pixels)
        self._vectors.append(observed.vectors[0])
        self._add_grain(image.grain)
        if self._cells is not None and observed.cells is not None:
            self._cells.append(observed.cells[0])

    def _add_grain(self, grain: ImageArray | None) -> None:
        if grain is not None and self._grains is None:
            self._grains = RowStore(len(grain), np.uint8)
            for _ in self._has_grain:
                self._grains.append(np.zeros_like(grain))
        self._has_grain.append(grain is not None)
        if self._grains is not None:
            self._grains.append(np.zeros(self._grains.shape[1]) if grain is None else grain)

    def as_collection(self, plan: Plan) -> Collection:
        """Return what was gathered."""
        grains = np.empty((len(self._kept), 0), np.uint8) if self._grains is None else self._grains
        return Collection(
            records=tuple(self._kept),
            vectors=self._vectors,
            grains=Fingerprints(grains, np.array(self._has_grain, np.bool_)),
            looks=rows_of_looks(self._looks),
            samples=_stack_samples(self._samples, plan.features.size),
            refused=tuple(self._refused),
            duplicates=tuple(self._duplicates),
            cells=self._cells,
            reused=self._reused,
        )


def _stack_samples(samples: Sequence[ImageArray | None], size: int) -> ImageArray:
    """Return the pixels of the first images, up to one whose features were kept and whose pixels were not."""
    pixels = list(takewhile(lambda sample: sample is not None, samples))
    return np.stack(pixels) if pixels else np.empty((0, size, size, 3), np.uint8)  # type: ignore[arg-type]
