"""The model of 1, 2 and 4 workers, byte for byte, and against one pass on one machine.

.venv/bin/python -m tests.benchmarks.cluster.exactness --work FOLDER
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
from typing import TYPE_CHECKING, Any

import numpy as np

from anomaly_gui.cluster.opening import open_engine
from anomaly_gui.cluster.training.steady_runtime import steady_runtime
from anomaly_gui.cluster.training.training import train_on_cluster
from anomaly_gui.detection.datasets.train_request import TrainRequest
from anomaly_gui.detection.model.model_file import save_model
from anomaly_gui.detection.settings.train_settings import TrainSettings
from anomaly_gui.detection.training import train
from anomaly_gui.progress import SilentProgress
from tests.benchmarks.common import print_table, write_json
from tests.benchmarks.made_cluster import add_options, make_images

if TYPE_CHECKING:
    from pathlib import Path

    from anomaly_gui.detection.model.model import Model

_LEARNED = {"location", "variances", "means", "factors", "ridges", "usual"}  # axes may point either way
_EPOCH = "1700000000"  # the time that is written into the models


def compare_models(one: Model, other: Model) -> dict[str, float]:
    """Return how far numbers of two models are apart at most, relative to the largest of their kind."""
    first, second = map(_list_numbers, (one, other))
    return {name: _measure_apart(values, second[name]) for name, values in first.items()}


def _list_numbers(model: Model) -> dict[str, Any]:
    _, learned = model.detector.state()
    numbers = {
        "held-out scores": model.training.held_out,
        "threshold": model.threshold.value,
        "scores": model.training.scores,
    }
    return numbers | {name: learned[name] for name in sorted(_LEARNED & set(learned))}


def _measure_apart(first: Any, second: Any) -> float:
    one, other = np.asarray(first, float), np.asarray(second, float)
    return float(np.abs(one - other).max() / np.abs(one).max())


def train_apart(request: TrainRequest, work: Path, workers: int) -> tuple[Model, str]:
    """Return the model of so many processes, and the digest of its file."""
    folder, file = work / f"training-{workers}", work / f"{workers}.anomaly"
    shutil.rmtree(folder, ignore_errors=True)
    with open_engine("local", None, print, workers=workers) as engine:
        model = train_on_cluster(request, engine, folder, SilentProgress()).model
    save_model(model, file)
    return model, hashlib.sha256(file.read_bytes()).hexdigest()


def main() -> None:
    """Print the row of exactness for each detector."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_options(parser, images=600)
    parser.add_argument("--detectors", nargs="*", default=["pooled", "positional"])
    given = parser.parse_args()
    os.environ["SOURCE_DATE_EPOCH"] = _EPOCH
    images, values = make_images(given.work / str(given.images), given.images), {}
    for detector in given.detectors:
        settings = TrainSettings(detector=detector, backbone="efficientnet-lite2", group_by="none")
        request = TrainRequest((images,), (), (), settings)
        made: dict[int, Any] = {count: train_apart(request, given.work, count) for count in (1, 2, 4)}
        plain = train(request, SilentProgress(), steady_runtime(), None).model
        same = len({digest for _, digest in made.values()}) == 1
        values[detector] = {"same": same, "apart": compare_models(plain, made[1][0])}
    print_table(
        f"{given.images:,} images",
        ("detector", "1, 2, 4 workers", "against one machine, relative"),
        [
            (
                name,
                "same bytes" if one["same"] else "differ",
                ", ".join(f"{what} {apart:.1e}" for what, apart in one["apart"].items()),
            )
            for name, one in values.items()
        ],
    )
    write_json(given.json, values)


if __name__ == "__main__":
    main()
