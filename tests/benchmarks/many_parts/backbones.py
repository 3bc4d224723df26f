"""What the bench has to know of backbones: defaults, layers, and which share of a pass is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anomaly_gui.detection.settings.backbones import VGG16, find_backbone
from anomaly_gui.detection.settings.train_settings import TrainSettings
from anomaly_gui.errors import ParameterError

if TYPE_CHECKING:
    from anomaly_gui.detection.features.plan import Plan

DEFAULT_BACKBONE = VGG16.name


def backbone_settings(backbone: str) -> TrainSettings:
    """Return the defaults of a backbone; SystemExit for one that the product has not."""
    try:
        return TrainSettings(backbone=backbone)
    except ParameterError as error:
        raise SystemExit(f"there is no backbone {backbone}") from error


def list_layers(backbone: str) -> tuple[str, ...]:
    """Return the names of a backbone's layers; SystemExit for one that the product has not."""
    return backbone_settings(backbone).features.declared_backbone.layer_names


def share_of_pass(plan: Plan) -> float:
    """Return which share of the operations for all layers a plan needs."""
    backbone = find_backbone(plan.features.backbone)
    layers = (*plan.features.layers, *(backbone.grid_layers if plan.grid else ()))
    whole = backbone.count_pixel_operations(backbone.layer_names)
    return backbone.count_pixel_operations(layers) / whole
