"""What training remembers of the images of a set."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.arrays.cell_store import CellStore
from anomaly_gui.detection.arrays.row_store import RowStore
from anomaly_gui.detection.features.batches import read_batches
from anomaly_gui.detection.features.record_columns import choose_records
from anomaly_gui.detection.features.variants import Variants, choose_rows
from anomaly_gui.detection.images.look import stack_looks
from anomaly_gui.detection.images.variants.light import stack_lights
from anomaly_gui.errors import ImageRefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from anomaly_gui.detection.arrays.kinds import BoolArray, FloatArray, ImageArray, IntArray, Rows
    from anomaly_gui.detection.features.feature_cache import FeatureCache
    from anomaly_gui.detection.features.network_outputs import ImageFeatures
    from anomaly_gui.detection.features.plan import Plan
    from anomaly_gui.detection.features.read_images import Batch, ReadImage, ReadVariant
    from anomaly_gui.detection.images.look import Look
    from anomaly_gui.detection.images.records import ImageRecord
    from anomaly_gui.detection.images.variants.light import Light
    from anomaly_gui.detection.runtimes.protocol import Runtime
    from anomaly_gui.progress import Progress

_SAMPLES = 8


@dataclass(frozen=True, eq=False)
class Fingerprints:
    """The fingerprints of images.

    Parameters
    ----------
    rows : (images, 2 * frequencies) uint8; of no frequencies where no image has one
    has_fingerprint : (images,) which rows hold one; the other images are too small to tell
    """

    rows: Rows
    has_fingerprint: BoolArray

    def select_images(self, indices: IntArray) -> Fingerprints:
        """Return those of some images, by their indices in ascending order."""
        return Fingerprints(choose_rows(self.rows, indices), self.has_fingerprint[indices])


class GatheredFingerprints:
    """Fingerprints as they come, image by image: the first one tells how long they are."""

    def __init__(self) -> None:
        self._rows: RowStore | None = None
        self._has_fingerprint: list[bool] = []

    def add(self, fingerprint: ImageArray | None) -> None:
        """Take in that of the next image; None: it is too small to tell."""
        if fingerprint is not None and self._rows is None:
            self._rows = RowStore(len(fingerprint), np.uint8)
            for _ in self._has_fingerprint:
                self._rows.append(np.zeros_like(fingerprint))
        self._has_fingerprint.append(fingerprint is not None)
        if self._rows is not None:
            self._rows.append(np.zeros(self._rows.shape[1]) if fingerprint is None else fingerprint)

    def as_fingerprints(self) -> Fingerprints:
        """Return those of all images."""
        count = len(self._has_fingerprint)
        rows = np.empty((count, 0), np.uint8) if self._rows is None else self._rows
        return Fingerprints(rows, np.array(self._has_fingerprint, np.bool_))


@dataclass(frozen=True, eq=False)
class Collection:
    """The images of a set that could be read, without those whose bytes had been seen before.

    Parameters
    ----------
    records : (images,)
    vectors : (images, features) float32
    fingerprints : see `compute_fingerprint`
    looks : how the images look, (images, 4) float32; see `look`
    lights : how bright they are, (images, 6) float32; see `light`
    samples : the network's inputs of the first few images, (few, height, width, 3) uint8
    refused : files that could not be read
    duplicates : files with the same bytes as an earlier one, and that one
    cells : features of the images' cells, or None where the plan has none
    reused : how many images' features were cached
    variants : of good images that are learned from; None where none were made
    """

    records: Sequence[ImageRecord]
    vectors: Rows
    fingerprints: Fingerprints
    looks: FloatArray
    lights: FloatArray
    samples: ImageArray
    refused: tuple[ImageRefusedError, ...]
    duplicates: tuple[tuple[Path, Path], ...]
    cells: CellStore | None = None
    reused: int = 0
    variants: Variants | None = None

    @property
    def all_cells(self) -> CellStore | None:
        """Those of the images, then those of their variants."""
        if self.cells is None or self.variants is None or self.variants.cells is None:
            return self.cells
        return self.cells.join(self.variants.cells)

    def select_images(self, indices: IntArray) -> Collection:
        """Return some of the images, by their indices in ascending order; what was refused stays with it."""
        if len(indices) == len(self.records):
            return self
        variants = self.variants
        return replace(
            self,
            records=choose_records(self.records, indices),
            vectors=choose_rows(self.vectors, indices),
            fingerprints=self.fingerprints.select_images(indices),
            looks=self.looks[indices],
            lights=self.lights[indices],
            samples=self.samples[indices[indices < len(self.samples)]],
            cells=None if self.cells is None else self.cells.select_images(indices),
            variants=None if variants is None else variants.of_images(indices),
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
    variants: Mapping[Path, int] | None = None,
    shown: int = _SAMPLES,
) -> Collection:
    """Read all files, in order, and remember what training needs of each.

    Parameters
    ----------
    shown : of so many of the first files samples may be taken though their features are cached
    variants : how many variants in another light are made of each of some files

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
        shown=shown,
        variants=variants,
    )
    with closing(batches):
        for batch in batches:
            gathered.add_batch(batch)
    return gathered.as_collection(plan)


class _Gathered:
    """What is remembered while a set is read."""

    def __init__(self, seen: dict[str, Path], plan: Plan) -> None:
        self._seen = seen
        self._cells = CellStore(int(plan.used_cells.sum()), plan.channels) if plan.has_cells else None
        self._vectors = RowStore(plan.length, np.float32)
        self._fingerprints = GatheredFingerprints()
        self._records: list[ImageRecord] = []
        self._refused: list[ImageRefusedError] = []
        self._duplicates: list[tuple[Path, Path]] = []
        self._reused = 0
        self._samples: list[ImageArray | None] = []
        self._looks: list[Look] = []
        self._lights: list[Light] = []
        self._variants = _GatheredVariants(plan)

    def add_batch(self, batch: Batch) -> None:
        """Take in what was read."""
        self._reused += batch.reused
        index = first = 0
        for outcome in batch.outcomes:
            if isinstance(outcome, ImageRefusedError):
                self._refused.append(outcome)
            elif batch.features is not None:
                is_new = self._add_image(outcome, batch.features[index])
                if is_new and batch.of_variants is not None:
                    self._variants.add(len(self._records) - 1, outcome.variants, batch.of_variants, first)
                index, first = index + 1, first + len(outcome.variants)

    def _add_image(self, image: ReadImage, features: ImageFeatures) -> bool:
        """Take in an image, and return whether it is one: not what has the bytes of another."""
        record = image.record
        if record.sha256 in self._seen:  # also the same file, in a set before
            self._duplicates.append((record.path, self._seen[record.sha256]))
            return False
        self._seen[record.sha256] = record.path
        self._records.append(record)
        self._looks.append(image.look)
        self._lights.append(image.light)
        if len(self._samples) < _SAMPLES:
            self._samples.append(image.pixels)
        self._vectors.append(features.vectors[0])
        self._fingerprints.add(image.fingerprint)
        if self._cells is not None and features.cells is not None:
            self._cells.append(features.cells[0])
        return True

    def as_collection(self, plan: Plan) -> Collection:
        """Return what was gathered."""
        return Collection(
            records=tuple(self._records),
            vectors=self._vectors,
            fingerprints=self._fingerprints.as_fingerprints(),
            looks=stack_looks(self._looks),
            lights=stack_lights(self._lights),
            samples=_stack_samples(self._samples, plan.features.shape),
            refused=tuple(self._refused),
            duplicates=tuple(self._duplicates),
            cells=self._cells,
            reused=self._reused,
            variants=self._variants.as_variants(),
        )


class _GatheredVariants:
    """What is remembered of variants in another light while a set is read."""

    def __init__(self, plan: Plan) -> None:
        self._cells = CellStore(int(plan.used_cells.sum()), plan.channels) if plan.has_cells else None
        self._vectors = RowStore(plan.length, np.float32)
        self._sources: list[int] = []
        self._numbers: list[int] = []
        self._lights: list[Light] = []

    def add(self, source: int, variants: Sequence[ReadVariant], features: ImageFeatures, first: int) -> None:
        """Take in the variants of an image; their features are the rows from `first` on."""
        for number, variant in enumerate(variants):
            self._sources.append(source)
            self._numbers.append(number)
            self._lights.append(variant.light)
            self._vectors.append(features.vectors[first + number])
            if self._cells is not None and features.cells is not None:
                self._cells.append(features.cells[first + number])

    def as_variants(self) -> Variants | None:
        """Return what was gathered; None for nothing."""
        if not self._sources:
            return None
        sources, numbers = np.array(self._sources, np.int64), np.array(self._numbers, np.int64)
        return Variants(sources, numbers, stack_lights(self._lights), self._vectors, self._cells)


def _stack_samples(samples: Sequence[ImageArray | None], shape: tuple[int, int]) -> ImageArray:
    """Return the pixels of the first images, up to one that was cached without its pixels."""
    pixels = list(takewhile(lambda sample: sample is not None, samples))
    return np.stack(pixels) if pixels else np.empty((0, *shape, 3), np.uint8)  # type: ignore[arg-type]
