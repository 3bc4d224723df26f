"""Which images are learned from: fixed by a seed, and never of a part that is judged as well."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from anomaly_gui.detection.arrays.kinds import IntArray

EVERY = "all"
"""Instead of a number of images: all there are."""


@dataclass(frozen=True)
class SplitName:
    """A seed, and how many images are learned from: a number, or `EVERY`."""

    seed: int
    count: str


def list_splits(counts: Iterable[str], seeds: int, available: int) -> Iterator[SplitName]:
    """Yield the splits of a kind: all images can be chosen in one way only.

    >>> [(one.count, one.seed) for one in list_splits(("10", "50", "all"), 2, 31)]
    [('10', 0), ('10', 1), ('all', 0)]
    """
    for count in counts:
        if count == EVERY:
            yield SplitName(0, EVERY)
        elif int(count) < available:
            for seed in range(seeds):
                yield SplitName(seed, count)


def choose_to_learn(pool: IntArray, unseen: IntArray, numbers: IntArray, split: SplitName) -> IntArray:
    """Return the indices of the images to learn from, ascending; those of a smaller count are among them.

    Parameters
    ----------
    pool, unseen : indices of good images that may be learned from, and of those that are judged
    numbers : (images,) the part that each one shows; parts of `unseen` are not learned from
    """
    apart = pool[~np.isin(numbers[pool], numbers[unseen])]
    if split.count == EVERY:
        return np.sort(apart)
    order = np.random.default_rng(split.seed).permutation(apart)
    return np.sort(order[: int(split.count)])
