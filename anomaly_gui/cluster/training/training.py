"""Training on a cluster: what `train` does, with the same findings, of images in parts."""

from __future__ import annotations

import os
import shutil
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from anomaly_gui.cluster.training.collecting import IMAGES_A_PART
from anomaly_gui.cluster.training.image_parts import list_addresses
from anomaly_gui.cluster.training.offered import check_offered
from anomaly_gui.cluster.training.part_store import forget_arrays, forget_unfinished
from anomaly_gui.cluster.training.steady_runtime import steady_runtime
from anomaly_gui.cluster.training.steps import ClusterSteps
from anomaly_gui.detection.training import train

if TYPE_CHECKING:
    from pathlib import Path

    from anomaly_gui.cluster.engine import Engine
    from anomaly_gui.detection.datasets.train_request import TrainRequest
    from anomaly_gui.detection.training import TrainResult
    from anomaly_gui.progress import Progress

_EPOCH = "SOURCE_DATE_EPOCH"  # https://reproducible-builds.org/specs/source-date-epoch/


def train_on_cluster(
    request: TrainRequest,
    engine: Engine,
    folder: Path,
    progress: Progress,
    runtime: str | None = None,
    *,
    created: str | None = None,
    images_a_part: int = IMAGES_A_PART,
) -> TrainResult:
    """Learn what good parts look like, on whatever an engine has.

    The model is the same, to the byte, whoever works on which part; a training that ends anywhere goes on
    with the parts that were finished.

    Parameters
    ----------
    folder : where workers keep features; every one has to see it, and the images, under the same names
    runtime : the name of what runs the network, as asked for
    created : the model's time, ISO 8601; None: now, or what the variable SOURCE_DATE_EPOCH says

    Raises
    ------
    ParameterError : a detector or density that a cluster cannot train
    TrainingError, CancelledError : as of `train`
    PartFailedError, EngineGoneError : as of `Engine`
    """
    check_offered(request.settings)
    listed, running, time = list_addresses(request), steady_runtime(runtime), created or tell_time()
    steps = ClusterSteps(engine, folder, progress, running, runtime, time, images_a_part, listed=listed)
    result = train(listed.request, progress, running, None, steps)
    forget_unfinished(folder)
    return result


def tell_time() -> str:
    """Return the time a model is given, ISO 8601, UTC: now, unless `SOURCE_DATE_EPOCH` names another."""
    named = os.environ.get(_EPOCH, "")
    now = datetime.fromtimestamp(int(named), timezone.utc) if named.isdigit() else datetime.now(timezone.utc)
    return now.isoformat(timespec="seconds")


def remove_parts(folder: Path) -> None:
    """Remove what workers kept, once the model is saved."""
    forget_arrays()
    shutil.rmtree(folder, ignore_errors=True)
