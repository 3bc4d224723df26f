"""Cells of images that are taken out of a model, and of their variants: from files, or from the cache."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.arrays.cell_store import CellStore
from anomaly_gui.detection.features.cached_features import CachedFeatures
from anomaly_gui.detection.features.collection import collect_features
from anomaly_gui.detection.features.extraction import derive_features
from anomaly_gui.detection.images.loading import read_file
from anomaly_gui.errors import ImageRefusedError, TrainingError
from anomaly_gui.language import translate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anomaly_gui.detection.arrays.kinds import FloatArray, IntArray
    from anomaly_gui.detection.features.collection import Collection
    from anomaly_gui.detection.features.feature_cache import FeatureCache
    from anomaly_gui.detection.features.plan import Plan
    from anomaly_gui.detection.features.read_images import ReadImage, ReadVariant
    from anomaly_gui.detection.images.records import ImageRecord
    from anomaly_gui.detection.runtimes.protocol import Runtime
    from anomaly_gui.progress import Progress


@dataclass(frozen=True, eq=False)
class RemovedReader:
    """Reads again what was learned: a file's variants are the same for the same bytes."""

    plan: Plan
    pixel_limit: int
    runtime: Runtime
    progress: Progress
    cache: FeatureCache | None

    def read(self, records: Sequence[ImageRecord], variants: IntArray) -> CellStore:
        """Return the cells of images, then those of their variants, so many of each, (images,).

        Raises
        ------
        TrainingError : a file is gone or has changed, and is not cached
        """
        there = [
            (one, int(count)) for one, count in zip(records, variants, strict=True) if self._is_there(one)
        ]
        self.progress.stage(translate("Images taken out"), len(there))
        read = collect_features(
            [record.path for record, _ in there],
            self.plan,
            self.pixel_limit,
            self.runtime,
            self.progress,
            with_fingerprints=False,
            cache=self.cache,
            variants={record.path: count for record, count in there},
        )
        rows = {record.sha256: index for index, record in enumerate(read.records)}
        store = CellStore(int(self.plan.used_cells.sum()), self.plan.channels)
        of_variants: list[FloatArray] = []
        for record, count in zip(records, variants, strict=True):
            row = rows.get(record.sha256)
            found = self._find_cached(record, int(count)) if row is None else _take_cells(read, row)
            store.append(found[0])
            of_variants += list(found[1:])
        for cells in of_variants:
            store.append(cells)
        return store

    def _is_there(self, record: ImageRecord) -> bool:
        with suppress(ImageRefusedError):
            return read_file(record.path, self.pixel_limit).sha256 == record.sha256
        return False

    @cached_property
    def _cached(self) -> CachedFeatures | None:
        if self.cache is None:
            return None
        return CachedFeatures.for_plan(self.cache, self.plan, self.runtime, with_fingerprint=False)

    def _find_cached(self, record: ImageRecord, variants: int) -> list[FloatArray]:
        """Return the cells of an image whose file is gone or has changed, and of its variants."""
        found: list[ReadImage | ReadVariant | None] = [None]
        if self._cached is not None:
            of_variants = (self._cached.find_variant(record.path, record.sha256, n) for n in range(variants))
            found = [self._cached.find_image(record.path, record.sha256), *of_variants]
        outputs = [one.outputs for one in found if one is not None and one.outputs is not None]
        if len(outputs) < len(found):
            raise TrainingError(
                translate(
                    "{path} cannot be taken out: its file is gone or has changed, and its features are not "
                    "cached; put the file back where it was.",
                    path=record.path,
                )
            )
        return [derive_features(one, self.plan).cells[0] for one in outputs]  # type: ignore[index]


def _take_cells(read: Collection, row: int) -> list[FloatArray]:
    """Return the cells of an image, then of its variants, (cells, channels) each."""
    if read.cells is None:
        raise ValueError("this model has no cells")
    own = list(read.cells.read_cells(np.array([row])))
    variants = read.variants
    if variants is None or variants.cells is None:
        return own
    return own + list(variants.cells.read_cells(np.flatnonzero(variants.sources == row)))
