"""Which images are taken to show one part, and are therefore left out together."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.near_copies import have_grain, near_copies
from anomaly_gui.errors import ParameterError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from anomaly_gui.detection.arrays import BoolArray, FloatArray, ImageArray, IntArray, Rows
    from anomaly_gui.detection.kept_pairs import KeptPairs

AUTOMATIC, INDEPENDENT, FOLDER = "auto", "none", "folder"


@dataclass(frozen=True, eq=False)
class Groups:
    """A number for each image; images of one number show one part.

    Parameters
    ----------
    numbers : (images,) from 0
    method : how they were told, in words, for the user
    """

    numbers: IntArray
    method: str

    @property
    def count(self) -> int:
        """How many groups there are."""
        return len(np.unique(self.numbers))

    @property
    def weights(self) -> FloatArray:
        """Each image's share of its group: the weights of a group add up to 1."""
        shares: FloatArray = 1.0 / np.bincount(self.numbers)[self.numbers]
        return shares

    def of(self, images: IntArray) -> Groups:
        """Return the groups of some images, by their places."""
        return Groups(np.unique(self.numbers[images], return_inverse=True)[1], self.method)

    def __str__(self) -> str:
        return f"{len(self.numbers)} images of {self.count} parts ({self.method})"


def rows_of_groups(numbers: IntArray) -> list[IntArray]:
    """Return the places of each group's images."""
    order = np.argsort(numbers, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(numbers[order])) + 1)


def check_rule(rule: str) -> None:
    """Raise ParameterError unless `rule` is "auto", "none", "folder" or a regular expression."""
    try:
        re.compile(rule)
    except re.error as error:
        raise ParameterError(
            f"--group-by {rule!r} is not auto, none, folder or a valid regular expression: {error}."
        ) from error


def group_images(
    rule: str,
    paths: Sequence[Path],
    features: Rows,
    grains: Rows | Sequence[ImageArray | None],
    known: BoolArray | None = None,
    kept: KeptPairs | None = None,
) -> Groups:
    """Put images of one part into one group.

    Parameters
    ----------
    rule : "auto" finds near-copies; "none" takes every image for a part of its own; "folder" puts the images
        of a folder together; anything else is a regular expression: images for whose names it finds the same
        text (its first group's, if it has one) belong together. The last two find near-copies as well.
    paths : (images,)
    features, grains, known : see `near_copies`
    kept : where near-copies of the same images are looked up, and kept
    """
    if rule == INDEPENDENT:
        return Groups(np.arange(len(paths)), "taken to be independent, as asked")
    by_rule = [] if rule == AUTOMATIC else _pairs_by_key([_key(rule, path) for path in paths])
    copies = kept.find() if kept else None
    if copies is None:
        copies = near_copies(features, grains, known)
        if kept:
            kept.keep(copies)
    pairs = np.concatenate([np.array(by_rule, np.int64).reshape(-1, 2), copies])
    return Groups(_joined(len(paths), pairs), _method(rule, have_grain(grains, known)))


def _method(rule: str, looked_at: BoolArray) -> str:
    named = {AUTOMATIC: [], FOLDER: ["one folder"]}.get(rule, [f"names alike in {rule!r}"])
    seen = int(looked_at.sum())
    if seen == len(looked_at):
        found = ["near-copies found by their fine grain"]
    elif seen:
        found = [f"near-copies found by their fine grain among {seen} of them, the others too small to tell"]
    else:
        found = [] if named else ["taken to be independent: images this small cannot tell near-copies"]
    return " or ".join([*named, *found])


def _key(rule: str, path: Path) -> str | None:
    if rule == FOLDER:
        return str(path.parent)
    match = re.search(rule, path.name)
    if match is None:
        return None
    return match.group(1) if match.re.groups else match.group(0)


def _pairs_by_key(keys: Iterable[str | None]) -> list[tuple[int, int]]:
    members: dict[str, list[int]] = defaultdict(list)
    for index, key in enumerate(keys):
        if key is not None:
            members[key].append(index)
    return [(same[0], other) for same in members.values() for other in same[1:]]


def _joined(count: int, pairs: IntArray) -> IntArray:
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    graph = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(count, count))
    numbers: IntArray = connected_components(graph, directed=False)[1]
    return numbers
