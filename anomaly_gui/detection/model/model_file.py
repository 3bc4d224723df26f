"""Models as files: what of a model stands where in the container (see `archive_layout`).

The manifest follows `resources/schemas/model.schema.json`; `model_restoring` checks what a schema cannot.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from anomaly_gui.detection.densities.renewal import KEPT_ARRAYS
from anomaly_gui.detection.images.locating.locator_state import collect_arrays, describe_locator
from anomaly_gui.detection.learning.plan_networks import LearnedNetwork
from anomaly_gui.detection.model.archive.archive_reading import read_archive
from anomaly_gui.detection.model.archive.archive_writing import write_archive
from anomaly_gui.detection.model.archive.stored_records import describe_records, make_record_arrays
from anomaly_gui.detection.model.model_restoring import (
    DENSITY_PREFIX,
    LOCATOR_PREFIX,
    NETWORK_PREFIX,
    restore_model,
)
from anomaly_gui.detection.settings.backbones import BACKBONES, VGG16
from anomaly_gui.errors import ModelFileError, ParameterError
from anomaly_gui.language import translate
from anomaly_gui.paths import resource
from anomaly_gui.wording import explain_os_error

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from anomaly_gui.detection.detectors.protocol import Detector
    from anomaly_gui.detection.features.network_outputs import PlanNetwork
    from anomaly_gui.detection.model.model import Admission, Kept, Model
    from anomaly_gui.detection.settings.feature_settings import FeatureSettings

ENDING = ".anomaly"


def save_model(model: Model, path: Path) -> None:
    """Write a model to a file, all or nothing: on any failure an older file stays whole.

    Raises
    ------
    ModelFileError : the file cannot be written, with the reason
    """
    write_archive(path, _describe_model(model), _collect_arrays(model))


def open_model(path: Path) -> Model:
    """Return the model in a file, after every check but that of how this machine scores.

    Raises
    ------
    ModelFileError : for whatever is not a whole model that this version can judge with, with the reason
    """
    schema = json.loads(resource("schemas", "model.schema.json").read_text("utf-8"))
    manifest, arrays = read_archive(path, schema)
    _check_backbone(path, manifest)
    try:
        return restore_model(manifest, arrays)
    except (ValueError, ParameterError) as error:
        raise ModelFileError(
            translate(
                "{path} is damaged ({error}): copy it again from where it was made.", path=path, error=error
            )
        ) from error


def digest_model(file: Path) -> str:
    """Return the SHA-256 of a model file, without holding it whole."""
    digest = hashlib.sha256()
    try:
        with file.open("rb") as opened:
            for block in iter(partial(opened.read, 1 << 20), b""):
                digest.update(block)
    except OSError as error:
        raise ModelFileError(
            translate("{path} cannot be read ({why}).", path=file, why=explain_os_error(error))
        ) from error
    return digest.hexdigest()


def _check_backbone(path: Path, manifest: Mapping[str, Any]) -> None:
    """Raise ModelFileError for a model of a backbone, or of weights, that this version does not have."""
    name = manifest["detector"].get("backbone", VGG16.name)
    if name not in BACKBONES or manifest["weights"]["sha256"] != BACKBONES[name].sha256:
        raise ModelFileError(
            translate(
                "{path} was made with other weights of {network} than this version's: open it with the "
                "version that made it, or train it anew.",
                path=path,
                network=manifest["weights"]["network"],
            )
        )


def _describe_model(model: Model) -> dict[str, Any]:
    return {
        "created": model.created,
        "versions": dict(model.versions),
        "weights": {
            "network": model.detector.settings.declared_backbone.title,
            "sha256": model.weights_sha256,
        },
        "detector": _describe_detector(model.detector),
        "threshold": asdict(model.threshold),
        "admission": _describe_admission(model.admission),
        "moves": [asdict(move) for move in model.moves],
        "pixel_limit": model.pixel_limit,
        "training": {
            "images": describe_records(model.training.images),
            "grouped_by": model.training.grouped_by,
            "left_out": model.training.left_out,
            "suspects": [{"path": str(one.path), "reason": one.reason} for one in model.training.suspects],
            **({} if model.training.learned_from is None else {"learned_from": model.training.learned_from}),
            **_describe_kept(model.training.kept),
        },
        "calibration": {"images": describe_records(model.training.calibration)},
    }


def _describe_kept(kept: Kept | None) -> dict[str, Any]:
    if kept is None:
        return {}
    names = ("group_by", "suspects", "sigma_scores", "false_alarm_rate")
    settings = {name: getattr(kept, name) for name in names}
    return {"settings": {**settings, "variants": kept.asked_variants}}


def _collect_kept(kept: Kept | None) -> dict[str, np.ndarray]:
    if kept is None:
        return {}
    arrays: dict[str, np.ndarray | None] = {
        "traces": kept.traces,
        "peaks": kept.peaks,
        "fingerprints": kept.fingerprints,
        "cells": kept.cells,
        "cells_of": kept.cells_of,
        "lights": kept.lights,
    }
    if kept.variants is not None:
        arrays |= {
            "variants.sources": kept.variants.sources,
            "variants.numbers": kept.variants.numbers,
            "variants.lights": kept.variants.lights,
            "variants.vectors": np.asarray(kept.variants.vectors),
        }
    return {f"training.{name}": values for name, values in arrays.items() if values is not None}


def _describe_admission(admission: Admission) -> dict[str, Any]:
    described = asdict(admission)
    if admission.light is None:
        del described["light"]
    return described


def _describe_detector(detector: Detector) -> dict[str, Any]:
    plan = detector.plan
    described = {
        "kind": detector.kind,
        "backbone": plan.features.backbone,
        "layers": [] if plan.network else list(plan.features.layers),
        "size": plan.features.size,
        **_describe_proportions(plan.features),
        **_describe_network(plan.network),
        "normalization": plan.features.normalization,
        "depth": plan.features.depth,
        "interest": plan.interest.to_values(),
        **detector.state()[0],
    }
    if plan.grid is not None:
        grid = plan.grid.settings
        described["grid"] = {
            "channels": grid.channels,
            "seed": grid.seed,
            "normalization": grid.normalization,
            **({} if grid.most_cells is None else {"most_cells": grid.most_cells}),
        }
    if plan.alignment is not None:
        described["alignment"] = {"shifts": plan.alignment.shifts, "aspect": plan.alignment.aspect}
    if plan.locator is not None:
        described["locator"] = describe_locator(plan.locator)
    return described


def _describe_proportions(features: FeatureSettings) -> dict[str, float]:
    """Return what squares do without, so that versions from before there were others can read them."""
    return {} if features.proportions == 1 else {"proportions": features.proportions}


def _describe_network(network: PlanNetwork | None) -> dict[str, Any]:
    return (
        {"network": network.network.architecture.to_values()} if isinstance(network, LearnedNetwork) else {}
    )


def _collect_arrays(model: Model) -> dict[str, np.ndarray]:
    record = model.training
    plan = model.detector.plan
    dropped = KEPT_ARRAYS if record.kept is None else frozenset()
    learned: dict[str, np.ndarray] = {
        DENSITY_PREFIX + name: values
        for name, values in model.detector.state()[1].items()
        if name.rsplit(".", 1)[-1] not in dropped
    }
    if isinstance(plan.network, LearnedNetwork):
        learned |= {NETWORK_PREFIX + name: values for name, values in plan.network.network.arrays.items()}
    if record.unseen is not None:
        learned["training.unseen"] = record.unseen
    if record.looks is not None:
        learned["training.looks"] = record.looks.astype(np.float32)
    if plan.grid is not None:
        learned["grid.directions"] = plan.grid.directions
    if plan.alignment is not None:
        learned["alignment.template"] = plan.alignment.template
    if plan.locator is not None:
        learned |= {LOCATOR_PREFIX + name: values for name, values in collect_arrays(plan.locator).items()}
    return {
        **learned,
        **_collect_kept(record.kept),
        **make_record_arrays("training", record.images),
        **make_record_arrays("calibration", record.calibration),
        "training.scores": record.scores.astype(np.float64),
        "training.held_out": record.held_out.astype(np.float64),
        "training.vectors": record.vectors,
        "training.groups": record.groups.astype(np.int64),
        "calibration.scores": record.calibration_scores.astype(np.float64),
        "calibration.groups": record.calibration_groups.astype(np.int64),
        "reference.pixels": model.reference.pixels,
        "reference.scores": model.reference.scores.astype(np.float64),
    }
