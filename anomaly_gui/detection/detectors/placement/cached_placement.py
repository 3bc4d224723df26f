"""How parts lie, cached from one training to the next on the same sample of images."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from anomaly_gui.detection.features.cached_features import describe_recipe
from anomaly_gui.detection.features.plan import Plan
from anomaly_gui.detection.images.alignment import TEMPLATE_SIDE, Alignment
from anomaly_gui.detection.images.loading import read_file
from anomaly_gui.detection.images.locating.locator_state import (
    SHAPES,
    collect_arrays,
    describe_locator,
    restore_locator,
)
from anomaly_gui.errors import ImageRefusedError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from anomaly_gui.detection.arrays.kinds import FloatArray
    from anomaly_gui.detection.detectors.placement.placement import Placement
    from anomaly_gui.detection.features.feature_cache import FeatureCache
    from anomaly_gui.detection.images.locating.locator import Locator
    from anomaly_gui.detection.images.region_of_interest import RegionOfInterest
    from anomaly_gui.detection.settings.feature_settings import FeatureSettings

_SAMPLE = 60  # images
_NAME = "placement 3"  # the number goes up with what decides how parts lie


@dataclass(frozen=True, eq=False)
class CachedPlacement:
    """Where a cache holds how the parts of one sample lie.

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
        *,
        may_locate: bool = False,
        drawn_on: Path | None = None,
    ) -> CachedPlacement:
        """Return where a cache holds that of a sample of files."""
        drawn = [drawn_on] if drawn_on and may_locate and interest else []
        recipe = describe_recipe(Plan(features, interest=interest), runtime_name)
        recipe += " located" if may_locate else ""
        return cls(cache, _digest_files([*files, *drawn], pixel_limit), recipe)

    def find(self) -> Placement | None:
        """Return what is known, or None."""
        from anomaly_gui.detection.detectors.placement.placement import Placement

        found = self.cache.get(self.sample, self.recipe, (_NAME,))
        if found is None:
            return None
        stored = json.loads(found[_NAME])
        alignment = None
        if stored["alignment"] is not None:
            template, shifts, aspect = stored["alignment"]
            alignment = Alignment(_decode(template).reshape(TEMPLATE_SIDE, TEMPLATE_SIDE), shifts, aspect)
        return Placement(
            stored["kind"],
            stored["gain"],
            stored["turned_gain"],
            alignment,
            locator=_restore_stored(stored["locator"]),
            located_gain=stored["located_gain"],
        )

    def store(self, placement: Placement) -> None:
        """Store it for the next time."""
        alignment = None
        if placement.alignment is not None:
            found = placement.alignment
            alignment = [_encode(found.template), found.shifts, found.aspect]
        stored = {
            "kind": placement.kind,
            "gain": placement.gain,
            "turned_gain": placement.turned_gain,
            "alignment": alignment,
            "locator": _list_stored(placement.locator),
            "located_gain": placement.located_gain,
        }
        self.cache.put(self.recipe, [(self.sample, {_NAME: json.dumps(stored).encode()})])


def _list_stored(locator: Locator | None) -> list[Any] | None:
    if locator is None:
        return None
    arrays = {name: _encode(values) for name, values in collect_arrays(locator).items()}
    return [describe_locator(locator), arrays]


def _restore_stored(stored: list[Any] | None) -> Locator | None:
    if stored is None:
        return None
    described, arrays = stored
    return restore_locator(
        described, {name: _decode(arrays[name]).reshape(shape) for name, shape in SHAPES.items()}
    )


def _encode(values: FloatArray) -> str:
    return base64.b64encode(values.astype(np.float32).tobytes()).decode()


def _decode(text: str) -> FloatArray:
    values: FloatArray = np.frombuffer(base64.b64decode(text), np.float32)
    return values


def pick_sample(files: Sequence[Path]) -> list[Path]:
    """Return some of the good images, evenly spread: those that placement is found on."""
    return [files[k] for k in np.unique(np.linspace(0, len(files) - 1, _SAMPLE).astype(int))]


def digest_sample(files: Sequence[Path], pixel_limit: int) -> str:
    """Return the SHA-256 of the contents of some of the good images."""
    return _digest_files(pick_sample(files) if files else [], pixel_limit)


def _digest_files(files: Sequence[Path], pixel_limit: int) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(_digest_file(file, pixel_limit).encode())
    return digest.hexdigest()


def _digest_file(file: Path, pixel_limit: int) -> str:
    try:
        return read_file(file, pixel_limit).sha256
    except ImageRefusedError as error:
        return error.reason
