"""From image files to features, in order, with memory that doesn't grow with their number."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from anomaly_gui.detection.grouping.fine_grain import SMALLEST_SOURCE, fine_grain
from anomaly_gui.detection.images import ReadingOptions, decode_image, read_file
from anomaly_gui.detection.kept_features import KeptFeatures
from anomaly_gui.detection.look import Look
from anomaly_gui.detection.observing import Observed, joined, take
from anomaly_gui.detection.reading import read_files
from anomaly_gui.errors import ImageRefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
    from pathlib import Path

    from anomaly_gui.detection.alignment import Pose
    from anomaly_gui.detection.arrays import ImageArray
    from anomaly_gui.detection.feature_cache import FeatureCache
    from anomaly_gui.detection.images import LoadedImage
    from anomaly_gui.detection.observing import Plan, Taken
    from anomaly_gui.detection.runtimes import Runtime
    from anomaly_gui.progress import Progress

_MOST_KEPT = 64  # images of a batch that need no network


@dataclass(frozen=True)
class ImageRecord:
    """What is remembered of an image: its file, the SHA-256 of its bytes, its size in pixels, and remarks."""

    path: Path
    sha256: str
    width: int
    height: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class ReadImage:
    """An image on its way to its features.

    Parameters
    ----------
    record : its file
    pose : how the part was found to lie, where it was turned into one pose
    grain : see `fine_grain`; None where it was not asked for, or the image is too small to tell
    look : how bright, rich in contrast and sharp it is
    pixels : the network's input, (size, size, 3) uint8; None where `taken` is known and no one asked for it
    taken : what the network yields, where it was kept from before
    """

    record: ImageRecord
    pose: Pose | None
    grain: ImageArray | None
    look: Look
    pixels: ImageArray | None = None
    taken: Taken | None = None


Outcome: TypeAlias = ReadImage | ImageRefusedError


@dataclass(frozen=True, eq=False)
class Batch:
    """Some images, in the order of their files, and the features of those that could be read."""

    outcomes: tuple[Outcome, ...]
    observed: Observed | None

    @property
    def images(self) -> tuple[ReadImage, ...]:
        """Those that could be read, one for each row of `observed`."""
        return tuple(one for one in self.outcomes if isinstance(one, ReadImage))

    @property
    def reused(self) -> int:
        """How many needed no network."""
        return sum(image.taken is not None for image in self.images)


@dataclass(frozen=True, eq=False)
class ImageReader:
    """Reads a file for a plan: called in threads, it does all that needs no network.

    Parameters
    ----------
    with_grain : whether the fine grain is wanted
    kept : features from before, or None
    shown : files whose pixels are wanted even so
    """

    plan: Plan
    options: ReadingOptions
    with_grain: bool = False
    kept: KeptFeatures | None = None
    shown: frozenset[Path] = frozenset()

    def __call__(self, path: Path) -> ReadImage:
        """Return the image; raises as `load_image`."""
        file = read_file(path, self.options.pixel_limit)
        known = self.kept.find(file.sha256, path.suffix.lower()) if self.kept else None
        if known is not None:
            record = ImageRecord(path, file.sha256, known.width, known.height, known.notes)
            pixels = None
            if path in self.shown:
                pixels = self.plan.prepared(decode_image(file, self.options)).pixels
            return ReadImage(record, known.pose, known.grain, known.look, pixels, known.taken)
        image = decode_image(file, self.options)
        prepared = self.plan.prepared(image)
        record = ImageRecord(path, image.sha256, image.width, image.height, image.notes)
        grain = _grain(image) if self.with_grain else None
        return ReadImage(record, prepared.pose, grain, Look.of(image.pixels), prepared.pixels)


def _grain(image: LoadedImage) -> ImageArray | None:
    if image.detail is None or min(image.width, image.height) < SMALLEST_SOURCE:
        return None
    return fine_grain(image.detail)


def describe(
    files: Sequence[Path],
    plan: Plan,
    pixel_limit: int,
    runtime: Runtime,
    progress: Progress,
    *,
    with_grain: bool = False,
    cache: FeatureCache | None = None,
    shown: int = 0,
    objection: Callable[[int, int], str | None] | None = None,
) -> Generator[Batch, None, None]:
    """Yield batches of images with their features, or with the reasons they were refused, in order.

    Files are decoded in threads while the network runs. Closing the iterator ends the threads.

    Parameters
    ----------
    with_grain : whether near-copies will be looked for
    cache : where features are looked up, and kept
    shown : of so many of the first files the pixels are wanted whether or not their features are known
    objection : as of `ReadingOptions`: what it refuses is not decoded
    """
    kept = None
    if cache and plan.network is None:  # small networks are as fast as a look into the cache
        kept = KeptFeatures.of(cache, plan, runtime.name, with_grain=with_grain)
    options = replace(plan.reading(pixel_limit, detail=with_grain), objection=objection)
    reader = ImageReader(plan, options, with_grain, kept, frozenset(files[:shown]))
    waiting: list[Outcome] = []
    fresh = 0
    with closing(read_files(files, reader)) as outcomes:
        for outcome in outcomes:
            waiting.append(outcome)
            fresh += isinstance(outcome, ReadImage) and outcome.taken is None
            if fresh == plan.features.batch_size or len(waiting) - fresh >= _MOST_KEPT:
                yield _through_network(waiting, plan, runtime, kept, progress)
                waiting, fresh = [], 0
    if waiting:
        yield _through_network(waiting, plan, runtime, kept, progress)


def _through_network(
    waiting: Sequence[Outcome],
    plan: Plan,
    runtime: Runtime,
    kept: KeptFeatures | None,
    progress: Progress,
) -> Batch:
    images = [one for one in waiting if isinstance(one, ReadImage)]
    fresh = [image for image in images if image.taken is None]
    taken: list[Taken] = [image.taken for image in images if image.taken is not None]
    if fresh:
        new = take(np.stack([image.pixels for image in fresh if image.pixels is not None]), plan, runtime)
        if kept:
            kept.keep(fresh, new)
        taken = _in_order(images, taken, [new[place] for place in range(len(fresh))])
    progress.advance(len(waiting))
    return Batch(tuple(waiting), joined(taken).observed(plan) if taken else None)


def _in_order(images: Sequence[ReadImage], known: Sequence[Taken], new: Sequence[Taken]) -> list[Taken]:
    from_before, just_now = iter(known), iter(new)
    return [next(just_now if image.taken is None else from_before) for image in images]
