"""What a comparison found, cached for trainings on the same good images: these must not deny it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from anomaly_gui.detection.candidates.recommending import Compared
from anomaly_gui.detection.detectors.placement.cached_placement import digest_sample
from anomaly_gui.language import ENGLISH, find_language, list_languages, speak

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from anomaly_gui.detection.features.feature_cache import FeatureCache
    from anomaly_gui.detection.images.region_of_interest import RegionOfInterest

_NAME = "comparison 2"  # the number goes up with what is stored


@dataclass(frozen=True, eq=False)
class RememberedComparison:
    """Where a cache holds what a comparison found by known defects.

    Parameters
    ----------
    sample : SHA-256 of a sample of the good images
    recipe : what decides beside them
    """

    cache: FeatureCache
    sample: str
    recipe: str

    @classmethod
    def of(
        cls, cache: FeatureCache, good: Sequence[Path], interest: RegionOfInterest, pixel_limit: int
    ) -> RememberedComparison:
        """Return where a cache holds that of good images."""
        return cls(cache, digest_sample(good, pixel_limit), f"{_NAME} of {interest!r}")

    def find(self) -> Compared | None:
        """Return what is known, or None."""
        found = self.cache.get(self.sample, self.recipe, (_NAME,))
        if found is None:
            return None
        stored = json.loads(found[_NAME])
        return Compared(stored["choice"], stored["why"].get(find_language(), stored["why"][ENGLISH]))

    def store(self, choice: Mapping[str, str | int | None], describe: Callable[[], str]) -> None:
        """Store it for trainings to come; `describe` says why, which is stored in every language."""
        why = {}
        for language in list_languages():
            with speak(language):
                why[language] = describe()
        stored = json.dumps({"choice": dict(choice), "why": why}).encode()
        self.cache.put(self.recipe, [(self.sample, {_NAME: stored})])
