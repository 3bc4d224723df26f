"""Reading the images for a comparison, and fitting what is compared."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.candidates.candidate import Candidate, CandidateScores, candidate_of, scores_of
from anomaly_gui.detection.candidates.recommending import choose_by_defects
from anomaly_gui.detection.candidates.request import CompareRequest, list_pooled_choices
from anomaly_gui.detection.candidates.speed import PlanSpeed
from anomaly_gui.detection.datasets.image_sets import ImageSet, Reading, SetReader, regrouped
from anomaly_gui.detection.datasets.input_shape import settle_shape
from anomaly_gui.detection.datasets.screening import Screening, screen
from anomaly_gui.detection.detectors.fitting import fit_detector, judge_all
from anomaly_gui.detection.detectors.placement.placement import UNKNOWN, Placement
from anomaly_gui.detection.detectors.placement.placement_finder import find_placement
from anomaly_gui.detection.detectors.registry import make_plan
from anomaly_gui.detection.features.plan import Grid, Plan
from anomaly_gui.detection.features.vectors import normalize_vectors
from anomaly_gui.detection.grouping.groups import group_images
from anomaly_gui.detection.images.folders import Purpose
from anomaly_gui.detection.settings.choices import AUTO, AUTOMATIC, INDEPENDENT, UNCHANGED
from anomaly_gui.detection.settings.detector_kinds import DETECTORS, LEARNED
from anomaly_gui.detection.settings.feature_settings import FeatureSettings
from anomaly_gui.detection.settings.train_settings import TrainSettings
from anomaly_gui.errors import TrainingError
from anomaly_gui.language import translate
from anomaly_gui.wording import join_list

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from anomaly_gui.detection.arrays.kinds import FloatArray, IntArray
    from anomaly_gui.detection.features.collection import Collection
    from anomaly_gui.detection.features.feature_cache import FeatureCache
    from anomaly_gui.detection.grouping.groups import Groups
    from anomaly_gui.detection.images.region_of_interest import RegionOfInterest
    from anomaly_gui.detection.judging.choosing import Choice
    from anomaly_gui.detection.runtimes.protocol import Runtime
    from anomaly_gui.progress import Progress

_FREE = Placement(UNKNOWN)
_COMPARED = tuple(kind for kind in DETECTORS.values() if not kind.is_learned and not kind.keeps_proportions)
WITH_MAP = tuple(kind.name for kind in _COMPARED if kind.has_map)
WITHOUT_MAP = tuple(kind.name for kind in _COMPARED if not kind.has_map)
"""The detectors on features of a backbone; of those without a map every layer is compared."""


class Trials:
    """Reads the images for each backbone and size, again where parts are turned, and fits all candidates.

    Attributes
    ----------
    candidates, scores : those that were fitted, and what each makes of the images
    skipped : what does not fit this machine or could not be trained, in words
    normal, anomalous : the images of the first backbone and size, which tell how many there are
    groups : which good images show one part
    screening : which good images are unlike the others
    placement : how the parts lie
    reading : what all readers of the images share
    """

    def __init__(
        self,
        request: CompareRequest,
        progress: Progress,
        runtime: Runtime,
        cache: FeatureCache | None,
        placement: Placement | None = None,
        reading: Reading | None = None,
    ) -> None:
        self._request, self._progress, self._runtime, self._cache = request, progress, runtime, cache
        self.reading = reading or Reading()
        self.candidates: list[Candidate] = []
        self.scores: list[CandidateScores] = []
        self.skipped: list[str] = []
        self.normal: ImageSet | None = None
        self.anomalous: ImageSet | None = None
        self.groups: Groups | None = None
        self.screening: Screening | None = None
        self.placement = placement or self._find_placement()

    def _find_placement(self) -> Placement:
        request, size = self._request, max(self._request.sizes, default=0)
        looked_at = min(size, 224) if size % 8 == 0 else size
        features = request.settings_with(request.backbones[0], looked_at).features
        files = request.good_files()
        limit = request.settings.pixel_limit
        return find_placement(
            files, features, request.interest, limit, self._runtime, self._progress, self._cache
        )

    def add_size(self, size: int) -> None:
        """Fit all candidates of a size."""
        for backbone in self._request.backbones:
            self.add_backbone(backbone, size)

    def add_backbone(self, backbone: str, asked_size: int) -> None:
        """Fit all candidates of a backbone and a size."""
        settings = self._request.settings_with(backbone, asked_size)
        size, interest, network = settings.used_size, self._request.interest, settings.declared_backbone
        everything = FeatureSettings(network.layer_names, size, UNCHANGED, settings.used_depth, network.name)
        with_maps = WITH_MAP if size % 8 == 0 and size >= 64 else ()
        plan = Plan(everything, _make_widest_grid(settings, with_maps, interest), None, interest)
        normal, anomalous = self._read_images(plan, join_list([network.title, f"{size} px"]))
        speed = self._measure_speed(plan)
        if self.screening is None:
            self._screen_images(settings, normal)
            normal = self._leave_out_suspects(normal)
            self.normal, self.anomalous = normal, anomalous
        choices = list_pooled_choices(network)
        whole = len(WITHOUT_MAP) * len(choices)
        self._progress.stage(
            translate("Comparing {backbone} at {size} px", backbone=network.title, size=size),
            whole + len(with_maps),
        )
        for kind, layers in product(WITHOUT_MAP, choices):
            chosen = replace(settings, detector=kind, layer=",".join(layers))
            self._fit_candidate(chosen, _FREE, normal, anomalous, speed.estimate_rate(chosen))
        for kind in with_maps:
            chosen = replace(settings, detector=kind)
            if make_plan(chosen, interest, self.placement).alignment is None:
                self._fit_candidate(chosen, _FREE, normal, anomalous, speed.estimate_rate(chosen))
            else:
                self._fit_aligned(chosen)

    def add_automatic(self) -> None:
        """Fit the detector that chooses for itself: as it would be trained, whatever sizes are compared."""
        request, files = self._request, self._request.good_files()
        settings = settle_shape(request.automatic_settings, files)
        placement = find_placement(
            files,
            settings.features,
            request.interest,
            settings.pixel_limit,
            self._runtime,
            self._progress,
            self._cache,
            may_locate=DETECTORS[AUTO].locates,
        )
        plan = make_plan(settings, request.interest, placement)
        normal, anomalous = self._read_images(plan, "automatic", settings.used_variants)
        speed = self._measure_speed(plan).images_per_second
        self._fit_candidate(settings, placement, normal, anomalous, speed, is_cut_out=True)

    def _screen_images(self, settings: TrainSettings, normal: ImageSet) -> None:
        """Group the good images by part, and find those unlike the others."""
        groups = _group_by_part(settings, normal)
        usual = replace(settings, layer=AUTOMATIC)
        images = replace(normal.images, vectors=_cut_vectors(normal.images, usual.features))
        self.screening = screen(images, groups, usual)
        self.groups = groups.select_images(self.screening.used)

    def _list_suspects(self) -> frozenset[Path]:
        if self.screening is None or not self.screening.are_left_out:
            return frozenset()
        return frozenset(suspect.path for suspect in self.screening.suspects)

    def _leave_out_suspects(self, read: ImageSet) -> ImageSet:
        suspects = self._list_suspects()
        used = [index for index, one in enumerate(read.images.records) if one.path not in suspects]
        return replace(read, images=read.images.select_images(np.array(used, np.int64)))

    def choose(self) -> Choice | None:
        """Return what known defects say of the candidates; None where too few tell."""
        if self.groups is None or self.normal is None or self.anomalous is None:
            raise ValueError("groups are found before anything is chosen")
        normal, anomalous = self.normal.images, self.anomalous.images
        parts = _number_files(normal, self.groups.held_out_together)
        if anomalous.records:
            settings = self._request.settings_with(self._request.backbones[0], self.candidates[0].size)
            together = _group_by_part(settings, self.anomalous, AUTOMATIC)
            parts |= _number_files(anomalous, together.numbers)
        return choose_by_defects(self.candidates, self.scores, parts)

    def add_learned(self) -> None:
        """Train and add the detectors that learn their features."""
        for kind in LEARNED:
            self.add_learned_kind(kind)

    def add_learned_kind(self, kind: str) -> None:
        """Train and add a detector that learns its features."""
        from anomaly_gui.detection.candidates.learned_candidates import learn_candidate

        if self.groups is None or self.normal is None:
            raise ValueError("groups are found before anything is fitted")
        grouped = self.normal.images, self.groups
        given = self._progress, self._runtime, self._cache, self.reading
        try:
            request = replace(self._request, excluded=(*self._request.excluded, *self._list_suspects()))
            found = learn_candidate(kind, request, grouped, *given)
        except TrainingError as error:  # the others are compared all the same
            self.skipped.append(
                translate("The detector {kind} could not be trained. {error}", kind=kind, error=error)
            )
        else:
            self.candidates.append(found[0])
            self.scores.append(found[1])

    def _fit_aligned(self, settings: TrainSettings) -> None:
        plan = make_plan(settings, self._request.interest, self.placement)
        normal, anomalous = self._read_images(
            plan, f"turned, {plan.features.backbone}, {plan.features.size} px"
        )
        speed = self._measure_speed(plan).images_per_second
        self._fit_candidate(settings, self.placement, normal, anomalous, speed, is_cut_out=True)

    def _measure_speed(self, plan: Plan) -> PlanSpeed:
        request = self._request
        return PlanSpeed.measure(request.good_files(), plan, request.settings.pixel_limit, self._runtime)

    def _read_images(self, plan: Plan, name: str, variants: int | None = 0) -> tuple[ImageSet, ImageSet]:
        settings = self._request.settings
        reader = SetReader(
            plan,
            settings.pixel_limit,
            settings.group_by != INDEPENDENT,
            self._runtime,
            self._progress,
            self._request.files_excluded(),
            self._cache,
            reading=self.reading,
        )
        good = reader.read(
            translate("Good images, {name}", name=name), self._request.normal, variants=variants
        )
        normal = self._leave_out_suspects(good)
        return normal, reader.read(
            translate("Known defects, {name}", name=name), self._request.anomalous, Purpose.DEFECT
        )

    def _fit_candidate(
        self,
        settings: TrainSettings,
        placement: Placement,
        normal: ImageSet,
        anomalous: ImageSet,
        images_per_second: float,
        *,
        is_cut_out: bool = False,
    ) -> None:
        if self.groups is None or self.normal is None:
            raise ValueError("groups are found before anything is fitted")
        groups = regrouped(self.groups, self.normal.images, normal.images)
        plan = make_plan(settings, self._request.interest, placement)
        good, bad = (
            (normal.images, anomalous.images)
            if is_cut_out
            else (_cut_features(normal.images, plan), _cut_features(anomalous.images, plan))
        )
        fitted = fit_detector(settings, plan, good, groups)
        defects, _ = judge_all(fitted.detector, bad)
        self.candidates.append(candidate_of(settings, fitted, groups, defects, images_per_second))
        self.scores.append(scores_of(fitted, good.records, bad.records, defects))
        self._progress.advance()


def _make_widest_grid(
    settings: TrainSettings, kinds: Sequence[str], interest: RegionOfInterest
) -> Grid | None:
    """Return the grid with the most channels that a kind takes: those of the others are its first ones."""
    plans = (make_plan(replace(settings, detector=kind), interest, _FREE) for kind in kinds)
    grids = [plan.grid for plan in plans if plan.grid is not None]
    return max(grids, key=lambda grid: grid.settings.channels, default=None)


def _cut_features(images: Collection, plan: Plan) -> Collection:
    """Return what a plan would have taken, out of all layers and of the most channels."""
    cells = None
    if plan.grid is not None and images.cells is not None:
        cells = images.cells.take_channels(plan.grid.settings.channels)
    return replace(images, vectors=_cut_vectors(images, plan.features), cells=cells)


def _cut_vectors(images: Collection, features: FeatureSettings) -> FloatArray:
    channels = {layer.name: layer.channels for layer in features.declared_backbone.layers}
    ends = dict(zip(channels, np.cumsum(list(channels.values())), strict=True))
    everything = np.asarray(images.vectors)
    outputs = [everything[:, ends[name] - channels[name] : ends[name]] for name in features.layers]
    return normalize_vectors(outputs, features.normalization)


def _number_files(images: Collection, numbers: IntArray) -> dict[Path, int]:
    return {one.path: int(number) for one, number in zip(images.records, numbers, strict=True)}


def _group_by_part(settings: TrainSettings, normal: ImageSet, rule: str | None = None) -> Groups:
    """Return which images show one part, by the rule asked for or another one."""
    if rule is None or settings.group_by == INDEPENDENT:
        rule = settings.group_by
    paths = [record.path for record in normal.images.records]
    layer = replace(settings, layer=AUTOMATIC).features
    fingerprints = normal.images.fingerprints
    vectors = _cut_vectors(normal.images, layer)
    return group_images(rule, paths, vectors, fingerprints.rows, fingerprints.has_fingerprint)
