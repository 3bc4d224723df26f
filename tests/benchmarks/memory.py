"""Does the memory of training stay flat? Peak of training on 5,000 images of 2 megapixels against 500.

Each training runs in a process of its own. At 224 px the network takes a fifth of a second an image: half an
hour; --size 32 shows the rest of the way in 3 minutes. Needs 4 GB on disk.

    python tests/benchmarks/memory.py --size 32
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from common import show, write_json
from two_megapixels import write_images

from anomaly_gui.detection.datasets.training_sets import TrainRequest
from anomaly_gui.detection.settings.train_settings import TrainSettings
from anomaly_gui.detection.training import train
from anomaly_gui.progress import SilentProgress

MEGABYTE = 1024  # of ru_maxrss on Linux, which counts kilobytes


def peak(folder: Path, count: int, size: int) -> float:
    """Train in a process of its own; return its peak of resident memory in MB."""
    command = [sys.executable, __file__, "--alone", str(folder), "--large", str(count), "--size", str(size)]
    return float(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)


def train_alone(folder: Path, count: int, size: int) -> None:
    """Train on the first images of a folder and print the peak."""
    files = tuple(sorted(folder.iterdir())[:count])
    result = train(TrainRequest(files, settings=TrainSettings(size=size)), SilentProgress())
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
    told = parser.parse_args()
    if told.alone:
        train_alone(told.alone, told.large, told.size)
        return
    with tempfile.TemporaryDirectory() as folder:
        write_images(Path(folder), told.large)
        peaks = {count: peak(Path(folder), count, told.size) for count in (told.small, told.large)}
    write_json(told.json, peaks)
    rows = [(f"{count:,}", f"{value:,.0f}") for count, value in peaks.items()]
    rows.append(("difference", f"{peaks[told.large] - peaks[told.small]:,.0f}"))
    show(f"Training on images of 2 megapixels, {told.size} px", ("images", "peak, MB"), rows)


if __name__ == "__main__":
    main()
