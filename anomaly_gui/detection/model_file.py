"""Models as files: what of a model stands where in the container (see `archive`).

The manifest follows `resources/schemas/model-1.schema.json`; this module checks what a schema cannot: that
arrays and lists fit each other, and that the network's weights are the ones the model was made with.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from anomaly_gui.detection.archive import read_archive, write_archive
from anomaly_gui.detection.densities import restore_density
from anomaly_gui.detection.densities.state import DensityState
from anomaly_gui.detection.features import WEIGHTS_SHA256, FeatureSettings
from anomaly_gui.detection.model import (
    POOLED,
    Admission,
    Model,
    PooledDetector,
    Reference,
    ThresholdMove,
    TrainingRecord,
)
from anomaly_gui.detection.stream import ImageRecord
from anomaly_gui.detection.thresholds import Threshold
from anomaly_gui.errors import ModelFileError, ParameterError
from anomaly_gui.paths import resource

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from anomaly_gui.detection.arrays import FloatArray, ImageArray, IntArray

ENDING = ".anomaly"
_DENSITY = "density."
_MOST_REFERENCES = 64


def save_model(model: Model, path: Path) -> None:
    """Write a model to a file, all or nothing: on any failure an older file stays whole.

    Raises
    ------
    ModelFileError : the file cannot be written, with the reason
    """
    write_archive(path, _manifest(model), _arrays(model))


def open_model(path: Path) -> Model:
    """Return the model in a file, after every check but that of how this machine scores.

    Raises
    ------
    ModelFileError : for whatever is not a whole model that this version can judge with, with the reason
    """
    schema = json.loads(resource("schemas", "model-1.schema.json").read_text("utf-8"))
    manifest, arrays = read_archive(path, schema)
    if manifest["weights"]["sha256"] != WEIGHTS_SHA256:
        raise ModelFileError(
            f"{path} was made with other weights of {manifest['weights']['network']} than this version's: "
            "open it with the version that made it, or train it anew."
        )
    try:
        return _model(manifest, arrays)
    except (ValueError, ParameterError) as error:
        raise ModelFileError(f"{path} is damaged ({error}): copy it again from where it was made.") from error


def _manifest(model: Model) -> dict[str, Any]:
    settings = model.detector.settings
    return {
        "created": model.created,
        "versions": dict(model.versions),
        "weights": {"network": "VGG16", "sha256": model.weights_sha256},
        "detector": {
            "kind": POOLED,
            "layers": list(settings.layers),
            "size": settings.size,
            "normalization": settings.normalization,
            "density": {
                "name": model.detector.density_name,
                "settings": dict(model.detector.density.state().settings),
            },
        },
        "threshold": asdict(model.threshold),
        "admission": asdict(model.admission),
        "moves": [asdict(move) for move in model.moves],
        "pixel_limit": model.pixel_limit,
        "training": {
            "images": _images(model.training.images),
            "grouped_by": model.training.grouped_by,
        },
        "calibration": {"images": _images(model.training.calibration)},
    }


def _images(records: Sequence[ImageRecord]) -> list[dict[str, Any]]:
    return [{**asdict(record), "path": str(record.path)} for record in records]


def _arrays(model: Model) -> dict[str, np.ndarray]:
    record = model.training
    density = model.detector.density.state().arrays
    return {
        **{_DENSITY + name: values for name, values in density.items()},
        "training.scores": record.scores.astype(np.float64),
        "training.held_out": record.held_out.astype(np.float64),
        "training.vectors": record.vectors.astype(np.float16),
        "training.groups": record.groups.astype(np.int64),
        "calibration.scores": record.calibration_scores.astype(np.float64),
        "calibration.groups": record.calibration_groups.astype(np.int64),
        "reference.pixels": model.reference.pixels,
        "reference.scores": model.reference.scores.astype(np.float64),
    }


def _model(manifest: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> Model:
    """Build the model, or raise ValueError or ParameterError with what does not fit."""
    density = {name.removeprefix(_DENSITY): arrays[name] for name in arrays if name.startswith(_DENSITY)}
    others = _Arrays({name: arrays[name] for name in arrays if not name.startswith(_DENSITY)})
    detector = _detector(manifest["detector"], density)
    model = Model(
        detector=detector,
        threshold=Threshold.from_values(manifest["threshold"]),
        admission=_admission(manifest["admission"]),
        training=_training(manifest, others, detector.settings.length),
        reference=_reference(others, detector.settings.size),
        pixel_limit=manifest["pixel_limit"],
        created=manifest["created"],
        weights_sha256=manifest["weights"]["sha256"],
        versions=manifest["versions"],
        moves=tuple(ThresholdMove(**move) for move in manifest["moves"]),
    )
    others.check_all_taken()
    return model


class _Arrays:
    """The arrays of a file, each taken once by a name, a type and a shape."""

    def __init__(self, arrays: Mapping[str, np.ndarray]) -> None:
        self._left = dict(arrays)

    def scores(self, name: str, count: int) -> FloatArray:
        scores: FloatArray = self._take(name, "float64", (count,))
        return scores

    def vectors(self, name: str, count: int, length: int) -> FloatArray:
        vectors: FloatArray = self._take(name, "float16", (count, length))
        return vectors

    def groups(self, name: str, count: int) -> IntArray:
        numbers: IntArray = self._take(name, "int64", (count,))
        if count and not (numbers.min() >= 0 and numbers.max() < count):
            raise ValueError(f"{name} has a number that is not from 0 to {count - 1}")
        return numbers

    def pixels(self, name: str, size: int) -> ImageArray:
        count = len(self._left[name]) if name in self._left and self._left[name].ndim else 0
        if not 0 < count <= _MOST_REFERENCES:
            raise ValueError(f"{name} is missing or holds too many")
        pixels: ImageArray = self._take(name, "uint8", (count, size, size, 3))
        return pixels

    def _take(self, name: str, dtype: str, shape: tuple[int, ...]) -> Any:
        if name not in self._left:
            raise ValueError(f"the array {name} is missing")
        values = self._left.pop(name)
        if values.dtype != dtype or values.shape != shape:
            raise ValueError(f"{name} is {values.dtype} of shape {values.shape}, not {dtype} of {shape}")
        return values

    def check_all_taken(self) -> None:
        if self._left:
            raise ValueError(f"no model has arrays named {', '.join(sorted(self._left))}")


def _detector(described: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> PooledDetector:
    settings = FeatureSettings(tuple(described["layers"]), int(described["size"]), described["normalization"])
    name = described["density"]["name"]
    state = DensityState(described["density"]["settings"], arrays)
    return PooledDetector(settings, name, restore_density(name, state, settings.length))


def _admission(described: Mapping[str, Any]) -> Admission:
    (narrowest, widest), (smallest, largest) = described["aspect"], described["longest"]
    if narrowest > widest or smallest > largest:
        raise ValueError("the range of the training images' sizes is empty")
    return Admission((narrowest, widest), (smallest, largest))


def _training(manifest: Mapping[str, Any], arrays: _Arrays, length: int) -> TrainingRecord:
    images = _records(manifest["training"]["images"])
    calibration = _records(manifest["calibration"]["images"])
    return TrainingRecord(
        images=images,
        scores=arrays.scores("training.scores", len(images)),
        held_out=arrays.scores("training.held_out", len(images)),
        vectors=arrays.vectors("training.vectors", len(images), length),
        groups=arrays.groups("training.groups", len(images)),
        grouped_by=manifest["training"]["grouped_by"],
        calibration=calibration,
        calibration_scores=arrays.scores("calibration.scores", len(calibration)),
        calibration_groups=arrays.groups("calibration.groups", len(calibration)),
    )


def _records(described: Sequence[Mapping[str, Any]]) -> tuple[ImageRecord, ...]:
    return tuple(
        ImageRecord(Path(one["path"]), one["sha256"], one["width"], one["height"], tuple(one["notes"]))
        for one in described
    )


def _reference(arrays: _Arrays, size: int) -> Reference:
    pixels = arrays.pixels("reference.pixels", size)
    return Reference(pixels, arrays.scores("reference.scores", len(pixels)))
