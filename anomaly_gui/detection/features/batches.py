"""From image files to features, in order, with memory that doesn't grow with their number."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.features.cached_features import CachedFeatures
from anomaly_gui.detection.features.extraction import derive_features, extract_outputs
from anomaly_gui.detection.features.network_outputs import join_outputs
from anomaly_gui.detection.features.read_images import Batch, Outcome, ReadImage
from anomaly_gui.detection.images.fingerprint import SMALLEST_SOURCE, compute_fingerprint
from anomaly_gui.detection.images.loading import ReadingOptions, decode_image, read_file
from anomaly_gui.detection.images.look import Look
from anomaly_gui.detection.images.reading import read_files

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
    from pathlib import Path

    from anomaly_gui.detection.arrays.kinds import ImageArray
    from anomaly_gui.detection.features.feature_cache import FeatureCache
    from anomaly_gui.detection.features.network_outputs import NetworkOutputs
    from anomaly_gui.detection.features.plan import Plan
    from anomaly_gui.detection.images.loading import LoadedImage
    from anomaly_gui.detection.runtimes.protocol import Runtime
    from anomaly_gui.progress import Progress

_MOST_CACHED = 64  # images of a batch that need no network


@dataclass(frozen=True, eq=False)
class ImageReader:
    """Reads a file for a plan: called in threads, it does all that needs no network.

    Parameters
    ----------
    with_fingerprint : whether the fingerprint is wanted
    cached : features from before, or None
    shown : files whose pixels are wanted even so
    """

    plan: Plan
    options: ReadingOptions
    with_fingerprint: bool = False
    cached: CachedFeatures | None = None
    shown: frozenset[Path] = frozenset()

    def __call__(self, path: Path) -> ReadImage:
        """Return the image; raises as `load_image`."""
        file = read_file(path, self.options.pixel_limit)
        cached = self.cached.find_image(path, file.sha256) if self.cached else None
        if cached is not None and path not in self.shown:
            return cached
        image = decode_image(file, self.options)
        prepared = self.plan.prepare_image(image)
        if cached is not None:
            return replace(cached, pixels=prepared.pixels)
        fingerprint = _compute_fingerprint_of(image) if self.with_fingerprint else None
        look = Look.from_pixels(image.pixels)
        return ReadImage(prepared.record, prepared.pose, fingerprint, look, prepared.pixels)


def _compute_fingerprint_of(image: LoadedImage) -> ImageArray | None:
    if image.detail is None or min(image.record.width, image.record.height) < SMALLEST_SOURCE:
        return None
    return compute_fingerprint(image.detail)


def read_batches(
    files: Sequence[Path],
    plan: Plan,
    pixel_limit: int,
    runtime: Runtime,
    progress: Progress,
    *,
    with_fingerprint: bool = False,
    cache: FeatureCache | None = None,
    shown: int = 0,
    objection: Callable[[int, int], str | None] | None = None,
) -> Generator[Batch, None, None]:
    """Yield batches of images with their features, or with the reasons they were refused, in order.

    Files are decoded in threads while the network runs. Closing the iterator ends the threads.

    Parameters
    ----------
    with_fingerprint : whether near-duplicates will be looked for
    cache : where features are looked up, and stored
    shown : of so many of the first files the pixels are wanted whether or not their features are cached
    objection : as of `ReadingOptions`: what it refuses is not decoded
    """
    cached = None
    if cache and plan.network is None:  # small networks are as fast as a look into the cache
        cached = CachedFeatures.for_plan(cache, plan, runtime, with_fingerprint=with_fingerprint)
    options = replace(plan.reading_options(pixel_limit, detail=with_fingerprint), objection=objection)
    reader = ImageReader(plan, options, with_fingerprint, cached, frozenset(files[:shown]))
    waiting: list[Outcome] = []
    fresh = 0
    with closing(read_files(files, reader)) as outcomes:
        for outcome in outcomes:
            waiting.append(outcome)
            fresh += isinstance(outcome, ReadImage) and outcome.outputs is None
            if fresh == plan.features.batch_size or len(waiting) - fresh >= _MOST_CACHED:
                yield _run_network(waiting, plan, runtime, cached, progress)
                waiting, fresh = [], 0
    if waiting:
        yield _run_network(waiting, plan, runtime, cached, progress)


def _run_network(
    waiting: Sequence[Outcome],
    plan: Plan,
    runtime: Runtime,
    cached: CachedFeatures | None,
    progress: Progress,
) -> Batch:
    images = [one for one in waiting if isinstance(one, ReadImage)]
    fresh = [image for image in images if image.outputs is None]
    outputs = [image.outputs for image in images if image.outputs is not None]
    new = None
    if fresh:
        pixels = np.stack([image.pixels for image in fresh if image.pixels is not None])
        new = extract_outputs(pixels, plan, runtime)
        if cached:
            cached.save_images(fresh, new)
    progress.advance(len(waiting))
    if not images:
        return Batch(tuple(waiting), None)
    merged = _merge_in_order(images, outputs, new) if outputs or new is None else new
    return Batch(tuple(waiting), derive_features(merged, plan))


def _merge_in_order(
    images: Sequence[ReadImage], cached: Sequence[NetworkOutputs], new: NetworkOutputs | None
) -> NetworkOutputs:
    """Return the outputs of all images as one, those from before and the new ones."""
    if new is None:
        return join_outputs(cached)
    from_before, just_now = iter(cached), (new[index] for index in range(len(images) - len(cached)))
    return join_outputs([next(just_now if image.outputs is None else from_before) for image in images])
