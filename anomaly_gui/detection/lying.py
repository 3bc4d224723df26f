"""Do the parts lie in place? Told from good images alone, on a sample of them.

Features of places are taken as the mean of that place plus what differs from image to image. The more the
means of places differ among each other, against what images differ, the more is gained by knowing the place:
on cells that lie in place as much as images differ (1.0), on the same cells turned at random 0.06, on
textures 0. What any turned part shows, rings around the middle, is left out of it, unless the rings alone
tell more than images differ: a round part always in the same place.

A part that can be turned into one pose is told by what is gained after turning.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.alignment import SPARE, Alignment, fit_alignment
from anomaly_gui.detection.detectors import POOLED, POSITIONAL, TEXTURE
from anomaly_gui.detection.grids import MOST_CHANNELS, GridSettings
from anomaly_gui.detection.images import LoadedImage, ReadingOptions
from anomaly_gui.detection.kept_lying import KeptLying
from anomaly_gui.detection.observing import Grid, Plan, observe
from anomaly_gui.detection.reading import read_images
from anomaly_gui.detection.stream import describe

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from anomaly_gui.detection.arrays import BoolArray, FloatArray, ImageArray, IntArray
    from anomaly_gui.detection.feature_cache import FeatureCache
    from anomaly_gui.detection.features import FeatureSettings
    from anomaly_gui.detection.interest import RegionOfInterest
    from anomaly_gui.detection.runtimes import Runtime
    from anomaly_gui.detection.settings import TrainSettings
    from anomaly_gui.progress import Progress

IN_PLACE, TURNED, FREE, UNKNOWN = "in place", "turned", "free", "unknown"

STRONG = 0.5
"""Gain from which a Gaussian for each place is best (ELPV mono 1.0, made-up bolts in one pose 11)."""

NONE = 0.1
"""Gain below which parts do not lie in place (turned cells 0.06, bolts in any direction 0.05, textures 0);
ELPV poly lies between, at 0.2: it lies in place, but its grain tells more than its places do."""

SMALLEST_SIZE = 128
"""Of the network's input in pixels: a smaller one has too few places to tell."""

_SAMPLE = 60
_FEWEST = 12
_MIDDLE = 0.25  # of the side on each edge is left out: the network sees the border of any image


@dataclass(frozen=True, eq=False)
class Lying:
    """How parts lie.

    Parameters
    ----------
    kind : IN_PLACE, TURNED (they can be brought into one pose), FREE, or UNKNOWN (too few or too small)
    gain : variance between places over variance between images
    turned_gain : the same after turning; None where it was not tried
    alignment : of TURNED parts
    computed : how many images' features were computed for this and kept for the training
    """

    kind: str
    gain: float | None = None
    turned_gain: float | None = None
    alignment: Alignment | None = None
    computed: int = 0

    @property
    def recommended(self) -> str | None:
        """The detector to take for such parts; None where nothing is known."""
        if self.kind == UNKNOWN or self.gain is None:
            return None
        return POSITIONAL if self.kind == IN_PLACE and self.gain >= STRONG else TEXTURE

    @property
    def description(self) -> str:
        """How the parts lie, in a sentence."""
        return {
            IN_PLACE: "These parts lie in place.",
            TURNED: "These parts lie in any direction, and can be turned into one pose.",
            FREE: "No place of these images is like the same place of another.",
            UNKNOWN: "How the parts lie cannot be told from so few or so small images.",
        }[self.kind]

    def advice(self, detector: str) -> str | None:
        """Return a sentence for who took this detector, or None where it fits."""
        if detector == POSITIONAL and self.kind in (TURNED, FREE):
            return "These parts don't lie in place: take the detector texture or pooled."
        if self.recommended is None or detector == self.recommended:
            return None
        return {
            (IN_PLACE, POSITIONAL): "These parts lie in place: the detector positional finds smaller defects "
            "on them, and shows where.",
            (IN_PLACE, TEXTURE): "These parts lie in place, but differ more from each other than one place "
            "does from the next: the detector texture finds more on them.",
            (TURNED, TEXTURE): "These parts lie in any direction: the detector texture turns them into one "
            "pose, finds smaller defects, and shows where.",
            (FREE, TEXTURE): "No place of these images is like the same place of another: the detector "
            "texture finds smaller defects on such surfaces, and shows where.",
        }[self.kind, self.recommended]


def how_parts_lie(
    files: Sequence[Path],
    features: FeatureSettings,
    interest: RegionOfInterest,
    pixel_limit: int,
    runtime: Runtime,
    progress: Progress,
    cache: FeatureCache | None = None,
) -> Lying:
    """Look at a sample of good images, spread evenly over the files.

    Files that cannot be read are left out: whoever reads all of them says why. What a cache knows of the same
    sample is not found out again.
    """
    if features.size < SMALLEST_SIZE or features.size % 8 or len(files) < _FEWEST:
        return Lying(UNKNOWN)
    chosen = [files[k] for k in np.unique(np.linspace(0, len(files) - 1, _SAMPLE).astype(int))]
    progress.stage("Looking at how the parts lie", len(chosen))
    kept = None
    if cache is not None:
        kept = KeptLying.of(cache, chosen, features, interest, pixel_limit, runtime.name)
        known = kept.find()
        if known is not None:
            return known
    look = _Look(tuple(chosen), features, interest, pixel_limit, runtime, progress, cache)
    lying = look.lying()
    if kept is not None:
        kept.keep(lying)
    return replace(lying, computed=look.computed if cache is not None else 0)


@dataclass(eq=False)
class _Look:
    """A look at a sample of files.

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
        self._grid = Grid.of(GridSettings(self.features.size))

    def lying(self) -> Lying:
        """Return how the parts lie."""
        sample: list[LoadedImage] | None = None
        if self.interest:  # all cells are needed, of images of which a part is painted over
            sample = self._loaded()
            gains = self._gains_of(sample)
        else:
            gains = self._gains_as_trained()
        if gains is None:
            return Lying(UNKNOWN)
        gain, round_gain = gains
        if gain >= NONE or round_gain >= 2 * STRONG:
            return Lying(IN_PLACE, max(gain, STRONG if round_gain >= 2 * STRONG else 0.0))
        return self._turned(gain, self._loaded() if sample is None else sample)

    def _gains_of(self, sample: Sequence[LoadedImage]) -> tuple[float, float] | None:
        plan = Plan(self.features, self._grid, None, self.interest)
        shrunk = _shrunk(sample, self.features.size)
        return _gains(shrunk, plan, self.runtime) if len(sample) >= _FEWEST else None

    def _gains_as_trained(self) -> tuple[float, float] | None:
        """Return the gains from the very features that a training takes: they are not computed twice."""
        plan, cells = Plan(self.features, self._grid), []
        inside = _middle(self._grid.settings.side)
        batches = describe(
            self.files,
            plan,
            self.pixel_limit,
            self.runtime,
            self.progress,
            with_grain=self.cache is not None,
            cache=self.cache,
        )
        with closing(batches):
            for batch in batches:
                self.computed += len(batch.images) - batch.reused
                if batch.observed is not None and batch.observed.cells is not None:
                    cells.append(batch.observed.cells[:, inside])
        if sum(map(len, cells)) < _FEWEST:
            return None
        return _gain_beside_rings(np.concatenate(cells))

    def _loaded(self) -> list[LoadedImage]:
        """Read the sample larger than the network wants it, so that turning blurs little."""
        self.progress.stage("Looking at how the parts can be turned", len(self.files))
        size = round(self.features.size * SPARE)
        options = ReadingOptions(size, self.pixel_limit, False, self.interest or None, self.features.depth)
        sample = []
        with closing(read_images(self.files, options)) as images:
            for image in images:
                sample += [image] if isinstance(image, LoadedImage) else []
                self.progress.advance()
        return sample

    def _turned(self, gain: float, sample: Sequence[LoadedImage]) -> Lying:
        shapes = np.median([image.width / image.height for image in sample])
        alignment = fit_alignment([image.pixels for image in sample], float(shapes))
        plan = Plan(self.features, self._grid, alignment, self.interest)
        placed = [plan.prepared(image).pixels for image in sample]
        turned_gain, _ = _gains(placed, plan, self.runtime)
        if turned_gain >= STRONG:
            return Lying(TURNED, gain, turned_gain, alignment)
        return Lying(FREE, gain, turned_gain)


def _shrunk(sample: Sequence[LoadedImage], size: int) -> list[ImageArray]:
    from PIL import Image

    bilinear = Image.Resampling.BILINEAR
    return [np.asarray(Image.fromarray(image.pixels).resize((size, size), bilinear)) for image in sample]


def _gains(pixels: Sequence[ImageArray], plan: Plan, runtime: Runtime) -> tuple[float, float]:
    """Return the variance between places over that between images: beside rings, and with them."""
    if plan.grid is None:
        raise ValueError("places need a grid")
    batch, cells = plan.features.batch_size, []
    everywhere = Plan(plan.features, plan.grid)
    for first in range(0, len(pixels), batch):
        seen = observe(np.stack(pixels[first : first + batch]), everywhere, runtime).cells
        cells += [] if seen is None else [seen[:, _middle(plan.grid.settings.side)]]
    return _gain_beside_rings(np.concatenate(cells))


def _middle(side: int) -> BoolArray:
    edge = round(side * _MIDDLE)
    inside = np.zeros((side, side), np.bool_)
    inside[edge : side - edge, edge : side - edge] = True
    return inside.ravel()


def _gain_beside_rings(cells: FloatArray) -> tuple[float, float]:
    """Return both gains of (images, cells of the middle, channels)."""
    count = len(cells)
    means = cells.mean(axis=0)
    between_images = float(((cells - means) ** 2).sum() / (count - 1) / cells.shape[1])
    if between_images <= 0:
        return 0.0, 0.0
    rings = _rings(round(cells.shape[1] ** 0.5))
    ring_means = np.stack([means[rings == ring].mean(axis=0) for ring in range(rings.max() + 1)])
    noise = between_images / count  # what means differ by chance
    around = float(((means - means.mean(axis=0)) ** 2).sum(axis=1).mean()) - noise
    beside = float(((means - ring_means[rings]) ** 2).sum(axis=1).mean()) - noise
    return beside / between_images, around / between_images


def _rings(side: int) -> IntArray:
    """Return the distance of each cell to the middle, in whole cells."""
    across = np.arange(side) - (side - 1) / 2
    rings: IntArray = np.unique(
        np.hypot(across[:, None], across).round().astype(np.int64).ravel(), return_inverse=True
    )[1]
    return rings


def plan_for(settings: TrainSettings, interest: RegionOfInterest, lying: Lying) -> Plan:
    """Return what the detector asked for takes of an image of parts that lie so."""
    if settings.detector == POOLED:
        return Plan(settings.features, interest=interest)
    grid = settings.grid
    if settings.detector == POSITIONAL:
        return Plan(settings.features, Grid.of(grid), interest=interest)
    if lying.alignment is None:  # one Gaussian of many more places can be told more of each
        grid = replace(grid, channels=min(3 * grid.channels, MOST_CHANNELS))
    return Plan(settings.features, Grid.of(grid), lying.alignment, interest)
