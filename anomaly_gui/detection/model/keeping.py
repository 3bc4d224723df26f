"""What a model keeps of its images so that others can be added later, and some taken out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.detectors.renewal.items import Items
from anomaly_gui.detection.detectors.renewal.renewal import MOST_FINGERPRINTS, choose_kept, read_all_cells
from anomaly_gui.detection.model.model import Kept

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anomaly_gui.detection.arrays.kinds import FloatArray, IntArray
    from anomaly_gui.detection.detectors.protocol import Fitted
    from anomaly_gui.detection.detectors.renewal.renewal import CellsAtHand
    from anomaly_gui.detection.features.collection import Collection
    from anomaly_gui.detection.features.variants import Variants
    from anomaly_gui.detection.settings.train_settings import TrainSettings


def keep_sums(
    settings: TrainSettings, fitted: Fitted, at_hand: Sequence[CellsAtHand], images: Collection
) -> Kept:
    """Return what adding and taking out images needs.

    Parameters
    ----------
    at_hand : cells of some of the images and of their variants, or of all
    images : those that are learned from
    """
    fingerprints, variants, cells, which = images.fingerprints.rows, images.variants, None, None
    if at_hand and fitted.traces is not None:
        which = _choose_items(fitted.held_out, at_hand, variants)
        cells = read_all_cells(at_hand, which).astype(np.float16)
    known = np.asarray(fingerprints[: len(fingerprints) if len(fingerprints) <= MOST_FINGERPRINTS else 0])
    return Kept(
        settings.group_by,
        settings.suspects,
        settings.sigma_scores,
        settings.false_alarm_rate,
        fitted.traces,
        None if fitted.traces is None else fitted.peaks,
        known if len(known) else np.empty((len(fingerprints), 0), np.uint8),
        cells,
        which,
        settings.used_variants,
        None if variants is None else variants.without_cells(),
        None if variants is None else images.lights.astype(np.float32),
    )


def _choose_items(held_out: FloatArray, cells: Sequence[CellsAtHand], variants: Variants | None) -> IntArray:
    """Return which images' cells are kept, and those of their variants, ascending."""
    at_hand = np.concatenate([one.which for one in cells])
    images = choose_kept(held_out, at_hand[at_hand < len(held_out)])
    return Items.list_all(len(held_out), None if variants is None else variants.sources).of_images(images)
