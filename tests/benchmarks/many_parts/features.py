"""The features of a kind's images: one pass of the network takes what all candidates of a size need."""

from __future__ import annotations

import json
import time
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.cli.output.progress import TerminalProgress
from anomaly_gui.detection.datasets.variants import share_variants
from anomaly_gui.detection.detectors.placement.placement import UNKNOWN, Placement
from anomaly_gui.detection.detectors.placement.placement_finder import find_placement
from anomaly_gui.detection.detectors.registry import make_plan
from anomaly_gui.detection.features.collection import Collection, collect_features
from anomaly_gui.detection.features.feature_cache import FeatureCache
from anomaly_gui.detection.features.plan import Grid, Plan
from anomaly_gui.detection.features.vectors import normalize_vectors
from anomaly_gui.detection.grouping.groups import Groups, group_images
from anomaly_gui.detection.images.loading import LoadedImage
from anomaly_gui.detection.images.reading import read_images
from anomaly_gui.detection.images.region_of_interest import RegionOfInterest
from anomaly_gui.detection.runtimes.protocol import default_runtime
from anomaly_gui.detection.settings.choices import AUTO
from anomaly_gui.detection.settings.detector_kinds import DETECTORS
from tests.benchmarks.many_parts.backbones import backbone_settings, list_layers, share_of_pass
from tests.benchmarks.many_parts.candidates import PartsCandidate, fit_size
from tests.benchmarks.many_parts.pixels import read_small_masks

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from anomaly_gui.detection.arrays.cell_store import CellStore
    from anomaly_gui.detection.arrays.kinds import BoolArray, FloatArray, IntArray
    from anomaly_gui.detection.images.alignment import Pose
    from anomaly_gui.detection.images.locating.locator import Sighting
    from anomaly_gui.detection.settings.feature_settings import FeatureSettings
    from anomaly_gui.detection.settings.train_settings import TrainSettings
    from tests.benchmarks.part_kinds import PartKind

CHANNELS = 350
"""Of the cells that are taken at least: those of a candidate are the first ones."""

_WHOLE = RegionOfInterest()
_PIXELS = 10**9
_ROOM = 64 << 30  # bytes


def open_cache(work: Path) -> FeatureCache:
    """Return the bench's cache of features."""
    return FeatureCache(work / "features", _ROOM)


@dataclass(eq=False)
class KindFeatures:
    """The images of a kind through one backbone at one size.

    Parameters
    ----------
    size : as asked for; the kind's own may be smaller
    """

    kind: PartKind
    backbone: str
    size: int
    work: Path
    cache: FeatureCache
    _stores: dict[int, CellStore] = field(default_factory=dict)
    _apart: dict[tuple[FeatureSettings, int, tuple[int, int], bool], Collection] = field(default_factory=dict)

    @cached_property
    def settings(self) -> TrainSettings:
        """The backbone's defaults at this size."""
        return replace(backbone_settings(self.backbone), size=fit_size(self.size, self.kind))

    @property
    def files(self) -> tuple[Path, ...]:
        """All images: good ones to learn from, unseen good ones, defects."""
        return (*self.kind.good, *self.kind.unseen, *self.kind.bad)

    @cached_property
    def _wide_features(self) -> FeatureSettings:
        own = self.settings
        return replace(own.features, layers=list_layers(self.backbone), normalization="none")

    @cached_property
    def wide(self) -> Collection:
        """All images with all layers and the most channels; images with the same bytes once."""
        own = self.settings.grid
        wanted = max(CHANNELS, 3 * own.channels)  # texture takes three times as many where nothing is aligned
        grid = replace(own, channels=min(wanted, own.most_channels))
        return self._collect(Plan(self._wide_features, Grid.from_settings(grid)))

    def _collect(self, plan: Plan, variants: Mapping[Path, int] | None = None) -> Collection:
        turned = "" if plan.alignment is None else ", turned"
        with TerminalProgress() as progress:
            progress.stage(f"{self.kind.name}, {self.backbone}, {self.size} px{turned}", len(self.files))
            began = time.perf_counter()
            read = collect_features(
                self.files, plan, _PIXELS, default_runtime(), progress, cache=self.cache, variants=variants
            )
            computed = len(read.records) - read.reused
            if computed > len(read.records) / 2:
                self._note_seconds((time.perf_counter() - began) / computed)
        return read

    @property
    def _seconds_file(self) -> Path:
        return self.work / f"seconds-{self.kind.name}-{self.backbone}-{self.size}.json"

    def _note_seconds(self, seconds: float) -> None:
        if not self._seconds_file.exists():
            self._seconds_file.write_text(json.dumps(seconds), "utf-8")

    def seconds_an_image(self, plan: Plan) -> float:
        """Return what decoding and the network take of an image for a plan, by the pass that was timed."""
        whole = json.loads(self._seconds_file.read_text("utf-8")) if self._seconds_file.exists() else np.nan
        return float(whole * share_of_pass(plan))

    def roles(self) -> tuple[IntArray, IntArray, IntArray]:
        """Return the indices of images to learn from, of unseen good ones, and of defects."""
        paths = [record.path for record in self.wide.records]
        sets = (set(self.kind.good), set(self.kind.unseen), set(self.kind.bad))
        learned, unseen, bad = (np.flatnonzero([path in those for path in paths]) for those in sets)
        return learned, unseen, bad

    @cached_property
    def placement(self) -> Placement:
        """How the parts lie, told from all images to learn from at the default size, as training tells it."""
        return self._find_placement(replace(self.settings.features, size=fit_size(224, self.kind)))

    def _find_placement(self, features: FeatureSettings, *, may_locate: bool = False) -> Placement:
        with TerminalProgress() as progress:
            return find_placement(
                self.kind.good,
                features,
                _WHOLE,
                _PIXELS,
                default_runtime(),
                progress,
                self.cache,
                may_locate=may_locate,
            )

    def group(self, indices: IntArray, rule: str) -> Groups:
        """Return which of some images show one part."""
        features = self.cut_vectors(self.settings.features)
        prints = self.wide.fingerprints
        paths = [self.wide.records[index].path for index in indices]
        return group_images(
            rule, paths, features[indices], prints.rows[indices], prints.has_fingerprint[indices]
        )

    def default_vectors(self) -> Collection:
        """Return all images with the features of the whole that training screens by."""
        return replace(self.wide, vectors=self.cut_vectors(self.settings.features), cells=None)

    def cut_vectors(self, features: FeatureSettings) -> FloatArray:
        """Return the vectors of some layers, (images, features)."""
        everything, outputs, first = np.asarray(self.wide.vectors), {}, 0
        for name in self._wide_features.layers:
            length = replace(features, layers=(name,)).length
            outputs[name], first = everything[:, first : first + length], first + length
        return normalize_vectors([outputs[name] for name in features.layers], features.normalization)

    def take(self, candidate: PartsCandidate, known: bool) -> tuple[TrainSettings, Plan, Collection]:
        """Return settings, plan and all images as a candidate takes them.

        Parameters
        ----------
        known : whether there are enough images to tell how the parts lie
        """
        settings = candidate.settings_for(self.kind)
        if candidate.detector == AUTO:
            placement = Placement(UNKNOWN)
            if known:
                placement = self._find_placement(settings.features, may_locate=DETECTORS[AUTO].locates)
            plan = make_plan(settings, _WHOLE, placement)
            return settings, plan, self._read_apart(plan, settings.used_variants)
        plan = make_plan(settings, _WHOLE, self.placement if known else Placement(UNKNOWN))
        channels = plan.grid.settings.channels if plan.grid else 0
        if plan.alignment is not None:
            return settings, plan, self._read_apart(plan)
        vectors = self.cut_vectors(plan.features)
        return settings, plan, replace(self.wide, vectors=vectors, cells=self._narrow(channels))

    def _read_apart(self, plan: Plan, variants: int | None = 0) -> Collection:
        """Return all images as a plan takes them, and variants of as many good ones as of a whole kind."""
        wanted = (plan.features, plan.channels, plan.shape, plan.locator is not None)
        if wanted not in self._apart:
            read = self._collect(plan, share_variants(self.kind.good, variants))
            if len(read.records) != len(self.wide.records):
                raise ValueError(f"{self.kind.name}: an image shows no part")
            self._apart[wanted] = replace(read, vectors=np.asarray(read.vectors))
        return self._apart[wanted]

    def _narrow(self, channels: int) -> CellStore | None:
        if not channels or self.wide.cells is None:
            return None
        if channels not in self._stores:
            self._stores[channels] = self.wide.cells.take_channels(channels)
        return self._stores[channels]

    @cached_property
    def masks(self) -> dict[Path, BoolArray]:
        """Where the defects are, of those that have a mask."""
        return read_small_masks(self.kind.masks, self.kind.bad)

    def find_poses(self, plan: Plan) -> dict[Path, Pose | Sighting | None]:
        """Return how the parts of images to judge lie, where a plan aligns or locates them."""
        if plan.alignment is None and plan.locator is None:
            return {}
        judged = (*self.kind.unseen, *self.kind.bad)
        with closing(read_images(judged, plan.reading_options(_PIXELS))) as images:
            return {
                one.record.path: plan.prepare_image(one).pose
                for one in images
                if isinstance(one, LoadedImage)
            }
