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

from anomaly_gui.detection.features.plan import Grid, Plan
from anomaly_gui.detection.images.alignment import TEMPLATE_SIDE, Alignment
from anomaly_gui.detection.images.look import NUMBERS
from anomaly_gui.detection.images.records import ImageRecord
from anomaly_gui.detection.images.region_of_interest import RegionOfInterest
from anomaly_gui.detection.judging.suspects import SuspectImage
from anomaly_gui.detection.judging.thresholds import Threshold
from anomaly_gui.detection.learning.architectures import Architecture
from anomaly_gui.detection.learning.forward import Network
from anomaly_gui.detection.learning.plan_networks import LearnedNetwork
from anomaly_gui.detection.model.archive import read_archive, write_archive
from anomaly_gui.detection.model.model import (
    Admission,
    Model,
    Reference,
    ThresholdMove,
    TrainingRecord,
)
from anomaly_gui.detection.runtimes.vgg16 import WEIGHTS_SHA256
from anomaly_gui.detection.settings.choices import AUTOENCODER, DEEP_SVDD, POOLED, POSITIONAL
from anomaly_gui.detection.settings.feature_settings import FeatureSettings
from anomaly_gui.detection.settings.grid_settings import GridSettings
from anomaly_gui.detection.settings.layers import GRID_CHANNELS
from anomaly_gui.errors import ModelFileError, ParameterError
from anomaly_gui.paths import resource

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from anomaly_gui.detection.arrays.kinds import BoolArray, FloatArray, ImageArray, IntArray
    from anomaly_gui.detection.detectors.protocol import Detector
    from anomaly_gui.detection.features.network_outputs import PlanNetwork

ENDING = ".anomaly"
_DENSITY, _NETWORK = "density.", "network."
_MOST_REFERENCES = 64
_DEPTH_BEFORE = 16  # bits that files of 16 bits were taken to use, before models told


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
    return {
        "created": model.created,
        "versions": dict(model.versions),
        "weights": {"network": "VGG16", "sha256": model.weights_sha256},
        "detector": _described(model.detector),
        "threshold": asdict(model.threshold),
        "admission": asdict(model.admission),
        "moves": [asdict(move) for move in model.moves],
        "pixel_limit": model.pixel_limit,
        "training": {
            "images": _images(model.training.images),
            "grouped_by": model.training.grouped_by,
            "left_out": model.training.left_out,
            "suspects": [{"path": str(one.path), "reason": one.reason} for one in model.training.suspects],
        },
        "calibration": {"images": _images(model.training.calibration)},
    }


def _described(detector: Detector) -> dict[str, Any]:
    plan = detector.plan
    described = {
        "kind": detector.kind,
        "layers": [] if plan.network else list(plan.features.layers),
        "size": plan.features.size,
        **_described_network(plan.network),
        "normalization": plan.features.normalization,
        "depth": plan.features.depth,
        "interest": plan.interest.to_values(),
        **detector.state()[0],
    }
    if plan.grid is not None:
        described["grid"] = {"channels": plan.grid.settings.channels, "seed": plan.grid.settings.seed}
    if plan.alignment is not None:
        described["alignment"] = {"shifts": plan.alignment.shifts, "aspect": plan.alignment.aspect}
    return described


def _described_network(network: PlanNetwork | None) -> dict[str, Any]:
    return (
        {"network": network.network.architecture.to_values()} if isinstance(network, LearnedNetwork) else {}
    )


def _images(records: Sequence[ImageRecord]) -> list[dict[str, Any]]:
    return [{**asdict(record), "path": str(record.path)} for record in records]


def _arrays(model: Model) -> dict[str, np.ndarray]:
    record = model.training
    plan = model.detector.plan
    learned: dict[str, np.ndarray] = {
        _DENSITY + name: values for name, values in model.detector.state()[1].items()
    }
    if isinstance(plan.network, LearnedNetwork):
        learned |= {_NETWORK + name: values for name, values in plan.network.network.arrays.items()}
    if record.unseen is not None:
        learned["training.unseen"] = record.unseen
    if record.looks is not None:
        learned["training.looks"] = record.looks.astype(np.float32)
    if plan.grid is not None:
        learned["grid.directions"] = plan.grid.directions
    if plan.alignment is not None:
        learned["alignment.template"] = plan.alignment.template
    return {
        **learned,
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
    detector = _detector(manifest["detector"], _plan(manifest["detector"], others), density)
    model = Model(
        detector=detector,
        threshold=Threshold.from_values(manifest["threshold"]),
        admission=_admission(manifest["admission"]),
        training=_training(manifest, others, detector.plan.length),
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

    def directions(self, name: str, rows: int, columns: int) -> FloatArray:
        directions: FloatArray = self._take(name, "float32", (rows, columns))
        return directions

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

    def all_of(self, prefix: str) -> dict[str, FloatArray]:
        """Take every array whose name begins so, under the rest of its name."""
        names = [name for name in self._left if name.startswith(prefix)]
        return {name.removeprefix(prefix): self._left.pop(name) for name in names}

    def mask(self, name: str, count: int) -> BoolArray | None:
        """Take (count,) truth values, if the file has any."""
        if name not in self._left:
            return None
        known: BoolArray = self._take(name, "bool", (count,))
        return known

    def looks(self, name: str, count: int) -> FloatArray | None:
        """Take (count, 4) numbers, if the file has any."""
        return self.directions(name, count, NUMBERS) if name in self._left else None

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


def _plan(described: Mapping[str, Any], arrays: _Arrays) -> Plan:
    size = int(described["size"])
    interest = RegionOfInterest.from_values(described.get("interest", []))
    depth = described.get("depth", _DEPTH_BEFORE)
    if "network" in described:
        features = FeatureSettings(size=size, normalization=described["normalization"], depth=depth)
        architecture = Architecture.from_values(described["network"])
        if architecture.size != size:
            raise ValueError("the network takes images of another size")
        network = LearnedNetwork(Network(architecture, arrays.all_of(_NETWORK)))
        return Plan(features, interest=interest, network=network)
    features = FeatureSettings(tuple(described["layers"]), size, described["normalization"], depth)
    grid, alignment = None, None
    if "grid" in described:
        settings = GridSettings(size, int(described["grid"]["channels"]), int(described["grid"]["seed"]))
        grid = Grid(settings, arrays.directions("grid.directions", GRID_CHANNELS, settings.channels))
    if "alignment" in described:
        template = arrays.directions("alignment.template", TEMPLATE_SIDE, TEMPLATE_SIDE)
        alignment = Alignment(template, described["alignment"]["shifts"], described["alignment"]["aspect"])
    return Plan(features, grid, alignment, interest)


def _detector(described: Mapping[str, Any], plan: Plan, arrays: Mapping[str, np.ndarray]) -> Detector:
    # late: they import scikit-learn
    from anomaly_gui.detection.detectors.learned import AutoencoderDetector, DeepSvddDetector
    from anomaly_gui.detection.detectors.pooled import PooledDetector
    from anomaly_gui.detection.detectors.positional import PositionalDetector
    from anomaly_gui.detection.detectors.texture import TextureDetector

    if described["kind"] == POOLED:
        return PooledDetector.restore(plan, described, arrays)
    if described["kind"] == AUTOENCODER:
        return AutoencoderDetector.restore(plan, described, arrays)
    if described["kind"] == DEEP_SVDD:
        return DeepSvddDetector.restore(plan, described, arrays)
    if described["kind"] == POSITIONAL:
        return PositionalDetector.restore(plan, described, arrays)
    return TextureDetector.restore(plan, described, arrays)


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
        unseen=arrays.mask("training.unseen", len(images)),
        looks=arrays.looks("training.looks", len(images)),
        left_out=manifest["training"].get("left_out", 0),
        suspects=tuple(
            SuspectImage(Path(one["path"]), one["reason"]) for one in manifest["training"].get("suspects", [])
        ),
    )


def _records(described: Sequence[Mapping[str, Any]]) -> tuple[ImageRecord, ...]:
    return tuple(
        ImageRecord(Path(one["path"]), one["sha256"], one["width"], one["height"], tuple(one["notes"]))
        for one in described
    )


def _reference(arrays: _Arrays, size: int) -> Reference:
    pixels = arrays.pixels("reference.pixels", size)
    return Reference(pixels, arrays.scores("reference.scores", len(pixels)))
