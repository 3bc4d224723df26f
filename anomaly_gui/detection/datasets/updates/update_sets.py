"""What an update is given: the new images read, grouped with the old ones and screened; those that go."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.datasets.exclusions import files_excluded, match_listings
from anomaly_gui.detection.datasets.image_sets import ImageSet, SetReader
from anomaly_gui.detection.datasets.screening import Screening, screen
from anomaly_gui.detection.datasets.updates.joined_images import join_collections, join_groups
from anomaly_gui.detection.datasets.updates.removed_images import RemovedReader
from anomaly_gui.detection.datasets.variants import LearnedBefore
from anomaly_gui.detection.features.collection import Collection, Fingerprints, collect_features
from anomaly_gui.detection.grouping.groups import Groups
from anomaly_gui.detection.images.folders import ImageListing, list_images
from anomaly_gui.detection.images.loading import read_file
from anomaly_gui.detection.images.variants.light import NUMBERS as LIGHT_NUMBERS
from anomaly_gui.detection.model.assembly import ScreenedImages
from anomaly_gui.detection.settings.choices import INDEPENDENT
from anomaly_gui.errors import ImageRefusedError, ParameterError, TrainingError
from anomaly_gui.language import translate
from anomaly_gui.wording import count_good_images

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from anomaly_gui.detection.arrays.cell_store import CellStore
    from anomaly_gui.detection.arrays.kinds import IntArray
    from anomaly_gui.detection.datasets.updates.update_request import UpdateRequest
    from anomaly_gui.detection.features.feature_cache import FeatureCache
    from anomaly_gui.detection.images.records import ImageRecord
    from anomaly_gui.detection.model.model import Kept, Model
    from anomaly_gui.detection.runtimes.protocol import Runtime
    from anomaly_gui.detection.settings.train_settings import TrainSettings
    from anomaly_gui.progress import Progress


@dataclass(frozen=True, eq=False)
class UpdateSets:
    """The images of a model after an update: those that stay, then those added.

    Parameters
    ----------
    stay, gone : indices of the images before, of those that stay and of those taken out
    removed : cells of those taken out, then of their variants, or None
    added : what was read of the new images, those that are used; None where there are none
    images : all images afterwards, without cells
    groups : which of `images` show one part
    screening : what was found unlike the others among the new ones; None where there are none
    calibration : the images that the threshold rests on, if there are any, read again
    """

    stay: IntArray
    gone: IntArray
    removed: CellStore | None
    added: ImageSet | None
    images: Collection
    groups: Groups
    screening: Screening | None
    calibration: ScreenedImages

    @property
    def new(self) -> Collection | None:
        """The new images, or None."""
        return None if self.added is None or not self.added.images.records else self.added.images


@dataclass(frozen=True, eq=False)
class UpdateReader:
    """Reads what an update needs, and no image that stays."""

    model: Model
    kept: Kept
    settings: TrainSettings
    runtime: Runtime
    progress: Progress
    cache: FeatureCache | None

    def read(self, request: UpdateRequest) -> UpdateSets:
        """Return all that is to be known of the images before anything is fitted.

        Raises
        ------
        ParameterError : an image is to be taken out that was not learned from
        TrainingError : none of the images given can be used, or too few would be left
        """
        records = self.model.training.images
        gone = find_learned(request.without, records, self.settings.pixel_limit)
        stay = np.setdiff1d(np.arange(len(records)), gone)
        removed = self._read_removed(gone)
        calibration = self._read_calibration()
        added = self._read_added(request) if request.added else None
        images, groups = self._select_staying(stay)
        screening = None
        if added is not None and added.images.records:
            images, groups, screening = self._join(images, groups, added.images, request)
            used = screening.used[screening.used >= len(stay)] - len(stay)
            added = replace(added, images=added.images.select_images(used))
        if len(images.records) < 2:
            raise TrainingError(
                translate(
                    "Of {images} {left} would be left, which is not enough to learn from.",
                    images=count_good_images(len(records)),
                    left=len(images.records),
                )
            )
        return UpdateSets(stay, gone, removed, added, images, groups, screening, calibration)

    def _read_removed(self, gone: IntArray) -> CellStore | None:
        if not len(gone) or not self.model.detector.plan.has_cells:
            return None
        wanted, variants = [self.model.training.images[index] for index in gone], self.kept.variants
        made = np.zeros(len(gone), np.int64)
        if variants is not None:
            made = np.bincount(variants.of_images(gone).sources, minlength=len(gone))
        limit, plan = self.settings.pixel_limit, self.model.detector.plan
        reader = RemovedReader(plan, limit, self.runtime, self.progress, self.cache)
        return reader.read(wanted, made)

    def _read_added(self, request: UpdateRequest) -> ImageSet:
        excluded = files_excluded(request.excluded, [list_images(request.added)])
        known = (*self.model.training.images, *self.model.training.calibration)
        reader = SetReader(
            self.model.detector.plan,
            self.settings.pixel_limit,
            self.settings.group_by != INDEPENDENT,
            self.runtime,
            self.progress,
            excluded,
            self.cache,
            {record.sha256: record.path for record in known},
        )
        variants, learned = self.kept.variants, len(self.model.training.images)
        read = reader.read(
            translate("New good images"),
            request.added,
            variants=0 if variants is None else self.settings.used_variants,
            before=LearnedBefore(learned, 0 if variants is None else len(np.unique(variants.sources))),
        )
        objections = [
            (index, self.model.admission.find_objection(record.width, record.height))
            for index, record in enumerate(read.images.records)
        ]
        strange = [(index, why) for index, why in objections if why is not None]
        refused = [ImageRefusedError(read.images.records[index].path, why) for index, why in strange]
        fitting = np.setdiff1d(np.arange(len(objections)), [index for index, _ in strange])
        images = replace(read.images, refused=(*read.images.refused, *refused)).select_images(fitting)
        return replace(read, images=images)

    def _read_calibration(self) -> ScreenedImages:
        """Return the calibration images, read again: their scores are others under the new fit."""
        record, plan = self.model.training, self.model.detector.plan
        if record.calibration:
            self.progress.stage(translate("Good images of another day"), len(record.calibration))
        images = collect_features(
            [one.path for one in record.calibration],
            plan,
            self.settings.pixel_limit,
            self.runtime,
            self.progress,
            with_fingerprints=False,
            cache=self.cache,
        )
        digests = [one.sha256 for one in record.calibration]
        if [one.sha256 for one in images.records] != digests:
            there = {one.sha256 for one in images.records}
            gone = next(one for one in record.calibration if one.sha256 not in there)
            raise TrainingError(
                translate(
                    "The threshold of this model rests on calibration images, which have to be judged "
                    "again, and {path} is gone or has changed: put it back, or train a model anew.",
                    path=gone.path,
                )
            )
        groups = Groups(record.calibration_groups, record.grouped_by)
        return ScreenedImages(images, groups, record.left_out if digests else 0)

    def _select_staying(self, stay: IntArray) -> tuple[Collection, Groups]:
        record = self.model.training
        fingerprints = self.kept.fingerprints
        looks = np.zeros((len(record.images), 4), np.float32) if record.looks is None else record.looks
        lights = self.kept.lights  # asked for with variants alone
        images = Collection(
            record.images,
            record.vectors,
            Fingerprints(fingerprints, np.asarray(fingerprints.any(axis=1))),
            looks,
            np.zeros((len(record.images), LIGHT_NUMBERS), np.float32) if lights is None else lights,
            np.empty((0, *self.model.detector.plan.features.shape, 3), np.uint8),
            (),
            (),
            variants=self.kept.variants,
        )
        return images.select_images(stay), Groups(record.groups, record.grouped_by).select_images(stay)

    def _join(
        self, images: Collection, groups: Groups, added: Collection, request: UpdateRequest
    ) -> tuple[Collection, Groups, Screening]:
        """Return all images with their groups, without suspects among the new ones."""
        joined = join_collections(images, added)
        groups = join_groups(groups, joined, self.settings.group_by)
        sure = frozenset((*(record.path for record in images.records), *request.surely_good))
        screening = screen(joined, groups, self.settings, sure)
        return joined.select_images(screening.used), groups.select_images(screening.used), screening


def find_learned(paths: Sequence[Path], records: Sequence[ImageRecord], pixel_limit: int) -> IntArray:
    """Return the indices of the images a model learned from that paths lead to, or that have their bytes.

    Raises
    ------
    ParameterError : a path leads to none
    """
    listing = ImageListing([record.path for record in records], 0, 0, ())
    found, unmatched = match_listings(tuple(paths), [listing])
    digests = {record.sha256: record.path for record in records}
    named = set(found)
    for path in unmatched:
        original = None
        with suppress(ImageRefusedError):
            original = digests.get(read_file(path, pixel_limit).sha256)
        if original is None:
            raise ParameterError(
                translate(
                    "{path} cannot be taken out: the model did not learn from it; see `info` for its images.",
                    path=path,
                )
            )
        named.add(original)
    return np.array([index for index, record in enumerate(records) if record.path in named], np.int64)
