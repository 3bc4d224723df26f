"""What a detector learns from: the good images, and beside them their variants in other light."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.arrays.row_store import JoinedRows, RowStore
from anomaly_gui.detection.detectors.base import require_cells

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.cell_store import CellStore
    from anomaly_gui.detection.arrays.kinds import IntArray, Rows
    from anomaly_gui.detection.features.collection import Collection
    from anomaly_gui.detection.grouping.groups import Groups


@dataclass(frozen=True, eq=False)
class LearnedImages:
    """Features to fit to: those of the images first, then those of variants.

    Parameters
    ----------
    vectors : (images and variants, features)
    cells : of as many
    together : (images and variants,) which are held out together: a variant with its image
    """

    vectors: Rows
    cells: CellStore
    together: IntArray


def join_variants(images: Collection, groups: Groups) -> LearnedImages:
    """Return good images with their variants, if there are any; ValueError where they have no cells."""
    cells, together, variants = require_cells(images), groups.held_out_together, images.variants
    if variants is None or variants.cells is None:
        return LearnedImages(images.vectors, cells, together)
    return LearnedImages(
        _join_rows(images.vectors, variants.vectors),
        cells.join(variants.cells),
        np.concatenate([together, together[variants.sources]]),
    )


def _join_rows(first: Rows, second: Rows) -> Rows:
    if isinstance(first, RowStore) and isinstance(second, RowStore):
        return JoinedRows(first, second)
    return np.concatenate([np.asarray(first), np.asarray(second)])
