"""Fingerprints of images: phases and magnitudes of their middle spatial frequencies, and how alike two are.

Two shots of one part have the same fine grain; two parts share only their make. Phases change neither with
exposure nor with a smooth shade of light. Lines along the edges of the image, common to all parts, are left
out. (Phase correlation: Kuglin and Hines, 1975.)
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from anomaly_gui.detection.images.loading import DETAIL_SIDE

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.kinds import BoolArray, FloatArray, ImageArray, IntArray

SMALLEST_SOURCE = 176
"""An image with a shorter side than this lacks the frequencies that are compared."""

_LOWEST, HIGHEST, _NOTCH = 16, 88, 8  # cycles an image; frequencies this near to an axis are left out
SHIFT_SIDE = 2 * (HIGHEST + 1)
"""Side of the coarsest grid of shifts that keeps all frequencies."""

_REACH = 9  # steps of that grid: shifts up to 5 % of the image's side
_NEWTON_STEPS = 3
_MANY = 32  # images from which on a loop over rows of the spectrum is quicker than picking single factors
_LEVELS = 256  # a phase is stored as one byte, 256 to the full turn, and so is a magnitude
_QUIETEST, _STEPS = -6.0, 12  # natural logarithm of the magnitude of byte 0; bytes to a factor of e


def compute_fingerprint(grey: ImageArray) -> ImageArray:
    """Return an image's phases, then its magnitudes, (2 * frequencies,) uint8: 19 kB.

    `grey` is (DETAIL_SIDE, DETAIL_SIDE) uint8.
    """
    from scipy.fft import rfft2

    logs = np.log(grey.astype(np.float32) + 8)  # exposure becomes a constant; 8 tames the noise of the dark
    window = np.sqrt(np.hanning(DETAIL_SIDE + 2)[1:-1]).astype(np.float32)
    spectrum = rfft2((logs - logs.mean()) * window[:, None] * window)[mark_compared()]
    turns = np.angle(spectrum) / (2 * np.pi)
    phases = np.rint(turns * _LEVELS).astype(np.int64).astype(np.uint8)  # wraps: -1 is 255
    magnitudes = (np.log(np.abs(spectrum) + 1e-9) - _QUIETEST) * _STEPS
    return np.concatenate([phases, np.clip(np.rint(magnitudes), 0, 255).astype(np.uint8)])


def mark_compared() -> BoolArray:
    """Return which frequencies of a half spectrum are compared, (DETAIL_SIDE, DETAIL_SIDE // 2 + 1)."""
    down = np.abs(np.fft.fftfreq(DETAIL_SIDE) * DETAIL_SIDE)[:, None]
    across = np.arange(DETAIL_SIDE // 2 + 1)[None]
    radius = np.hypot(down, across)
    inside: BoolArray = (radius >= _LOWEST) & (radius <= HIGHEST) & (np.minimum(down, across) >= _NOTCH)
    return inside


@cache
def list_frequencies() -> tuple[IntArray, IntArray]:
    """Return the compared frequencies, (frequencies,) each: cycles down, with a sign, and across."""
    down, across = np.nonzero(mark_compared())
    return np.where(down > DETAIL_SIDE // 2, down - DETAIL_SIDE, down), across


def read_phasors(fingerprints: ImageArray) -> Any:
    """Return (images, frequencies) complex64 of length 1 from (images, 2 * frequencies) uint8."""
    table = np.exp(2j * np.pi * np.arange(_LEVELS) / _LEVELS).astype(np.complex64)
    return table[fingerprints[:, : fingerprints.shape[1] // 2]]


def read_powers(fingerprints: ImageArray) -> FloatArray:
    """Return the power at each frequency, (images, frequencies) float64."""
    squares = np.exp(2 * (np.arange(_LEVELS) / _STEPS + _QUIETEST))
    found: FloatArray = squares[fingerprints[:, fingerprints.shape[1] // 2 :]]
    return found


def compute_shift_factors(down: FloatArray, across: FloatArray) -> Any:
    """Return what moves spectra by (images,) steps of the grid of shifts, (images, frequencies) complex64."""
    rows, columns = list_frequencies()
    turn = 2j * np.pi / SHIFT_SIDE
    by_row = np.exp(turn * np.outer(down, np.arange(-HIGHEST, HIGHEST + 1))).astype(np.complex64)
    by_column = np.exp(turn * np.outer(across, np.arange(HIGHEST + 1))).astype(np.complex64)
    if len(by_row) < _MANY:
        return by_row[:, rows + HIGHEST] * by_column[:, columns]
    factors = np.empty((len(by_row), len(rows)), np.complex64)
    for run in _shift_transforms()[0]:
        row, inside = rows[run.start] + HIGHEST, slice(columns[run.start], columns[run.stop - 1] + 1)
        np.multiply(by_row[:, row, None], by_column[:, inside], out=factors[:, run])
    return factors


def find_highest_peaks(products: Any) -> FloatArray:
    """Return the highest correlation over the shifts, (pairs,); for `products` see `correlate_shifts`."""
    peaks: FloatArray = correlate_shifts(products).max(axis=(0, 2))
    return peaks


def find_best_shifts(products: Any) -> tuple[FloatArray, FloatArray]:
    """Return the shifts of the highest correlation, down and across, (pairs,), in fractions of a step.

    From the best whole step on by Newton's method: the correlation is a sum of cosines of the shift.
    """
    surface = correlate_shifts(products).transpose(1, 0, 2)
    side = surface.shape[1]
    down, across = np.divmod(surface.reshape(len(surface), -1).argmax(axis=1), side)
    shifts = np.stack([down, across]).astype(np.float64) - _REACH
    turns = 2 * np.pi / SHIFT_SIDE * np.stack(list_frequencies()).astype(np.float32)
    bends = np.stack([turns[0] ** 2, turns[1] ** 2, turns[0] * turns[1]])
    for _ in range(_NEWTON_STEPS):
        moved = products * compute_shift_factors(*shifts)
        slopes = -(turns @ moved.imag.T)
        down2, across2, mixed = -(bends @ moved.real.T)
        determinant = down2 * across2 - mixed**2
        safe = (down2 < 0) & (determinant > 0)
        steps = np.stack([mixed * slopes[1] - across2 * slopes[0], mixed * slopes[0] - down2 * slopes[1]])
        shifts += np.where(safe, np.clip(steps / np.where(safe, determinant, 1), -0.5, 0.5), 0)
    return shifts[0], shifts[1]


def correlate_shifts(products: Any) -> FloatArray:
    """Return the correlations at the shifts looked at, (shifts down, pairs, shifts across) float32.

    `products` is (pairs, frequencies): one's spectrum times the other's conjugate. The inverse transform is
    made for these shifts alone: along the rows of the spectrum first, each of which is a run of the
    frequencies, then across them.
    """
    runs, along, across = _shift_transforms()
    shifts = 2 * _REACH + 1
    rows = np.empty((len(runs), len(products), shifts), np.complex64)
    for row, run in zip(rows, runs, strict=True):
        np.matmul(products[:, run], along[run], out=row)
    surface: FloatArray = (across @ rows.reshape(len(runs), -1)).real.reshape(shifts, len(products), shifts)
    return surface


@cache
def _shift_transforms() -> tuple[list[slice], Any, Any]:
    """Return each spectrum row's run of frequencies, and what these and the rows are multiplied by.

    That is exp(2 pi i frequency shift / side), (frequencies, shifts) and (shifts, rows) complex64.
    """
    down, across = list_frequencies()
    starts = [0, *(np.flatnonzero(np.diff(down)) + 1).tolist(), len(down)]
    turn = 2j * np.pi * np.arange(-_REACH, _REACH + 1) / SHIFT_SIDE
    by_column = np.exp(np.outer(across, turn)).astype(np.complex64)
    by_row = np.exp(np.outer(turn, down[starts[:-1]])).astype(np.complex64)
    return [slice(*ends) for ends in pairwise(starts)], by_column, by_row
