"""Solar cells (ELPV): how well the default tells defective cells, and whether it keeps its promise.

400 cells without defect to fit, all others to test; random splits. Cells are the product's features, groups,
densities and thresholds. 20 minutes on two cores, of which the network takes most; with --cache once.

    python -m tests.benchmarks.accuracy.solar_cells --cache FOLDER
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from anomaly_gui.detection.detectors.fitting import fit_density
from anomaly_gui.detection.features.vectors import normalize_vectors
from anomaly_gui.detection.grouping.groups import group_images
from anomaly_gui.detection.judging.metrics import image_auroc
from anomaly_gui.detection.judging.thresholds import (
    HELD_OUT,
    TRAINING,
    GoodScores,
    by_false_alarm_rate,
    by_sigma,
)
from anomaly_gui.detection.settings.feature_settings import FeatureSettings
from anomaly_gui.detection.settings.train_settings import TrainSettings
from tests.benchmarks.common import (
    Described,
    describe_images,
    describe_spread,
    load_solar_cells,
    print_table,
    write_json,
)

TO_FIT = 400
DEFAULT = TrainSettings(detector="pooled", false_alarm_rate=0.02)
VARIANTS = {
    "default": DEFAULT,
    "plain features": replace(DEFAULT, normalization="none"),
    "plain features, plain mixture": replace(DEFAULT, normalization="none", density="gmm"),
    "plain mixture": replace(DEFAULT, density="gmm"),
}


@dataclass(frozen=True)
class Outcome:
    """What came of one split, as shares."""

    auroc: float
    false_alarms: float
    found: float
    textbook_false_alarms: float
    joined: float


def run_split(
    settings: TrainSettings, cells: Described, normal: np.ndarray, defective: np.ndarray, seed: int
) -> Outcome:
    """Fit to a random part of the normal cells, and judge all the others."""
    order = np.random.default_rng(seed).permutation(normal)
    fit, test = order[:TO_FIT], order[TO_FIT:]
    vectors = normalize_vectors([cells.vectors], settings.features.normalization)
    paths = [Path(f"{index}.png") for index in fit]
    groups = group_images(
        settings.group_by, paths, vectors[fit], [cells.fingerprints[index] for index in fit]
    )
    density, held_out = fit_density(settings, vectors[fit], groups)
    good, bad = density.score_samples(vectors[test]), density.score_samples(vectors[defective])
    threshold = by_false_alarm_rate(GoodScores(held_out, groups, HELD_OUT), settings.false_alarm_rate).value
    textbook = by_sigma(density.score_samples(vectors[fit]), 3, TRAINING).value
    auroc = image_auroc(np.concatenate([good, bad]), ["normal"] * len(good) + ["anomalous"] * len(bad))
    return Outcome(
        auroc=auroc or 0,
        false_alarms=float(np.mean(good < threshold)),
        found=float(np.mean(bad < threshold)),
        textbook_false_alarms=float(np.mean(good < textbook)),
        joined=1 - groups.count / TO_FIT,
    )


def main() -> None:
    """Print a table for each type of cells."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--splits", type=int, default=10)
    parser.add_argument("--cache", type=Path, help="folder to keep features in")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    results = {}
    for kind in ("mono", "poly"):
        cells = load_solar_cells(kind)
        plain = FeatureSettings(DEFAULT.features.layers, DEFAULT.size, "none")
        read = describe_images(list(cells.images), plain, given.cache, kind)
        for name, settings in VARIANTS.items():
            runs = [
                run_split(settings, read, cells.normal, cells.defective, seed) for seed in range(given.splits)
            ]
            results[f"{kind}, {name}"] = [vars(one) for one in runs]
    write_json(given.json, results)
    print_table(
        f"ELPV, {TO_FIT} cells to fit, {given.splits} splits, 2 % promised: mean (range)",
        ("cells, variant", "AUROC", "false alarms, %", "found, %", "textbook rule: false alarms, %"),
        [
            (
                name,
                describe_spread([one["auroc"] for one in runs]),
                describe_spread([one["false_alarms"] for one in runs], 100, 1),
                describe_spread([one["found"] for one in runs], 100, 1),
                describe_spread([one["textbook_false_alarms"] for one in runs], 100, 0),
            )
            for name, runs in results.items()
        ],
    )


if __name__ == "__main__":
    main()
