"""Images among the good ones that are no good ones: foreign things, black frames, a lens out of focus.

Such an image makes a threshold that is low enough to let it pass, and with it every defect. It is told from
the distances of all images to fits without them, by their median and median absolute deviation, neither of
which it can move, and by the gap that parts it from the others. The cuts are beyond what good images reach on
nearly every kind of part tried (`tests/benchmarks/accuracy/odd_images.py`): of eight kinds, in draws of 20 to
300 images, up to 0.5 in 100 good images were named, of a ninth 2 of 31; and 98 of 100 foreign, black or noisy
ones planted among them. An odd but good part is to be learned from, and not to be rejected tomorrow.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.language import keep, translate_kept

if TYPE_CHECKING:
    from pathlib import Path

    from anomaly_gui.detection.arrays.kinds import BoolArray, FloatArray, IntArray


MOST = 0.1
"""Share of the images that may be suspects: more of them are no slips, but another kind of part."""

FEWEST = 8
"""Images from which a median tells what is usual."""

_FAR, _GAP, _FARTHEST = 7.0, 2.5, 20.0  # robust standard deviations; beyond the last no gap is needed
_FLAT = 1.0  # grey levels of contrast
_DARK, _BRIGHT = 10.0, 245.0
_FLAT_REASONS = {
    "dark": keep("is all black"),
    "bright": keep("is all white"),
    "grey": keep("is of one grey or colour, without a part"),
}
_BLURRED, _BLURRED_BY = 0.4, 8.0  # of the usual sharpness, and robust standard deviations of its logarithm
_EMPTY = 0.15  # share of the rows that are empty beyond what is usual
# silhouettes of one kind of part split in two, and of two kinds, on 15 kinds: VGG16's features under the
# Hellinger map 0.02 to 0.45, and 0.50 to 0.90; a light backbone's with each number on its own scale 0.06 to
# 0.42, and 0.45 to 0.82 (without: 0.05 to 0.51, and 0.51 to 0.92)
_KINDS_APART, _SCALED_KINDS_APART = 0.5, 0.45
_STARTS, _STEPS = 5, 30  # of k-means


@dataclass(frozen=True)
class Suspect:
    """An image unlike the other good ones.

    Parameters
    ----------
    index : of the image
    reason : why, to stand behind its name: "is all black"
    """

    index: int
    reason: str

    @property
    def is_flat(self) -> bool:
        """Tell whether the image is of one colour throughout."""
        return self.reason in _FLAT_REASONS.values()


@dataclass(frozen=True)
class SuspectImage:
    """The file of a suspect, and the reason."""

    path: Path
    reason: str

    def translate(self) -> SuspectImage:
        """Return it with the reason in the language in use: models keep it in English."""
        return SuspectImage(self.path, translate_kept(self.reason))


def find_by_look(looks: FloatArray) -> list[Suspect]:
    """Find frames that are flat, out of focus or half empty among (images, 4) looks."""
    flat = looks[:, 1] < _FLAT
    found = [Suspect(int(index), _name_flatness(looks[index, 0])) for index in np.flatnonzero(flat)]
    rich = np.flatnonzero(~flat)
    if len(rich) >= FEWEST:
        blurred, cut = _find_blurred(looks[rich, 2]), _find_cut_off(looks[rich, 3])
        found += [Suspect(int(index), keep("is out of focus")) for index in rich[blurred]]
        found += [Suspect(int(index), keep("ends in an empty area")) for index in rich[cut & ~blurred]]
    return sorted(found, key=lambda suspect: suspect.index)


def find_by_distance(distances: FloatArray) -> IntArray:
    """Return the indices of images far from the others, by their squared distances to fits without them.

    Distances are brought to their cube roots, which are near normal for a Gaussian's (Wilson and Hilferty,
    1931). `distances` is (images,).
    """
    none = np.empty(0, np.int64)
    if len(distances) < FEWEST:
        return none
    apart = measure_deviations(np.cbrt(distances))
    order = np.argsort(apart)[::-1]
    sorted_ = apart[order]
    count = 0
    for number in range(1, count_most(len(distances)) + 1):
        lowest, next_ = sorted_[number - 1], sorted_[number]
        if lowest >= _FARTHEST or (lowest >= _FAR and lowest - next_ >= _GAP):
            count = number
    return np.sort(order[:count]) if count else none


def find_kinds(vectors: FloatArray, *, scale: bool = False) -> IntArray:
    """Return 0 for the larger and 1 for the smaller of two kinds of images, (images,); zeros for one kind.

    Parameters
    ----------
    vectors : (images, features)
    scale : whether each feature is brought to its own standard deviation first: where nothing has brought
        them to like sizes, a few large ones would decide alone
    """
    one_kind = np.zeros(len(vectors), np.int64)
    if len(vectors) < FEWEST or not np.ptp(vectors, axis=0).any():
        return one_kind
    if scale:
        deviations = vectors.std(axis=0)
        vectors = (vectors - vectors.mean(axis=0)) / np.where(deviations > 0, deviations, 1)
    labels = _split_in_two(vectors)
    smaller: IntArray = (labels == np.argmin(np.bincount(labels))).astype(np.int64)
    apart = _SCALED_KINDS_APART if scale else _KINDS_APART
    if not smaller.any() or measure_silhouette(vectors, smaller) < apart:
        return one_kind
    return smaller


def _split_in_two(vectors: FloatArray) -> IntArray:
    """Return the labels of two clusters, (images,): the best of a few starts."""
    from scipy.cluster.vq import ClusterError, kmeans2  # late; scikit-learn's takes half a second to import

    best, least = np.zeros(len(vectors), np.int64), np.inf
    random = np.random.default_rng(0)
    for _ in range(_STARTS):
        try:
            centres, labels = kmeans2(vectors, 2, iter=_STEPS, minit="++", missing="raise", rng=random)
        except ClusterError:  # this start leads to one cluster only
            continue
        apart = float(((vectors - centres[labels]) ** 2).sum())
        if apart < least:
            best, least = labels.astype(np.int64), apart
    return best


def measure_silhouette(vectors: FloatArray, labels: IntArray) -> float:
    """Return the mean silhouette of two clusters (Rousseeuw, 1987), from -1 to 1: how well they are parted.

    Parameters
    ----------
    vectors : (images, features)
    labels : (images,) 0 or 1, both of them
    """
    centred = vectors - vectors.mean(axis=0)  # the closer to nought, the more digits of a distance are left
    lengths = np.einsum("ij,ij->i", centred, centred)
    squared = lengths[:, None] + lengths - 2 * (centred @ centred.T)
    np.fill_diagonal(squared, 0)
    distances = np.sqrt(np.maximum(squared, 0))
    members = np.stack([labels == 0, labels == 1], axis=1)
    sums, counts = distances @ members, members.sum(axis=0)
    every = np.arange(len(labels))
    within = sums[every, labels] / np.maximum(counts[labels] - 1, 1)
    between = sums[every, 1 - labels] / counts[1 - labels]
    larger = np.maximum(within, between)
    told = (counts[labels] > 1) & (larger > 0)
    return float(np.where(told, (between - within) / np.where(larger > 0, larger, 1), 0).mean())


def measure_deviations(values: FloatArray) -> FloatArray:
    """Return how many robust standard deviations (images,) values are from their median."""
    middle = np.median(values)
    apart = values - middle
    spread = 1.4826 * np.median(np.abs(apart))
    usual: FloatArray = apart / max(float(spread), 1e-9 * max(1.0, abs(float(middle))))
    return usual


def count_most(count: int) -> int:
    """Return how many of `count` images may be suspects."""
    return max(1, int(MOST * count))


def _name_flatness(brightness: float) -> str:
    if brightness <= _DARK:
        return _FLAT_REASONS["dark"]
    return _FLAT_REASONS["bright" if brightness >= _BRIGHT else "grey"]


def _find_blurred(sharpness: FloatArray) -> BoolArray:
    logs = np.log(np.maximum(sharpness, 1e-6))
    blurred: BoolArray = (measure_deviations(logs) < -_BLURRED_BY) & (
        logs - np.median(logs) < np.log(_BLURRED)
    )
    return blurred


def _find_cut_off(empty: FloatArray) -> BoolArray:
    """Tell images of which the last rows are missing: those of nearly all others end in no such area."""
    usual = np.quantile(empty, 1 - MOST, method="lower")
    cut: BoolArray = empty > usual + _EMPTY
    return cut
