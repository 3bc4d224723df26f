"""What the bench has to know of backbones: defaults, layers, and which share of a pass is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anomaly_gui.detection.settings.backbones import VGG16, find_backbone
from anomaly_gui.detection.settings.train_settings import TrainSettings

if TYPE_CHECKING:
    from anomaly_gui.detection.features.plan import Plan

DEFAULT_BACKBONE = VGG16.name


def backbone_settings(backbone: str) -> TrainSettings:
    """Return the defaults of a backbone; ParameterError for one that the product has not."""
    return TrainSettings(detector="pooled", backbone=backbone)


def list_layers(backbone: str) -> tuple[str, ...]:
    """Return the names of a backbone's layers, in their order."""
    return find_backbone(backbone).layer_names


def list_joint_layers(backbone: str) -> tuple[str, ...]:
    """Return the layers that are tried together."""
    return find_backbone(backbone).joint_layers


def share_of_pass(plan: Plan) -> float:
    """Return which share of the operations for all layers a plan needs."""
    network = plan.features.declared_backbone
    layers = (*plan.features.layers, *(network.grid_layers if plan.grid else ()))
    return network.count_pixel_operations(layers) / network.count_pixel_operations(network.layer_names)
