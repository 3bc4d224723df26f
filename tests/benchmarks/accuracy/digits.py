"""One class of ten digits: each digit is good in turn, the nine others are defects.

The first 80 % of a digit's images to fit; the rest of it, and all images of the nine others, to test; 32 px.
The digits come as an .npz file of MNIST (arrays `images`, (n, 28, 28) uint8, and `labels`). A quarter
of an hour, of which the held-out refits of the mixtures take most.

    python -m tests.benchmarks.accuracy.digits --mnist FILE
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np

from anomaly_gui.detection.detectors.fitting import fit_density
from anomaly_gui.detection.features.vectors import normalize_vectors
from anomaly_gui.detection.grouping.groups import group_images
from anomaly_gui.detection.judging.metrics import image_auroc
from anomaly_gui.detection.judging.thresholds import HELD_OUT, GoodScores, by_false_alarm_rate
from anomaly_gui.detection.settings.backbones import VGG16
from anomaly_gui.detection.settings.feature_settings import FeatureSettings
from anomaly_gui.detection.settings.train_settings import TrainSettings
from tests.benchmarks.common import describe_images, describe_spread, print_table, write_json

POOLS = ("block2_pool", "block3_pool", "block4_pool")
CUTS = (*((name,) for name in (*POOLS, "block4_conv3")), POOLS)
READ = ("block2_pool", "block3_pool", "block4_conv3", "block4_pool")
DEFAULT = TrainSettings(detector="pooled", size=32)
VARIANTS = {
    "default": DEFAULT,
    "plain features": replace(DEFAULT, normalization="none"),
    "plain mixture": replace(DEFAULT, density="gmm"),
    "plain features, plain mixture": replace(DEFAULT, normalization="none", density="gmm"),
}


def cut_layers(vectors: np.ndarray, layers: tuple[str, ...], normalization: str) -> np.ndarray:
    """Return the features of some of the layers that were read."""
    channels = {name: VGG16.find_layer(name).channels for name in READ}
    ends = dict(zip(READ, np.cumsum(list(channels.values())), strict=True))
    return normalize_vectors(
        [vectors[:, ends[name] - channels[name] : ends[name]] for name in layers], normalization
    )


def judge_digit(
    settings: TrainSettings, vectors: np.ndarray, labels: np.ndarray, digit: int
) -> dict[str, float]:
    """Fit to a digit; return AUROC and false alarms at a promised 1 and 2 %."""
    own = np.flatnonzero(labels == digit)
    fit = own[: int(0.8 * len(own))]
    rest = np.setdiff1d(own, fit)
    others = np.flatnonzero(labels != digit)
    groups = group_images("auto", [Path("x.png")] * len(fit), vectors[fit], [None] * len(fit))
    density, held_out = fit_density(settings, vectors[fit], groups)
    good, bad = density.score_samples(vectors[rest]), density.score_samples(vectors[others])
    labelled = ["normal"] * len(good) + ["anomalous"] * len(bad)
    known = GoodScores(held_out, groups, HELD_OUT)
    alarms = {
        f"at {100 * rate:g} %": float(np.mean(good < by_false_alarm_rate(known, rate).value))
        for rate in (0.01, 0.02)
    }
    return {"auroc": image_auroc(np.concatenate([good, bad]), labelled) or 0, **alarms}


def main() -> None:
    """Print means over the ten digits."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--mnist", type=Path, required=True, help=".npz with images and labels")
    parser.add_argument("--cache", type=Path, help="folder to keep features in")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    with np.load(given.mnist, allow_pickle=False) as arrays:
        images, labels = arrays["images"], arrays["labels"]
    _, first = np.unique(images.reshape(len(images), -1), axis=0, return_index=True)
    images, labels = images[np.sort(first)], labels[np.sort(first)]
    read = describe_images(list(images), FeatureSettings(READ, 32, "none"), given.cache, "digits")
    results = {}
    for layers in CUTS:
        for name, settings in VARIANTS.items():
            vectors = cut_layers(read.vectors, layers, settings.features.normalization)
            runs = [judge_digit(settings, vectors, labels, digit) for digit in range(10)]
            results[f"{', '.join(layers)}; {name}"] = runs
    write_json(given.json, results)
    print_table(
        "Each of ten digits against the rest: mean (range over digits)",
        ("layers; variant", "AUROC", "false alarms at a promised 1 %", "at 2 %"),
        [
            (
                name,
                describe_spread([run["auroc"] for run in runs], 1, 4),
                describe_spread([run["at 1 %"] for run in runs], 100, 1),
                describe_spread([run["at 2 %"] for run in runs], 100, 1),
            )
            for name, runs in results.items()
        ],
    )


if __name__ == "__main__":
    main()
