"""What are learned features worth, beside ImageNet's? Digits one against nine, and solar cells.

The first 80 % of a digit's images to learn from, the other 20 % of it and of the nine others to test, each
through the product's own way: folders, training, model, scoring. Told are image AUROC, misses and false
alarms at a promised 1 %, false alarms at 2 %, the seconds of a training, and ones against sevens. With
`--cells`, ELPV mono cells (half of the good ones to learn from) instead.

    python -m tests.benchmarks.accuracy.learned_features --mnist FILE --digits 0 1 --seeds 0 1
    python -m tests.benchmarks.accuracy.learned_features --cells
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from anomaly_gui.detection.datasets.train_request import TrainRequest
from anomaly_gui.detection.features.feature_cache import FeatureCache
from anomaly_gui.detection.grouping.groups import Groups
from anomaly_gui.detection.image_judging import judge_images
from anomaly_gui.detection.judging.metrics import image_auroc
from anomaly_gui.detection.judging.thresholds import HELD_OUT, GoodScores, by_false_alarm_rate
from anomaly_gui.detection.runtimes.protocol import default_runtime
from anomaly_gui.detection.settings.train_settings import TrainSettings
from anomaly_gui.detection.training import train
from anomaly_gui.progress import SilentProgress
from tests.benchmarks.common import describe_spread, load_solar_cells, print_table, write_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anomaly_gui.detection.model.model import Model

LEARNED = TrainSettings(detector="autoencoder")
DIGITS = {
    "autoencoder": LEARNED,
    "autoencoder, latent alone": replace(LEARNED, learned_score="latent"),
    "autoencoder, error alone": replace(LEARNED, learned_score="error"),
    "deep-svdd": replace(LEARNED, detector="deep-svdd"),
    "deep-svdd, soft boundary": replace(LEARNED, detector="deep-svdd", objective="soft-boundary"),
    "deep-svdd, pretrained": replace(LEARNED, detector="deep-svdd", pretrain="yes"),
    "pooled, block4_conv3": TrainSettings(detector="pooled", size=32),
    "pooled, block3_pool": TrainSettings(detector="pooled", size=32, layer="block3_pool"),
    "positional, 64 px": TrainSettings(size=64, detector="positional"),
}
CELLS = {
    "autoencoder, 64 px": replace(LEARNED, learned_size="64"),
    "autoencoder, 128 px": replace(LEARNED, learned_size="128"),
    "deep-svdd, 64 px": replace(LEARNED, detector="deep-svdd", learned_size="64"),
    "pooled, 224 px": TrainSettings(detector="pooled"),
    "positional, 224 px": TrainSettings(detector="positional"),
    "positional, 128 px": TrainSettings(detector="positional", size=128),
}
SHOWN = ("autoencoder", "deep-svdd", "pooled, block4_conv3", "pooled, block3_pool", "positional, 64 px")


def write_digits(folder: Path, file: Path) -> None:
    """Write every digit's images into a folder to learn from and one to test on; copies are left out."""
    with np.load(file, allow_pickle=False) as arrays:
        images, labels = arrays["images"], arrays["labels"]
    _, first = np.unique(images.reshape(len(images), -1), axis=0, return_index=True)
    for digit in range(10):
        own = [index for index in np.sort(first) if labels[index] == digit]
        for count, index in enumerate(own):
            part = folder / str(digit) / ("learn" if count < 0.8 * len(own) else "test")
            part.mkdir(parents=True, exist_ok=True)
            Image.fromarray(images[index]).save(part / f"{index:05}.png")


def score_folders(model: Model, folders: Sequence[Path], cache: FeatureCache) -> np.ndarray:
    """Return the scores of all images in folders."""
    files = [file for folder in folders for file in sorted(folder.iterdir())]
    judged = judge_images(model, files, SilentProgress(), runtime=default_runtime(), cache=cache)
    return np.array([-np.inf if one.score is None else one.score for one in judged])


def measure_settings(
    settings: TrainSettings, learn: Path, good: Path, bad: dict[str, Path], cache: FeatureCache
) -> dict[str, Any]:
    """Train on a folder; return how good images and others are told apart."""
    began = time.perf_counter()
    request = TrainRequest((learn,), settings=settings)
    model = train(request, SilentProgress(), default_runtime(), cache).model
    seconds = time.perf_counter() - began
    training = model.training
    groups = Groups(training.groups, training.grouped_by).select_images(training.judged)
    known = GoodScores(training.held_out[training.judged], groups, HELD_OUT)
    limits = {rate: by_false_alarm_rate(known, rate).value for rate in (0.01, 0.02)}
    of_good = score_folders(model, [good], cache)
    of_bad = {name: score_folders(model, [folder], cache) for name, folder in bad.items()}
    everything = np.concatenate(list(of_bad.values()))
    return {
        "auroc": compute_auroc(of_good, everything),
        "missed": float(np.mean(everything >= limits[0.01])),
        **{f"alarms {rate}": float(np.mean(of_good < limit)) for rate, limit in limits.items()},
        "seconds": seconds,
        "against": {
            name: [compute_auroc(of_good, one), float(np.mean(one >= limits[0.01]))]
            for name, one in of_bad.items()
        },
    }


def compute_auroc(good: np.ndarray, bad: np.ndarray) -> float:
    """Return the area under the curve of (images,) scores each."""
    labels = ["normal"] * len(good) + ["anomalous"] * len(bad)
    return image_auroc(np.concatenate([good, bad]), labels) or 0.0


def measure_digits(
    folder: Path, digits: Sequence[int], names: Sequence[str], seeds: Sequence[int]
) -> dict[str, list[dict[str, Any]]]:
    """Return what was measured by variant, for each digit and seed."""
    cache, results = FeatureCache(folder / "cache"), {}
    for name in names:
        results[name] = []
        for digit, seed in product(digits, seeds):
            bad = {str(other): folder / str(other) / "test" for other in range(10) if other != digit}
            own, settings = folder / str(digit), replace(DIGITS[name], seed=seed)
            found = measure_settings(settings, own / "learn", own / "test", bad, cache)
            results[name].append({"digit": digit, "seed": seed, **found})
            print(name, results[name][-1], file=sys.stderr, flush=True)
    cache.close()
    return results


def measure_cells(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """Return what was measured on solar cells by variant."""
    cells, cache, results = load_solar_cells("mono"), FeatureCache(folder / "cache"), {}
    order = np.random.default_rng(0).permutation(cells.normal)
    parts = {"learn": order[::2], "test": order[1::2], "defects": cells.defective}
    for part, indices in parts.items():
        (folder / part).mkdir()
        for number in indices:
            Image.fromarray(cells.images[number]).save(folder / part / f"{number:05}.png")
    for name, settings in CELLS.items():
        bad = {"defects": folder / "defects"}
        results[name] = [measure_settings(settings, folder / "learn", folder / "test", bad, cache)]
        print(name, results[name], file=sys.stderr, flush=True)
    cache.close()
    return results


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--mnist", type=Path, help=".npz with images and labels")
    parser.add_argument("--digits", type=int, nargs="+", default=range(10))
    parser.add_argument("--seeds", type=int, nargs="+", default=[0], help="of trainings")
    parser.add_argument("--detectors", nargs="+", default=SHOWN, choices=tuple(DIGITS))
    parser.add_argument("--cells", action="store_true", help="solar cells (package elpv-dataset)")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    if not given.cells and given.mnist is None:
        parser.error("give --mnist FILE or --cells")
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        if given.cells:
            results = measure_cells(folder)
        else:
            write_digits(folder, given.mnist)
            results = measure_digits(folder, given.digits, given.detectors, given.seeds)
    write_json(given.json, results)
    header = (
        "",
        "AUROC",
        "missed at 1 %",
        "false alarms at 1 %",
        "at 2 %",
        "training, s",
        "ones against sevens",
    )
    print_table("Mean (range)", header, [_row(name, runs) for name, runs in results.items()])


def _row(name: str, runs: list[dict[str, Any]]) -> tuple[str, ...]:
    def describe_values(key: str, factor: float, digits: int) -> str:
        return describe_spread([run[key] for run in runs], factor, digits)

    sevens = [run["against"]["7"] for run in runs if run.get("digit") == 1]
    return (
        name,
        describe_values("auroc", 1, 4),
        describe_values("missed", 100, 1),
        describe_values("alarms 0.01", 100, 1),
        describe_values("alarms 0.02", 100, 1),
        describe_values("seconds", 1, 0),
        f"{np.mean(sevens, axis=0)[0]:.4f}, {100 * np.mean(sevens, axis=0)[1]:.1f} % missed"
        if sevens
        else "",
    )


if __name__ == "__main__":
    main()
