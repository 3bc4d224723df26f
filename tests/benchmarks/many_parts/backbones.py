"""What the bench has to know of backbones: defaults, layers, and which share of a pass is needed."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from anomaly_gui.detection.settings.layers import GRID_LAYERS, LAYERS, count_pixel_operations
from anomaly_gui.detection.settings.train_settings import TrainSettings

if TYPE_CHECKING:
    from anomaly_gui.detection.features.plan import Plan

DEFAULT_BACKBONE = "vgg16"


def backbone_settings(backbone: str) -> TrainSettings:
    """Return the defaults of a backbone; SystemExit for one that the product has not."""
    if any(field.name == "backbone" for field in fields(TrainSettings)):
        return TrainSettings(**{"backbone": backbone})  # type: ignore[arg-type]
    if backbone != DEFAULT_BACKBONE:
        raise SystemExit(f"there is no backbone {backbone}")
    return TrainSettings()


def list_layers(backbone: str) -> tuple[str, ...]:
    """Return the names of a backbone's layers; SystemExit for one that the product has not."""
    _ = backbone_settings(backbone)
    return tuple(LAYERS)


def share_of_pass(plan: Plan) -> float:
    """Return which share of the operations for all layers a plan needs."""
    layers = (*plan.features.layers, *(GRID_LAYERS if plan.grid else ()))
    return count_pixel_operations(layers) / count_pixel_operations(LAYERS)
