"""The steps of a training that take long, taken by a cluster."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.cluster.engine import Failure, PartFailedError
from anomaly_gui.cluster.readable_files import ROUNDS, UnreadPart, find_lost
from anomaly_gui.cluster.training.collecting import IMAGES_A_PART, Agreed, CollectPart
from anomaly_gui.cluster.training.gathering import SeenImages, collect_parts, gather_set, try_parts
from anomaly_gui.cluster.training.image_parts import FileStates, ImageParts, list_addresses
from anomaly_gui.cluster.training.near_duplicates import find_near_duplicates
from anomaly_gui.cluster.training.part_store import require_part_rows
from anomaly_gui.cluster.training.places import fit_positional
from anomaly_gui.cluster.training.whole_images import fit_pooled, fit_rows, judge_rows
from anomaly_gui.detection.datasets.exclusions import list_for
from anomaly_gui.detection.datasets.image_sets import ImageSet, check_usable, digest_excluded
from anomaly_gui.detection.datasets.screening import screen
from anomaly_gui.detection.datasets.training_sets import GoodImages, TrainingSets, find_excluded
from anomaly_gui.detection.detectors.fitting import check_enough, not_learnable
from anomaly_gui.detection.detectors.renewal.renewal import CellsAtHand
from anomaly_gui.detection.features.batches import ImageReader
from anomaly_gui.detection.features.record_columns import paths_of
from anomaly_gui.detection.grouping.groups import group_as_asked, group_found
from anomaly_gui.detection.images.decoding.refusals import FileUnreachableError
from anomaly_gui.detection.images.folders import Purpose
from anomaly_gui.detection.model.assembly import OwnScores, complete_model
from anomaly_gui.detection.model.model import Reference
from anomaly_gui.detection.settings.choices import INDEPENDENT, POOLED
from anomaly_gui.language import find_language, translate

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from anomaly_gui.cluster.engine import Engine
    from anomaly_gui.cluster.training.image_parts import ImagePart, ListedRequest, ListedSet
    from anomaly_gui.detection.arrays.kinds import FloatArray, ImageArray, IntArray
    from anomaly_gui.detection.datasets.train_request import TrainRequest
    from anomaly_gui.detection.detectors.protocol import Fitted
    from anomaly_gui.detection.features.collection import Collection
    from anomaly_gui.detection.features.plan import Plan
    from anomaly_gui.detection.grouping.groups import Groups
    from anomaly_gui.detection.images.records import ImageRecord
    from anomaly_gui.detection.learning.split import Split
    from anomaly_gui.detection.model.assembly import KnownDefects, ScreenedImages
    from anomaly_gui.detection.model.model import Model
    from anomaly_gui.detection.runtimes.protocol import Runtime
    from anomaly_gui.detection.settings.train_settings import TrainSettings
    from anomaly_gui.progress import Progress

MOST_RECORDED = 20_000
"""Images that a model names; of more it names so many, spread evenly over all scores: files have limits."""

_REFERENCES = 4
_SAMPLES = 8  # of which some may be left out before a model takes its references from them


@dataclass(eq=False)
class ClusterSteps:
    """`TrainingSteps` of which parts are done by an engine.

    Parameters
    ----------
    engine : what does the parts
    folder : where part files lie: every worker has to see it under this name
    runtime, runtime_name : what runs the network here, and the name that was asked for
    created : the model's time
    images_a_part : the same sums come out of the same parts only
    most_recorded : see `MOST_RECORDED`
    listed : what was given, with what was found at addresses; None: no address was given
    """

    engine: Engine
    folder: Path
    progress: Progress
    runtime: Runtime
    runtime_name: str | None
    created: str
    images_a_part: int = IMAGES_A_PART
    most_recorded: int = MOST_RECORDED
    listed: ListedRequest | None = None
    _seen: SeenImages = field(default_factory=SeenImages)

    def read(self, request: TrainRequest, plan: Plan) -> TrainingSets:
        """Read all sets in parts; see `TrainingSteps`."""
        settings, excluded = request.settings, find_excluded(request)
        self._seen = SeenImages()
        known = tuple(digest_excluded(excluded, settings.pixel_limit))
        self._seen.add_files([file for file, _ in known], [sha256 for _, sha256 in known])
        agreed = Agreed.find(plan, self.runtime)
        work = CollectPart(
            self.folder,
            plan,
            settings.pixel_limit,
            settings.group_by != INDEPENDENT,
            self.runtime_name,
            agreed,
            find_language(),
        )
        read, given = partial(self._read_set, work, excluded), self.listed or list_addresses(request)
        sets = TrainingSets(
            read(translate("Good images"), given.normal, Purpose.GOOD),
            read(translate("Good images of another day"), given.calibration, Purpose.GOOD),
            read(translate("Known defects"), given.anomalous, Purpose.DEFECT),
        )
        self._seen = SeenImages()
        return sets

    def _read_set(
        self,
        work: CollectPart,
        excluded: frozenset[Path],
        name: str,
        given: ListedSet,
        purpose: Purpose,
    ) -> ImageSet:
        listing = given.add_findings(list_for(given.images, purpose, excluded))
        files, images = listing.files, self.images_a_part
        if files:
            self.progress.stage(name, len(files))
        states = FileStates(files, given.images)
        facts = collect_parts(self.engine, work, files, images, self.progress, states)
        found = gather_set(facts, files, self.folder, work.plan, self._seen)
        again = ReadSamples(work.plan, work.pixel_limit, work.with_fingerprints)
        found = replace(found, samples=read_samples(self.engine, again, found.records))
        read = ImageSet.without_excluded(listing, found, excluded)
        check_usable(given.named, read)
        return read

    def screen(self, read: ImageSet, request: TrainRequest, plan: Plan) -> GoodImages:  # noqa: ARG002
        """Group and screen good images in parts; see `TrainingSteps`."""
        images, settings = read.images, request.settings
        groups = self._group(images, settings.group_by)
        self.progress.stage(translate("Looking for odd images"))
        measure = partial(self._measure, images, groups)
        screening = screen(images, groups, settings, frozenset(request.surely_good), measure)
        kept = replace(read, images=images.select_images(screening.used))
        return GoodImages(kept, groups.select_images(screening.used), screening)

    def _group(self, images: Collection, rule: str) -> Groups:
        asked = group_as_asked(rule, len(images.records))
        if asked is not None:
            return asked
        self.progress.stage(translate("Looking for near-duplicates"))
        found = find_near_duplicates(self.engine, require_part_rows(images.vectors), images.fingerprints)
        return group_found(rule, paths_of(images.records), found, images.fingerprints.has_fingerprint)

    def _measure(self, images: Collection, groups: Groups, places: IntArray) -> FloatArray:
        """Return the squared distances of some images to a fit to these without their groups, (places,)."""
        vectors = require_part_rows(images.vectors).choose(places)
        numbers = groups.select_images(places).held_out_together
        try:
            fit = fit_rows(self.engine, vectors, numbers)
        except ValueError:  # all the same: none is unlike the others, and the fit to come says so
            return np.zeros(len(places))
        held_out: FloatArray = judge_rows(self.engine, vectors, numbers, fit)[0]
        return held_out

    def assemble(
        self,
        settings: TrainSettings,
        plan: Plan,
        normal: ScreenedImages,
        calibration: ScreenedImages,
        defects: KnownDefects,
        split: Split | None,  # noqa: ARG002 - of networks that are trained
    ) -> tuple[Model, None]:
        """Fit the detector in parts, and choose its threshold here; see `TrainingSteps`."""
        fitted, scores = self._fit(settings, plan, normal)
        images = normal.images
        samples = images.samples[:_REFERENCES]
        cells = images.cells
        at_hand = () if cells is None else (CellsAtHand(cells, np.arange(len(cells))),)
        own = OwnScores(scores, Reference(samples, scores[: len(samples)]), at_hand)
        recorded = choose_recorded(fitted.held_out, self.most_recorded)
        made_of = normal, calibration, defects.images, self.runtime
        model = complete_model(settings, fitted, own, *made_of, recorded)
        return replace(model, created=self.created), None

    def _fit(self, settings: TrainSettings, plan: Plan, normal: ScreenedImages) -> tuple[Fitted, FloatArray]:
        images, groups = normal.images, normal.groups
        check_enough(groups)
        together = groups.held_out_together
        try:
            if settings.detector == POOLED:
                return fit_pooled(self.engine, plan, require_part_rows(images.vectors), together)
            rows = require_part_rows(None if images.cells is None else images.cells.rows)
            return fit_positional(self.engine, settings, plan, rows, together)
        except ValueError as error:
            raise not_learnable(len(images.records), error) from error


def choose_recorded(held_out: FloatArray, most: int) -> IntArray | None:
    """Return which images a model names, ascending: spread evenly over all scores; None for all."""
    if len(held_out) <= most:
        return None
    order = np.argsort(held_out, kind="stable")
    return np.sort(order[np.linspace(0, len(order) - 1, most).astype(np.int64)])


@dataclass(frozen=True, eq=False)
class ReadSamples:
    """Reads a set's first images once more: which they are is known once all parts were read.

    Parameters
    ----------
    plan, pixel_limit, with_fingerprints : see `collect_features`
    """

    plan: Plan
    pixel_limit: int
    with_fingerprints: bool

    def __call__(self, part: ImagePart) -> ImageArray | UnreadPart:
        """Return the network's inputs, (images, height, width, 3) uint8.

        Raises
        ------
        WorkerRefusedError : this worker does not reach what others do
        ImageRefusedError : one cannot be read any more
        """
        options = self.plan.reading_options(self.pixel_limit, detail=self.with_fingerprints)
        reader = ImageReader(self.plan, options, self.with_fingerprints)
        try:
            return np.stack([np.asarray(reader(file).pixels) for file in part.files])
        except FileUnreachableError as error:
            lost = find_lost([error], part.files, part.unreadable, part.readable)
            if lost is None:
                raise
            return lost


def read_samples(engine: Engine, work: ReadSamples, records: Sequence[ImageRecord]) -> ImageArray:
    """Return the inputs of the first images, (few, height, width, 3) uint8.

    Raises
    ------
    PartFailedError : one of them cannot be read any more
    """
    files = tuple(record.path for record in records[:_SAMPLES])
    if not files:
        return np.empty((0, *work.plan.features.shape, 3), np.uint8)
    parts = ImageParts(files, len(files))
    failed: list[Failure] = []
    for _ in range(ROUNDS):
        ((_, found),) = try_parts(engine, work, parts, [0])
        if not isinstance(found, Failure):
            return found
        failed.append(found)
    raise PartFailedError(failed[-1])
