"""Detectors on learned features among those that are compared: each is trained once, which takes minutes."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.candidates.candidate import Candidate, CandidateScores, candidate_of, scores_of
from anomaly_gui.detection.datasets.image_sets import Reading, SetReader, regrouped
from anomaly_gui.detection.detectors.fitting import fit_detector, judge_all, learn_features
from anomaly_gui.detection.images.folders import Purpose
from anomaly_gui.detection.learning.network_training import TrainingImages, pixel_plan
from anomaly_gui.language import translate

if TYPE_CHECKING:
    from anomaly_gui.detection.candidates.request import CompareRequest
    from anomaly_gui.detection.features.collection import Collection
    from anomaly_gui.detection.features.feature_cache import FeatureCache
    from anomaly_gui.detection.grouping.groups import Groups
    from anomaly_gui.detection.runtimes.protocol import Runtime
    from anomaly_gui.progress import Progress

_TIMED = 64  # images


def learn_candidate(
    kind: str,
    request: CompareRequest,
    grouped: tuple[Collection, Groups],
    progress: Progress,
    runtime: Runtime,
    cache: FeatureCache | None,
    reading: Reading,
) -> tuple[Candidate, CandidateScores]:
    """Train a detector on learned features, and see how it scores defects and good images it did not know.

    Parameters
    ----------
    grouped, reading : good images, and which of them show one part; and as of `SetReader`

    Raises
    ------
    TrainingError : too few parts, a training that failed, or TensorFlow is not installed
    CancelledError : from `progress`
    """
    settings = replace(request.settings, detector=kind)
    plan = pixel_plan(settings, request.interest, request.good_files())
    began = time.monotonic()
    excluded = request.files_excluded()
    reader = SetReader(plan, settings.pixel_limit, False, runtime, progress, excluded, reading=reading)
    good = reader.read(translate("Good images, {size} px", size=plan.features.size), request.normal).images
    groups = regrouped(grouped[1], grouped[0], good)
    nothing = reader.read("", ()).images
    name = translate("Known defects, {size} px", size=plan.features.size)
    bad = reader.read(name, request.anomalous, Purpose.DEFECT).images
    read_at = time.monotonic()
    images = TrainingImages(plan, good, nothing, bad)
    seen = learn_features(settings, images, groups, progress, cache)
    fitted = fit_detector(settings, seen.plan, seen.normal, groups, seen.split)
    learned_at = time.monotonic()
    defects, _ = judge_all(fitted.detector, seen.anomalous)
    slowest = max((read_at - began) / (len(good.records) + len(bad.records)), _seconds_an_image(seen, good))
    found, seconds = candidate_of(settings, fitted, groups, defects, 1 / slowest), learned_at - read_at
    named = replace(found, backbone="", layers=(), size=plan.features.size, training_seconds=seconds)
    return named, scores_of(fitted, good.records, bad.records, defects)


def _seconds_an_image(seen: TrainingImages, pixels: Collection) -> float:
    """Return how long the network takes for one of some images."""
    if pixels.cells is None or seen.plan.network is None:
        raise ValueError("a network sees pixels")
    size, count = seen.plan.features.size, min(_TIMED, len(pixels.cells))
    batch = pixels.cells.read_cells(np.arange(count)).astype(np.uint8).reshape(count, size, size, 3)
    began = time.monotonic()
    seen.plan.network.take(batch)
    return (time.monotonic() - began) / count
