"""What the cache holds of an image for one plan: facts, fingerprint, layers and cells, as bytes."""

from __future__ import annotations

import hashlib
import json
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from anomaly_gui.detection.features.feature_cache import FACTS
from anomaly_gui.detection.features.network_outputs import NetworkOutputs
from anomaly_gui.detection.features.read_images import ReadImage, ReadVariant
from anomaly_gui.detection.images.alignment import Pose
from anomaly_gui.detection.images.locating.locator import Sighting
from anomaly_gui.detection.images.locating.locator_state import (
    digest_locator,
    list_sighting,
    restore_sighting,
)
from anomaly_gui.detection.images.look import Look
from anomaly_gui.detection.images.records import ImageRecord
from anomaly_gui.detection.images.variants.light import UNKNOWN, Light
from anomaly_gui.detection.settings.backbones import VGG16
from anomaly_gui.detection.settings.choices import HELLINGER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from anomaly_gui.detection.features.feature_cache import FeatureCache
    from anomaly_gui.detection.features.plan import Plan
    from anomaly_gui.detection.runtimes.protocol import Runtime

_VERSION = 3
"""Raised with every change of how an image is read or its features are computed."""

_VARIANTS_VERSION = 1
"""Raised with every change of how a variant in another light is drawn or made."""

_FINGERPRINT, _LIGHT = "grain", "light"  # what the cache's rows are named


@dataclass(frozen=True, eq=False)
class CachedFeatures:
    """A cache as one plan sees it.

    Parameters
    ----------
    recipe : what decides the features beside the file's bytes
    with_fingerprint : whether the fingerprint is wanted
    """

    cache: FeatureCache
    plan: Plan
    recipe: str
    with_fingerprint: bool

    @classmethod
    def for_plan(
        cls, cache: FeatureCache, plan: Plan, runtime: Runtime, *, with_fingerprint: bool
    ) -> CachedFeatures:
        """Return the cache's part that fits a plan and a runtime."""
        return cls(cache, plan, describe_recipe(plan, plan.runs_on(runtime)), with_fingerprint)

    @property
    def _grid_name(self) -> str | None:
        if self.plan.grid is None:
            return None
        grid = self.plan.grid.settings
        how = "" if grid.normalization == HELLINGER else f" {grid.normalization}"
        most = "" if grid.most_cells is None else f" of {grid.most_cells}"
        return f"grid {grid.channels} {grid.seed}{how}{most}"

    @property
    def _output_names(self) -> tuple[str, ...]:
        return (*self.plan.features.layers, *((self._grid_name,) if self._grid_name else ()))

    @property
    def _row_names(self) -> tuple[str, ...]:
        fingerprint = (_FINGERPRINT,) if self.with_fingerprint else ()
        return (FACTS, *self._output_names, *fingerprint)

    def find_image(self, path: Path, sha256: str) -> ReadImage | None:
        """Return what is cached of a file, by its bytes and the ending of its name, or None.

        It has no pixels.
        """
        found = self.cache.get(_key_of(path, sha256), self.recipe, self._row_names)
        if found is None:
            return None
        facts: dict[str, Any] = json.loads(found[FACTS])
        return ReadImage(
            record=ImageRecord(path, sha256, facts["width"], facts["height"], tuple(facts["notes"])),
            pose=_restore_pose(facts["pose"]),
            fingerprint=np.frombuffer(found[_FINGERPRINT], np.uint8) if found.get(_FINGERPRINT) else None,
            look=Look(*facts["look"]),
            light=Light.from_values(facts["light"]) if "light" in facts else UNKNOWN,
            outputs=self._outputs_from(found),
        )

    def _outputs_from(self, found: Mapping[str, bytes]) -> NetworkOutputs:
        backbone = self.plan.features.declared_backbone
        pooled = {
            name: np.frombuffer(found[name], np.float32).reshape(1, backbone.find_layer(name).channels)
            for name in self.plan.features.layers
        }
        if self.plan.grid is None or self._grid_name is None:
            return NetworkOutputs(pooled)
        channels = self.plan.grid.settings.channels
        cells = np.frombuffer(found[self._grid_name], np.float16).reshape(1, -1, channels)
        return NetworkOutputs(pooled, cells)

    def find_variant(self, path: Path, sha256: str, number: int) -> ReadVariant | None:
        """Return what is cached of a file's variant in another light, or None."""
        names = (_LIGHT, *self._output_names)
        found = self.cache.get(_key_of_variant(path, sha256, number), self.recipe, names)
        if found is None:
            return None
        light = Light.from_values(np.frombuffer(found[_LIGHT], np.float64).tolist())
        return ReadVariant(light, outputs=self._outputs_from(found))

    def _list_values(self, outputs: NetworkOutputs) -> dict[str, bytes]:
        """Return the bytes of one image's outputs, by their names."""
        values = {name: pooled.tobytes() for name, pooled in outputs.pooled.items()}
        if outputs.cells is not None and self._grid_name is not None:
            values[self._grid_name] = outputs.cells.tobytes()
        return values

    def save_variants(self, images: Sequence[ReadImage], outputs: Sequence[Sequence[NetworkOutputs]]) -> None:
        """Store the variants of images that are new, and what the network yields of each."""
        rows = []
        for image, those in zip(images, outputs, strict=True):
            for number, (variant, one) in enumerate(zip(image.variants, those, strict=True)):
                if variant.outputs is None:
                    light = np.array(variant.light.to_values()).tobytes()
                    key = _key_of_variant(image.record.path, image.record.sha256, number)
                    rows.append((key, {_LIGHT: light, **self._list_values(one)}))
        if rows:
            self.cache.put(self.recipe, rows)

    def save_images(self, images: Sequence[ReadImage], outputs: Sequence[NetworkOutputs]) -> None:
        """Store images and what the network yields of each."""
        rows = []
        for image, one in zip(images, outputs, strict=True):
            values = self._list_values(one)
            if self.with_fingerprint:
                values[_FINGERPRINT] = b"" if image.fingerprint is None else image.fingerprint.tobytes()
            values[FACTS] = _encode_facts(image)
            rows.append((_key_of(image.record.path, image.record.sha256), values))
        if rows:
            self.cache.put(self.recipe, rows)


def describe_recipe(plan: Plan, runtime_name: str) -> str:
    """Return in words what decides features beside an image's bytes.

    VGG16 and squares are not named: what was stored before there were others stays valid.
    """
    alignment = None
    if plan.alignment is not None:
        template = hashlib.sha256(plan.alignment.template.tobytes()).hexdigest()
        alignment = [template, plan.alignment.shifts, plan.alignment.aspect]
    backbone = plan.features.declared_backbone
    values = {
        "version": _VERSION,
        "weights": backbone.sha256,
        "runtime": runtime_name,
        "size": plan.features.size,
        "depth": plan.features.depth,
        "interest": plan.interest.to_values(),
        "alignment": alignment,
    }
    if plan.locator is not None:
        values["locator"] = digest_locator(plan.locator)
    if plan.features.proportions != 1:
        values["proportions"] = plan.features.proportions
    if backbone.name != VGG16.name:
        values |= {"backbone": backbone.name, "spare": backbone.decoding_spare}
    return json.dumps(values, sort_keys=True)


def _key_of(path: Path, sha256: str) -> str:
    return sha256 + path.suffix.lower()


def _list_pose(pose: Pose | Sighting | None) -> Any:
    if isinstance(pose, Sighting):
        return list_sighting(pose)
    return None if pose is None else [pose.angle, *pose.shift]


def _restore_pose(values: Any) -> Pose | Sighting | None:
    if isinstance(values, dict):
        return restore_sighting(values)
    return None if values is None else Pose(values[0], tuple(values[1:]))


def _key_of_variant(path: Path, sha256: str, number: int) -> str:
    return f"{_key_of(path, sha256)} in light {_VARIANTS_VERSION}.{number}"


def _encode_facts(image: ReadImage) -> bytes:
    record, pose = image.record, image.pose
    facts = {
        "width": record.width,
        "height": record.height,
        "notes": record.notes,
        "pose": _list_pose(pose),
        "look": astuple(image.look),
        "light": image.light.to_values(),
    }
    return json.dumps(facts).encode()
