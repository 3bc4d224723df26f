"""What is gained by knowing the cell: how much means of cells differ, against how much images differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.features.extraction import extract_features
from anomaly_gui.detection.features.plan import Plan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anomaly_gui.detection.arrays.cell_store import CellStore
    from anomaly_gui.detection.arrays.kinds import BoolArray, FloatArray, ImageArray, IntArray
    from anomaly_gui.detection.runtimes.protocol import Runtime

_MOST = 200  # images whose cells are looked at
_MIDDLE = 0.25  # of the side on each edge is left out: the network sees the border of any image


def measure_gains(pixels: Sequence[ImageArray], plan: Plan, runtime: Runtime) -> tuple[float, float]:
    """Return the variance between cells over that between images: beside rings, and with them."""
    if plan.grid is None:
        raise ValueError("cells need a grid")
    batch, cells = plan.features.batch_size, []
    everywhere, inside = Plan(plan.features, plan.grid), mask_middle(plan.shape)
    for first in range(0, len(pixels), batch):
        seen = extract_features(np.stack(pixels[first : first + batch]), everywhere, runtime).cells
        cells += [] if seen is None else [seen[:, inside]]
    return compare_with_rings(np.concatenate(cells), number_rings(plan.shape)[inside])


def measure_gain_of_cells(store: CellStore, plan: Plan, images: int) -> float:
    """Return the variance between cells over that between images, in the middle of parts; 0 of too few.

    Parameters
    ----------
    store : cells of a plan
    images : so many of the store's, the first ones, are looked at; evenly over them where they are many
    """
    middle = mask_middle(plan.piece_cells)[plan.used_piece_cells]
    if images * plan.pieces < 2 or not middle.any():
        return 0.0
    chosen = np.unique(np.linspace(0, images - 1, _MOST).astype(np.int64))
    parts = store.read_cells(chosen).reshape(len(chosen) * plan.pieces, len(middle), -1)[:, middle]
    return compare_with_rings(parts, np.zeros(parts.shape[1], np.int64))[1]


def mask_middle(shape: tuple[int, int]) -> BoolArray:
    """Return which of rows x columns cells are not near an edge, (cells,)."""
    rows, columns = shape
    down, across = round(rows * _MIDDLE), round(columns * _MIDDLE)
    inside = np.zeros(shape, np.bool_)
    inside[down : rows - down, across : columns - across] = True
    return inside.ravel()


def compare_with_rings(cells: FloatArray, rings: IntArray) -> tuple[float, float]:
    """Return both gains.

    Parameters
    ----------
    cells : of the middle, (images, cells, channels)
    rings : of these, (cells,), numbers from `number_rings`
    """
    count, cells = len(cells), cells.astype(np.float32)
    means = cells.mean(axis=0)
    between_images = float(((cells - means) ** 2).sum() / (count - 1) / cells.shape[1])
    if between_images <= 0:
        return 0.0, 0.0
    rings = np.unique(rings, return_inverse=True)[1]  # outer ones have no cell in the middle
    ring_means = np.stack([means[rings == ring].mean(axis=0) for ring in range(rings.max() + 1)])
    noise = between_images / count  # what means differ by chance
    around = float(((means - means.mean(axis=0)) ** 2).sum(axis=1).mean()) - noise
    beside = float(((means - ring_means[rings]) ** 2).sum(axis=1).mean()) - noise
    return beside / between_images, around / between_images


def number_rings(shape: tuple[int, int]) -> IntArray:
    """Return the distance of each of rows x columns cells to the middle, in whole cells, (cells,)."""
    down, across = (np.arange(length) - (length - 1) / 2 for length in shape)
    rings: IntArray = np.hypot(down[:, None], across).round().astype(np.int64).ravel()
    return rings
