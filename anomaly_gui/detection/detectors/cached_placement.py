"""How parts lie, kept from one training to the next on the same sample of images."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.features.cached_features import describe_recipe
from anomaly_gui.detection.features.plan import Plan
from anomaly_gui.detection.images.alignment import TEMPLATE_SIDE, Alignment
from anomaly_gui.detection.images.loading import read_file
from anomaly_gui.errors import ImageRefusedError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from anomaly_gui.detection.detectors.placement import Placement
    from anomaly_gui.detection.features.feature_cache import FeatureCache
    from anomaly_gui.detection.images.region_of_interest import RegionOfInterest
    from anomaly_gui.detection.settings.feature_settings import FeatureSettings

_NAME = "lying"


@dataclass(frozen=True, eq=False)
class CachedPlacement:
    """The place in a cache for what one sample tells.

    Parameters
    ----------
    sample : SHA-256 of the sample's files
    recipe : what decides beside them
    """

    cache: FeatureCache
    sample: str
    recipe: str

    @classmethod
    def of(
        cls,
        cache: FeatureCache,
        files: Sequence[Path],
        features: FeatureSettings,
        interest: RegionOfInterest,
        pixel_limit: int,
        runtime_name: str,
    ) -> CachedPlacement:
        """Return the place for a sample of files."""
        digest = hashlib.sha256()
        for file in files:
            digest.update(_content(file, pixel_limit).encode())
        recipe = describe_recipe(Plan(features, interest=interest), runtime_name)
        return cls(cache, digest.hexdigest(), recipe)

    def find(self) -> Placement | None:
        """Return what is known, or None."""
        from anomaly_gui.detection.detectors.placement import Placement

        found = self.cache.get(self.sample, self.recipe, (_NAME,))
        if found is None:
            return None
        told = json.loads(found[_NAME])
        alignment = None
        if told["alignment"] is not None:
            template, shifts, aspect = told["alignment"]
            values = np.frombuffer(base64.b64decode(template), np.float32)
            alignment = Alignment(values.reshape(TEMPLATE_SIDE, TEMPLATE_SIDE), shifts, aspect)
        return Placement(told["kind"], told["gain"], told["turned_gain"], alignment)

    def keep(self, lying: Placement) -> None:
        """Keep it for the next time."""
        alignment = None
        if lying.alignment is not None:
            template = base64.b64encode(lying.alignment.template.astype(np.float32).tobytes()).decode()
            alignment = [template, lying.alignment.shifts, lying.alignment.aspect]
        told = {
            "kind": lying.kind,
            "gain": lying.gain,
            "turned_gain": lying.turned_gain,
            "alignment": alignment,
        }
        self.cache.put(self.recipe, [(self.sample, {_NAME: json.dumps(told).encode()})])


def _content(file: Path, pixel_limit: int) -> str:
    try:
        return read_file(file, pixel_limit).sha256
    except ImageRefusedError as error:
        return error.reason
