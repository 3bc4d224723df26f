"""Does the memory of training stay flat? Peak of training on 5,000 images of 2 megapixels against 500.

Each training runs in a process of its own. At 224 px the network takes a fifth of a second an image: half an
hour; --size 32 shows the rest of the way in 3 minutes. Needs 4 GB on disk.

    python -m tests.benchmarks.speed.memory --size 32
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import tempfile
from pathlib import Path

import numpy as np

from anomaly_gui.detection.datasets.train_request import TrainRequest
from anomaly_gui.detection.settings.train_settings import TrainSettings
from anomaly_gui.detection.training import train
from anomaly_gui.progress import SilentProgress
from tests.benchmarks.common import command_to_restart, print_table, write_json
from tests.benchmarks.large_images import write_images

MEGABYTE = 1024  # of ru_maxrss on Linux, which counts kilobytes


def measure_peak(folder: Path, count: int, size: int) -> float:
    """Train in a process of its own; return its peak of resident memory in MB."""
    command = command_to_restart(__spec__.name, "--alone", folder, "--large", count, "--size", size)
    return float(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)


def train_alone(folder: Path, count: int, size: int) -> None:
    """Train on the first images of a folder and print the peak."""
    files = tuple(sorted(folder.iterdir())[:count])
    result = train(
        TrainRequest(files, settings=TrainSettings(detector="pooled", size=size)), SilentProgress()
    )
    record = result.model.training
    if len(record.images) != count:
        raise SystemExit(f"{count - len(record.images)} images were lost")
    if len(np.unique(record.groups)) < 0.98 * count:  # a large group takes memory of its own
        raise SystemExit(f"only {len(np.unique(record.groups))} groups: the images should be unlike")
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE)


def main() -> None:
    """Print both peaks."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--small", type=int, default=500)
    parser.add_argument("--large", type=int, default=5000)
    parser.add_argument("--size", type=int, default=224)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--alone", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.alone:
        train_alone(given.alone, given.large, given.size)
        return
    with tempfile.TemporaryDirectory() as folder:
        write_images(Path(folder), given.large)
        peaks = {count: measure_peak(Path(folder), count, given.size) for count in (given.small, given.large)}
    write_json(given.json, peaks)
    rows = [(f"{count:,}", f"{value:,.0f}") for count, value in peaks.items()]
    rows.append(("difference", f"{peaks[given.large] - peaks[given.small]:,.0f}"))
    print_table(f"Training on images of 2 megapixels, {given.size} px", ("images", "peak, MB"), rows)


if __name__ == "__main__":
    main()
