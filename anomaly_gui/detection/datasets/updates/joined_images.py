"""Images that were learned before and new ones as one set, by what the model kept of the former."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.features.collection import Collection, Fingerprints
from anomaly_gui.detection.grouping.groups import Groups, group_images
from anomaly_gui.detection.grouping.pairs import label_connected
from anomaly_gui.language import keep

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.kinds import IntArray
    from anomaly_gui.detection.features.variants import Variants


def join_collections(images: Collection, added: Collection) -> Collection:
    """Return images and new ones behind them, without cells; their fingerprints are of one length.

    Variants are joined where there are any before: what learned none learns none later.
    """
    length = max(images.fingerprints.rows.shape[1], added.fingerprints.rows.shape[1])
    each = (images.fingerprints, added.fingerprints)
    rows = [np.asarray(one.rows) if one.rows.shape[1] else np.zeros((len(one.rows), length)) for one in each]
    return replace(
        images,
        records=(*images.records, *added.records),
        vectors=np.concatenate([np.asarray(one.vectors, np.float32) for one in (images, added)]),
        fingerprints=Fingerprints(
            np.concatenate(rows).astype(np.uint8), np.concatenate([one.has_fingerprint for one in each])
        ),
        looks=np.concatenate([images.looks, added.looks]),
        lights=np.concatenate([images.lights, added.lights]),
        variants=_join_variants(images, added),
    )


def _join_variants(images: Collection, added: Collection) -> Variants | None:
    if images.variants is None or added.variants is None:
        return images.variants
    return images.variants.join(added.variants, len(images.records))


def join_groups(known: Groups, images: Collection, rule: str) -> Groups:
    """Return the groups of all images: those known stay, and new ones join whom they are found with."""
    fingerprints, stay = images.fingerprints, len(known.numbers)
    paths = [record.path for record in images.records]
    found = group_images(rule, paths, images.vectors, fingerprints.rows, fingerprints.has_fingerprint)
    pairs = np.concatenate([_pair_with_first(known.numbers), _pair_with_new(found.numbers, stay)])
    numbers = label_connected(len(paths), pairs)
    if lacks_fingerprints(images, stay):
        return Groups(numbers, keep("{how}; new ones among themselves", how=known.method), found.in_doubt)
    return Groups(numbers, found.method, found.in_doubt)


def lacks_fingerprints(images: Collection, stay: int) -> bool:
    """Tell whether new images, those after the first `stay`, have fingerprints and none of the others has."""
    has = images.fingerprints.has_fingerprint
    return bool(has[stay:].any() and not has[:stay].any())


def _pair_with_new(numbers: IntArray, stay: int) -> IntArray:
    """Return pairs of images with the first new one of their group, where there is any, (pairs, 2)."""
    news, firsts = np.unique(numbers[stay:], return_index=True)
    first_of = np.full(numbers.max() + 1, -1)
    first_of[news] = stay + firsts
    mates = np.flatnonzero(first_of[numbers] >= 0)
    return np.stack([mates, first_of[numbers[mates]]], axis=1)


def _pair_with_first(numbers: IntArray) -> IntArray:
    """Return pairs of each image with the first one of its group, (images, 2)."""
    firsts = np.unique(numbers, return_index=True, return_inverse=True)
    return np.stack([firsts[1][firsts[2]], np.arange(len(numbers))], axis=1)
