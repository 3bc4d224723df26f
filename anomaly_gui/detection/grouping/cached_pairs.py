"""The near-duplicates of a set of images, cached from one training to the next on the same set."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.features.cached_features import describe_recipe
from anomaly_gui.detection.grouping.near_duplicates import NearDuplicates

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anomaly_gui.detection.features.feature_cache import FeatureCache
    from anomaly_gui.detection.features.plan import Plan
    from anomaly_gui.detection.images.records import ImageRecord

_NAME, _OUTCOME = "near-copies", "outcome"  # what the cache's rows are named
_VERSION = 2
"""Raised with every change of how near-duplicates are found."""


@dataclass(frozen=True, eq=False)
class CachedPairs:
    """The part of a cache for the near-duplicates of one set.

    Parameters
    ----------
    images : SHA-256 of the images' SHA-256, in their order
    recipe : what decides beside them
    """

    cache: FeatureCache
    images: str
    recipe: str

    @classmethod
    def for_images(
        cls, cache: FeatureCache, plan: Plan, runtime_name: str, records: Sequence[ImageRecord]
    ) -> CachedPairs:
        """Return the part for a set of images, whose candidates are found by a plan's features."""
        digest = hashlib.sha256()
        for record in records:
            digest.update(bytes.fromhex(record.sha256))
        recipe = [
            _VERSION,
            plan.features.layers,
            plan.features.normalization,
            describe_recipe(plan, runtime_name),
        ]
        return cls(cache, digest.hexdigest(), json.dumps(recipe))

    def find_pairs(self) -> NearDuplicates | None:
        """Return what was found, or None where it is not cached."""
        cached = self.cache.get(self.images, self.recipe, (_NAME, _OUTCOME))
        if cached is None:
            return None
        pairs = np.frombuffer(cached[_NAME], np.int64).reshape(-1, 2)
        return NearDuplicates(pairs, cached[_OUTCOME].decode())

    def save_pairs(self, found: NearDuplicates) -> None:
        """Store it for the next time."""
        values = {_NAME: found.pairs.astype(np.int64).tobytes(), _OUTCOME: found.outcome.encode()}
        self.cache.put(self.recipe, [(self.images, values)])
