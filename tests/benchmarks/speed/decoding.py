"""Is the network kept busy while images are decoded beside it? 2-megapixel JPEG files, 224 px.

The same images once from files, through the product's own way, and once from memory, through the network
alone; in turns. The share of the time in which the cores work for the network is the ratio of both.

Large images (20 megapixels) are at most bound by decoding them on all cores: told is what the whole way takes
against decoding alone in as many threads, and the network alone.

    python -m tests.benchmarks.speed.decoding
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image

from anomaly_gui.detection.features.batches import read_batches
from anomaly_gui.detection.features.collection import collect_features
from anomaly_gui.detection.features.extraction import extract_features
from anomaly_gui.detection.features.plan import Plan
from anomaly_gui.detection.images.loading import ReadingOptions, load_image
from anomaly_gui.detection.images.reading import read_images
from anomaly_gui.detection.runtimes.protocol import default_runtime
from anomaly_gui.detection.settings.feature_settings import FeatureSettings
from anomaly_gui.progress import SilentProgress
from tests.benchmarks.common import print_table, write_json
from tests.benchmarks.large_images import write_images


def time_job(job) -> float:
    """Return how long a job takes."""
    began = time.perf_counter()
    job()
    return time.perf_counter() - began


def write_large_images(folder: Path, count: int, kind: str) -> list[Path]:
    """Write images of 20 megapixels as a camera would."""
    folder.mkdir()
    random, files = np.random.default_rng(0), []
    grain = Image.fromarray(random.integers(0, 256, (3648 // 4, 5472 // 4, 3), np.uint8))
    for number in range(count):
        shade = Image.fromarray(random.integers(60, 200, (9, 16, 3), np.uint8)).resize((5472, 3648))
        files.append(folder / f"{number:02}.{kind.lower()}")
        Image.blend(shade, grain.resize((5472, 3648)), 0.3).save(files[-1], kind)
    return files


def measure_large(kind: str, count: int, rounds: int) -> tuple[str, ...]:
    """Return a row: milliseconds an image of decoding, the network and both, and the ratio to their sum."""
    settings, runtime = FeatureSettings(), default_runtime()
    options = ReadingOptions(settings.shape, 10**9)
    with tempfile.TemporaryDirectory() as folder:
        files = write_large_images(Path(folder, kind), count, kind)
        pixels = np.stack([load_image(file, options).pixels for file in files])
        jobs = {
            "decoding": lambda: list(read_images(files, options)),
            "network": lambda: extract_features(pixels, Plan(settings), runtime),
            "both": lambda: list(read_batches(files, Plan(settings), 10**9, runtime, SilentProgress())),
        }
        jobs["network"]()
        times = [{name: time_job(job) for name, job in jobs.items()} for _ in range(rounds)]
    medians = {name: float(np.median([one[name] for one in times])) for name in jobs}
    ratio = np.median([one["both"] / (one["decoding"] + one["network"]) for one in times])
    return (kind, *(f"{1000 * value / count:.0f}" for value in medians.values()), f"{ratio:.2f}")


def main() -> None:
    """Print the share for scoring and for training (which makes fingerprints as well)."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--images", type=int, default=160)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--large", type=int, default=16, help="images of 20 megapixels")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    settings, runtime, quiet = FeatureSettings(), default_runtime(), SilentProgress()
    options = ReadingOptions(settings.shape, 10**9)
    with tempfile.TemporaryDirectory() as folder:
        files = write_images(Path(folder), given.images)
        pixels = np.stack([load_image(file, options).pixels for file in files])
        batches = [
            pixels[start : start + settings.batch_size]
            for start in range(0, given.images, settings.batch_size)
        ]
        jobs = {
            "network alone": lambda: [extract_features(batch, Plan(settings), runtime) for batch in batches],
            "scoring": lambda: list(read_batches(files, Plan(settings), 10**9, runtime, quiet)),
            "training": lambda: collect_features(files, Plan(settings), 10**9, runtime, quiet),
            "decoding alone": lambda: [load_image(file, options) for file in files],
        }
        jobs["network alone"]()  # the first run compiles
        rounds = [{name: time_job(job) for name, job in jobs.items()} for _ in range(given.rounds)]
    shares = {
        name: sorted(one["network alone"] / one[name] for one in rounds) for name in ("scoring", "training")
    }
    alone = sorted(one["decoding alone"] / one["network alone"] for one in rounds)
    write_json(given.json, {"rounds": rounds})
    print_table(
        f"{given.images} JPEG files of 2 megapixels, {given.rounds} rounds: median (lowest to highest)",
        ("", "share of the network's own time, %"),
        [
            *((name, _format_median(values)) for name, values in shares.items()),
            ("decoding in one thread against the network", _format_median(alone)),
        ],
    )

    print_table(
        f"{given.large} images of 20 megapixels: ms an image",
        ("", "decoding alone, all cores", "network alone", "the whole way", "against the sum"),
        [measure_large(kind, given.large, given.rounds) for kind in ("JPEG", "PNG")],
    )


def _format_median(values: list[float]) -> str:
    return f"{100 * np.median(values):.1f} ({100 * values[0]:.1f} to {100 * values[-1]:.1f})"


if __name__ == "__main__":
    main()
