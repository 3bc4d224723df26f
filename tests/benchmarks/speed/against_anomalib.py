"""Against PaDiM and EfficientAD as the package anomalib has them (PyTorch): the time to train and to score.

Solar cells (ELPV mono), 400 good ones to train and 200 to score, 300 x 300 px PNG files, or with `--images
large` JPEG files of 2 megapixels; in turns, on all cores of the CPU. Ours are the two commands that a user
runs with the detector positional, timed as a whole, each round with an empty cache of features. Theirs is
`anomalib_models.py`, one process with a Python of its own, where anomalib is installed (`pip install
anomalib`); there is said what each of these is:

- "padim-vgg16", "padim-resnet18", "efficient-ad": anomalib's torch models in a plain loop. It leaves out what
  ours does besides: choosing a threshold, looking for near-duplicates, writing and opening a model.
- "padim-vgg16-fine": with layers named from fine to coarse, which makes 16 times as many Gaussians.
- "padim-vgg16-engine", "padim-resnet18-engine": anomalib's own Engine, data module and pre-processing.

"Work" is theirs without starting Python, importing and making the network; "with the start" holds these too,
as ours always does; "without the start" takes it off ours as well: what scoring one image takes. For both
steps together theirs starts once, ours twice. Theirs has random weights: nothing has to be downloaded then,
and speed does not depend on their values. So this compares no accuracy.

    python -m tests.benchmarks.speed.against_anomalib --anomalib-python /path/to/venv/bin/python
    python -m tests.benchmarks.speed.against_anomalib --anomalib-python /path/to/venv/bin/python \\
        --backbone vgg16 efficientnet-lite0 --opponent padim-vgg16 padim-resnet18 efficient-ad
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from functools import partial
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from anomaly_gui.detection.settings.backbones import BACKBONES, VGG16
from tests.benchmarks.common import load_solar_cells, print_table, write_json
from tests.benchmarks.large_images import write_images
from tests.benchmarks.turns import describe_median, run_in_turns

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Times = dict[str, float]

TO_TRAIN, TO_SCORE = 400, 200
THEIRS = Path(__file__).with_name("anomalib_models.py")
EFFICIENT_AD, STEPS_OF_IT = "efficient-ad", 70_000
OPPONENTS = {
    "padim-vgg16": ("--model", "padim-vgg16"),
    "padim-vgg16-fine": ("--model", "padim-vgg16", "--fine"),
    "padim-vgg16-engine": ("--model", "padim-vgg16", "--engine"),
    "padim-resnet18": ("--model", "padim-resnet18"),
    "padim-resnet18-engine": ("--model", "padim-resnet18", "--engine"),
    EFFICIENT_AD: ("--model", EFFICIENT_AD),
}
STEPS = ("train", "score", "both")
WITH, WITHOUT = "with the start", "without the start"


def write_cells(good: Path, test: Path, to_train: int, to_score: int) -> None:
    """Write good cells to train, and half good, half defective ones to score."""
    cells = load_solar_cells("mono")
    half = to_score // 2
    normal, defective = cells.normal[: to_train + half], cells.defective[: to_score - half]
    if len(normal) < to_train + half or len(defective) < to_score - half:
        raise SystemExit(
            f"There are only {len(cells.normal)} good and {len(cells.defective)} defective cells."
        )
    for folder, chosen in ((good, normal[:to_train]), (test, [*normal[to_train:], *defective])):
        folder.mkdir()
        for index in chosen:
            Image.fromarray(cells.images[index]).save(folder / f"{index:05}.png")


def write_large_images(good: Path, test: Path, to_train: int, to_score: int) -> None:
    """Write JPEG files of 2 megapixels to train and to score."""
    test.mkdir()
    for file in write_images(good, to_train + to_score)[to_train:]:
        file.rename(test / file.name)


def run_command(command: Sequence[str | Path], **environment: str) -> tuple[float, str]:
    """Return a command's seconds and what it printed; stop if it failed."""
    began = time.perf_counter()
    ran = subprocess.run(
        [*map(str, command)], capture_output=True, text=True, env={**os.environ, **environment}
    )
    took = time.perf_counter() - began
    if ran.returncode:
        raise SystemExit(f"{' '.join(map(str, command))}\n{ran.stdout}{ran.stderr}")
    return took, ran.stdout


def time_ours(backbone: str, good: Path, test: Path) -> Times:
    """Train and score by the command line, from a cold state; the score of one image tells the start."""
    product, choice = (
        (sys.executable, "-m", "anomaly_gui"),
        ("--detector", "positional", "--backbone", backbone),
    )
    with tempfile.TemporaryDirectory() as folder:
        model, table, cache = Path(folder, "m.anomaly"), Path(folder, "scores.csv"), Path(folder, "cache")
        cache.mkdir()
        cold = {"ANOMALY_GUI_CACHE": str(cache)}
        train, _ = run_command((*product, "train", good, *choice, "--out", model), **cold)
        score, _ = run_command((*product, "score", model, test, "--csv", table), **cold)
        with table.open(encoding="utf-8", newline="") as file:
            scored = sum(1 for _ in csv.DictReader(file))
        check_scores(scored, test)
        one, _ = run_command((*product, "score", model, min(test.iterdir()), "--no-cache"))
    rest = (score - one) * scored / (scored - 1)  # all images but one, for as many as there are
    return {"train": train, "score": score, "both": train + score, f"score, {WITHOUT}": rest}


def time_theirs(python: Path, options: Sequence[str], good: Path, test: Path) -> Times:
    """Train and score by anomalib; what is not work is the start. EfficientAD is trained by some steps."""
    whole, printed = run_command((python, THEIRS, good, test, *options))
    found = json.loads(printed.splitlines()[-1])
    check_scores(found["scores"], test)
    train, score = found["train"], found["score"]
    start = whole - train - score
    work = {"score": score} if found["steps"] else {"train": train, "score": score, "both": train + score}
    times = {**work, **{f"{step}, {WITH}": took + start for step, took in work.items()}}
    step = {"a step": train / found["steps"]} if found["steps"] else {}
    return {**times, f"score, {WITHOUT}": score, **step}


def check_scores(scores: int, test: Path) -> None:
    """Stop if not every image was scored."""
    if scores != len(list(test.iterdir())):
        raise SystemExit(f"{scores} scores for {len(list(test.iterdir()))} images")


def make_rows(rounds: Sequence[dict[str, Times]], ours: str, opponent: str) -> list[tuple[str, ...]]:
    """Return rows: what was timed, medians of both, and the ratios of the rounds."""
    rows = []
    for step in (*STEPS, *(f"{step}, {WITH}" for step in STEPS), f"score, {WITHOUT}"):
        if step not in rounds[0][opponent]:
            continue
        same = step if step in rounds[0][ours] else step.partition(",")[0]
        own, other = [one[ours][same] for one in rounds], [one[opponent][step] for one in rounds]
        seconds = (f"{np.median(own):.1f}", f"{np.median(other):.1f}")
        title = step if "," in step else f"{step}, work"
        rows.append((title, *seconds, describe_median(np.divide(other, own))))
    return rows


def describe_steps(rounds: Sequence[dict[str, Times]]) -> str:
    """Return what the whole of EfficientAD's training would take."""
    step = float(np.median([one[EFFICIENT_AD]["a step"] for one in rounds]))
    hours = step * STEPS_OF_IT / 3600
    return (
        f"A step of {EFFICIENT_AD}'s training takes {step:.2f} s: "
        f"{STEPS_OF_IT:,} of them would take {hours:.0f} hours."
    )


def parse_arguments() -> argparse.Namespace:
    """Return what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--anomalib-python", type=Path, required=True, help="a Python that has anomalib")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--images", choices=("cells", "large"), default="cells")
    parser.add_argument("--train", type=int, default=TO_TRAIN, help="good images to train")
    parser.add_argument("--score", type=int, default=TO_SCORE, help="images to score, 2 or more")
    parser.add_argument("--backbone", nargs="+", choices=BACKBONES, default=[VGG16.name], help="of ours")
    parser.add_argument("--opponent", nargs="+", choices=OPPONENTS, default=["padim-vgg16"])
    parser.add_argument("--batch", type=int, default=16, help="images to a batch of theirs")
    parser.add_argument("--steps", type=int, default=20, help="of EfficientAD's training that are timed")
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


def make_ways(given: argparse.Namespace, good: Path, test: Path) -> dict[str, Callable[[], Times]]:
    """Return what takes turns: ours by backbone, theirs by name."""
    ways: dict[str, Callable[[], Times]] = {
        name: partial(time_ours, name, good, test) for name in given.backbone
    }
    for name in given.opponent:
        options = (*OPPONENTS[name], "--batch", str(given.batch), "--steps", str(given.steps))
        ways[name] = partial(time_theirs, given.anomalib_python, options, good, test)
    return ways


def main() -> None:
    """Print a table for each of ours against each of theirs."""
    given = parse_arguments()
    with tempfile.TemporaryDirectory() as folder:
        good, test = Path(folder, "good"), Path(folder, "test")
        write = write_cells if given.images == "cells" else write_large_images
        write(good, test, given.train, given.score)
        # Both are started once before anything is timed, so that their files are in memory.
        printed = run_command((given.anomalib_python, THEIRS, "--versions"))[1]
        run_command((sys.executable, "-m", "anomaly_gui", "train", "--help"))
        rounds = run_in_turns(make_ways(given, good, test), given.rounds)
    versions = json.loads(printed.splitlines()[-1])
    print(", ".join(f"{name} {number}" for name, number in versions.items()))
    for ours, opponent in product(given.backbone, given.opponent):
        print_table(
            f"{ours} against {opponent}: {given.train} {given.images} images to train, "
            f"{given.score} to score, {given.rounds} rounds",
            ("medians", "ours, s", "theirs, s", "theirs/ours, median (range) of rounds"),
            make_rows(rounds, ours, opponent),
        )
    if EFFICIENT_AD in given.opponent:
        print(f"\n{describe_steps(rounds)}")
    write_json(given.json, {"versions": versions, "rounds": rounds})


if __name__ == "__main__":
    main()
