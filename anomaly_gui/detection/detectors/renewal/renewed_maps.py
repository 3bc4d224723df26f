"""Maps made anew from the sums of their densities, and from the few images whose cells are kept."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.densities.patch_memory import PatchMemory
from anomaly_gui.detection.densities.renewal import (
    collect_held_out,
    hold_out,
    renew_density,
    renumber_owners,
    require_renewable,
)
from anomaly_gui.detection.detectors.local_maps import LocalMaps, stiffen_no_cell
from anomaly_gui.detection.detectors.renewal.renewal import Renewal, RenewedMaps

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.kinds import FloatArray

_LEAST_LEFT = 0.2  # of what was usual: what is left without an image is never nothing
_SMALLEST = 1e-9


def renew_local(old: LocalMaps, renewal: Renewal, *, everywhere: bool = False) -> RenewedMaps:
    """Return maps of the images there are afterwards.

    Parameters
    ----------
    everywhere : whether one number says what is usual in all cells, not each cell its own
    """
    (change, kept), density = renewal.require_cells(), require_renewable(old.cell_distances)
    renewed, growth = renew_density(density, change)
    kept_now = hold_out(renewed, kept.store, kept.which, renewal.together)
    rest, kept_before = _sum_distances_of_rest(old, renewal)
    if isinstance(renewed, PatchMemory) and len(kept_now):
        growth = np.array(kept_now.mean() / max(float(kept_before.mean()), _SMALLEST))
    elif len(kept_now) and not renewal.items.is_image.all():
        growth = _match_kept(growth, kept_now, kept_before)
    distances = np.empty((0, len(rest)), np.float32)
    if change.added is not None:
        distances = collect_held_out(renewed, change.added, renewal.together)
    is_image = renewal.items.is_image
    of_images = (kept_now[is_image[kept.which]], distances[is_image[len(change.stay) :]])
    total = rest * growth + sum(some.sum(axis=0, dtype=np.float64) for some in of_images)
    mean = total / is_image.sum()
    usual = np.full_like(old.usual, mean.mean()) if everywhere else stiffen_no_cell(mean)
    renumbered = renumber_owners(renewed, renewal.items.places)
    local = replace(old, cell_distances=renumbered, usual=usual, level=1.0, border=1.0).with_border(
        old.border
    )
    usual = local.usual
    return RenewedMaps(local, distances / usual, kept_now / usual, float(np.mean(old.usual * growth / usual)))


def _match_kept(growth: FloatArray, kept_now: FloatArray, kept_before: FloatArray) -> FloatArray:
    """Return growth brought to that of what is kept: sums know no fit without an image's variants as well.

    `kept_now` and `kept_before` are distances held out, (items, cells).
    """
    each = kept_now.mean(axis=1) / np.maximum(kept_before.mean(axis=1), _SMALLEST)
    matched: FloatArray = growth * (np.median(each) / growth.mean())
    return matched


def _sum_distances_of_rest(old: LocalMaps, renewal: Renewal) -> tuple[FloatArray, FloatArray]:
    """Return sums of distances before, held out, of images that stay, (cells,), but for those kept.

    And those of what is kept, (items, cells).
    """
    (change, kept), density = renewal.require_cells(), require_renewable(old.cell_distances)
    was_image, which = renewal.items_before.is_image, change.stay[kept.which]
    before = hold_out(density, kept.store, which, renewal.groups_before)
    total = was_image.sum() * old.untempered.astype(np.float64)
    total -= before[was_image[which]].sum(axis=0, dtype=np.float64)
    if change.removed is not None:
        gone = np.setdiff1d(np.arange(change.before), change.stay)
        removed = hold_out(density, change.removed, gone, renewal.groups_before)
        total -= removed[was_image[gone]].sum(axis=0, dtype=np.float64)
    rest = was_image[change.stay].sum() - was_image[which].sum()
    return np.maximum(total, _LEAST_LEFT * rest * old.untempered), before
