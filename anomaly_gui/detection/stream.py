"""From image files to feature vectors, in order, with memory that doesn't grow with their number."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from anomaly_gui.detection.cell_store import CellStore
from anomaly_gui.detection.images import LoadedImage, ReadingOptions
from anomaly_gui.detection.near_copies import SMALLEST_SOURCE, fine_grain
from anomaly_gui.detection.observing import Observed, observe
from anomaly_gui.detection.reading import read_images
from anomaly_gui.errors import ImageRefusedError

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence
    from pathlib import Path

    from anomaly_gui.detection.arrays import FloatArray, ImageArray
    from anomaly_gui.detection.features import FeatureSettings
    from anomaly_gui.detection.observing import Plan
    from anomaly_gui.detection.runtimes import Runtime
    from anomaly_gui.progress import Progress


@dataclass(frozen=True, eq=False)
class Described:
    """An image and what was taken of it; `observed` is of this image alone."""

    image: LoadedImage
    observed: Observed

    @property
    def vector(self) -> FloatArray:
        """Its features, (features,) float32."""
        vector: FloatArray = self.observed.vectors[0]
        return vector


Outcome: TypeAlias = Described | ImageRefusedError


def describe(
    files: Sequence[Path],
    plan: Plan,
    options: ReadingOptions,
    runtime: Runtime,
    progress: Progress,
) -> Generator[Outcome, None, None]:
    """Yield what became of each file, in order: its features, or the reason it was refused.

    Files are decoded in threads while the network runs. Closing the iterator ends the threads.
    """
    waiting: list[LoadedImage | ImageRefusedError] = []
    with closing(read_images(files, options, plan.prepared)) as images:
        for image in images:
            waiting.append(image)
            if len(waiting) == plan.features.batch_size:
                yield from _through_network(waiting, plan, runtime, progress)
                waiting = []
    yield from _through_network(waiting, plan, runtime, progress)


def _through_network(
    read: Sequence[LoadedImage | ImageRefusedError],
    plan: Plan,
    runtime: Runtime,
    progress: Progress,
) -> Iterator[Outcome]:
    pixels = [image.pixels for image in read if isinstance(image, LoadedImage)]
    observed = observe(np.stack(pixels), plan, runtime) if pixels else None
    places = iter(range(len(pixels)))
    for image in read:
        if isinstance(image, LoadedImage) and observed is not None:
            yield Described(image, observed[next(places)])
        elif isinstance(image, ImageRefusedError):
            yield image
        progress.advance()


@dataclass(frozen=True)
class ImageRecord:
    """What is remembered of an image: its file, the SHA-256 of its bytes, its size in pixels, and remarks."""

    path: Path
    sha256: str
    width: int
    height: int
    notes: tuple[str, ...] = ()

    @classmethod
    def of(cls, image: LoadedImage) -> ImageRecord:
        """Return the record of a loaded image."""
        return cls(image.path, image.sha256, image.width, image.height, image.notes)


@dataclass(frozen=True, eq=False)
class Collection:
    """The images of a set that could be read, without those whose bytes had been seen before.

    Parameters
    ----------
    records : (images,)
    vectors : (images, features) float32
    grains : (images,) see `near_copies`; None for images too small to tell
    samples : the network's inputs of the first few images, (few, size, size, 3) uint8
    refused : files that could not be read
    duplicates : files with the same bytes as an earlier one, and that one
    cells : features of the images' places, or None where the plan takes none
    """

    records: tuple[ImageRecord, ...]
    vectors: FloatArray
    grains: tuple[ImageArray | None, ...]
    samples: ImageArray
    refused: tuple[ImageRefusedError, ...]
    duplicates: tuple[tuple[Path, Path], ...]
    cells: CellStore | None = None


_SAMPLES = 4


def collect(
    files: Sequence[Path],
    plan: Plan,
    pixel_limit: int,
    runtime: Runtime,
    progress: Progress,
    *,
    with_grains: bool = True,
    seen: dict[str, Path] | None = None,
) -> Collection:
    """Read all files, in order, and remember what training needs of each.

    `seen` maps SHA-256 to the file that had those bytes, of sets collected before; it is added to.
    """
    options = plan.reading(pixel_limit, detail=with_grains)
    gathered = _Gathered({} if seen is None else seen, _store(plan))
    with closing(describe(files, plan, options, runtime, progress)) as outcomes:
        for outcome in outcomes:
            gathered.add(outcome)
    return gathered.collection(plan.features)


def _store(plan: Plan) -> CellStore | None:
    return CellStore(int(plan.kept.sum()), plan.grid.settings.channels) if plan.grid else None


class _Gathered:
    """What is remembered while a set is read."""

    def __init__(self, seen: dict[str, Path], cells: CellStore | None) -> None:
        self._seen, self._cells = seen, cells
        self._kept: list[ImageRecord] = []
        self._vectors: list[FloatArray] = []
        self._grains: list[ImageArray | None] = []
        self._samples: list[ImageArray] = []
        self._refused: list[ImageRefusedError] = []
        self._duplicates: list[tuple[Path, Path]] = []

    def add(self, outcome: Outcome) -> None:
        if isinstance(outcome, ImageRefusedError):
            self._refused.append(outcome)
            return
        image = outcome.image
        first = self._seen.setdefault(image.sha256, image.path)
        if first != image.path:
            self._duplicates.append((image.path, first))
            return
        self._kept.append(ImageRecord.of(image))
        self._vectors.append(outcome.vector)
        self._grains.append(_grain(image))
        self._samples += [image.pixels] if len(self._samples) < _SAMPLES else []
        if self._cells is not None and outcome.observed.cells is not None:
            self._cells.append(outcome.observed.cells[0])

    def collection(self, settings: FeatureSettings) -> Collection:
        return Collection(
            records=tuple(self._kept),
            vectors=_stacked(self._vectors, (settings.length,), np.float32),
            grains=tuple(self._grains),
            samples=_stacked(self._samples, (settings.size, settings.size, 3), np.uint8),
            refused=tuple(self._refused),
            duplicates=tuple(self._duplicates),
            cells=self._cells,
        )


def _stacked(arrays: list[np.ndarray], shape: tuple[int, ...], kind: type[np.generic]) -> np.ndarray:
    """Return arrays of one shape as one, (arrays, *shape); of none as well."""
    return np.stack(arrays) if arrays else np.empty((0, *shape), kind)


def _grain(image: LoadedImage) -> ImageArray | None:
    if image.detail is None or min(image.width, image.height) < SMALLEST_SOURCE:
        return None
    return fine_grain(image.detail)
