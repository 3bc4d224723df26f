"""Find images of one part: bursts, exposures, a part put down twice.

Images are compared by their fingerprints at the best shift, after what all of them share has been taken off.
No fixed number tells near-duplicates from mere likeness: how alike different parts are differs from make to
make. They are told by a gap: many pairs below it, some above, next to none between. Without a gap, either all
images show different parts or all show one; then they differ by noise alone, which is as strong in coarse as
in fine frequencies, where parts differ most in coarse ones. Parts of several variants are alike within each
variant: so each larger group found is asked the same questions again.

Tried on solar cells shot 1 to 6 times, bottles, made-up rings, cracks, biscuits, ballscrews, macaroni, bolts
in any direction, four textures, and one to ten parts of six kinds filmed in turn: see
`tests/benchmarks/accuracy/near_duplicates.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.arrays.products import products_on_one_core
from anomaly_gui.detection.grouping.common_fingerprint import CommonFingerprint, Noise, measure_disagreement
from anomaly_gui.detection.grouping.neighbours import KeyedPairs, find_nearest_pairs, whiten_features
from anomaly_gui.detection.grouping.pairs import (
    choose_inside,
    join_to_first,
    label_connected,
    remove_chains,
    split_by_label,
)
from anomaly_gui.detection.images.fingerprint import find_highest_peaks

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.kinds import BoolArray, FloatArray, ImageArray, IntArray, Rows

SEPARABLE, ONE_PART, CANNOT_TELL = "told", "one part", "cannot tell"

NEIGHBOURS = 20
"""Candidates of each image, by features."""

_OTHERS = 2000  # pairs drawn by chance beside them: they say how alike different parts are
_PAIRS_AT_ONCE = 256
_FEWEST_BELOW = 10  # pairs below a gap
_SHARE_BELOW = 0.02
_TIMES_FEWER = 3  # are within a gap than above and below it
_GAP, _WIDE_GAP = 0.4, 1.0  # widths, natural logarithm of the correlation; wide where few pairs lie above it
_MANY = 5
_DEEPEST = 4  # groups within groups that are looked into
_LARGE_GROUP = 8  # images of which it can be told whether they differ by noise alone

# Differences of shots of one part have 2 to 4 times the power in the coarsest band that they have in the
# finest, and 2 times in the next; of different parts 13 to 600, and 4 to 80 (or share nothing at all).
_NOISE = np.array([7.0, 3.6])
_SHARED_BY_SHOTS = 0.45  # of the coarsest band, at least
_AS_FAR = 1.5  # times what is usual in a group may a shot of it be from what the group shares
_COARSE_APART = 0.75  # of what the finest band's phases are apart, the coarsest's at most
_SHARED_BY_ONE = np.array(
    [0.85, 0.85, 0.6, 0.6, 0.6]
)  # less of some band: a variant of the part, not one part
_PERHAPS_ONE = 0.8


@dataclass(frozen=True, eq=False)
class NearDuplicates:
    """What was found among images.

    Parameters
    ----------
    pairs : (pairs, 2) images that show one part
    outcome : SEPARABLE; ONE_PART, where all images do; CANNOT_TELL, where they may and may not
    """

    pairs: IntArray
    outcome: str = SEPARABLE


def find_near_duplicates(
    features: Rows,
    fingerprints: Rows | Sequence[ImageArray | None],
    has_fingerprint: BoolArray | None = None,
) -> NearDuplicates:
    """Find the pairs of images that show one part.

    Parameters
    ----------
    features : (images, features), in memory or on disk; used to find candidates
    fingerprints : of `compute_fingerprint`; None for images too small to tell. Or rows of them, stored or not
    has_fingerprint : (images,) which of such rows hold one; None: all
    """
    has_fingerprint = have_fingerprint(fingerprints, has_fingerprint)
    if has_fingerprint.sum() < 3:
        return NearDuplicates(np.empty((0, 2), np.int64))
    if isinstance(fingerprints, Sequence):
        fingerprints = _stack_fingerprints(fingerprints, has_fingerprint)
    rows = np.flatnonzero(has_fingerprint)
    pairs = add_drawn_pairs(
        find_candidate_pairs(features, rows=None if has_fingerprint.all() else rows), rows
    )
    with products_on_one_core():
        return _search_among(fingerprints, rows, pairs)


def have_fingerprint(
    fingerprints: Rows | Sequence[ImageArray | None], has_fingerprint: BoolArray | None = None
) -> BoolArray:
    """Return which images have a fingerprint, (images,); for the parameters see `find_near_duplicates`."""
    if isinstance(fingerprints, Sequence):
        return np.array([fingerprint is not None for fingerprint in fingerprints], np.bool_)
    return np.ones(len(fingerprints), np.bool_) if has_fingerprint is None else has_fingerprint


def find_candidate_pairs(
    features: Rows, neighbours: int = NEIGHBOURS, rows: IntArray | None = None
) -> IntArray:
    """Return pairs of images whose whitened features are near each other, (pairs, 2), each pair once.

    Parameters
    ----------
    features : (images, features), in memory or on disk
    neighbours : how many nearest images are taken for each
    rows : the images among which pairs are sought, in ascending order; None: all
    """
    pairs = find_nearest_pairs(whiten_features(features, rows), neighbours)
    return pairs if rows is None else rows[pairs]


def correlate_pairs(fingerprints: Rows, pairs: IntArray, common: CommonFingerprint) -> FloatArray:
    """Return how alike the fingerprints of each pair are: about 0.03 for different parts, 1 for one image.

    Parameters
    ----------
    fingerprints : (images, 2 * frequencies) uint8, in memory or on disk
    pairs : (pairs, 2) indices of images; quickest if sorted by the first
    common : what the images share, taken off

    Returns
    -------
    (pairs,) float32
    """
    result = np.empty(len(pairs), np.float32)
    for start in range(0, len(pairs), _PAIRS_AT_ONCE):
        part = pairs[start : start + _PAIRS_AT_ONCE]
        firsts, index = np.unique(part[:, 0], return_inverse=True)  # each has several partners
        products = common.compute_residuals(fingerprints, part[:, 1])
        products *= common.compute_residuals(fingerprints, firsts).conj()[index]
        result[start : start + _PAIRS_AT_ONCE] = find_highest_peaks(products)
    return result


def find_gap(values: FloatArray) -> float | None:
    """Return a number in the clearest gap of (pairs,) correlations, or None where there is no gap.

    >>> find_gap(np.array([*np.linspace(0.02, 0.05, 30), *np.linspace(0.6, 0.9, 8)])) > 0.05
    True
    >>> find_gap(np.linspace(0.02, 0.3, 400)) is None
    True
    """
    logs = np.maximum(values, 1e-6)
    np.log(logs, out=logs)
    logs.sort()  # in place: there may be tens of millions
    least_below = max(_FEWEST_BELOW, _SHARE_BELOW * len(logs))
    found: list[tuple[float, float]] = []
    for top in np.arange(np.log(0.03), 0, 0.05):
        above = len(logs) - int(np.searchsorted(logs, top))
        below = int(np.searchsorted(logs, top - (_GAP if above >= _MANY else _WIDE_GAP)))
        between = len(logs) - above - below
        if below >= least_below and _TIMES_FEWER * between <= min(above, below) and above:
            found.append((min(above, below) / (between + 1), top))
    if not found:
        return None
    clearest = max(found)[0]
    return float(np.exp(np.mean([top for clearness, top in found if clearness == clearest])))


def add_drawn_pairs(pairs: IntArray, rows: IntArray) -> IntArray:
    """Return candidates with pairs of some images drawn by chance, (pairs, 2), sorted, each once."""
    return np.unique(np.concatenate([pairs, draw_pairs(rows)]), axis=0)


def draw_pairs(rows: IntArray) -> IntArray:
    """Return pairs of some images drawn by chance, (pairs, 2), the lower number first."""
    drawn = np.sort(np.random.default_rng(0).choice(rows, (_OTHERS, 2)), axis=1)
    pairs: IntArray = drawn[drawn[:, 0] != drawn[:, 1]]
    return pairs


def _search_among(fingerprints: Rows, rows: IntArray, pairs: IntArray, depth: int = 0) -> NearDuplicates:
    """Look for near-duplicates among some images; `pairs` are of these, each pair once.

    `depth` tells of how many larger groups these images are a group.
    """
    alike = correlate_pairs(fingerprints, pairs, CommonFingerprint.from_images(fingerprints, rows))
    return search_correlated(fingerprints, rows, pairs, alike, depth)


def search_correlated(
    fingerprints: Rows, rows: IntArray, pairs: IntArray | KeyedPairs, alike: FloatArray, depth: int = 0
) -> NearDuplicates:
    """Look for near-duplicates among some images, where it is known how alike pairs of them are.

    Parameters
    ----------
    fingerprints : (images, 2 * frequencies) uint8, in memory or on disk
    rows : the images, ascending
    pairs, alike : pairs of these, each once, and what `correlate_pairs` says of them
    depth : of how many larger groups these images are a group
    """
    gap = find_gap(alike)
    if gap is None:
        return _judge_without_gap(fingerprints, rows)
    links = remove_chains(pairs[alike > gap])
    labels = np.full(int(rows[-1]) + 1, -1)
    numbers, indices = np.unique(links, return_inverse=True)
    labels[numbers] = label_connected(len(numbers), indices.reshape(-1, 2))
    inside = choose_inside(pairs, labels)
    duplicates, outcome = [], SEPARABLE
    of_link = labels[links[:, 0]]
    groups = zip(split_by_label(links, of_link), split_by_label(inside, labels[inside[:, 0]]), strict=True)
    for held, candidates in groups:
        found = _search_group(fingerprints, held, candidates, len(rows), depth)
        duplicates.append(found.pairs)
        outcome = CANNOT_TELL if found.outcome == CANNOT_TELL else outcome
    rest = rows[labels[rows] < 0]
    for held in [
        one for one in duplicates if len(one) >= _LARGE_GROUP - 1
    ]:  # links of a large group, at least
        rest, joined = _find_more_shots(fingerprints, np.unique(held), rest)
        duplicates.append(joined)
    if len(rest) >= _LARGE_GROUP and _is_noise_alone(Noise.from_images(fingerprints, rest)):
        duplicates.append(join_to_first(rest))
    return NearDuplicates(np.concatenate([*duplicates, np.empty((0, 2), np.int64)]), outcome)


def _search_group(
    fingerprints: Rows, links: IntArray, pairs: IntArray, among: int, depth: int
) -> NearDuplicates:
    """Return a group's links, or what is found in it where it is a variant of the part, not one part.

    A group that is all of the `among` images it was found among would be found again, for ever.
    """
    members = np.unique(links)
    noise = Noise.from_images(fingerprints, members)
    if not _are_shots(noise):
        return NearDuplicates(links[:0])
    if len(members) < _LARGE_GROUP or _is_noise_alone(noise) or (noise.shared >= _SHARED_BY_ONE).all():
        return NearDuplicates(links)
    if len(members) == among or depth == _DEEPEST:
        return NearDuplicates(links[:0], CANNOT_TELL)
    found = _search_among(fingerprints, members, pairs, depth + 1)
    # far more alike than others, and yet not by noise alone: a variant, or one part in changing light
    return found if len(found.pairs) else NearDuplicates(found.pairs, CANNOT_TELL)


def _find_more_shots(fingerprints: Rows, group: IntArray, rest: IntArray) -> tuple[IntArray, IntArray]:
    """Return the images left that are no shots of a filmed part, and those that are as pairs with the group.

    In much noise single pairs of shots tell little; what a large group shares has next to none.
    """
    if (
        len(group) < _LARGE_GROUP
        or not len(rest)
        or not _is_noise_alone(Noise.from_images(fingerprints, group))
    ):
        return rest, np.empty((0, 2), np.int64)
    usual = np.quantile(measure_disagreement(fingerprints, group, group), 0.9)
    is_shot = measure_disagreement(fingerprints, group, rest) <= _AS_FAR * usual
    shots = rest[is_shot]
    return rest[~is_shot], np.stack([np.full(len(shots), group[0]), shots], axis=1)


def _judge_without_gap(fingerprints: Rows, rows: IntArray) -> NearDuplicates:
    noise = Noise.from_images(fingerprints, rows)
    if _is_noise_alone(noise):
        return NearDuplicates(join_to_first(rows), ONE_PART)
    may_be_one = noise.shared.min() >= _PERHAPS_ONE
    return NearDuplicates(np.empty((0, 2), np.int64), CANNOT_TELL if may_be_one else SEPARABLE)


def _is_noise_alone(noise: Noise) -> bool:
    return _are_shots(noise) and bool((noise.power[: len(_NOISE)] <= _NOISE).all())


def _are_shots(noise: Noise) -> bool:
    """Tell whether coarse frequencies agree, and better than fine ones: noise hides the fine ones first."""
    apart = 1 - noise.shared
    return bool(noise.shared[0] >= _SHARED_BY_SHOTS and apart[0] <= _COARSE_APART * apart[-1])


def _stack_fingerprints(fingerprints: Sequence[ImageArray | None], has_fingerprint: BoolArray) -> ImageArray:
    length = next(len(fingerprint) for fingerprint in fingerprints if fingerprint is not None)
    array = np.zeros((len(has_fingerprint), length), np.uint8)
    for row, fingerprint in zip(array, fingerprints, strict=True):
        if fingerprint is not None:
            row[:] = fingerprint
    return array
