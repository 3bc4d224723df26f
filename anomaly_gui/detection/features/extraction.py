"""From the network's input to features: what the network yields, normalised and reduced."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.arrays.products import products_on_one_core
from anomaly_gui.detection.features.grids import reduce_cells
from anomaly_gui.detection.features.network_outputs import ImageFeatures, NetworkOutputs
from anomaly_gui.detection.features.vectors import normalize_vectors

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.kinds import ImageArray
    from anomaly_gui.detection.features.plan import Plan
    from anomaly_gui.detection.runtimes.protocol import Runtime


def derive_features(outputs: NetworkOutputs, plan: Plan) -> ImageFeatures:
    """Return the features that a plan makes of what a network yields."""
    if plan.network:
        cells = None if outputs.cells is None else outputs.cells.astype(np.float32)
        return ImageFeatures(next(iter(outputs.pooled.values())), cells)
    settings = plan.features
    vectors = normalize_vectors((outputs.pooled[name] for name in settings.layers), settings.normalization)
    return ImageFeatures(vectors, outputs.cells)


def extract_outputs(batch: ImageArray, plan: Plan, runtime: Runtime) -> NetworkOutputs:
    """Return what the network yields of a batch of prepared images, (images, height, width, 3) uint8.

    Cells are rounded to float16, whose three digits are far below what moves a score: an image is judged by
    the same numbers whether they were just computed or cached.
    """
    if plan.network:
        learned = plan.network.take(batch)
        cells = None if learned.cells is None else learned.cells[:, plan.used_cells]
        return NetworkOutputs(learned.pooled, cells)
    layers, backbone = plan.features.layers, plan.features.declared_backbone
    if plan.grid is None:
        return NetworkOutputs(dict(zip(layers, runtime.pooled(batch, layers, backbone), strict=True)))
    grid = plan.grid.settings
    pooled, outputs = runtime.gridded(batch, layers, backbone.grid_layers, grid.shape, backbone)
    used = outputs if plan.used_cells.all() else outputs[:, plan.used_cells]
    with products_on_one_core():
        cells = reduce_cells(used, plan.grid.directions, grid.normalization)
    return NetworkOutputs(dict(zip(layers, pooled, strict=True)), cells.astype(np.float16))


def extract_features(batch: ImageArray, plan: Plan, runtime: Runtime) -> ImageFeatures:
    """Return the features of a batch of prepared images, (images, height, width, 3) uint8."""
    return derive_features(extract_outputs(batch, plan, runtime), plan)
