"""Which images are taken to show one part, and are therefore left out together."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.grouping.near_duplicates import (
    CANNOT_TELL,
    ONE_PART,
    NearDuplicates,
    find_near_duplicates,
    have_fingerprint,
)
from anomaly_gui.detection.grouping.pairs import label_connected
from anomaly_gui.detection.settings.choices import AUTOMATIC, FOLDER, INDEPENDENT, ONE
from anomaly_gui.language import keep, translate, translate_kept

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from anomaly_gui.detection.arrays.kinds import BoolArray, FloatArray, ImageArray, IntArray, Rows
    from anomaly_gui.detection.grouping.cached_pairs import CachedPairs


_FEWEST_PARTS, _MOST_SHOTS = 10, 20  # of names or folders that tell parts; shots of a part in the mean


@dataclass(frozen=True, eq=False)
class Groups:
    """A number for each image; images of one number show one part.

    Parameters
    ----------
    numbers : (images,) from 0
    method : how they were found, in English words, which models keep; shown by `translate_kept`
    in_doubt : whether only who knows the parts can say if images show one part or several
    """

    numbers: IntArray
    method: str
    in_doubt: bool = False

    @property
    def count(self) -> int:
        """How many groups there are."""
        return len(np.unique(self.numbers))

    @property
    def weights(self) -> FloatArray:
        """Each image's share of its group: the weights of a group add up to 1."""
        shares: FloatArray = 1.0 / np.bincount(self.numbers)[self.numbers]
        return shares

    @property
    def held_out_together(self) -> IntArray:
        """Which images are held out together, (images,): each alone where all show one part."""
        return self.numbers if self.count > 1 else np.arange(len(self.numbers))

    def select_images(self, images: IntArray) -> Groups:
        """Return the groups of some images, by their indices."""
        return Groups(np.unique(self.numbers[images], return_inverse=True)[1], self.method, self.in_doubt)

    def __str__(self) -> str:
        return translate(
            "{images} images of {parts} parts ({how})",
            images=len(self.numbers),
            parts=self.count,
            how=translate_kept(self.method),
        )


def merge_groups(numbers: IntArray, most: int) -> IntArray:
    """Return the numbers of at most `most` groups, (images,), into which whole ones were put by turns."""
    merged: IntArray = np.unique(numbers, return_inverse=True)[1] % most
    return merged


def split_by_group(numbers: IntArray) -> list[IntArray]:
    """Return the indices of each group's images."""
    order = np.argsort(numbers, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(numbers[order])) + 1)


def group_images(
    rule: str,
    paths: Sequence[Path],
    features: Rows,
    fingerprints: Rows | Sequence[ImageArray | None],
    has_fingerprint: BoolArray | None = None,
    cached: CachedPairs | None = None,
) -> Groups:
    """Put images of one part into one group.

    Parameters
    ----------
    rule : "auto" finds near-duplicates; "none" takes every image for a part of its own, "one" all for
        one part; "folder" puts the images of a folder together; anything else is a regular expression:
        images for whose names it finds the same text (its first group's, if it has one) belong together. The
        last two find near-duplicates as well.
    paths : (images,)
    features, fingerprints, has_fingerprint : see `find_near_duplicates`
    cached : where near-duplicates of the same images are looked up, and stored
    """
    asked = group_as_asked(rule, len(paths))
    if asked is not None:
        return asked
    found = cached.find_pairs() if cached else None
    if found is None:
        found = find_near_duplicates(features, fingerprints, has_fingerprint)
        if cached:
            cached.save_pairs(found)
    return group_found(rule, paths, found, have_fingerprint(fingerprints, has_fingerprint))


def group_as_asked(rule: str, count: int) -> Groups | None:
    """Return the groups of so many images where the rule alone tells them, or None."""
    if rule == INDEPENDENT:
        return Groups(np.arange(count), keep("taken to be independent, as asked"))
    if rule == ONE:
        return Groups(np.zeros(count, np.int64), keep("taken to show one part, as asked"))
    return None


def group_found(rule: str, paths: Sequence[Path], found: NearDuplicates, seen: BoolArray) -> Groups:
    """Put images of one part into one group, where near-duplicates are known; see `group_images`.

    `seen` tells which images have a fingerprint, (images,).
    """
    if rule == AUTOMATIC and (found.outcome == CANNOT_TELL or not seen.any()):
        return _group_without_fingerprints(paths, found, seen)
    by_rule = [] if rule == AUTOMATIC else _pairs_by_key([_key_of(rule, path) for path in paths])
    numbers = label_connected(len(paths), _concatenate_pairs(by_rule, found.pairs))
    return Groups(
        numbers, _describe_method(rule, found, seen), found.outcome == ONE_PART and rule == AUTOMATIC
    )


def _group_without_fingerprints(paths: Sequence[Path], found: NearDuplicates, seen: BoolArray) -> Groups:
    """Group by names or folders where the images themselves cannot tell, or take them to be independent."""
    why = (
        keep("these are too alike to tell near-duplicates from parts")
        if seen.any()
        else keep("images this small cannot tell near-duplicates")
    )
    by_names, by_folders = (
        keep("told by their names: {why}", why=why),
        keep("told by their folders: {why}", why=why),
    )
    for keys, method in ((_item_keys(paths), by_names), ([str(path.parent) for path in paths], by_folders)):
        if _tell_parts(keys):
            numbers = label_connected(len(paths), _concatenate_pairs(_pairs_by_key(keys), found.pairs))
            return Groups(numbers, method, bool(seen.any()))
    method = (
        keep("near-duplicates found by their fingerprints, others taken to be independent: {why}", why=why)
        if len(found.pairs)
        else keep("taken to be independent: {why}", why=why)
    )
    return Groups(label_connected(len(paths), found.pairs), method, bool(seen.any()))


def _item_keys(paths: Sequence[Path]) -> list[str | None]:
    """Return what stands before the last of several numbers in each name: ITEM07_Part3 is one of ITEM07's."""
    found = [re.fullmatch(r"(.*\d)\D+\d+", path.stem) for path in paths]
    return [str(path.parent / match[1]) if match else None for path, match in zip(paths, found, strict=True)]


def _tell_parts(keys: Sequence[str | None]) -> bool:
    """Tell whether keys look like those of parts shot a few times each, not of cameras."""
    parts = len(set(keys))
    return None not in keys and _FEWEST_PARTS <= parts < len(keys) <= _MOST_SHOTS * parts


def _concatenate_pairs(*pairs: Sequence[tuple[int, int]] | IntArray) -> IntArray:
    return np.concatenate([np.array(each, np.int64).reshape(-1, 2) for each in pairs])


def _describe_method(rule: str, found: NearDuplicates, looked_at: BoolArray) -> str:
    seen = int(looked_at.sum())
    if seen and found.outcome == ONE_PART:
        how = keep("all differ by noise alone")
    elif seen == len(looked_at):
        how = keep("near-duplicates found by their fingerprints")
    elif seen:
        how = keep(
            "near-duplicates found by their fingerprints among {seen} of them, the others too small to tell",
            seen=seen,
        )
    else:
        how = ""
    return how if rule == AUTOMATIC else _name_rule(rule, how)


def _name_rule(rule: str, how: str) -> str:
    """Return how images were put together by a rule, and how else."""
    if rule == FOLDER:
        return keep("one folder or {how}", how=how) if how else keep("one folder")
    if how:
        return keep("names alike in {rule!r} or {how}", rule=rule, how=how)
    return keep("names alike in {rule!r}", rule=rule)


def _key_of(rule: str, path: Path) -> str | None:
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
