"""How well anomaly maps find the defective pixels: pixel AUROC and AUPRO, of any number of images.

Maps, unlike scores, are higher where it is more anomalous.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.kinds import BoolArray, FloatArray

Keys = npt.NDArray[np.uint16]
Floats = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int32]

FPR_LIMIT = 0.3
"""The false positive rate up to which AUPRO looks, as the paper has it."""

_LEVELS = 2**16  # of float16
_PIXELS_AT_ONCE = 2**20
_SIGN = np.uint16(1 << 15)
_NORMAL, _DEFECTIVE, _OVERLAP = range(3)  # rows of what is counted


class PixelHistogram:
    """Count the pixels of maps by value, image by image, in memory that doesn't grow with the images.

    Values are counted as float16, as which maps are stored; those that round to one are tied. 100 maps of a
    megapixel take 1.3 s, and both areas are within 2e-6 of those of float32 (bins that adapt to it: 18 s).
    """

    def __init__(self) -> None:
        self._counts: Floats = np.zeros((3, _LEVELS))

    def add(self, anomaly_map: FloatArray, mask: BoolArray) -> None:
        """Count the pixels of an image.

        `anomaly_map` is (height, width) float32; `mask` is (height, width) bool, True where the defects are
        and all False for a normal image. Raises ValueError for other shapes and for values that are not
        finite, and then counts nothing.
        """
        values, defective = _check_map(anomaly_map, mask)
        keys, regions = _make_keys(values.ravel()), _label_regions(defective).ravel()
        weights = 1 / np.maximum(np.bincount(regions), 1)  # of 0, the outside, there may be none
        for start in range(0, len(keys), _PIXELS_AT_ONCE):
            part = slice(start, start + _PIXELS_AT_ONCE)
            self._count_pixels(keys[part], regions[part], weights)

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

    def _count_pixels(self, keys: Keys, regions: Labels, weights: Floats) -> None:
        """Count pixels by their (n,) levels; those of a region, from 1, by its weight as well."""
        inside = regions > 0
        self._counts[_NORMAL] += np.bincount(keys[~inside], minlength=_LEVELS)
        self._counts[_DEFECTIVE] += np.bincount(keys[inside], minlength=_LEVELS)
        self._counts[_OVERLAP] += np.bincount(keys[inside], weights[regions[inside]], _LEVELS)

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
    """Return integers in the order of the values: the bits of a float16, those of negative ones inverted."""
    most = np.finfo(np.float16).max
    halved = np.clip(values, -most, most).astype(np.float16) + np.float16(0)  # makes -0 and 0 one value
    bits = halved.view(np.uint16)
    keys: Keys = np.where(bits & _SIGN, ~bits, bits | _SIGN)
    return keys


def _label_regions(mask: BoolArray) -> Labels:
    """Return the number of the region each pixel lies in, from 1; 0 outside. Corners connect."""
    from scipy.ndimage import label  # late: the window's start need not wait for it

    numbers = np.zeros(mask.shape, np.int32)
    if mask.any():
        label(mask, structure=np.ones((3, 3)), output=numbers)
    return numbers


def _measure_area(x: Floats, y: Floats) -> float:
    """Return the area under straight lines between points."""
    return float((np.diff(x) * (y[1:] + y[:-1]) / 2).sum())


def _cut_off(limit: float, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Cut a curve off at `limit`, on the straight line between the points to both sides of it."""
    inside = x <= limit
    return np.append(x[inside], limit), np.append(y[inside], np.interp(limit, x, y))
