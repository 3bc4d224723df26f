"""How well anomaly maps find the defective pixels: pixel AUROC and AUPRO, of any number of images.

Maps, unlike scores, are higher where it is more anomalous.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.kinds import BoolArray, FloatArray

Keys = npt.NDArray[np.uint32]
Floats = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int32]

FPR_LIMIT = 0.3
"""The false positive rate up to which AUPRO looks, as the paper has it."""

MOST_BINS = 2**18
"""Bins that pixels are counted in: 20 MB, and areas within 1e-6 of the exact ones on hard made data."""

_PIXELS_AT_ONCE = 2**20
_SIGN = np.uint32(1 << 31)
_NORMAL, _DEFECTIVE, _OVERLAP = range(3)  # rows of what is counted


class PixelHistogram:
    """Count the pixels of maps by value, image by image, in memory that doesn't grow with the images.

    Every float32 value has a bin of its own until there are more than `most_bins`, at least 4. Then bins that
    agree in all but their lowest bits are joined, of these the lightest: those that hold no more than a
    `tolerance` of the normal pixels, the defective ones and the regions; it grows until enough can be joined.
    So bins are narrow wherever many values lie, be it far from zero. Values of one bin count as tied. No rate
    is off by more than 31 times `tolerance`, as a threshold lies in 31 ranges that may have been joined: see
    Shrivastava et al., "Medians and Beyond: New Aggregation Techniques for Sensor Networks", SenSys 2004.
    """

    def __init__(self, most_bins: int = MOST_BINS) -> None:
        if most_bins < 4:
            raise ValueError(f"{most_bins} bins are too few")
        self._most_bins = most_bins
        self._keys: Keys = np.empty(0, np.uint32)
        self._counts: Floats = np.empty((3, 0))
        self.tolerance = 1 / most_bins

    def add(self, anomaly_map: FloatArray, mask: BoolArray) -> None:
        """Count the pixels of an image.

        `anomaly_map` is (height, width) float32; `mask` is (height, width) bool, True where the defects are
        and all False for a normal image. Raises ValueError for other shapes and for values that are not
        finite, and then counts nothing.
        """
        values, defective = _check_map(anomaly_map, mask)
        keys, regions = _make_keys(values.ravel()), _label_regions(defective).ravel()
        sizes = np.bincount(regions)
        for start in range(0, len(keys), _PIXELS_AT_ONCE):
            part = slice(start, start + _PIXELS_AT_ONCE)
            self._count_pixels(keys[part], _weigh_pixels(regions[part], sizes))

    @property
    def pixel_auroc(self) -> float | None:
        """The chance that a defective pixel lies above a normal one, ties counted as a half.

        None when there are no normal or no defective pixels.
        """
        curve = self._trace_curve(_DEFECTIVE)
        return None if curve is None else _measure_area(*curve)

    @property
    def aupro(self) -> float | None:
        """The mean overlap with the defective regions, over false positive rates from 0 to `FPR_LIMIT`.

        A region is what hangs together in a mask by sides or corners, and each weighs the same. Normal are
        all pixels outside the masks, those of defective images too. 1 is perfect, chance gives
        `FPR_LIMIT` / 2. None when there are no normal or no defective pixels. After Bergmann et al., "The
        MVTec Anomaly Detection Dataset", IJCV 129 (2021).
        """
        curve = self._trace_curve(_OVERLAP)
        return None if curve is None else _measure_area(*_cut_off(FPR_LIMIT, *curve)) / FPR_LIMIT

    def _count_pixels(self, keys: Keys, counts: Floats) -> None:
        """Add to the bins: n keys, (3, n) counts."""
        keys = np.concatenate([self._keys, keys])
        self._keys, self._counts = _sum_counts(keys, np.concatenate([self._counts, counts], axis=1))
        if len(self._keys) > self._most_bins:
            self._thin_out()

    def _thin_out(self) -> None:
        """Join bins until half of the most are left: not anew with every image."""
        while True:
            for bits in range(1, 32):
                self._join_bins(bits)
                if len(self._keys) <= self._most_bins // 2:
                    return
            self.tolerance *= 2

    def _join_bins(self, bits: int) -> None:
        """Join light bins that differ in their lowest `bits` only, at the lowest of them."""
        blocks = self._keys >> np.uint32(bits)
        first = np.append(True, blocks[1:] != blocks[:-1])
        sums = np.add.reduceat(self._counts, np.flatnonzero(first), axis=1)
        light = (sums <= self.tolerance * self._counts.sum(axis=1, keepdims=True)).all(axis=0)
        kept = np.flatnonzero(first | ~light[np.cumsum(first) - 1])
        self._keys, self._counts = self._keys[kept], np.add.reduceat(self._counts, kept, axis=1)

    def _trace_curve(self, row: int) -> tuple[Floats, Floats] | None:
        """Return the false positive rate and the rate of `row` at every threshold, the highest first."""
        if not (self._counts.sum(axis=1) > 0).all():
            return None
        rates = np.cumsum(self._counts[[_NORMAL, row], ::-1], axis=1)
        rates = np.pad(rates / rates[:, -1:], ((0, 0), (1, 0)))  # above every value nothing is found
        return rates[0], rates[1]


def _check_map(anomaly_map: FloatArray, mask: BoolArray) -> tuple[npt.NDArray[np.float32], BoolArray]:
    """Return the map and the mask, or raise ValueError."""
    with np.errstate(over="ignore"):  # what float32 can't hold becomes infinite, and is refused below
        values = np.asarray(anomaly_map, np.float32)
    defective = np.asarray(mask, np.bool_)
    if values.ndim != 2 or values.shape != defective.shape:
        raise ValueError(f"a map of shape {values.shape} does not fit a mask of shape {defective.shape}")
    if not np.isfinite(values).all():
        raise ValueError("a value of the map is not finite")
    return values, defective


def _make_keys(values: npt.NDArray[np.float32]) -> Keys:
    """Return integers in the order of the values: the bits of a float, those of negative ones inverted."""
    bits = (values + np.float32(0)).view(np.uint32)  # adding 0 makes -0 and 0 one value
    keys: Keys = np.where(bits & _SIGN, ~bits, bits | _SIGN)
    return keys


def _label_regions(mask: BoolArray) -> Labels:
    """Return the number of the region each pixel lies in, from 1; 0 outside. Corners connect."""
    from scipy.ndimage import label  # late: the window's start need not wait for it

    numbers = np.zeros(mask.shape, np.int32)
    if mask.any():
        label(mask, structure=np.ones((3, 3)), output=numbers)
    return numbers


def _weigh_pixels(regions: Labels, sizes: npt.NDArray[np.intp]) -> Floats:
    """Return, (3, n), what each pixel adds: to the normal or the defective ones, and of its region."""
    weights = 1 / np.maximum(sizes, 1)  # of 0, the outside, there may be none
    return np.stack([regions == 0, regions > 0, np.where(regions > 0, weights[regions], 0)])


def _sum_counts(keys: Keys, counts: Floats) -> tuple[Keys, Floats]:
    """Return the distinct keys in order, and the sums of their counts."""
    distinct, index = np.unique(keys, return_inverse=True)
    return distinct, np.stack([np.bincount(index, row, len(distinct)) for row in counts])


def _measure_area(x: Floats, y: Floats) -> float:
    """Return the area under straight lines between points."""
    return float((np.diff(x) * (y[1:] + y[:-1]) / 2).sum())


def _cut_off(limit: float, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Cut a curve off at `limit`, on the straight line between the points to both sides of it."""
    inside = x <= limit
    return np.append(x[inside], limit), np.append(y[inside], np.interp(limit, x, y))
