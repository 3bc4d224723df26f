"""What the cache holds of an image for one plan: facts, fine grain, layers and cells, as bytes."""

from __future__ import annotations

import hashlib
import json
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from anomaly_gui.detection.features.feature_cache import FACTS
from anomaly_gui.detection.features.network_outputs import NetworkOutputs
from anomaly_gui.detection.images.alignment import Pose
from anomaly_gui.detection.images.look import Look
from anomaly_gui.detection.runtimes.vgg16 import WEIGHTS_SHA256
from anomaly_gui.detection.settings.layers import LAYERS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from anomaly_gui.detection.arrays.kinds import ImageArray
    from anomaly_gui.detection.features.feature_cache import FeatureCache
    from anomaly_gui.detection.features.plan import Plan
    from anomaly_gui.detection.features.read_images import ReadImage
    from anomaly_gui.detection.images.records import ImageRecord

_VERSION = 3
"""Raised with every change of how an image is read or its features are computed."""

_GRAIN = "grain"


@dataclass(frozen=True, eq=False)
class Known:
    """What is known of an image from before; see `stream.ReadImage`."""

    width: int
    height: int
    notes: tuple[str, ...]
    pose: Pose | None
    grain: ImageArray | None
    look: Look
    taken: NetworkOutputs


@dataclass(frozen=True, eq=False)
class CachedFeatures:
    """A cache as one plan sees it.

    Parameters
    ----------
    recipe : what decides the features beside the file's bytes
    with_fingerprint : whether the fine grain is wanted
    """

    cache: FeatureCache
    plan: Plan
    recipe: str
    with_fingerprint: bool

    @classmethod
    def for_plan(
        cls, cache: FeatureCache, plan: Plan, runtime_name: str, *, with_fingerprint: bool
    ) -> CachedFeatures:
        """Return the cache's part that fits a plan and a runtime."""
        return cls(cache, plan, recipe_of(plan, runtime_name), with_fingerprint)

    @property
    def _grid_name(self) -> str | None:
        if self.plan.grid is None:
            return None
        return f"grid {self.plan.grid.settings.channels} {self.plan.grid.settings.seed}"

    @property
    def _row_names(self) -> tuple[str, ...]:
        grid = (self._grid_name,) if self._grid_name else ()
        grain = (_GRAIN,) if self.with_fingerprint else ()
        return (FACTS, *self.plan.features.layers, *grid, *grain)

    def find_image(self, sha256: str, ending: str) -> Known | None:
        """Return what is known of a file with these bytes and this ending of its name, or None."""
        found = self.cache.get(sha256 + ending, self.recipe, self._row_names)
        if found is None:
            return None
        facts: dict[str, Any] = json.loads(found[FACTS])
        grain = np.frombuffer(found[_GRAIN], np.uint8) if found.get(_GRAIN) else None
        pose = None if facts["pose"] is None else Pose(facts["pose"][0], tuple(facts["pose"][1:]))
        size, notes, look = (facts["width"], facts["height"]), tuple(facts["notes"]), Look(*facts["look"])
        return Known(*size, notes, pose, grain, look, self._outputs_from(found))

    def _outputs_from(self, found: Mapping[str, bytes]) -> NetworkOutputs:
        pooled = {
            name: np.frombuffer(found[name], np.float32).reshape(1, LAYERS[name])
            for name in self.plan.features.layers
        }
        if self.plan.grid is None or self._grid_name is None:
            return NetworkOutputs(pooled)
        channels = self.plan.grid.settings.channels
        cells = np.frombuffer(found[self._grid_name], np.float16).reshape(1, -1, channels)
        return NetworkOutputs(pooled, cells)

    def save_outputs(self, images: Sequence[ReadImage], taken: NetworkOutputs) -> None:
        """Keep what was taken of images, row by row."""
        rows = []
        for place, image in enumerate(images):
            values = {name: rows_of[place].tobytes() for name, rows_of in taken.pooled.items()}
            if taken.cells is not None and self._grid_name is not None:
                values[self._grid_name] = taken.cells[place].tobytes()
            if self.with_fingerprint:
                values[_GRAIN] = b"" if image.grain is None else image.grain.tobytes()
            values[FACTS] = _encode_facts(image)
            rows.append((image.record.sha256 + image.record.path.suffix.lower(), values))
        self.cache.put(self.recipe, rows)


def recipe_of(plan: Plan, runtime_name: str) -> str:
    """Return in words what decides features beside an image's bytes."""
    alignment = None
    if plan.alignment is not None:
        template = hashlib.sha256(plan.alignment.template.tobytes()).hexdigest()
        alignment = [template, plan.alignment.shifts, plan.alignment.aspect]
    values = {
        "version": _VERSION,
        "weights": WEIGHTS_SHA256,
        "runtime": runtime_name,
        "size": plan.features.size,
        "depth": plan.features.depth,
        "interest": plan.interest.to_values(),
        "alignment": alignment,
    }
    return json.dumps(values, sort_keys=True)


def _encode_facts(image: ReadImage) -> bytes:
    record: ImageRecord = image.record
    pose = None if image.pose is None else [image.pose.angle, *image.pose.shift]
    facts = {
        "width": record.width,
        "height": record.height,
        "notes": record.notes,
        "pose": pose,
        "look": astuple(image.look),
    }
    return json.dumps(facts).encode()
