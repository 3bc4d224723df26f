"""Candidates that learn their features: each is trained once a split, which takes minutes and TensorFlow."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from anomaly_gui.detection.datasets.image_sets import SetReader
from anomaly_gui.detection.detectors.costs import estimate_megabytes
from anomaly_gui.detection.detectors.fitting import fit_detector, judge_all, learn_features
from anomaly_gui.detection.images.region_of_interest import RegionOfInterest
from anomaly_gui.detection.judging.thresholds import HELD_OUT, GoodScores
from anomaly_gui.detection.learning.network_training import TrainingImages, pixel_plan
from anomaly_gui.detection.runtimes.protocol import default_runtime
from anomaly_gui.progress import SilentProgress
from tests.benchmarks.many_parts.trial import Split, describe_advice, describe_scores

if TYPE_CHECKING:
    from tests.benchmarks.many_parts.candidates import PartsCandidate
    from tests.benchmarks.many_parts.features import KindFeatures
    from tests.benchmarks.many_parts.results import Record


def try_learned(candidate: PartsCandidate, features: KindFeatures, split: Split) -> Record:
    """Train a network on what is learned from, judge the rest, and return what was measured.

    Raises
    ------
    TrainingError : too few images, or TensorFlow is not installed
    """
    settings, progress = candidate.settings_for(features.kind), SilentProgress()
    files = [
        tuple(features.wide.records[index].path for index in those)
        for those in (split.learned, split.unseen, split.bad)
    ]
    plan = pixel_plan(settings, RegionOfInterest(), files[0])
    reader = SetReader(plan, settings.pixel_limit, False, default_runtime(), progress)
    began = time.perf_counter()
    learned, unseen, known_bad = (reader.read("", these).images for these in files)
    reading = (time.perf_counter() - began) / sum(len(these) for these in files)
    began = time.perf_counter()
    seen = learn_features(
        settings, TrainingImages(plan, learned, unseen, known_bad), split.groups, progress, None
    )
    fitted = fit_detector(settings, seen.plan, seen.normal, split.groups, seen.split)
    fitted_at = time.perf_counter()
    good, bad = (judge_all(fitted.detector, those)[0] for those in (seen.calibration, seen.anomalous))
    judging = (time.perf_counter() - fitted_at) / (len(good) + len(bad))
    scores, _, groups = fitted.judged(split.groups)
    return {
        **describe_scores(GoodScores(scores, groups, HELD_OUT, split.perhaps_good), good, bad),
        "pixel_auroc": None,
        "aupro": None,
        "fit_seconds": fitted_at - began,
        "images_per_second": 1 / (reading + judging),
        "megabytes": estimate_megabytes(fitted.detector, len(split.learned)),
        "learned": len(split.learned),
        "parts": split.groups.count,
        **describe_advice(features.placement if split.is_known else None),
    }
