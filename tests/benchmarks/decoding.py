"""Is the network kept busy while images are decoded beside it? 2-megapixel JPEG files, 224 px.

The same images once from files, through the product's own way, and once from memory, through the network
alone; in turns. The share of the time in which the cores work for the network is the ratio of both.

    python tests/benchmarks/decoding.py
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np
from common import show, write_json
from two_megapixels import write_images

from anomaly_gui.detection.collection import collect
from anomaly_gui.detection.features import FeatureSettings
from anomaly_gui.detection.images import ReadingOptions, load_image
from anomaly_gui.detection.observing import Plan, observe
from anomaly_gui.detection.runtimes import default_runtime
from anomaly_gui.detection.stream import describe
from anomaly_gui.progress import SilentProgress


def seconds(job) -> float:
    """Return how long a job takes."""
    began = time.perf_counter()
    job()
    return time.perf_counter() - began


def main() -> None:
    """Print the share for scoring and for training (which looks at the fine grain as well)."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--images", type=int, default=160)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path)
    told = parser.parse_args()
    settings, runtime, quiet = FeatureSettings(), default_runtime(), SilentProgress()
    options = ReadingOptions(settings.size, 10**9)
    with tempfile.TemporaryDirectory() as folder:
        files = write_images(Path(folder), told.images)
        pixels = np.stack([load_image(file, options).pixels for file in files])
        batches = [
            pixels[start : start + settings.batch_size]
            for start in range(0, told.images, settings.batch_size)
        ]
        jobs = {
            "network alone": lambda: [observe(batch, Plan(settings), runtime) for batch in batches],
            "scoring": lambda: list(describe(files, Plan(settings), 10**9, runtime, quiet)),
            "training": lambda: collect(files, Plan(settings), 10**9, runtime, quiet),
            "decoding alone": lambda: [load_image(file, options) for file in files],
        }
        jobs["network alone"]()  # the first run compiles
        rounds = [{name: seconds(job) for name, job in jobs.items()} for _ in range(told.rounds)]
    shares = {
        name: sorted(one["network alone"] / one[name] for one in rounds) for name in ("scoring", "training")
    }
    alone = sorted(one["decoding alone"] / one["network alone"] for one in rounds)
    write_json(told.json, {"rounds": rounds})
    show(
        f"{told.images} JPEG files of 2 megapixels, {told.rounds} rounds: median (lowest to highest)",
        ("", "share of the network's own time, %"),
        [
            *((name, _median(values)) for name, values in shares.items()),
            ("decoding in one thread against the network", _median(alone)),
        ],
    )


def _median(values: list[float]) -> str:
    return f"{100 * np.median(values):.1f} ({100 * values[0]:.1f} to {100 * values[-1]:.1f})"


if __name__ == "__main__":
    main()
