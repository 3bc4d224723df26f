"""Find images of one part: bursts, exposures, a part put down twice.

Two shots of one part share its fine grain; two parts share only their make. So images are compared by the
phases of their middle spatial frequencies, which neither exposure nor a smooth shade of light changes, at the
best shift. Lines along the edges of the image, common to all parts, are left out of it.
(Phase correlation: Kuglin and Hines, 1975.)

Band and cut were chosen on solar cells (ELPV, mono), each shot 1 to 6 times in simulation: groups found
against the true ones had an adjusted Rand index of 0.97; of all 588 plain cells 1.5 % were joined to another
(at 0.16: 2.9 %; at 0.22: 1.0 %, index 0.94).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from anomaly_gui.detection.images import DETAIL_SIDE
from anomaly_gui.detection.neighbours import nearest_pairs, products_on_one_core, whitened

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays import BoolArray, FloatArray, ImageArray, IntArray, Rows

SMALLEST_SOURCE = 176
"""An image with a shorter side than this lacks the frequencies that are compared."""

CUT = 0.19
"""Images correlated more than this are taken to show one part."""

_LOWEST, _HIGHEST, _NOTCH = 16, 88, 8  # cycles an image; frequencies this near to an axis are left out
_SIDE = 2 * (_HIGHEST + 1)  # the coarsest grid of shifts that keeps all frequencies
_REACH = 9  # steps of that grid: shifts up to 5 % of the image's side
_NEIGHBOURS = 20  # candidates an image, by features
_PAIRS_AT_ONCE = 256
_LEVELS = 256  # a phase is kept as one byte: 9.6 kB an image


def fine_grain(grey: ImageArray) -> ImageArray:
    """Return the phases of an image's middle frequencies, (frequencies,) uint8, 256 to the full turn.

    `grey` is (DETAIL_SIDE, DETAIL_SIDE) uint8.
    """
    from scipy.fft import rfft2

    logs = np.log(grey.astype(np.float32) + 8)  # exposure becomes a constant; 8 tames the noise of the dark
    window = np.sqrt(np.hanning(DETAIL_SIDE + 2)[1:-1]).astype(np.float32)
    spectrum = rfft2((logs - logs.mean()) * window[:, None] * window)[_compared()]
    turns = np.angle(spectrum) / (2 * np.pi)
    return np.rint(turns * _LEVELS).astype(np.int64).astype(np.uint8)  # wraps: -1 is 255


def correlations(grains: Rows, pairs: IntArray, known: BoolArray | None = None) -> FloatArray:
    """Return how alike the fine grain of each pair is at its best shift: about 0 for two parts, 1 for copies.

    Parameters
    ----------
    grains : (images, frequencies) uint8, from `fine_grain`, in memory or on disk
    pairs : (pairs, 2) indices of images; quickest if sorted by the first
    known : (images,) which rows hold a grain; None: all. What their grains have in common is taken off

    Returns
    -------
    (pairs,) float32
    """
    common = _mean_phasor(grains, np.arange(len(grains)) if known is None else np.flatnonzero(known))
    result = np.empty(len(pairs), np.float32)
    with products_on_one_core():
        for start in range(0, len(pairs), _PAIRS_AT_ONCE):
            part = slice(start, start + _PAIRS_AT_ONCE)
            result[part] = _highest_peak(_products(grains, pairs[part], common))
    return result


def candidate_pairs(features: Rows, neighbours: int = _NEIGHBOURS, rows: IntArray | None = None) -> IntArray:
    """Return pairs of images whose whitened features are near each other, (pairs, 2), each pair once.

    Parameters
    ----------
    features : (images, features), in memory or on disk
    neighbours : how many nearest images are taken for each
    rows : the images among which pairs are sought, in ascending order; None: all
    """
    pairs = nearest_pairs(whitened(features, rows), neighbours)
    return pairs if rows is None else rows[pairs]


def near_copies(
    features: Rows,
    grains: Rows | Sequence[ImageArray | None],
    known: BoolArray | None = None,
    cut: float = CUT,
) -> IntArray:
    """Return the pairs of images that show one part, (pairs, 2).

    Parameters
    ----------
    features : (images, features), in memory or on disk; used to find candidates
    grains : (frequencies,) uint8 each, from `fine_grain`; None for images too small to tell. Or rows of them,
        (images, frequencies), in memory or on disk
    known : (images,) which of such rows hold a grain; None: all
    """
    known = have_grain(grains, known)
    if known.sum() < 3:
        return np.empty((0, 2), np.int64)
    array = _in_one_array(grains) if isinstance(grains, Sequence) else grains
    pairs = candidate_pairs(features, rows=None if known.all() else np.flatnonzero(known))
    copies: IntArray = pairs[correlations(array, pairs, known) > cut]
    return copies


def have_grain(grains: Rows | Sequence[ImageArray | None], known: BoolArray | None = None) -> BoolArray:
    """Return which images have a fine grain, (images,); for the parameters see `near_copies`."""
    if isinstance(grains, Sequence):
        return np.array([grain is not None for grain in grains], np.bool_)
    return np.ones(len(grains), np.bool_) if known is None else known


def _in_one_array(grains: Sequence[ImageArray | None]) -> ImageArray:
    array = np.zeros((len(grains), int(_compared().sum())), np.uint8)
    for row, grain in zip(array, grains, strict=True):
        if grain is not None:
            row[:] = grain
    return array


def _compared() -> BoolArray:
    down = np.abs(np.fft.fftfreq(DETAIL_SIDE) * DETAIL_SIDE)[:, None]
    across = np.arange(DETAIL_SIDE // 2 + 1)[None]
    radius = np.hypot(down, across)
    compared: BoolArray = (radius >= _LOWEST) & (radius <= _HIGHEST) & (np.minimum(down, across) >= _NOTCH)
    return compared


def _phasors(grains: ImageArray) -> Any:
    table = np.exp(2j * np.pi * np.arange(_LEVELS) / _LEVELS).astype(np.complex64)
    return table[grains]


def _mean_phasor(grains: Rows, rows: IntArray) -> Any:
    """Return the mean of `_phasors` of some rows without holding all of them."""
    chunks = np.array_split(rows, len(rows) // 250 + 1)
    return sum(_phasors(grains[chunk]).sum(axis=0) for chunk in chunks) / len(rows)


def _unit_spectra(grains: ImageArray, common: Any) -> Any:
    spectra = _phasors(grains)
    spectra -= common
    numbers = spectra.view(np.float32)  # real and imaginary parts in turn
    numbers /= np.maximum(np.sqrt(np.einsum("ij,ij->i", numbers, numbers)), 1e-6)[:, None]
    return spectra


def _products(grains: Rows, pairs: IntArray, common: Any) -> Any:
    """Return what the correlations of pairs are the inverse transforms of, (pairs, frequencies) complex64."""
    firsts, place = np.unique(pairs[:, 0], return_inverse=True)  # each has several partners
    products = _unit_spectra(grains[pairs[:, 1]], common)
    products *= _unit_spectra(grains[firsts], common).conj()[place]
    return products


def _highest_peak(products: Any) -> FloatArray:
    """Return the highest correlation over the shifts looked at; `products` is (pairs, frequencies).

    The inverse transform is made for these shifts alone: along the rows of the spectrum first, each of which
    is a run of the frequencies, then across them.
    """
    runs, along, across = _transforms()
    shifts = 2 * _REACH + 1
    rows = np.empty((len(runs), len(products), shifts), np.complex64)
    for row, run in zip(rows, runs, strict=True):
        np.matmul(products[:, run], along[run], out=row)
    surface = (across @ rows.reshape(len(runs), -1)).real.reshape(shifts, len(products), shifts)
    peaks: FloatArray = surface.max(axis=(0, 2))
    return peaks


@cache
def _transforms() -> tuple[list[slice], Any, Any]:
    """Return each spectrum row's run of frequencies, and what these and the rows are multiplied by.

    That is exp(2 pi i frequency shift / side), (frequencies, shifts) and (shifts, rows) complex64.
    """
    down, across = np.nonzero(_compared())
    down = np.where(down > DETAIL_SIDE // 2, down - DETAIL_SIDE, down)
    starts = [0, *(np.flatnonzero(np.diff(down)) + 1).tolist(), len(down)]
    turn = 2j * np.pi * np.arange(-_REACH, _REACH + 1) / _SIDE
    by_column = np.exp(np.outer(across, turn)).astype(np.complex64)
    by_row = np.exp(np.outer(turn, down[starts[:-1]])).astype(np.complex64)
    return [slice(*ends) for ends in pairwise(starts)], by_column, by_row
