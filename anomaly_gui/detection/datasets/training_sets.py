"""What a training is given: reading its images, grouping them by part, and screening them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from anomaly_gui.detection.datasets.exclusions import files_excluded, list_for
from anomaly_gui.detection.datasets.image_sets import ImageSet, SetReader
from anomaly_gui.detection.datasets.input_shape import list_sizes, settle_depth, settle_shape
from anomaly_gui.detection.datasets.judging_rate import JudgingRate, measure_rate
from anomaly_gui.detection.datasets.screening import Screening, screen
from anomaly_gui.detection.datasets.time_allowed import choose_within_time
from anomaly_gui.detection.datasets.train_request import TrainRequest
from anomaly_gui.detection.detectors.placement.placement import UNKNOWN, Placement
from anomaly_gui.detection.detectors.placement.placement_finder import find_placement
from anomaly_gui.detection.detectors.registry import make_plan
from anomaly_gui.detection.features.collection import collect_features
from anomaly_gui.detection.features.plan import Plan
from anomaly_gui.detection.grouping.cached_pairs import CachedPairs
from anomaly_gui.detection.grouping.groups import Groups, group_images
from anomaly_gui.detection.images.bit_depth import find_deeper_depth
from anomaly_gui.detection.images.folders import LeftOut, Purpose, list_images
from anomaly_gui.detection.learning.network_training import pixel_plan
from anomaly_gui.detection.model.assembly import KnownDefects, ScreenedImages
from anomaly_gui.detection.settings.choices import AUTO_DEPTH, AUTOMATIC, INDEPENDENT
from anomaly_gui.detection.settings.detector_kinds import DETECTORS, LEARNED
from anomaly_gui.detection.settings.train_settings import TrainSettings
from anomaly_gui.errors import TrainingError
from anomaly_gui.language import translate

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from anomaly_gui.detection.arrays.kinds import FloatArray
    from anomaly_gui.detection.features.collection import Collection
    from anomaly_gui.detection.features.feature_cache import FeatureCache
    from anomaly_gui.detection.runtimes.protocol import Runtime
    from anomaly_gui.progress import Progress


_SCREENED_SIZE = 128  # pixels of the network's input where images are screened that it is not to judge


@dataclass(frozen=True, eq=False)
class TrainingSets:
    """The images of each kind that a training is given."""

    normal: ImageSet
    calibration: ImageSet
    anomalous: ImageSet

    @property
    def all(self) -> tuple[ImageSet, ...]:
        """The three of them."""
        return (self.normal, self.calibration, self.anomalous)

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        """Folders that are not learned from."""
        return tuple(one for each in self.all for one in each.listing.left_out)


@dataclass(frozen=True, eq=False)
class GoodImages:
    """Good images as they are learned from: without suspects, and by part.

    Parameters
    ----------
    images : with what was found in their folders
    groups : which images of `images` show one part
    screening : what was found unlike the others
    """

    images: ImageSet
    groups: Groups
    screening: Screening

    @property
    def screened(self) -> ScreenedImages:
        """What a model rests on of them."""
        screening = self.screening
        return ScreenedImages(self.images.images, self.groups, screening.perhaps_good, screening.left_out)


class ReadSets(NamedTuple):
    """What a training was given, read.

    Parameters
    ----------
    request : with the settings that follow from the images
    placement : how the parts lie
    plan : what is taken of each image
    sets : the images
    rate : how fast that is judged, where a rate was asked for
    """

    request: TrainRequest
    placement: Placement
    plan: Plan
    sets: TrainingSets
    rate: JudgingRate | None


def read_sets(
    request: TrainRequest,
    runtime: Runtime,
    progress: Progress,
    cache: FeatureCache | None,
    read: Callable[[TrainRequest, Plan], TrainingSets] | None = None,
) -> ReadSets:
    """Read all images, once more where some turn out to use more of their 16 bits than the sample did.

    Parameters
    ----------
    read : reads the sets by a plan; None: here, one file after the other
    """
    asked, rate = request.settings, None
    sources = (request.normal, request.calibration, request.anomalous)
    settings = settle_depth(asked, (list_images(paths).files for paths in sources))
    settings = settle_shape(settings, list_images(request.normal).files)
    while True:
        request = replace(request, settings=settings)
        placement, plan = _make_plan(request, runtime, progress, cache)
        if asked.images_per_second is not None and rate is None and settings.detector not in LEARNED:
            request, rate = _settle_time(request, asked.size, placement, runtime, progress)
            plan = make_plan(request.settings, request.interest, placement)
        sets = read(request, plan) if read else _read_sets(request, plan, runtime, progress, cache)
        refused = [error for each in sets.all for error in each.unreadable]
        found = find_deeper_depth(refused, settings.used_depth) if asked.depth == AUTO_DEPTH else None
        if found is None:
            return ReadSets(request, placement, plan, sets, rate)
        settings = request.settings.with_depth(found)


def _settle_time(
    request: TrainRequest, size: int | None, placement: Placement, runtime: Runtime, progress: Progress
) -> tuple[TrainRequest, JudgingRate]:
    """Return the request with the finest size that is judged at the rate asked for; `size` is the one named.

    Raises
    ------
    ParameterError : there is none
    """
    settings, files = request.settings, list_for(request.normal, excluded=find_excluded(request)).files
    if not len(files):
        raise TrainingError(translate("There is no good image to measure the time with: give some."))
    progress.stage(translate("Measuring how fast images are judged"))

    def measure(tried: TrainSettings) -> JudgingRate:
        return measure_rate(tried, make_plan(tried, request.interest, placement), files, runtime, progress)

    sizes = list_sizes(replace(settings, size=size), files)
    chosen, rate = choose_within_time(settings, sizes, measure)
    return replace(request, settings=chosen), rate


def _make_plan(
    request: TrainRequest, runtime: Runtime, progress: Progress, cache: FeatureCache | None
) -> tuple[Placement, Plan]:
    """Return how the parts lie, as far as the detector asks for it, and what is taken of each image."""
    settings, excluded = request.settings, find_excluded(request)
    files = list_for(request.normal, excluded=excluded).files
    if settings.detector in LEARNED:
        return Placement(UNKNOWN), pixel_plan(settings, request.interest, files)
    limit = settings.pixel_limit
    placement = find_placement(
        files,
        settings.features,
        request.interest,
        limit,
        runtime,
        progress,
        cache,
        may_locate=DETECTORS[settings.detector].locates,
        drawn_on=next(iter(list_images(request.normal).files), None),
    )
    return placement, make_plan(settings, request.interest, placement)


def find_excluded(request: TrainRequest) -> frozenset[Path]:
    """Return the files that are not to be used, as they are listed."""
    return files_excluded(request.excluded, request.listings()) if request.excluded else frozenset()


def _read_sets(
    request: TrainRequest, plan: Plan, runtime: Runtime, progress: Progress, cache: FeatureCache | None
) -> TrainingSets:
    settings = request.settings
    with_fingerprints = settings.group_by != INDEPENDENT
    reader = SetReader(
        plan, settings.pixel_limit, with_fingerprints, runtime, progress, find_excluded(request), cache
    )
    return TrainingSets(
        reader.read(translate("Good images"), request.normal, variants=settings.used_variants),
        reader.read(translate("Good images of another day"), request.calibration),
        reader.read(translate("Known defects"), request.anomalous, Purpose.DEFECT),
    )


def screen_images(
    read: ImageSet,
    request: TrainRequest,
    plan: Plan,
    runtime: Runtime,
    progress: Progress,
    cache: FeatureCache | None,
) -> GoodImages:
    """Group good images by part, and leave out those unlike the others if that is asked for."""
    settings = request.settings
    groups = _group_by_part(settings.group_by, plan, read.images, runtime, cache)
    images = read.images
    if settings.detector in LEARNED:
        images = replace(images, vectors=_pool_features(images, settings, plan, runtime, progress, cache))
    screening = screen(images, groups, settings, frozenset(request.surely_good))
    kept = replace(read, images=read.images.select_images(screening.used))
    return GoodImages(kept, groups.select_images(screening.used), screening)


def group_defects(
    images: Collection, request: TrainRequest, plan: Plan, runtime: Runtime, cache: FeatureCache | None
) -> KnownDefects:
    """Return known defects, with which of them show one part."""
    if request.settings.group_by == INDEPENDENT or plan.network or not images.records:
        return KnownDefects(images, np.arange(len(images.records)))
    return KnownDefects(images, _group_by_part(AUTOMATIC, plan, images, runtime, cache).numbers)


def _pool_features(
    images: Collection,
    settings: TrainSettings,
    plan: Plan,
    runtime: Runtime,
    progress: Progress,
    cache: FeatureCache | None,
) -> FloatArray:
    """Return what the backbone says of images that were read as pixels: these tell foreign things badly.

    An image that went away meanwhile gets the mean of the others, and so is no suspect.
    """
    size = min(settings.used_size, _SCREENED_SIZE)
    seeing = Plan(replace(settings.features, size=size), interest=plan.interest)
    files = [record.path for record in images.records]
    progress.stage(translate("Looking for odd images"), len(files))
    seen = collect_features(
        files, seeing, settings.pixel_limit, runtime, progress, with_fingerprints=False, cache=cache
    )
    if not seen.records:
        return np.zeros((len(files), 1), np.float32)
    known = np.asarray(seen.vectors)
    rows = dict(zip((record.path for record in seen.records), known, strict=True))
    mean = known.mean(axis=0)
    return np.stack([rows.get(file, mean) for file in files])


def _group_by_part(
    rule: str, plan: Plan, images: Collection, runtime: Runtime, cache: FeatureCache | None
) -> Groups:
    paths, fingerprints = [record.path for record in images.records], images.fingerprints
    kept = None
    if cache and plan.network is None:
        kept = CachedPairs.for_images(cache, plan, plan.runs_on(runtime), images.records)
    return group_images(rule, paths, images.vectors, fingerprints.rows, fingerprints.has_fingerprint, kept)
