"""The near-copies of a set of images, kept from one training to the next on the same set."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.grouping.near_copies import NearCopies
from anomaly_gui.detection.kept_features import recipe_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anomaly_gui.detection.feature_cache import FeatureCache
    from anomaly_gui.detection.observing import Plan
    from anomaly_gui.detection.stream import ImageRecord

_NAME, _OUTCOME = "near-copies", "outcome"
_VERSION = 2
"""Raised with every change of how near-copies are told."""


@dataclass(frozen=True, eq=False)
class KeptPairs:
    """The place in a cache for the near-copies of one set.

    Parameters
    ----------
    images : SHA-256 of the images' SHA-256, in their order
    recipe : what decides beside them
    """

    cache: FeatureCache
    images: str
    recipe: str

    @classmethod
    def of(
        cls, cache: FeatureCache, plan: Plan, runtime_name: str, records: Sequence[ImageRecord]
    ) -> KeptPairs:
        """Return the place for a set of images, whose candidates are found by a plan's features."""
        digest = hashlib.sha256()
        for record in records:
            digest.update(bytes.fromhex(record.sha256))
        seen = [_VERSION, plan.features.layers, plan.features.normalization, recipe_of(plan, runtime_name)]
        return cls(cache, digest.hexdigest(), json.dumps(seen))

    def find(self) -> NearCopies | None:
        """Return what was found, or None where it is not known."""
        kept = self.cache.get(self.images, self.recipe, (_NAME, _OUTCOME))
        if kept is None:
            return None
        return NearCopies(np.frombuffer(kept[_NAME], np.int64).reshape(-1, 2), kept[_OUTCOME].decode())

    def keep(self, found: NearCopies) -> None:
        """Keep it for the next time."""
        values = {_NAME: found.pairs.astype(np.int64).tobytes(), _OUTCOME: found.outcome.encode()}
        self.cache.put(self.recipe, [(self.images, values)])
