"""Does it scale? Training on up to 100,000 images, scoring up to 1,000,000, with made-up features.

A fixed random projection of the pixels stands in for the network, and small images for large ones; all the
rest is the product's own way: folders, decoding, fingerprints, near-duplicates, cache, fit, held-out scores,
runs on disk. Each step runs in a process of its own, of which time and peak memory are printed; the last
scoring is killed on its way and gone on with. Needs 6 GB on disk, and an hour.

    python -m tests.benchmarks.speed.scale
"""

from __future__ import annotations

import argparse
import io
import json
import resource
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from anomaly_gui.detection.datasets.train_request import TrainRequest
from anomaly_gui.detection.features.feature_cache import FeatureCache
from anomaly_gui.detection.model.model_file import open_model, save_model
from anomaly_gui.detection.scoring import ScoreRequest
from anomaly_gui.detection.scoring_run import ScoringRun, score_into
from anomaly_gui.detection.settings.backbones import VGG16
from anomaly_gui.detection.settings.train_settings import TrainSettings
from anomaly_gui.detection.training import train
from anomaly_gui.progress import SilentProgress
from tests.benchmarks.common import command_to_restart, print_table, write_json

if TYPE_CHECKING:
    from collections.abc import Sequence

TRAINED = (10_000, 30_000, 100_000)
SCORED = (100_000, 1_000_000)
SIDE = 180  # of training images: from 176 pixels on near-duplicates are looked for
DISTINCT = 1000  # scored images; the others are copies of them
A_FOLDER = 10_000  # files
SETTINGS = TrainSettings(detector="pooled", size=32)


class MadeUp:
    """A runtime without a network."""

    name = "made up"

    def __init__(self) -> None:
        channels = VGG16.find_layer("block4_conv3").channels
        directions = np.random.default_rng(0).normal(size=(32 * 32 * 3, channels))
        self._directions = directions.astype(np.float32) / 100

    def for_backbone(self, _: Any) -> MadeUp:
        """Return itself."""
        return self

    def pooled(self, batch: Any, layers: Sequence[str], _: Any) -> list[Any]:
        """Return (images, channels) for the one layer that is used here."""
        return [np.abs(batch.reshape(len(batch), -1).astype(np.float32) @ self._directions) for _ in layers]

    def gridded(self, *_: Any) -> Any:
        """Say that there is no grid here."""
        raise ValueError("the pooled detector alone is measured")


def write_training_images(folder: Path, count: int) -> None:
    """Write blocks of noise, each image its own."""
    random = np.random.default_rng(1)
    for number in range(count):
        if number % A_FOLDER == 0:
            shelf = folder / f"{number // A_FOLDER:03}"
            shelf.mkdir(parents=True)
        blocks = random.integers(0, 256, (SIDE // 6, SIDE // 6), np.uint8)
        image = Image.fromarray(blocks).resize((SIDE, SIDE), Image.Resampling.NEAREST)
        image.save(shelf / f"{number:07}.png", compress_level=1)


def write_scored_images(folder: Path, count: int) -> None:
    """Write so many small images, of which each is there many times."""
    random, contents = np.random.default_rng(2), []
    for _ in range(DISTINCT):
        content = io.BytesIO()
        blocks = Image.fromarray(random.integers(0, 256, (SIDE // 18, SIDE // 18), np.uint8))
        blocks.resize((SIDE // 3, SIDE // 3), Image.Resampling.NEAREST).save(content, "PNG")
        contents.append(content.getvalue())
    for number in range(count):
        if number % A_FOLDER == 0:
            shelf = folder / f"{number // A_FOLDER:03}"
            shelf.mkdir(parents=True)
        (shelf / f"{number:07}.png").write_bytes(contents[number % DISTINCT])


def run_step(given: argparse.Namespace) -> None:
    """Train or score, and print the seconds and the peak memory."""
    began, runtime = time.perf_counter(), MadeUp()
    if given.step == "train":
        folders = tuple(sorted(given.folder.iterdir()))[: given.count // A_FOLDER]
        cache = FeatureCache(given.cache)
        result = train(TrainRequest(folders, settings=SETTINGS), SilentProgress(), runtime, cache)
        cache.close()
        save_model(result.model, given.model)
        found = {"images": len(result.model.training.images), "reused": result.findings.reused}
    else:
        run = ScoringRun(given.run, "the same")
        model = open_model(given.model)
        score_into(run, ScoreRequest(model, (given.folder,)), SilentProgress(), runtime)
        found = {"images": sum(run.count_verdicts().values()), "reused": run.taken_over}
        run.close(delete=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({**found, "seconds": time.perf_counter() - began, "peak_mb": peak}))


def step(name: str, count: int, work: Path, folder: Path, seconds: float | None = None) -> dict[str, Any]:
    """Run a step in a process of its own; kill it after so many seconds, if any are given."""
    files = {"cache": work / "cache", "model": work / "m.anomaly", "run": work / "run"}
    options = [word for key, path in files.items() for word in (f"--{key}", str(path))]
    command = command_to_restart(__spec__.name, "--step", name, "--count", count, "--folder", folder)
    process = subprocess.Popen([*command, *options], stdout=subprocess.PIPE, text=True)
    try:
        said, _ = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.communicate()
        return {"images": "killed", "reused": "", "seconds": seconds or 0.0, "peak_mb": 0.0}
    return json.loads(said.splitlines()[-1])


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--trained", type=int, nargs="+", default=TRAINED)
    parser.add_argument("--scored", type=int, nargs="+", default=SCORED)
    parser.add_argument("--step", help=argparse.SUPPRESS)
    parser.add_argument("--count", type=int, help=argparse.SUPPRESS)
    for name in ("--folder", "--cache", "--model", "--run"):
        parser.add_argument(name, type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.step:
        run_step(given)
        return
    with tempfile.TemporaryDirectory() as folder:
        rows = measure_step(Path(folder), given.trained, given.scored)
    write_json(given.json, rows)
    print_table(
        "Made-up features",
        ("", "images", "known from before", "s", "ms an image", "peak, MB"),
        [
            (
                name,
                one["images"],
                one["reused"],
                f"{one['seconds']:.0f}",
                "" if one["images"] == "killed" else f"{1000 * one['seconds'] / one['images']:.2f}",
                f"{one['peak_mb']:.0f}",
            )
            for name, one in rows
        ],
    )


def measure_step(
    work: Path, trained: Sequence[int], scored: Sequence[int]
) -> list[tuple[str, dict[str, Any]]]:
    """Return each step's name and what it took."""
    images, rows = work / "images", []

    def note(name: str, found: dict[str, Any]) -> None:
        rows.append((name, found))
        print(name, found, flush=True)

    write_training_images(images, max(trained))
    for count in trained:
        note("train", step("train", count, work, images))
    note("train again", step("train", max(trained), work, images))
    for count in scored:
        folder = work / f"scored {count}"
        write_scored_images(folder, count)
        note("score", step("score", count, work, folder))
    note("score, killed", step("score", max(scored), work, folder, rows[-1][1]["seconds"] / 2))
    note("gone on with", step("score", max(scored), work, folder))
    return rows


if __name__ == "__main__":
    main()
