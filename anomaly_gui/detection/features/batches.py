"""From image files to features, in order, with memory that doesn't grow with their number."""

from __future__ import annotations

import hashlib
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.features.cached_features import CachedFeatures
from anomaly_gui.detection.features.extraction import derive_features, extract_outputs
from anomaly_gui.detection.features.network_outputs import join_outputs
from anomaly_gui.detection.features.read_images import Batch, Outcome, ReadImage, ReadVariant
from anomaly_gui.detection.images.fingerprint import SMALLEST_SOURCE, compute_fingerprint
from anomaly_gui.detection.images.loading import ImageFile, ReadingOptions, decode_image, read_file
from anomaly_gui.detection.images.look import Look
from anomaly_gui.detection.images.reading import read_files
from anomaly_gui.detection.images.variants.variation import draw_variation

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from anomaly_gui.detection.arrays.kinds import ImageArray
    from anomaly_gui.detection.features.feature_cache import FeatureCache
    from anomaly_gui.detection.features.network_outputs import NetworkOutputs
    from anomaly_gui.detection.features.plan import Plan
    from anomaly_gui.detection.images.alignment import Pose
    from anomaly_gui.detection.images.loading import LoadedImage
    from anomaly_gui.detection.images.locating.locator import Sighting
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
    variants : how many variants in another light are wanted of a file; of those that are not named none
    contents : bytes of files that have been read already
    """

    plan: Plan
    options: ReadingOptions
    with_fingerprint: bool = False
    cached: CachedFeatures | None = None
    shown: frozenset[Path] = frozenset()
    variants: Mapping[Path, int] = field(default_factory=dict)
    contents: Mapping[Path, bytes] = field(default_factory=dict)

    def __call__(self, path: Path) -> ReadImage:
        """Return the image; raises as `load_image`."""
        file = self._read_file(path)
        cached = self.cached.find_image(path, file.sha256) if self.cached else None
        known = self._find_variants(path, file.sha256)
        whole = tuple(one for one in known if one is not None)
        is_whole = len(whole) == len(known)
        if cached is not None and cached.light.is_known and is_whole and path not in self.shown:
            return replace(cached, variants=whole)
        image = decode_image(file, self.options)
        prepared = self.plan.prepare_image(image)
        light = self.plan.measure_light(image.pixels)
        variants = tuple(
            one or self._make_variant(image, number, prepared.pose) for number, one in enumerate(known)
        )
        if cached is not None:
            return replace(cached, pixels=prepared.pixels, light=light, variants=variants)
        fingerprint = _compute_fingerprint_of(image) if self.with_fingerprint else None
        look = Look.from_pixels(image.pixels)
        return ReadImage(
            prepared.record, prepared.pose, fingerprint, look, light, prepared.pixels, None, variants
        )

    def _read_file(self, path: Path) -> ImageFile:
        data = self.contents.get(path)
        if data is None:
            return read_file(path, self.options.pixel_limit)
        return ImageFile(path, data, hashlib.sha256(data).hexdigest())

    def _find_variants(self, path: Path, sha256: str) -> tuple[ReadVariant | None, ...]:
        """Return a file's variants that are cached, None for each of the others that are wanted."""
        numbers = range(self.variants.get(path, 0))
        return tuple(self.cached.find_variant(path, sha256, n) if self.cached else None for n in numbers)

    def _make_variant(self, image: LoadedImage, number: int, pose: Pose | Sighting | None) -> ReadVariant:
        variation = draw_variation(image.record.sha256, number)
        pixels, light = self.plan.prepare_variant(image.pixels, variation, pose)
        return ReadVariant(light, pixels)


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
    variants: Mapping[Path, int] | None = None,
    contents: Mapping[Path, bytes] | None = None,
) -> Generator[Batch, None, None]:
    """Yield batches of images with their features, or with the reasons they were refused, in order.

    Files are decoded in threads while the network runs. Closing the iterator ends the threads.

    Parameters
    ----------
    with_fingerprint : whether near-duplicates will be looked for
    cache : where features are looked up, and stored
    shown : of so many of the first files the pixels are wanted whether or not their features are cached
    objection : as of `ReadingOptions`: what it refuses is not decoded
    variants : how many variants in another light are wanted of each of some files
    contents : bytes of files that have been read already
    """
    cached = None
    if cache and plan.network is None:  # small networks are as fast as a look into the cache
        cached = CachedFeatures.for_plan(cache, plan, runtime, with_fingerprint=with_fingerprint)
    options = replace(plan.reading_options(pixel_limit, detail=with_fingerprint), objection=objection)
    reader = ImageReader(
        plan, options, with_fingerprint, cached, frozenset(files[:shown]), variants or {}, contents or {}
    )
    with closing(read_files(files, reader)) as outcomes:
        for waiting in _gather_together(outcomes, plan.features.batch_size):
            yield _run_network(waiting, plan, runtime, cached, progress)


def _gather_together(outcomes: Iterable[Outcome], most_inputs: int) -> Iterator[list[Outcome]]:
    """Yield images in order, as many at a time as make a batch for the network, or as are cached."""
    waiting: list[Outcome] = []
    fresh = idle = 0  # inputs of the network, and images that need none
    for outcome in outcomes:
        waiting.append(outcome)
        inputs = len(outcome.inputs) if isinstance(outcome, ReadImage) else 0
        fresh, idle = fresh + inputs, idle + (not inputs)
        if fresh >= most_inputs or idle >= _MOST_CACHED:
            yield waiting
            waiting, fresh, idle = [], 0, 0
    if waiting:
        yield waiting


def _run_network(
    waiting: Sequence[Outcome],
    plan: Plan,
    runtime: Runtime,
    cached: CachedFeatures | None,
    progress: Progress,
) -> Batch:
    images = [one for one in waiting if isinstance(one, ReadImage)]
    new = _extract_all([pixels for image in images for pixels in image.inputs], plan, runtime)
    outputs, of_variants = _hand_out(images, iter(new))
    if cached:
        fresh = [index for index, image in enumerate(images) if image.outputs is None]
        cached.save_images([images[index] for index in fresh], [outputs[index] for index in fresh])
        cached.save_variants(images, of_variants)
    progress.advance(len(waiting))
    if not images:
        return Batch(tuple(waiting), None)
    variants = [one for those in of_variants for one in those]
    return Batch(
        tuple(waiting),
        derive_features(join_outputs(outputs), plan),
        derive_features(join_outputs(variants), plan) if variants else None,
    )


def _extract_all(inputs: Sequence[ImageArray], plan: Plan, runtime: Runtime) -> list[NetworkOutputs]:
    """Return what the network yields of each input, a batch at a time."""
    yielded: list[NetworkOutputs] = []
    for first in range(0, len(inputs), plan.features.batch_size):
        some = inputs[first : first + plan.features.batch_size]
        outputs = extract_outputs(np.stack(some), plan, runtime)
        yielded += [outputs[index] for index in range(len(some))]
    return yielded


def _hand_out(
    images: Sequence[ReadImage], new: Iterator[NetworkOutputs]
) -> tuple[list[NetworkOutputs], list[list[NetworkOutputs]]]:
    """Return the outputs of images, and of the variants of each: those from before, and the new ones."""
    own, of_variants = [], []
    for image in images:
        own.append(next(new) if image.outputs is None else image.outputs)
        of_variants.append([next(new) if one.outputs is None else one.outputs for one in image.variants])
    return own, of_variants
