"""Do the parts lie in place? Told from good images alone, on a sample of them.

Features of cells are taken as the mean of that cell plus what differs from image to image. The more the
means of cells differ among each other, against what images differ, the more is gained by knowing the cell:
on cells that lie in place as much as images differ (1.0), on the same cells turned at random 0.06, on
textures 0. What any turned part shows, rings around the middle, is left out of it, unless the rings alone
tell more than images differ: a round part always at the same spot.

A part that can be aligned, or found on a plain ground, is told by what is gained after that.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.detectors.placement.cached_placement import CachedPlacement, pick_sample
from anomaly_gui.detection.detectors.placement.gains import (
    compare_with_rings,
    mask_middle,
    measure_gains,
    number_rings,
)
from anomaly_gui.detection.detectors.placement.located_sample import (
    anchor_region,
    learn_locator,
    make_located_plan,
    read_located_cells,
)
from anomaly_gui.detection.detectors.placement.placement import (
    FREE,
    IN_PLACE,
    LOCATED,
    NONE,
    STRONG,
    TURNED,
    UNKNOWN,
    Placement,
)
from anomaly_gui.detection.features.batches import read_batches
from anomaly_gui.detection.features.plan import Grid, Plan
from anomaly_gui.detection.images.alignment import SPARE, Pose, fit_alignment
from anomaly_gui.detection.images.loading import LoadedImage, ReadingOptions
from anomaly_gui.detection.images.reading import read_images
from anomaly_gui.detection.settings.grid_settings import SMALLEST_WITH_CELLS, GridSettings
from anomaly_gui.language import translate

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from anomaly_gui.detection.arrays.kinds import ImageArray
    from anomaly_gui.detection.features.feature_cache import FeatureCache
    from anomaly_gui.detection.images.region_of_interest import RegionOfInterest
    from anomaly_gui.detection.runtimes.protocol import Runtime
    from anomaly_gui.detection.settings.feature_settings import FeatureSettings
    from anomaly_gui.progress import Progress


SMALLEST_SIZE = 128
"""Of the network's input in pixels: a smaller one has too few cells to tell."""

_FEWEST = 12
_GAINED, _LEAST_TURNED = 2.4, 0.2
"""Parts are turned where that gains so many times what there is, and so much: of 15 kinds of parts, those in
any direction gained 2.8 to 117 times, to 0.3 or more, the others 0.9 to 2.0 times."""
_ORDERED = 0.5  # mean length of the directions found: nearer to 1 the parts lie in one direction already


def find_placement(
    files: Sequence[Path],
    features: FeatureSettings,
    interest: RegionOfInterest,
    pixel_limit: int,
    runtime: Runtime,
    progress: Progress,
    cache: FeatureCache | None = None,
    *,
    may_locate: bool = False,
    drawn_on: Path | None = None,
) -> Placement:
    """Look at a sample of good images, spread evenly over the files.

    Parameters
    ----------
    may_locate : whether the detector takes parts that are found on a plain ground
    drawn_on : the image that the region of interest was drawn on; None: the first one

    Files that cannot be read are left out: whoever reads all of them says why. What a cache knows of the same
    sample is not found out again.
    """
    if features.size < SMALLEST_SIZE or features.size % 8 or len(files) < _FEWEST:
        return Placement(UNKNOWN)
    chosen = pick_sample(files)
    progress.stage(translate("Looking at how the parts lie"), len(chosen))
    cached = None
    if cache is not None:
        used = runtime.for_backbone(features.declared_backbone).name
        cached = CachedPlacement.of(
            cache, chosen, features, interest, pixel_limit, used, may_locate=may_locate, drawn_on=drawn_on
        )
        known = cached.find()
        if known is not None:
            return known
    sample = _Sample(tuple(chosen), features, interest, pixel_limit, runtime, progress, cache)
    placement = sample.find_placement(may_locate=may_locate, drawn_on=drawn_on)
    if cached is not None:
        cached.store(placement)
    return replace(placement, computed=sample.computed if cache is not None else 0)


@dataclass(eq=False)
class _Sample:
    """A sample of files that is looked at.

    Attributes
    ----------
    computed : how many images' features were computed for it
    """

    files: tuple[Path, ...]
    features: FeatureSettings
    interest: RegionOfInterest
    pixel_limit: int
    runtime: Runtime
    progress: Progress
    cache: FeatureCache | None
    computed: int = 0

    def __post_init__(self) -> None:
        features, backbone = self.features, self.features.declared_backbone
        self._grid = Grid.from_settings(
            GridSettings(
                features.size,
                backbone=backbone.name,
                normalization=backbone.cell_normalization,
                proportions=features.proportions,
            )
        )

    def find_placement(self, *, may_locate: bool = False, drawn_on: Path | None = None) -> Placement:
        """Return how the parts lie."""
        sample: list[LoadedImage] | None = None
        if self.interest:  # all cells are needed, of images of which a part is painted over
            sample = self._load_sample()
            gains = self._gains_of(sample)
        else:
            gains = self._gains_as_trained()
        if gains is None:
            return Placement(UNKNOWN)
        gain, round_gain = gains
        located = self._examine_located(gain, drawn_on) if may_locate else Placement(UNKNOWN)
        if located.locator is not None:
            return located
        placement = self._find_unlocated(gain, round_gain, sample)
        return replace(placement, located_gain=located.located_gain)

    def _find_unlocated(
        self, gain: float, round_gain: float, sample: Sequence[LoadedImage] | None
    ) -> Placement:
        if round_gain >= 2 * STRONG:
            return Placement(IN_PLACE, max(gain, STRONG))
        if self.features.proportions != 1:  # only squares can be turned
            return self._as_squares().examine_turned(gain)
        return self.examine_turned(gain, sample)

    def _examine_located(self, gain: float, drawn_on: Path | None) -> Placement:
        """Return how parts lie that may be found on a plain ground; with a locator where that gains.

        It is measured on images that the template does not know.
        """
        self.progress.stage(translate("Looking for parts on a plain ground"), len(self.files))
        known, others = self.files[::2], self.files[1::2]
        depth, limit = self.features.depth, self.pixel_limit
        locator = learn_locator(known, limit, depth, self.progress)
        if locator is not None and self.interest:
            locator = anchor_region(locator, drawn_on or self.files[0], limit, depth)
        if locator is None or locator.choose_input(self.features.size)[0] < SMALLEST_WITH_CELLS:
            return Placement(UNKNOWN)
        plan = make_located_plan(self.features, self._grid.settings, self.interest, locator)
        cells = read_located_cells(others, plan, limit, self.runtime, self.progress)
        if len(cells) < _FEWEST // 2:
            return Placement(UNKNOWN)
        located_gain, _ = compare_with_rings(cells, number_rings(plan.piece_cells)[plan.used_piece_cells])
        gains = located_gain >= STRONG and located_gain > gain
        return Placement(LOCATED, gain, locator=locator if gains else None, located_gain=located_gain)

    def _gains_of(self, sample: Sequence[LoadedImage]) -> tuple[float, float] | None:
        plan = Plan(self.features, self._grid, None, self.interest)
        shrunk = _shrink_images(sample, self.features.shape)
        return measure_gains(shrunk, plan, self.runtime) if len(sample) >= _FEWEST else None

    def _gains_as_trained(self) -> tuple[float, float] | None:
        """Return the gains from the very features that a training takes: they are not computed twice."""
        plan, cells = Plan(self.features, self._grid), []
        shape = self._grid.settings.shape
        inside = mask_middle(shape)
        batches = read_batches(
            self.files,
            plan,
            self.pixel_limit,
            self.runtime,
            self.progress,
            with_fingerprint=self.cache is not None,
            cache=self.cache,
        )
        with closing(batches):
            for batch in batches:
                self.computed += len(batch.images) - batch.reused
                if batch.features is not None and batch.features.cells is not None:
                    cells.append(batch.features.cells[:, inside])
        if sum(map(len, cells)) < _FEWEST:
            return None
        return compare_with_rings(np.concatenate(cells), number_rings(shape)[inside])

    def _load_sample(self) -> list[LoadedImage]:
        """Read the sample larger than the network wants it, so that turning blurs little."""
        self.progress.stage(translate("Looking at how the parts can be turned"), len(self.files))
        height, width = (round(side * SPARE) for side in self.features.shape)
        options = ReadingOptions(
            (height, width),
            self.pixel_limit,
            interest=self.interest or None,
            depth=self.features.depth,
            spare=self.features.declared_backbone.decoding_spare,
        )
        sample = []
        with closing(read_images(self.files, options)) as images:
            for image in images:
                sample += [image] if isinstance(image, LoadedImage) else []
                self.progress.advance()
        return sample

    def _as_squares(self) -> _Sample:
        """Return the same sample, each image squeezed to a square."""
        return replace(self, features=replace(self.features, proportions=1.0))

    def examine_turned(self, gain: float, sample: Sequence[LoadedImage] | None = None) -> Placement:
        """Return how parts lie that may lie in any direction; the sample is read where there is none yet.

        What turning gains is measured on images that the template does not know: it makes those that it is
        made of alike, even where they have nothing in common.
        """
        sample = self._load_sample() if sample is None else sample
        shapes = np.median([image.record.width / image.record.height for image in sample])
        known, others = sample[::2], sample[1::2]
        alignment = fit_alignment([image.pixels for image in known], float(shapes))
        plan = Plan(self.features, self._grid, alignment, self.interest)
        as_they_lie, _ = measure_gains(_shrink_images(others, self.features.shape), plan, self.runtime)
        turned = [plan.prepare_image(image) for image in others]
        turned_gain, _ = measure_gains([image.pixels for image in turned], plan, self.runtime)
        angles = np.array([image.pose.angle for image in turned if isinstance(image.pose, Pose)])
        is_in_order = abs(np.exp(1j * angles).mean()) > _ORDERED
        if turned_gain >= _LEAST_TURNED and turned_gain > _GAINED * as_they_lie and not is_in_order:
            return Placement(TURNED, gain, turned_gain, alignment)
        return Placement(IN_PLACE if gain >= NONE else FREE, gain, turned_gain)


def _shrink_images(sample: Sequence[LoadedImage], shape: tuple[int, int]) -> list[ImageArray]:
    from PIL import Image

    size, bilinear = shape[::-1], Image.Resampling.BILINEAR
    return [np.asarray(Image.fromarray(image.pixels).resize(size, bilinear)) for image in sample]
