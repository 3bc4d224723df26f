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

from typing import TYPE_CHECKING, Any

import numpy as np

from anomaly_gui.detection.images import DETAIL_SIDE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anomaly_gui.detection.arrays import BoolArray, FloatArray, ImageArray, IntArray

SMALLEST_SOURCE = 176
"""An image with a shorter side than this lacks the frequencies that are compared."""

CUT = 0.19
"""Images correlated more than this are taken to show one part."""

_LOWEST, _HIGHEST, _NOTCH = 16, 88, 8  # cycles an image; frequencies this near to an axis are left out
_LARGEST_SHIFT = 0.045  # of the image's side
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


def correlations(grains: ImageArray, pairs: IntArray) -> FloatArray:
    """Return how alike the fine grain of each pair is at its best shift: about 0 for two parts, 1 for copies.

    Parameters
    ----------
    grains : (images, frequencies) uint8, from `fine_grain`
    pairs : (pairs, 2) indices of images

    Returns
    -------
    (pairs,) float32
    """
    common = _mean_phasor(grains)
    result = np.empty(len(pairs), np.float32)
    for start in range(0, len(pairs), _PAIRS_AT_ONCE):
        chunk = pairs[start : start + _PAIRS_AT_ONCE]
        left, right = (_unit(_phasors(grains[chunk[:, side]]) - common) for side in (0, 1))
        result[start : start + len(chunk)] = _highest_peak(left * right.conj())
    return result


def candidate_pairs(features: FloatArray, neighbours: int = _NEIGHBOURS) -> IntArray:
    """Return pairs of images whose whitened features are near each other, (pairs, 2), each pair once.

    Parameters
    ----------
    features : (images, features)
    neighbours : how many nearest images are taken for each
    """
    from sklearn.neighbors import NearestNeighbors

    whitened = _whitened(np.asarray(features, np.float64))
    search = NearestNeighbors(n_neighbors=min(neighbours, len(features) - 1), algorithm="brute").fit(whitened)
    nearest = search.kneighbors(return_distance=False)
    pairs = np.stack([np.repeat(np.arange(len(nearest)), nearest.shape[1]), nearest.ravel()], axis=1)
    return np.unique(np.sort(pairs, axis=1), axis=0)


def near_copies(features: FloatArray, grains: Sequence[ImageArray | None], cut: float = CUT) -> IntArray:
    """Return the pairs of images that show one part, (pairs, 2).

    Parameters
    ----------
    features : (images, features), used to find candidates
    grains : (frequencies,) uint8 each, from `fine_grain`; None for images too small to tell
    """
    known = np.array([index for index, grain in enumerate(grains) if grain is not None], np.int64)
    if len(known) < 3:
        return np.empty((0, 2), np.int64)
    pairs = candidate_pairs(features[known])
    stacked = np.stack([grain for grain in grains if grain is not None])
    copies: IntArray = known[pairs[correlations(stacked, pairs) > cut]]
    return copies


def _compared() -> BoolArray:
    down = np.abs(np.fft.fftfreq(DETAIL_SIDE) * DETAIL_SIDE)[:, None]
    across = np.arange(DETAIL_SIDE // 2 + 1)[None]
    radius = np.hypot(down, across)
    compared: BoolArray = (radius >= _LOWEST) & (radius <= _HIGHEST) & (np.minimum(down, across) >= _NOTCH)
    return compared


def _phasors(grains: ImageArray) -> Any:
    table = np.exp(2j * np.pi * np.arange(_LEVELS) / _LEVELS).astype(np.complex64)
    return table[grains]


def _mean_phasor(grains: ImageArray) -> Any:
    """Return the mean of `_phasors` without holding all of them."""
    chunks = np.array_split(grains, len(grains) // 250 + 1)
    return sum(_phasors(chunk).sum(axis=0) for chunk in chunks) / len(grains)


def _unit(spectra: Any) -> Any:
    return spectra / np.maximum(np.sqrt((np.abs(spectra) ** 2).sum(axis=1, keepdims=True)), 1e-6)


def _highest_peak(products: Any) -> FloatArray:
    """Return the highest correlation over the shifts looked at; `products` is (pairs, frequencies)."""
    from scipy.fft import irfft2

    side = 2 * (_HIGHEST + 1)
    reach = int(np.ceil(_LARGEST_SHIFT * side))
    rows, columns = np.nonzero(_compared())
    spectrum = np.zeros((len(products), side, side // 2 + 1), np.complex64)
    spectrum[:, np.where(rows > DETAIL_SIDE // 2, rows - DETAIL_SIDE, rows) % side, columns] = products
    surface = irfft2(spectrum, s=(side, side), workers=2) * (side * side / 2)
    near = np.r_[-reach : reach + 1]
    peaks: FloatArray = surface[:, near][:, :, near].max(axis=(1, 2))
    return peaks


def _whitened(features: FloatArray, ridge: float = 0.01) -> FloatArray:
    """Return unit rows whose inner products weigh every direction of variation alike."""
    from sklearn.decomposition import PCA

    pca = PCA(n_components=min(*features.shape, 512), svd_solver="full")
    scores = pca.fit_transform(features)
    mean_variance = float(pca.explained_variance_.sum()) / features.shape[1]
    scaled = scores / np.sqrt((1 - ridge) * pca.explained_variance_ + ridge * mean_variance + 1e-12)
    lengths = np.sqrt((scaled**2).sum(axis=1, keepdims=True))
    unit: FloatArray = scaled / np.maximum(lengths, 1e-12)
    return unit
