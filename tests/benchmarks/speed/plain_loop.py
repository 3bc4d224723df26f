"""The command `score` against the loop that a user would write: Pillow, Keras's `predict`, scikit-learn.

A folder of JPEG files of 2 megapixels, in turns, each in a process of its own, without any cache; the loop
reads 16 images at a time, which is kinder to Keras than one by one. The wall time of whole processes counts,
and that of a first verdict: one image from a cold start.

    python -m tests.benchmarks.speed.plain_loop
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
from PIL import Image

from tests.benchmarks.common import command_to_restart, print_table, write_json
from tests.benchmarks.large_images import write_images

BATCH = 16


def run_plain_loop(folder: Path, model: Path) -> None:
    """Score a folder with a mixture of one component that was fitted before, as the textbook does."""
    import keras
    from sklearn.mixture import GaussianMixture

    from anomaly_gui.detection.runtimes.weights import check_weights
    from anomaly_gui.detection.settings.backbones import VGG16

    network = keras.applications.VGG16(weights=str(check_weights(VGG16)), include_top=False)
    output = keras.layers.GlobalAveragePooling2D()(network.get_layer("block4_conv3").output)
    features = keras.Model(network.input, output)
    fitted = np.load(model)
    mixture = GaussianMixture(1)
    mixture.weights_, mixture.means_ = np.ones(1), fitted["means"]
    mixture.precisions_cholesky_ = fitted["factors"]
    files = sorted(folder.iterdir())
    for first in range(0, len(files), BATCH):
        images = [Image.open(file).convert("RGB").resize((224, 224)) for file in files[first : first + BATCH]]
        batch = keras.applications.vgg16.preprocess_input(np.stack(images).astype(np.float32))
        mixture.score_samples(features.predict(batch, verbose=0))


def time_job(command: list[str]) -> float:
    """Return how long a process takes."""
    began = time.perf_counter()
    quiet = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "ANOMALY_GUI_CACHE": "off"}
    ran = subprocess.run(command, capture_output=True, env=quiet, check=False)
    if ran.returncode not in (0, 3):
        raise SystemExit(ran.stderr.decode())
    return time.perf_counter() - began


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--images", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--loop", nargs=2, type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.loop:
        run_plain_loop(*given.loop)
        return
    with tempfile.TemporaryDirectory() as work:
        files = write_images(Path(work, "images"), given.images)
        model, plain = Path(work, "m.anomaly"), Path(work, "plain.npz")
        np.savez(plain, means=np.zeros((1, 512)), factors=np.eye(512)[None])
        program = [sys.executable, "-m", "anomaly_gui"]
        time_job([*program, "train", *map(str, files[:24]), "--out", str(model)])
        ours = [*program, "score", str(model), str(files[0].parent), "--csv", str(Path(work, "scores.csv"))]
        cold = [*program, "score", str(model), str(files[0])]
        loop = command_to_restart(__spec__.name, "--loop", files[0].parent, plain)
        jobs = {"score": ours, "the loop": loop, "score, one image, cold": cold}
        rounds = [{name: time_job(job) for name, job in jobs.items()} for _ in range(given.rounds)]
    ratios = [one["the loop"] / one["score"] for one in rounds]
    write_json(given.json, rounds)
    rows = [(name, f"{np.median([one[name] for one in rounds]):.2f} s") for name in jobs]
    rows.append(("the loop / score", f"{np.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"))
    print_table(f"{given.images} JPEG files of 2 megapixels, {given.rounds} rounds: medians", ("", ""), rows)


if __name__ == "__main__":
    main()
