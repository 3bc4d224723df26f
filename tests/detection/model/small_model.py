"""A model made of numbers instead of images: the real detector and files, without the network."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from anomaly_gui.detection.densities.registry import make_density
from anomaly_gui.detection.detectors.pooled import PooledDetector
from anomaly_gui.detection.features.plan import Plan
from anomaly_gui.detection.grouping.groups import Groups
from anomaly_gui.detection.images.records import ImageRecord
from anomaly_gui.detection.judging.thresholds import (
    HELD_OUT,
    GoodScores,
    by_false_alarm_rate,
    with_expectation,
)
from anomaly_gui.detection.model.model import (
    Admission,
    Model,
    Reference,
    ThresholdMove,
    TrainingRecord,
)
from anomaly_gui.detection.settings.backbones import VGG16
from anomaly_gui.detection.settings.feature_settings import FeatureSettings

FEATURES = 64  # of block1_pool


def vectors(count, seed=0):
    """Vectors like Hellinger-mapped features."""
    roots = np.random.default_rng(seed).uniform(0.5, 1.5, (count, FEATURES))
    return (roots / np.sqrt((roots**2).mean(axis=1, keepdims=True))).astype(np.float32)


def small_model(density="shrunk", count=30, calibration=0, **density_settings):
    """Return a model fitted to random vectors."""
    fitted = make_density(density, **density_settings)
    features = vectors(count)
    groups = Groups(np.arange(count) // 2, "pairs")
    fitted.fit(features, groups=groups.numbers)
    held_out = fitted.held_out_scores(features, groups.numbers)
    detector = PooledDetector(Plan(FeatureSettings(("block1_pool",), 32)), density, fitted)
    good = GoodScores(held_out, groups, HELD_OUT)
    others = vectors(calibration, 1).reshape(calibration, FEATURES)
    return Model(
        detector=detector,
        threshold=replace(with_expectation(by_false_alarm_rate(good, 0.1), good), unsure=1.5),
        admission=Admission((0.5, 2.0), (100, 200)),
        training=TrainingRecord(
            images=_records("gut/Bild_Ü", count),
            scores=detector.score(features),
            held_out=held_out,
            vectors=features.astype(np.float16),
            groups=groups.numbers,
            grouped_by=groups.method,
            calibration=_records("morgen/部品", calibration),
            calibration_scores=detector.score(others) if calibration else np.empty(0),
            calibration_groups=np.arange(calibration),
        ),
        reference=Reference(np.arange(2 * 32 * 32 * 3).reshape(2, 32, 32, 3).astype(np.uint8), np.zeros(2)),
        pixel_limit=200_000_000,
        created="2026-01-01T00:00:00+00:00",
        weights_sha256=VGG16.sha256,
        versions={"anomaly-gui": "0.1.0"},
        moves=(ThresholdMove("2026-01-02T03:04:05+00:00", "Anna", -5.0, -6.5, "manual"),),
    )


def _records(name, count):
    return tuple(
        ImageRecord(Path(f"{name}_{index}.png"), f"{index:064x}", 100, 50, ("a remark",) * (index == 1))
        for index in range(count)
    )
