"""From the manifest and arrays of a file to the model they describe.

Here is checked what a schema cannot: that arrays and lists fit each other, and values the detector.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from anomaly_gui.detection.detectors.registry import load_detector
from anomaly_gui.detection.features.plan import Grid, Plan
from anomaly_gui.detection.images.alignment import TEMPLATE_SIDE, Alignment
from anomaly_gui.detection.images.locating.locator_state import SHAPES, restore_locator
from anomaly_gui.detection.images.region_of_interest import RegionOfInterest
from anomaly_gui.detection.judging.light_range import LightRange
from anomaly_gui.detection.judging.suspects import SuspectImage
from anomaly_gui.detection.judging.thresholds import Threshold
from anomaly_gui.detection.learning.architectures import Architecture
from anomaly_gui.detection.learning.forward import Network
from anomaly_gui.detection.learning.plan_networks import LearnedNetwork
from anomaly_gui.detection.model.archive.stored_arrays import StoredArrays
from anomaly_gui.detection.model.archive.stored_records import restore_records
from anomaly_gui.detection.model.model import (
    Admission,
    Kept,
    Model,
    Reference,
    ThresholdMove,
    TrainingRecord,
)
from anomaly_gui.detection.settings.backbones import VGG16, find_backbone
from anomaly_gui.detection.settings.choices import HELLINGER
from anomaly_gui.detection.settings.feature_settings import FeatureSettings
from anomaly_gui.detection.settings.grid_settings import GridSettings
from anomaly_gui.detection.settings.train_settings import check_group_rule

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np

DENSITY_PREFIX, NETWORK_PREFIX, LOCATOR_PREFIX = "density.", "network.", "locator."
"""How the names of a detector's arrays begin, those of a learned network's, and those of a locator's."""

_DEPTH_BEFORE = 16  # bits that files of 16 bits were taken to use, before models said


def restore_model(manifest: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> Model:
    """Build the model, or raise ValueError or ParameterError with what does not fit."""
    others = StoredArrays(arrays)
    density = others.take_all(DENSITY_PREFIX)
    described = manifest["detector"]
    detector = load_detector(described["kind"]).restore(_restore_plan(described, others), described, density)
    model = Model(
        detector=detector,
        threshold=Threshold.from_values(manifest["threshold"]),
        admission=_restore_admission(manifest["admission"]),
        training=_restore_training(manifest, others, detector.plan),
        reference=_restore_reference(others, detector.settings.shape),
        pixel_limit=manifest["pixel_limit"],
        created=manifest["created"],
        weights_sha256=manifest["weights"]["sha256"],
        versions=manifest["versions"],
        moves=tuple(ThresholdMove(**move) for move in manifest["moves"]),
    )
    others.check_all_taken()
    _check_kept(model)
    return model


def _check_kept(model: Model) -> None:
    """Raise ValueError where a model says that images can be added, and lacks some of what that needs."""
    kept = model.training.kept
    if kept is None:
        return
    if not model.detector.can_renew:
        raise ValueError("sums are missing")
    if (kept.traces is not None) != model.detector.plan.has_cells:
        raise ValueError("what held-out scores are made of is missing")


def _restore_plan(described: Mapping[str, Any], arrays: StoredArrays) -> Plan:
    size = int(described["size"])
    interest = RegionOfInterest.from_values(described.get("interest", []))
    depth = described.get("depth", _DEPTH_BEFORE)
    backbone = find_backbone(described.get("backbone", VGG16.name))
    layers = backbone.default_layers if "network" in described else tuple(described["layers"])
    proportions = float(described.get("proportions", 1))
    features = FeatureSettings(layers, size, described["normalization"], depth, backbone.name, proportions)
    if "network" in described:
        architecture = Architecture.from_values(described["network"])
        if architecture.size != size:
            raise ValueError("the network takes images of another size")
        network = LearnedNetwork(Network(architecture, arrays.take_all(NETWORK_PREFIX)))
        return Plan(features, interest=interest, network=network)
    grid, alignment = None, None
    if "grid" in described:
        settings = _restore_grid_settings(described["grid"], features)
        channels = backbone.grid_channels
        grid = Grid(settings, arrays.take_directions("grid.directions", channels, settings.channels))
    if "alignment" in described:
        template = arrays.take_directions("alignment.template", TEMPLATE_SIDE, TEMPLATE_SIDE)
        alignment = Alignment(template, described["alignment"]["shifts"], described["alignment"]["aspect"])
    locator = None
    if "locator" in described:
        taken = {
            name: arrays.take_directions(LOCATOR_PREFIX + name, *shape) for name, shape in SHAPES.items()
        }
        locator = restore_locator(described["locator"], taken)
    return Plan(features, grid, alignment, interest, locator=locator)


def _restore_grid_settings(described: Mapping[str, Any], features: FeatureSettings) -> GridSettings:
    return GridSettings(
        features.size,
        int(described["channels"]),
        int(described["seed"]),
        features.backbone,
        described.get("normalization", HELLINGER),
        features.proportions,
        described.get("most_cells"),
    )


def _restore_admission(described: Mapping[str, Any]) -> Admission:
    (narrowest, widest), (smallest, largest) = described["aspect"], described["longest"]
    if narrowest > widest or smallest > largest:
        raise ValueError("the range of the training images' sizes is empty")
    light = described.get("light")
    return Admission((narrowest, widest), (smallest, largest), light and LightRange.from_values(light))


def _restore_training(manifest: Mapping[str, Any], arrays: StoredArrays, plan: Plan) -> TrainingRecord:
    images = restore_records("training", manifest["training"]["images"], arrays)
    calibration = restore_records("calibration", manifest["calibration"]["images"], arrays)
    in_full = "settings" in manifest["training"]
    return TrainingRecord(
        images=images,
        scores=arrays.take_scores("training.scores", len(images)),
        held_out=arrays.take_scores("training.held_out", len(images)),
        vectors=arrays.take_vectors("training.vectors", len(images), plan.length, in_full=in_full),
        groups=arrays.take_groups("training.groups", len(images)),
        grouped_by=manifest["training"]["grouped_by"],
        calibration=calibration,
        calibration_scores=arrays.take_scores("calibration.scores", len(calibration)),
        calibration_groups=arrays.take_groups("calibration.groups", len(calibration)),
        unseen=arrays.take_mask("training.unseen", len(images)),
        looks=arrays.take_looks("training.looks", len(images)),
        left_out=manifest["training"].get("left_out", 0),
        suspects=tuple(
            SuspectImage(Path(one["path"]), one["reason"]) for one in manifest["training"].get("suspects", [])
        ),
        kept=_restore_kept(manifest["training"].get("settings"), arrays, len(images), plan),
        learned_from=manifest["training"].get("learned_from"),
    )


def _restore_kept(
    settings: Mapping[str, Any] | None, arrays: StoredArrays, count: int, plan: Plan
) -> Kept | None:
    if settings is None:
        return None
    shape = (int(plan.used_cells.sum()), plan.channels)
    check_group_rule(settings["group_by"])
    variants = arrays.take_variants("training.variants", count, plan.length)
    items = count + (0 if variants is None else len(variants.sources))
    traces = arrays.take_traces("training.traces", items)
    cells = None if traces is None else arrays.take_cells("training.cells", shape)
    return Kept(
        **{name: value for name, value in settings.items() if name != "variants"},
        traces=traces,
        peaks=None if traces is None else arrays.take_scores("training.peaks", count),
        fingerprints=arrays.take_fingerprints("training.fingerprints", count),
        cells=cells,
        cells_of=None if cells is None else arrays.take_indices("training.cells_of", len(cells), items),
        asked_variants=settings.get("variants", 0),
        variants=variants,
        lights=None if variants is None else arrays.take_lights("training.lights", count),
    )


def _restore_reference(arrays: StoredArrays, shape: tuple[int, int]) -> Reference:
    pixels = arrays.take_pixels("reference.pixels", shape)
    return Reference(pixels, arrays.take_scores("reference.scores", len(pixels)))
