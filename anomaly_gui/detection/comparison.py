"""Which detector, layer and size tells these parts best: all of them, compared on the user's own images."""

from __future__ import annotations

import time
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.candidates.candidate import Candidate, candidate_of, recommend_candidate
from anomaly_gui.detection.candidates.request import CompareRequest
from anomaly_gui.detection.datasets.bit_depth import settle_depth
from anomaly_gui.detection.datasets.image_sets import ImageSet, SetReader, regrouped
from anomaly_gui.detection.datasets.screening import Screening, screen
from anomaly_gui.detection.detectors.costs import find_obstacle
from anomaly_gui.detection.detectors.fitting import fit_detector, judge_all
from anomaly_gui.detection.detectors.placement.placement import UNKNOWN, Placement
from anomaly_gui.detection.detectors.placement.placement_finder import find_placement
from anomaly_gui.detection.detectors.registry import make_plan
from anomaly_gui.detection.features.plan import Plan
from anomaly_gui.detection.features.vectors import normalize
from anomaly_gui.detection.grouping.groups import group_images
from anomaly_gui.detection.images.folders import Purpose, list_images
from anomaly_gui.detection.images.loading import ReadingOptions
from anomaly_gui.detection.images.reading import read_images
from anomaly_gui.detection.runtimes.protocol import default_runtime
from anomaly_gui.detection.settings.choices import INDEPENDENT, POOLED, POSITIONAL, TEXTURE
from anomaly_gui.detection.settings.detector_kinds import LEARNED
from anomaly_gui.detection.settings.feature_settings import FeatureSettings
from anomaly_gui.detection.settings.layers import LAYERS, count_pixel_operations
from anomaly_gui.detection.settings.train_settings import TrainSettings
from anomaly_gui.errors import ParameterError, TrainingError

if TYPE_CHECKING:
    from pathlib import Path

    from anomaly_gui.detection.arrays.kinds import FloatArray
    from anomaly_gui.detection.features.collection import Collection
    from anomaly_gui.detection.features.feature_cache import FeatureCache
    from anomaly_gui.detection.grouping.groups import Groups
    from anomaly_gui.detection.images.folders import LeftOut
    from anomaly_gui.detection.judging.suspects import SuspectImage
    from anomaly_gui.detection.runtimes.protocol import Runtime
    from anomaly_gui.errors import ImageRefusedError
    from anomaly_gui.progress import Progress


POOLED_LAYERS = (*((name,) for name in LAYERS), ("block2_pool", "block3_pool", "block4_pool"))
"""What is compared of the pooled detector: every layer, and three of them together."""

_GROUPED_BY_LAYER = "block4_conv3"
_TIMED = 16  # images


@dataclass(frozen=True, eq=False)
class CompareResult:
    """The comparison.

    Parameters
    ----------
    candidates : by size, and in the order of the network
    recommended : the one to take
    recommendation : why, in words
    normal, anomalous : the images it rests on
    groups : which good images were taken to show one part
    lying : how the parts lie
    skipped : what does not fit this machine or could not be trained, in words
    seconds : how long it took
    screening : which good images are unlike the others, and were left out or not
    """

    candidates: tuple[Candidate, ...]
    recommended: Candidate
    recommendation: str
    normal: ImageSet
    anomalous: ImageSet
    groups: Groups
    lying: Placement
    skipped: tuple[str, ...]
    seconds: float
    screening: Screening | None = None

    @property
    def suspects(self) -> tuple[SuspectImage, ...]:
        """Good images unlike the others, each with the reason."""
        return () if self.screening is None else self.screening.suspects

    @property
    def unreadable(self) -> tuple[ImageRefusedError, ...]:
        """The files that cannot be used, each with the reason."""
        return self.normal.unreadable + self.anomalous.unreadable

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        """The folders that were not looked into."""
        return self.normal.listing.left_out + self.anomalous.listing.left_out


def compare(
    request: CompareRequest,
    progress: Progress,
    runtime: Runtime | None = None,
    cache: FeatureCache | None = None,
) -> CompareResult:
    """Fit every candidate and see how well it tells the good images from the defects.

    Good images are judged by scores they had no part in, so that all of them can be learned from. Whoever
    takes the best of many on few images should judge it anew on others.

    Raises
    ------
    TrainingError : too few usable images, all of one part, or all the same
    ParameterError : a size that cannot be used, or none that fits this machine
    CancelledError : from `progress`
    """
    began = time.monotonic()
    sets = (list_images(paths).files for paths in (request.normal, request.anomalous))
    settings = settle_depth(request.settings, sets)
    request = replace(request, settings=settings)
    comparison = _Comparison(request, progress, runtime or default_runtime(), cache)
    files = request.good_files()
    for size in dict.fromkeys(request.sizes):
        reason = find_obstacle(size, len(files))
        if reason:
            comparison.skipped.append(reason)
        else:
            comparison.add_size(size)
    if request.learned and comparison.candidates:
        comparison.add_learned()
    return comparison.result(time.monotonic() - began)


class _Comparison:
    """Reads the images once for each size, once more where parts are turned, and fits all candidates."""

    def __init__(
        self, request: CompareRequest, progress: Progress, runtime: Runtime, cache: FeatureCache | None
    ) -> None:
        self._request, self._progress, self._runtime, self._cache = request, progress, runtime, cache
        self.candidates: list[Candidate] = []
        self.skipped: list[str] = []
        self.normal: ImageSet | None = None
        self.anomalous: ImageSet | None = None
        self.groups: Groups | None = None
        self.screening: Screening | None = None
        self.lying = self._look()
        self._reading = 0.0

    def _look(self) -> Placement:
        request, size = self._request, max(self._request.sizes, default=0)
        features = replace(request.settings, size=min(size, 224) if size % 8 == 0 else size).features
        files = request.good_files()
        limit = request.settings.pixel_limit
        return find_placement(
            files, features, request.interest, limit, self._runtime, self._progress, self._cache
        )

    def add_size(self, size: int) -> None:
        """Fit all candidates of a size."""
        settings = replace(self._request.settings, size=size, detector=POOLED)
        everything = FeatureSettings(tuple(LAYERS), size, "none", settings.used_depth)
        with_maps = size % 8 == 0 and size >= 64
        free = Placement(UNKNOWN)
        texture = replace(settings, detector=TEXTURE) if with_maps else None
        grid = make_plan(texture, self._request.interest, free).grid if texture else None
        self._reading = _seconds_to_read(self._request, size)
        began = time.monotonic()
        normal, anomalous = self._read(Plan(everything, grid, None, self._request.interest), f"{size} px")
        rate = (len(normal.images.records) + len(anomalous.images.records)) / (time.monotonic() - began)
        if self.screening is None:
            self._screen(settings, normal)
            normal = self._without_suspects(normal)
            self.normal, self.anomalous = normal, anomalous
        self._progress.stage(f"Comparing at {size} px", len(POOLED_LAYERS) + 2 * with_maps)
        for layers in POOLED_LAYERS:
            self._fit(replace(settings, layer=",".join(layers)), free, normal, anomalous, rate)
        if not with_maps:
            return
        self._fit(replace(settings, detector=POSITIONAL), free, normal, anomalous, rate)
        if self.lying.alignment is None:
            self._fit(replace(settings, detector=TEXTURE), free, normal, anomalous, rate)
        else:
            self._fit_aligned(replace(settings, detector=TEXTURE))

    def _screen(self, settings: TrainSettings, normal: ImageSet) -> None:
        """Group the good images by part, and find those unlike the others."""
        groups = _groups(settings, normal)
        layer = replace(settings, layer=_GROUPED_BY_LAYER).features
        images = replace(normal.images, vectors=_vectors(normal.images, layer))
        self.screening = screen(images, groups, settings.suspects)
        self.groups = groups.of(self.screening.kept)

    def _suspects(self) -> frozenset[Path]:
        if self.screening is None or not self.screening.are_left_out:
            return frozenset()
        return frozenset(suspect.path for suspect in self.screening.suspects)

    def _without_suspects(self, read: ImageSet) -> ImageSet:
        suspects = self._suspects()
        kept = [place for place, one in enumerate(read.images.records) if one.path not in suspects]
        return replace(read, images=read.images.chosen(np.array(kept, np.int64)))

    def add_learned(self) -> None:
        """Train and add the detectors that learn their features."""
        for kind in LEARNED:
            self._add_learned(kind)

    def _add_learned(self, kind: str) -> None:
        from anomaly_gui.detection.candidates.learned_candidates import learn_candidate

        if self.groups is None or self.normal is None:
            raise ValueError("groups are told before anything is fitted")
        grouped = self.normal.images, self.groups
        try:
            request = replace(self._request, excluded=(*self._request.excluded, *self._suspects()))
            found = learn_candidate(kind, request, grouped, self._progress, self._runtime, self._cache)
        except TrainingError as error:  # the others are compared all the same
            self.skipped.append(f"The detector {kind} could not be trained. {error}")
        else:
            self.candidates.append(found)

    def result(self, seconds: float) -> CompareResult:
        """Return all candidates, and which to take."""
        if self.normal is None or self.anomalous is None or self.groups is None:
            raise ParameterError(f"No size fits this machine: {' '.join(self.skipped)}")
        best, why = recommend_candidate(self.candidates, self.lying, self._request.settings)
        return CompareResult(
            tuple(self.candidates),
            best,
            why,
            self.normal,
            self.anomalous,
            self.groups,
            self.lying,
            tuple(self.skipped),
            seconds,
            self.screening,
        )

    def _fit_aligned(self, settings: TrainSettings) -> None:
        began = time.monotonic()
        plan = make_plan(settings, self._request.interest, self.lying)
        normal, anomalous = self._read(plan, f"turned, {settings.size} px")
        count = len(normal.images.records) + len(anomalous.images.records)
        rate = count / (time.monotonic() - began)
        self._fit(settings, self.lying, normal, anomalous, rate, is_cut_out=True)

    def _read(self, plan: Plan, name: str) -> tuple[ImageSet, ImageSet]:
        settings = self._request.settings
        reader = SetReader(
            plan,
            settings.pixel_limit,
            settings.group_by != INDEPENDENT,
            self._runtime,
            self._progress,
            self._request.files_excluded(),
            self._cache,
        )
        normal = self._without_suspects(reader.read(f"Good images, {name}", self._request.normal))
        return normal, reader.read(f"Known defects, {name}", self._request.anomalous, Purpose.DEFECT)

    def _fit(
        self,
        settings: TrainSettings,
        lying: Placement,
        normal: ImageSet,
        anomalous: ImageSet,
        rate: float,
        *,
        is_cut_out: bool = False,
    ) -> None:
        if self.groups is None or self.normal is None:
            raise ValueError("groups are told before anything is fitted")
        groups = regrouped(self.groups, self.normal.images, normal.images)
        plan = make_plan(settings, self._request.interest, lying)
        good, bad = (
            (normal.images, anomalous.images)
            if is_cut_out
            else (_cut_out(normal.images, plan), _cut_out(anomalous.images, plan))
        )
        fitted = fit_detector(settings, plan, good, groups)
        defects, _ = judge_all(fitted.detector, bad)
        whole = (
            1.0
            if is_cut_out
            else count_pixel_operations(tuple(LAYERS)) / count_pixel_operations(_seen(settings))
        )
        speed = 1 / max(self._reading, 1 / (rate * whole))
        self.candidates.append(candidate_of(settings, fitted, groups, defects, speed))
        self._progress.advance()


def _seconds_to_read(request: CompareRequest, size: int) -> float:
    """Return the time an image takes until the network can have it: a shallow layer waits for that."""
    files = request.good_files()[:_TIMED]
    options = ReadingOptions(size, request.settings.pixel_limit, depth=request.settings.used_depth)
    began = time.monotonic()
    with closing(read_images(files, options)) as images:
        count = sum(1 for _ in images)
    return (time.monotonic() - began) / max(count, 1)


def _seen(settings: TrainSettings) -> tuple[str, ...]:
    """Return the layers the network has to reach."""
    layers = settings.features.layers
    return layers if settings.detector == POOLED else (*layers, _GROUPED_BY_LAYER)


def _cut_out(images: Collection, plan: Plan) -> Collection:
    """Return what a plan would have taken, out of all layers and of the most channels."""
    cells = None
    if plan.grid is not None and images.cells is not None:
        cells = images.cells.narrowed(plan.grid.settings.channels)
    return replace(images, vectors=_vectors(images, plan.features), cells=cells)


def _vectors(images: Collection, features: FeatureSettings) -> FloatArray:
    ends = dict(zip(LAYERS, np.cumsum(list(LAYERS.values())), strict=True))
    everything = np.asarray(images.vectors)
    outputs = [everything[:, ends[name] - LAYERS[name] : ends[name]] for name in features.layers]
    return normalize(outputs, features.normalization)


def _groups(settings: TrainSettings, normal: ImageSet) -> Groups:
    paths = [record.path for record in normal.images.records]
    layer = replace(settings, layer=_GROUPED_BY_LAYER).features
    grains = normal.images.grains
    vectors = _vectors(normal.images, layer)
    return group_images(settings.group_by, paths, vectors, grains.rows, grains.known)


def parse_sizes(text: str) -> tuple[int, ...]:
    """Return the sizes of a list with commas; ParameterError for what is none.

    >>> parse_sizes("160, 224")
    (160, 224)
    """
    try:
        sizes = tuple(int(part) for part in text.split(",") if part.strip())
    except ValueError as error:
        raise ParameterError(f"The sizes {text!r} are no list of whole numbers such as 160,224.") from error
    if not sizes:
        raise ParameterError("No size is named: give one or more, such as 224.")
    for size in sizes:
        _ = FeatureSettings(size=size)
    return sizes
