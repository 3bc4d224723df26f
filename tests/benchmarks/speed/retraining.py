"""What does training again cost? The command `train` on the same images, with another density, or some more.

JPEG files of 2 megapixels; every round begins with an empty cache. The wall time of whole processes counts.

    python -m tests.benchmarks.speed.retraining
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from tests.benchmarks.common import print_table, write_json
from tests.benchmarks.large_images import write_images


def time_job(files: list[Path], cache: Path, out: Path, *options: str) -> float:
    """Return how long a training takes."""
    began = time.perf_counter()
    words = [sys.executable, "-m", "anomaly_gui", "train", *map(str, files), "--out", str(out), *options]
    own = {**os.environ, "ANOMALY_GUI_CACHE": str(cache)}
    subprocess.run(words, check=True, capture_output=True, env=own)
    return time.perf_counter() - began


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--images", type=int, default=1000)
    parser.add_argument("--more", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    rounds = []
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        files = write_images(work / "images", given.images + given.more)
        few, out = files[: given.images], work / "m.anomaly"
        for number in range(given.rounds):
            cache = work / f"cache {number}"
            rounds.append(
                {
                    "first": time_job(few, cache, out),
                    "the same again": time_job(few, cache, out),
                    "density gmm": time_job(few, cache, out, "--density", "gmm"),
                    "another rate": time_job(few, cache, out, "--false-alarm-rate", "0.05"),
                    f"{given.more} images more": time_job(files, cache, out),
                }
            )
    write_json(given.json, rounds)
    print_table(
        f"{given.images} images, medians of {given.rounds} rounds",
        ("training", "s", "of the first, %"),
        [
            (
                name,
                f"{np.median([one[name] for one in rounds]):.1f}",
                f"{100 * np.median([one[name] / one['first'] for one in rounds]):.1f}",
            )
            for name in rounds[0]
        ],
    )


if __name__ == "__main__":
    main()
