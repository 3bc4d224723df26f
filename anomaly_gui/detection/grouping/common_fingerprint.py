"""What the fingerprints of all images share: the make of the parts, which says nothing of single ones.

Parts of one make share edges, each image at its own shift. So images are laid on each other first; the mean
of their phasors is what they share, and is taken off each image where it lies there. How much of the power at
a frequency is shared tells, beside it, whether images differ by noise alone: one part, shot again and again.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from anomaly_gui.detection.images.fingerprint import (
    HIGHEST,
    compute_shift_factors,
    find_best_shifts,
    find_highest_peaks,
    list_frequencies,
    read_phasors,
    read_powers,
)

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.kinds import FloatArray, ImageArray, IntArray, Rows

_SAMPLE = 200  # images that tell what is common
_STARTS = 12  # of which one is what the others are laid on first
_ROUNDS, _ROUNDS_OF_FEW = 4, 1  # of laying images on each other; shots of a few lie nearly right at once
_FEW = 8
_AT_ONCE = 250  # images

_BANDS = (16.0, 30.0, 45.0, 60.0, 75.0, HIGHEST + 0.5)
"""Limits of bands of frequencies, in cycles an image."""


@dataclass(frozen=True, eq=False)
class CommonFingerprint:
    """What images share.

    Parameters
    ----------
    template : (frequencies,) complex64, the mean phasor of images laid on each other
    down, across : (images,) float32, the shift that lays each image on it, in steps; of rows not asked for, 0
    """

    template: Any
    down: FloatArray
    across: FloatArray

    @classmethod
    def from_images(cls, fingerprints: Rows, rows: IntArray) -> CommonFingerprint:
        """Find what some rows of (images, 2 * frequencies) uint8, in memory or on disk, share."""
        template = find_shared_template(fingerprints, rows)
        down, across = np.zeros((2, len(fingerprints)), np.float32)
        for chunk in np.array_split(rows, len(rows) // _AT_ONCE + 1):
            down[chunk], across[chunk] = find_shifts_onto(template, fingerprints[chunk])
        return cls(template, down, across)

    def compute_residuals(self, fingerprints: Rows, rows: IntArray) -> Any:
        """Return what is left of the phasors of some images, of length 1, (rows, frequencies) complex64."""
        left = read_phasors(fingerprints[rows])
        left -= self.template * compute_shift_factors(self.down[rows], self.across[rows]).conj()
        numbers = left.view(np.float32)  # real and imaginary parts in turn
        numbers /= np.maximum(np.sqrt(np.einsum("ij,ij->i", numbers, numbers)), 1e-6)[:, None]
        return left


def find_shared_template(fingerprints: Rows, rows: IntArray) -> Any:
    """Return the mean phasor of a sample of some images laid on each other, (frequencies,) complex64."""
    sample = rows[np.unique(np.linspace(0, len(rows) - 1, _SAMPLE).astype(int))]
    return _find_template(read_phasors(fingerprints[sample]))


def find_shifts_onto(template: Any, fingerprints: ImageArray) -> tuple[FloatArray, FloatArray]:
    """Return the shifts down and across, (images,), that lay (images, 2 * frequencies) on a template."""
    return find_best_shifts(read_phasors(fingerprints) * template.conj())


def _find_template(sample: Any) -> Any:
    """Return the mean phasor of (images, frequencies) laid on each other: on the most typical one first."""
    starts = sample[:: max(1, len(sample) // _STARTS)]
    scores = [np.median(find_highest_peaks(sample * start.conj())) for start in starts]
    template = starts[int(np.argmax(scores))]
    for _ in range(_ROUNDS if len(sample) >= _FEW else _ROUNDS_OF_FEW):
        shifts = find_best_shifts(sample * template.conj())
        template = (sample * compute_shift_factors(*shifts)).mean(axis=0)
    return template


@dataclass(frozen=True, eq=False)
class Noise:
    """How images that were laid on each other differ, by bands of frequencies.

    Parameters
    ----------
    power : (bands,) of the differences, against that of the highest band
    shared : (bands,) mean cosine of what two images' phases differ by, weighted by power: 0 for strangers
    """

    power: FloatArray
    shared: FloatArray

    @classmethod
    def from_images(cls, fingerprints: Rows, rows: IntArray) -> Noise:
        """Tell how some rows of (images, 2 * frequencies) uint8 differ.

        The noise at a frequency follows from the spread of its phases: the mean phasor of a constant in
        complex Gaussian noise is a known function of their ratio (Rice, 1945).
        """
        chosen = rows[np.unique(np.linspace(0, len(rows) - 1, _SAMPLE).astype(int))]
        sampled = fingerprints[chosen]
        count = len(chosen)
        squares = np.abs(_find_template(read_phasors(sampled))) ** 2
        unbiased = np.clip((count * squares - 1) / (count - 1), 1e-8, 1 - 1e-9)
        ratios = np.interp(np.sqrt(unbiased), *_ratios_of_means())
        power = read_powers(sampled).mean(axis=0)
        noise = power / (1 + ratios)
        band = np.digitize(np.hypot(*list_frequencies()), _BANDS[1:-1])
        of_band = np.bincount(band, noise) / np.bincount(band)
        shared = np.bincount(band, power * (count * squares - 1) / (count - 1)) / np.bincount(band, power)
        return cls(of_band / of_band[-1], shared)


def measure_disagreement(fingerprints: Rows, group: IntArray, rows: IntArray) -> FloatArray:
    """Return how far images are from what a group of them shares in the coarsest band, (rows,): 0 to about 1.

    `fingerprints` is (images, 2 * frequencies) uint8; `group` and `rows` are numbers of images.
    """
    template = _find_template(read_phasors(fingerprints[group]))
    coarse = np.hypot(*list_frequencies()) < _BANDS[1]
    sampled = fingerprints[rows]
    spectra = read_phasors(sampled)
    spectra *= compute_shift_factors(*find_best_shifts(spectra * template.conj()))
    towards = np.exp(1j * np.angle(template[coarse]))
    power = read_powers(sampled)[:, coarse]
    apart: FloatArray = 1 - (power * (spectra[:, coarse] * towards.conj()).real).sum(axis=1) / power.sum(
        axis=1
    )
    return apart


@cache
def _ratios_of_means() -> tuple[FloatArray, FloatArray]:
    """Return lengths of mean phasors, ascending, and the signal-to-noise ratios of power behind them."""
    from scipy.special import ive

    ratios = np.logspace(-4, 6, 4000)
    return np.sqrt(np.pi * ratios) / 2 * (ive(0, ratios / 2) + ive(1, ratios / 2)), ratios
