"""The model in a worker: opened once from the bytes it received; who would judge otherwise is refused."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

import anomaly_gui
from anomaly_gui.cluster.engine import WorkerRefusedError, check_version
from anomaly_gui.cluster.outfit import find_outfit
from anomaly_gui.detection.detectors.protocol import score_pixels
from anomaly_gui.detection.model.model_file import open_model
from anomaly_gui.detection.runtimes.protocol import default_runtime
from anomaly_gui.errors import UserError
from anomaly_gui.language import translate

if TYPE_CHECKING:
    from anomaly_gui.detection.model.model import Model
    from anomaly_gui.detection.runtimes.protocol import Runtime

_TOLERANCE = 1e-4  # of the spread of good parts: what rounding on other processors makes, and no more


@dataclass(frozen=True)
class WorkerModel:
    """What a worker judges with, and what has to come out of it.

    Parameters
    ----------
    sha256 : of the model file's bytes
    runtime : as of `default_runtime`
    version : of this program
    used : what runs the model's network
    expected : what the model's reference images score where the work was asked for
    """

    sha256: str
    runtime: str | None
    version: str
    used: str | None
    expected: tuple[float, ...]

    @classmethod
    def of(cls, sha256: str, model: Model, runtime: Runtime, named: str | None) -> WorkerModel:
        """Return what every worker has to agree with: this machine."""
        scores = score_pixels(model.detector, model.reference.pixels, runtime)
        used = model.detector.plan.runs_on(runtime)
        return cls(sha256, named, anomaly_gui.__version__, used, tuple(map(float, scores)))

    def open(self) -> tuple[Model, Runtime]:
        """Return the model and what runs it, in this worker.

        Raises
        ------
        WorkerRefusedError : this worker has another version, or scores the reference images otherwise
        """
        return _open(self)


@lru_cache(maxsize=2)
def _open(wanted: WorkerModel) -> tuple[Model, Runtime]:
    check_version(wanted.version)
    try:
        runtime = default_runtime(wanted.runtime)
        model = _open_bytes(find_outfit(wanted.sha256))
    except UserError as error:
        raise WorkerRefusedError(str(error)) from error
    _check_agreement(wanted, model, runtime)
    return model, runtime


def _open_bytes(content: bytes) -> Model:
    with tempfile.TemporaryDirectory(prefix="anomaly-gui-") as folder:
        path = Path(folder, "model.anomaly")
        path.write_bytes(content)
        return open_model(path)


def _check_agreement(wanted: WorkerModel, model: Model, runtime: Runtime) -> None:
    used = model.detector.plan.runs_on(runtime)
    if used != wanted.used:
        raise WorkerRefusedError(
            translate(
                "A worker runs the network by {theirs}, not by {ours}: install the same everywhere.",
                theirs=used,
                ours=wanted.used,
            )
        )
    scores = score_pixels(model.detector, model.reference.pixels, runtime)
    off = float(np.abs(scores - np.array(wanted.expected)).max())
    spread = float(np.std(model.training.held_out))
    if not off <= _TOLERANCE * spread:
        raise WorkerRefusedError(
            translate(
                "A worker scores the model's reference images up to {off:.3g} away from what this machine "
                "does (scores of good parts spread by {spread:.3g}): workers must judge alike.",
                off=off,
                spread=spread,
            )
        )
