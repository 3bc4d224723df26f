"""What known defects say of a model that was trained, and of the detector that was taken for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from anomaly_gui.detection.candidates.recommending import Advice, advise_training
from anomaly_gui.detection.candidates.remembered import RememberedComparison
from anomaly_gui.detection.datasets.outside_part import OutsidePart, find_outside_part
from anomaly_gui.detection.judging.choosing import Estimate, JudgedImages, estimate_auroc
from anomaly_gui.detection.model.weighing import Weighing
from anomaly_gui.language import translate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from anomaly_gui.detection.arrays.kinds import FloatArray
    from anomaly_gui.detection.datasets.train_request import TrainRequest
    from anomaly_gui.detection.datasets.training_sets import TrainingSets
    from anomaly_gui.detection.detectors.placement.placement import Placement
    from anomaly_gui.detection.features.feature_cache import FeatureCache
    from anomaly_gui.detection.model.assembly import KnownDefects
    from anomaly_gui.detection.model.image_result import ImageResult
    from anomaly_gui.detection.model.model import Model


@dataclass(frozen=True)
class DefectFindings:
    """What known defects say of a training.

    Parameters
    ----------
    advice : what to say of the detector that was taken, by defects, an earlier comparison, or good images
    count : how many known defects there are
    auroc : of the model; None where too few defects tell
    weighing : what they say of the opinions that the automatic detector joins; None of other detectors
    outside : that most of them are told by what lies beside the part, or None
    """

    advice: Advice
    count: int = 0
    auroc: Estimate | None = None
    weighing: Weighing | None = None
    outside: OutsidePart | None = None

    @property
    def measured(self) -> str | None:
        """How well they are told from good images, in a sentence; None where too few tell."""
        return str(self.weighing) if self.weighing else _describe_auroc(self.auroc, self.count)


def _describe_auroc(auroc: Estimate | None, count: int) -> str | None:
    return (
        None
        if auroc is None
        else translate("By {count:,} known defects: AUROC {auroc}.", count=count, auroc=auroc)
    )


def measure_defects(model: Model, scores: FloatArray, defects: KnownDefects) -> Estimate | None:
    """Return how well a model tells known defects, (defects,) scores, from good images it did not know."""
    record = model.training
    judged = record.judged
    if not len(scores) or not len(judged):
        return None
    good = JudgedImages(record.held_out[None, judged], record.groups[judged])
    return estimate_auroc(good, JudgedImages(scores[None], defects.parts))


def look_at_defects(
    request: TrainRequest,
    model: Model,
    sets: TrainingSets,
    placement: Placement,
    weighing: Weighing | None,
    auroc: Estimate | None,
    judge: Callable[[Sequence[Path]], Iterable[ImageResult]],
    cache: FeatureCache | None,
) -> DefectFindings:
    """Return what known defects say of a model and its detector.

    Parameters
    ----------
    sets : what the model was made of
    judge : returns what the model says of some of the defects, with maps
    cache : where a comparison on the same good images may be known
    """
    settings, count = request.settings, len(sets.anomalous.images.records)
    compared = None
    if cache is not None:
        files, limit = sets.normal.listing.files, settings.pixel_limit
        compared = RememberedComparison.of(cache, files, request.interest, limit).find()
    advice = advise_training(settings, placement, compared, is_measured=auroc is not None)
    good, defects = ([one.path for one in each.images.records] for each in (sets.normal, sets.anomalous))
    outside = find_outside_part(good, defects, judge, model.detector.plan, model.pixel_limit)
    return DefectFindings(advice, count, auroc, weighing, outside)
