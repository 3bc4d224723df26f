"""From the images of an update to what a detector is given: images and variants, those that stay first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.arrays.cell_store import CellStore
from anomaly_gui.detection.densities.renewal import CellChange
from anomaly_gui.detection.detectors.renewal.items import Items
from anomaly_gui.detection.detectors.renewal.renewal import CellsAtHand, Renewal

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.kinds import FloatArray, IntArray
    from anomaly_gui.detection.datasets.updates.update_sets import UpdateSets
    from anomaly_gui.detection.features.collection import Collection
    from anomaly_gui.detection.model.model import Kept, TrainingRecord


def make_renewal(record: TrainingRecord, kept: Kept, sets: UpdateSets) -> Renewal:
    """Return what is to become of a detector's images and of their variants."""
    before = Items.list_all(len(record.images), None if kept.variants is None else kept.variants.sources)
    items, stay = before.without_others(sets.stay), before.of_images(sets.stay)
    if sets.new is not None:
        items = items.join(_list_items(sets.new))
    at_hand = _find_kept(kept, stay)
    change = None
    if at_hand is not None:
        added = None if sets.new is None else sets.new.all_cells
        change = CellChange(len(before.sources), stay, added, sets.removed, at_hand.store)
    groups_before = record.groups if len(np.unique(record.groups)) > 1 else np.arange(len(record.groups))
    return Renewal(
        vectors=_stack_vectors(sets.images),
        groups=sets.groups,
        groups_before=groups_before[before.sources],
        items=items,
        items_before=before,
        stay=stay,
        cells=change,
        kept=at_hand,
        traces=None if kept.traces is None else kept.traces[stay],
        peaks=None if kept.peaks is None else kept.peaks[sets.stay],
    )


def list_at_hand(renewal: Renewal) -> tuple[CellsAtHand, ...]:
    """Return the cells at hand of what there is afterwards, by its indices among images, then variants."""
    (change, kept), places = renewal.require_cells(), renewal.items.places
    of_kept = CellsAtHand(kept.store, places[kept.which])
    if change.added is None:
        return (of_kept,)
    return (of_kept, CellsAtHand(change.added, places[len(change.stay) :]))


def _list_items(images: Collection) -> Items:
    return Items.list_all(len(images.records), None if images.variants is None else images.variants.sources)


def _stack_vectors(images: Collection) -> FloatArray:
    """Return (items, features) float32 of images, then of their variants."""
    each = [images.vectors, *([] if images.variants is None else [images.variants.vectors])]
    return np.concatenate([np.asarray(vectors, np.float32) for vectors in each])


def _find_kept(kept: Kept, stay: IntArray) -> CellsAtHand | None:
    """Return the cells of what stays, by indices among that, or None where there are no cells."""
    if kept.cells is None or kept.cells_of is None:
        return None
    there = np.isin(kept.cells_of, stay)
    store = CellStore(*kept.cells.shape[1:])
    for cells in kept.cells[there]:
        store.append(cells)
    return CellsAtHand(store, np.searchsorted(stay, kept.cells_of[there]))
