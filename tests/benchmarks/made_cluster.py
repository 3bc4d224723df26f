"""What the benchmarks of clusters share: small images, a model of them, engines on some cores, commands."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from anomaly_gui.cluster.outfit import Outfit
from anomaly_gui.cluster.result_place import ResultPlace
from anomaly_gui.cluster.scored.judging_part import JudgePart
from anomaly_gui.cluster.scored.worker_model import WorkerModel
from anomaly_gui.detection.model.model_file import open_model
from anomaly_gui.detection.runtimes.protocol import default_runtime

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

OPTIONS = ("--detector", "pooled", "--backbone", "efficientnet-lite2", "--group-by", "none")
"""The lightest that is in use: the less a part takes, the more its way through a cluster counts."""

COMMAND = (sys.executable, "-m", "anomaly_gui")


def add_options(parser: argparse.ArgumentParser, *, images: int) -> None:
    """Add how many images, and where they stay."""
    parser.add_argument("--images", type=int, default=images, help="how many")
    parser.add_argument("--work", type=Path, required=True, help="folder for images, models and results")
    parser.add_argument("--json", type=Path, help="write every value")


def make_images(folder: Path, count: int, side: int = 224, seed: int = 0) -> Path:
    """Save so many noisy images, unless they are there; return their folder, of 1,000 each in folders."""
    for number in range(count):
        path = folder / f"{number // 1000:04}" / f"{number:07}.jpg"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            rng = np.random.default_rng((seed, number))
            ground = np.linspace(80, 160, side)[:, None, None] + rng.normal(0, 12, (side, side, 1))
            Image.fromarray(np.repeat(ground, 3, axis=2).clip(0, 255).astype(np.uint8)).save(path, quality=90)
    return folder


def make_model(work: Path) -> Path:
    """Train a model on 60 images, unless it is there."""
    model = work / "model.anomaly"
    if not model.exists():
        run_command("train", make_images(work / "train", 60, seed=1), "--out", model, *OPTIONS)
    return model


def make_work(model: Path, place: Path) -> tuple[Outfit, JudgePart]:
    """Return what workers need once, and what they do with parts."""
    outfit, opened = Outfit.of(model.read_bytes()), open_model(model)
    place.mkdir(parents=True, exist_ok=True)
    wanted = WorkerModel.of(outfit.sha256, opened, default_runtime(), None)
    return outfit, JudgePart(wanted, None, ResultPlace(str(place)), "benchmark")


def run_command(*words: object, cores: Sequence[int] = (), expected: Sequence[int] = (0,)) -> float:
    """Run a command of the product on some cores, or all; return the seconds it took."""
    pinned = ("taskset", "-c", ",".join(map(str, cores))) if cores else ()
    began = time.perf_counter()
    ran = subprocess.run([*pinned, *COMMAND, *map(str, words)], capture_output=True, text=True)
    if ran.returncode not in expected:
        raise SystemExit(f"{words[0]} ended with {ran.returncode}: {ran.stderr}")
    return time.perf_counter() - began


@contextlib.contextmanager
def started(*words: object, says: str) -> Iterator[Any]:
    """Run a command of the product beside, once it has said something."""
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        [*COMMAND, *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment,
    )
    try:
        if not any(says in line for line in process.stdout or ()):
            raise SystemExit(f"{words} ended without a word of {says!r}")
        yield process
    finally:
        process.terminate()
        process.wait(30)
