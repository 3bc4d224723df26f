"""Detectors without some images and with others: what they are given, and maps made anew from sums.

The images that stay are not looked at again. Of each is kept what its held-out score was made of, its traces
(see `Fitted`). Of a few the cells are kept in full: the least usual ones, on which the threshold rests, and
some usual ones. Their traces are measured anew, and tell how those of the others change.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.detectors.local_maps import LocalMaps, find_peaks
from anomaly_gui.detection.detectors.renewal.items import Items
from anomaly_gui.detection.grouping.groups import Groups, merge_groups

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from anomaly_gui.detection.arrays.cell_store import CellStore
    from anomaly_gui.detection.arrays.kinds import FloatArray, IntArray, Rows
    from anomaly_gui.detection.densities.renewal import CellChange

    Measure = Callable[[FloatArray], FloatArray]

KEPT, _KEPT_ITEMS = 12, 36
"""Images, at most, whose cells are kept in full; fewer where these and their variants would be over 36."""

MOST_FINGERPRINTS = 2000
"""Of so many images, at most, fingerprints are kept: 19 kB each."""

_FEWEST_AT_HAND = 4  # images by which it is told how traces change
_STEEPEST = 1.5
_SMALLEST = 1e-9


@dataclass(frozen=True, eq=False)
class CellsAtHand:
    """Cells of some images and of their variants, in full.

    Parameters
    ----------
    store : the cells
    which : (items,) the indices of those, ascending
    """

    store: CellStore
    which: IntArray

    def read_cells(self, which: IntArray) -> FloatArray:
        """Return the cells of those of some items that are at hand, (items, cells, channels)."""
        return self.store.read_cells(np.flatnonzero(np.isin(self.which, which)))


def read_all_cells(at_hand: Sequence[CellsAtHand], which: IntArray) -> FloatArray:
    """Return the cells of some items in ascending order, wherever they are, (items, cells, channels)."""
    order = np.argsort(np.concatenate([one.which[np.isin(one.which, which)] for one in at_hand]))
    cells: FloatArray = np.concatenate([one.read_cells(which) for one in at_hand])[order]
    return cells


@dataclass(frozen=True, eq=False)
class Renewal:
    """What is to become of a detector's images. Afterwards there are those that stay, then those added.

    Variants of images come and go with them. Of `items` those that stay come first, images before variants;
    `vectors` and whatever is said of all are of all images, then of all variants.

    Parameters
    ----------
    vectors : (items, features) of the items afterwards
    groups : of the images afterwards
    groups_before : (items,) of the items before, for holding out
    items, items_before : what there is afterwards, and what there was
    stay : (items,) indices, before, of those that stay
    cells : of those added and taken out, or None where the detector has no cells
    kept : cells of a few images that stay and of their variants, which tell how all scores that stay change
    traces, peaks : of what stays, (items, numbers) and (images,); see `Fitted`
    held_out : (items,) how those afterwards are held out of cells, where not by their groups
    """

    vectors: Rows
    groups: Groups
    groups_before: IntArray
    items: Items
    items_before: Items
    stay: IntArray
    cells: CellChange | None = None
    kept: CellsAtHand | None = None
    traces: FloatArray | None = None
    peaks: FloatArray | None = None
    held_out: IntArray | None = None

    @property
    def together(self) -> IntArray:
        """Which of the items afterwards are held out of cells together, (items,)."""
        by_groups: IntArray = self.groups.held_out_together[self.items.sources]
        return by_groups if self.held_out is None else self.held_out

    def require_cells(self) -> tuple[CellChange, CellsAtHand]:
        """Return the cells that come and go, and those kept; ValueError where there are none."""
        if self.cells is None or self.kept is None:
            raise ValueError("maps need features of cells")
        return self.cells, self.kept

    def take_channels(self, channels: int) -> Renewal:
        """Return the same of the first channels of each cell."""
        change, kept = self.require_cells()
        narrow = change.take_channels(channels)
        return replace(self, cells=narrow, kept=CellsAtHand(narrow.kept, kept.which))

    def merge_groups(self, count_fits: Callable[[int], int]) -> Renewal:
        """Return the same with the new images held out in fewer groups: as many as are told for so many."""
        stay, new = len(self.stay), self.together[len(self.stay) :]
        if not len(new):
            return self
        known = np.unique(self.together[:stay], return_inverse=True)[1]
        merged = merge_groups(new, count_fits(len(new)))
        return replace(self, held_out=np.concatenate([known, stay + merged]))

    def split_traces(self, parts: int) -> Sequence[FloatArray]:
        """Return the traces of the images that stay, in parts of as many numbers; ValueError without any."""
        if self.traces is None or self.traces.shape[1] % parts:
            raise ValueError("the model did not keep what the scores of its images are made of")
        return np.split(self.traces, parts, axis=1)

    def join_traces(self, stay: FloatArray, maps: RenewedMaps, measure: Measure) -> FloatArray:
        """Return the traces of the items afterwards, (items, numbers), images first.

        Those of images whose cells are kept are measured anew. They tell, by a line, how those of the others
        that stay change; so do their variants. A new image of a part that was learned before is taken to be
        as unusual, at least, as the images of it that stay: sums know no fit without them.

        Parameters
        ----------
        stay : (items, numbers) of those that stay, before
        measure : returns traces, (items, numbers) logarithms, of ratios of cells, (items, used cells)
        """
        which, known = self.require_cells()[1].which, stay.astype(np.float64)
        of_kept, count, is_image = measure(maps.kept_ratios), len(stay), self.items.is_image
        for kind in (True, False):
            own = np.flatnonzero(is_image[:count] == kind)
            its, at_hand = np.isin(own, which), is_image[which] == kind
            if len(own):
                known[own] = _carry_over(stay[own], np.flatnonzero(its), of_kept[at_hand], maps.factor)
        added = measure(maps.ratios) if len(maps.ratios) else np.empty((0, stay.shape[1]))
        joined: FloatArray = np.concatenate([known, self._raise_to_mates(known, added)])
        return joined[self.items.images_first]

    def _raise_to_mates(self, known: FloatArray, added: FloatArray) -> FloatArray:
        """Return traces of new items, (items, numbers), no lower than the mean of their groups' that stay."""
        count, items = len(known), self.items
        numbers = self.groups.numbers[items.sources]
        if len(np.unique(numbers)) > 1:
            for index, number in enumerate(numbers[count:]):
                is_alike = items.is_image[:count] == items.is_image[count + index]
                mates = is_alike & (numbers[:count] == number)
                if mates.any():
                    added[index] = np.maximum(added[index], known[mates].mean(axis=0))
        return added

    def without_variants(self, maps: RenewedMaps) -> tuple[Renewal, RenewedMaps]:
        """Return the same of the images alone, and their maps."""
        count, is_image, kept = len(self.stay), self.items.is_image, self.require_cells()[1]
        of_kept, images = is_image[kept.which], int(is_image[:count].sum())
        narrow = replace(
            self,
            items=Items.list_all(int(is_image.sum()), None),
            stay=np.arange(images),
            kept=CellsAtHand(kept.store, kept.which[of_kept]),
            held_out=None,
        )
        ratios, kept_ratios = maps.ratios[is_image[count:]], maps.kept_ratios[of_kept]
        return narrow, replace(maps, ratios=ratios, kept_ratios=kept_ratios)

    def join_peaks(self, local: LocalMaps, maps: RenewedMaps) -> FloatArray:
        """Return the highest values of the maps of the images afterwards, (images,)."""
        if self.peaks is None:
            raise ValueError("the model did not keep the highest values of its images' maps")
        logarithms = np.log(np.maximum(self.peaks, _SMALLEST))[:, None]
        images, of_images = self.without_variants(maps)
        of_all = images.join_traces(logarithms, of_images, lambda ratios: _measure_peaks(local, ratios))
        peaks: FloatArray = np.exp(of_all)[:, 0]
        return peaks


def _measure_peaks(local: LocalMaps, ratios: FloatArray) -> FloatArray:
    peaks = find_peaks(local.make_maps(ratios)) if len(ratios) else np.empty(0)
    return np.log(np.maximum(peaks, _SMALLEST))[:, None]


def _carry_over(before: FloatArray, which: IntArray, now: FloatArray, factor: float) -> FloatArray:
    """Return traces of images as they are now, (images, numbers), where they are known now of some.

    `factor` is what ratios come to in the mean, for where too few are known.
    """
    if len(which) < _FEWEST_AT_HAND:
        carried: FloatArray = before + np.log(factor)
    else:
        known = before[which]
        middle, middle_now = known.mean(axis=0), now.mean(axis=0)
        spread = ((known - middle) ** 2).sum(axis=0)
        slope = ((known - middle) * (now - middle_now)).sum(axis=0) / np.maximum(spread, _SMALLEST)
        carried = middle_now + np.clip(slope, 0, _STEEPEST) * (before - middle)
    carried[which] = now
    return carried


@dataclass(frozen=True, eq=False)
class RenewedMaps:
    """Maps after a change.

    Parameters
    ----------
    local : the maps, on level 1
    ratios, kept_ratios : (items, used cells), held out by groups, of new ones and of those kept
    factor : what ratios of those that stay come to, in the mean over cells, against what they were
    """

    local: LocalMaps
    ratios: FloatArray
    kept_ratios: FloatArray
    factor: float


def choose_kept(held_out: FloatArray, at_hand: IntArray, variants: int = 0) -> IntArray:
    """Return which images' cells are kept, ascending: the least usual, and some spread evenly over the rest.

    Parameters
    ----------
    held_out : (images,) scores
    at_hand : (images,) indices of those whose cells could be kept
    variants : of an image, at most
    """
    most = max(_FEWEST_AT_HAND, min(KEPT, _KEPT_ITEMS // (1 + variants)))
    order = at_hand[np.argsort(held_out[at_hand], kind="stable")]
    lowest, rest = order[: most // 2], order[most // 2 :]
    spread = (
        rest[np.unique(np.linspace(0, len(rest) - 1, most - most // 2).astype(int))] if len(rest) else rest
    )
    return np.sort(np.concatenate([lowest, spread]))
