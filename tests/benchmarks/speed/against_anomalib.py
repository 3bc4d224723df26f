"""Against PaDiM as the package anomalib has it (PyTorch): the time to train and to score, in turns.

Solar cells (ELPV mono), 400 good ones to train and 200 to score, 300 x 300 px PNG files, VGG16 at 224 px, 100
features kept at each of 28 x 28 cells, on all cores of the CPU. Ours are the two commands that a user runs,
timed as a whole, each round with an empty cache of features. Theirs is `anomalib_padim.py`, one process with
a Python of its own, where anomalib is installed (`pip install anomalib`):

- "bare": anomalib's torch model in a plain loop. It leaves out what ours does besides: choosing a threshold,
  looking for near-duplicates, writing and opening a model. It also runs in the order of memory (channels
  last) and the batches that were fastest.
- "112 x 112 cells" (`--fine`): the same with layers named from fine to coarse, as in anomalib's examples,
  which makes 16 times as many Gaussians.
- "Engine" (`--engine`): anomalib's own Engine, data module and pre-processing, 28 x 28 cells.

"Work" is theirs without starting Python, importing and making the network; "with the start" holds these too,
as ours always does. For both steps together theirs starts once, ours twice. Theirs has random weights:
nothing has to be downloaded then, and speed does not depend on their values. So this compares no accuracy.

    python -m tests.benchmarks.speed.against_anomalib --anomalib-python /path/to/venv/bin/python
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
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from tests.benchmarks.common import load_solar_cells, print_table, write_json

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

TO_TRAIN, TO_SCORE = 400, 200
PADIM = Path(__file__).with_name("anomalib_padim.py")
STEPS = ("train", "score", "both")


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


def time_ours(good: Path, test: Path) -> dict[str, float]:
    """Train and score by the command line, from a cold state."""
    product = (sys.executable, "-m", "anomaly_gui")
    with tempfile.TemporaryDirectory() as folder:
        model, table, cache = Path(folder, "m.anomaly"), Path(folder, "scores.csv"), Path(folder, "cache")
        cache.mkdir()
        cold = {"ANOMALY_GUI_CACHE": str(cache)}
        train, _ = run_command((*product, "train", good, "--detector", "positional", "--out", model), **cold)
        score, _ = run_command((*product, "score", model, test, "--csv", table), **cold)
        with table.open(encoding="utf-8", newline="") as file:
            check_scores(sum(1 for _ in csv.DictReader(file)), test)
    return {"train": train, "score": score, "both": train + score}


def time_theirs(python: Path, options: Sequence[str], good: Path, test: Path) -> dict[str, float]:
    """Train and score by anomalib; what is not work is the start."""
    whole, printed = run_command((python, PADIM, good, test, *options))
    found = json.loads(printed.splitlines()[-1])
    check_scores(found["scores"], test)
    work = {"train": found["train"], "score": found["score"], "both": found["train"] + found["score"]}
    start = whole - work["both"]
    return {**work, **{f"{step}, with the start": work[step] + start for step in STEPS}}


def check_scores(scores: int, test: Path) -> None:
    """Stop if not every image was scored."""
    if scores != len(list(test.iterdir())):
        raise SystemExit(f"{scores} scores for {len(list(test.iterdir()))} images")


def run_in_turns(ways: dict[str, Callable[[], dict[str, float]]], rounds: int) -> list[dict]:
    """Run every way in each round; each round begins with another one."""
    names, found = list(ways), []
    for turn in range(rounds):
        first = turn % len(names)
        one = {name: ways[name]() for name in names[first:] + names[:first]}
        found.append(one)
        print(f"round {turn + 1} of {rounds}:", json.dumps(one), file=sys.stderr, flush=True)
    return found


def make_rows(rounds: list[dict], opponent: str) -> list[tuple[str, ...]]:
    """Return rows: what was timed, medians of both, and the ratios of the rounds."""
    rows = []
    for step in (*STEPS, *(f"{step}, with the start" for step in STEPS)):
        mine = [one["ours"][step.partition(",")[0]] for one in rounds]
        other = [one[opponent][step] for one in rounds]
        ratios = np.divide(other, mine)
        seconds = (f"{np.median(mine):.1f}", f"{np.median(other):.1f}")
        ratio = f"{np.median(ratios):.2f} ({ratios.min():.2f} to {ratios.max():.2f})"
        rows.append((step if "," in step else f"{step}, work", *seconds, ratio))
    return rows


def parse_arguments() -> argparse.Namespace:
    """Return what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--anomalib-python", type=Path, required=True, help="a Python that has anomalib")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--train", type=int, default=TO_TRAIN, help="good cells to train")
    parser.add_argument("--score", type=int, default=TO_SCORE, help="cells to score")
    parser.add_argument("--batch", type=int, default=16, help="images to a batch of theirs")
    parser.add_argument("--fine", action="store_true", help="theirs with 112 x 112 cells as well")
    parser.add_argument("--engine", action="store_true", help="theirs by anomalib's Engine as well")
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


def main() -> None:
    """Print a table for each of their ways."""
    given = parse_arguments()
    python, options = given.anomalib_python, ("--batch", str(given.batch))
    with tempfile.TemporaryDirectory() as folder:
        good, test = Path(folder, "good"), Path(folder, "test")
        write_cells(good, test, given.train, given.score)
        ways: dict[str, Callable[[], dict[str, float]]] = {"ours": lambda: time_ours(good, test)}
        ways["bare"] = lambda: time_theirs(python, options, good, test)
        if given.fine:
            ways["112 x 112 cells"] = lambda: time_theirs(python, (*options, "--side", "112"), good, test)
        if given.engine:
            ways["Engine"] = lambda: time_theirs(python, (*options, "--engine"), good, test)
        # Both are started once before anything is timed, so that their files are in memory.
        versions = json.loads(run_command((python, PADIM, "--versions"))[1].splitlines()[-1])
        run_command((sys.executable, "-m", "anomaly_gui", "train", "--help"))
        rounds = run_in_turns(ways, given.rounds)
    write_json(given.json, {"versions": versions, "rounds": rounds})
    print(", ".join(f"{name} {number}" for name, number in versions.items()))
    for opponent in [name for name in ways if name != "ours"]:
        print_table(
            f"{opponent}: {given.train} cells to train, {given.score} to score, {given.rounds} rounds",
            ("medians", "ours, s", "theirs, s", "theirs/ours, median (range) of rounds"),
            make_rows(rounds, opponent),
        )


if __name__ == "__main__":
    main()
