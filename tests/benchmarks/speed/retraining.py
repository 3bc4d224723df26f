"""What does training again cost? The command `train` on the same images, with another density, or some more.

JPEG files of 2 megapixels, or another size; every round begins with an empty cache, and backbones and
detectors take turns. The wall time of whole processes counts, from images to a saved model, and the most
memory that each had.

    python -m tests.benchmarks.speed.retraining
    python -m tests.benchmarks.speed.retraining --images 200 --width 1155 --height 866 \\
        --backbone vgg16 efficientnet-lite0 --detector pooled positional
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import asdict
from functools import partial
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.settings.backbones import BACKBONES, VGG16
from anomaly_gui.detection.settings.choices import POOLED
from anomaly_gui.detection.settings.detector_kinds import DETECTORS
from tests.benchmarks.common import print_table, write_json
from tests.benchmarks.large_images import HEIGHT, WIDTH, write_images
from tests.benchmarks.turns import Usage, describe_median, measure_command, run_in_turns

if TYPE_CHECKING:
    from collections.abc import Sequence

FIRST = "first"


def train_repeatedly(files: Sequence[Path], more: int, detector: str, backbone: str) -> dict[str, Usage]:
    """Train from an empty cache, then again; the last images belong to the last training alone."""
    with tempfile.TemporaryDirectory() as work:
        cache, out = Path(work, "cache"), Path(work, "m.anomaly")
        choice = ("--out", out, "--detector", detector, "--backbone", backbone)

        def train(images: Sequence[Path], *options: str) -> Usage:
            command = [sys.executable, "-m", "anomaly_gui", "train", *images, *choice, *options]
            return measure_command(command, {"ANOMALY_GUI_CACHE": str(cache)})

        few = files[: len(files) - more]
        found = {FIRST: train(few), "the same again": train(few)}
        if DETECTORS[detector].has_density:
            found["density gmm"] = train(few, "--density", "gmm")
        found["another rate"] = train(few, "--false-alarm-rate", "0.05")
        found[f"{more} images more"] = train(files)
        return found


def make_rows(rounds: Sequence[dict[str, dict[str, Usage]]]) -> list[tuple[str, ...]]:
    """Return a row for every training of every choice."""
    rows = []
    for choice, trainings in rounds[0].items():
        for name in trainings:
            usages = [one[choice][name] for one in rounds]
            shares = [one[choice][name].seconds / one[choice][FIRST].seconds for one in rounds]
            seconds = describe_median([one.seconds for one in usages])
            peak = describe_median([one.peak_mb for one in usages], 0)
            rows.append((choice, name, seconds, f"{100 * np.median(shares):.1f}", peak))
    return rows


def parse_arguments() -> argparse.Namespace:
    """Return what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--images", type=int, default=1000)
    parser.add_argument("--more", type=int, default=10)
    parser.add_argument("--width", type=int, default=WIDTH, help="of an image, px")
    parser.add_argument("--height", type=int, default=HEIGHT, help="of an image, px")
    parser.add_argument("--backbone", nargs="+", choices=BACKBONES, default=[VGG16.name])
    parser.add_argument("--detector", nargs="+", choices=DETECTORS, default=[POOLED])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


def main() -> None:
    """Print a table."""
    given = parse_arguments()
    with tempfile.TemporaryDirectory() as folder:
        files = write_images(Path(folder), given.images + given.more, given.width, given.height)
        ways = {
            f"{detector}, {backbone}": partial(train_repeatedly, files, given.more, detector, backbone)
            for detector, backbone in product(given.detector, given.backbone)
        }
        rounds = run_in_turns(ways, given.rounds)
    write_json(
        given.json,
        [
            {
                choice: {name: asdict(usage) for name, usage in trainings.items()}
                for choice, trainings in one.items()
            }
            for one in rounds
        ],
    )
    print_table(
        f"{given.images} images of {given.width} x {given.height} px, {given.rounds} rounds: median (range)",
        ("detector, backbone", "training", "s", "of the first, %", "most memory, MB"),
        make_rows(rounds),
    )


if __name__ == "__main__":
    main()
