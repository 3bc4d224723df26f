"""A locator as plain values and arrays, for model files and the cache, and back."""

from __future__ import annotations

import hashlib
import json
from dataclasses import astuple
from typing import TYPE_CHECKING, Any

import numpy as np

from anomaly_gui.detection.images.locating.ground import Ground
from anomaly_gui.detection.images.locating.locator import Locator, Sighting
from anomaly_gui.detection.images.locating.registration import WINDOW, Template
from anomaly_gui.detection.images.locating.sheet import PartPose

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from anomaly_gui.detection.arrays.kinds import FloatArray

SHAPES: Mapping[str, tuple[int, int]] = {"template": (2 * WINDOW, WINDOW), "colours": (2, 3)}
"""Of the arrays, all float32: values and weights of the template, one below the other; noise and colour."""


def describe_locator(locator: Locator) -> dict[str, Any]:
    """Return the plain values of a locator."""
    return {
        "threshold": locator.ground.threshold,
        "reach": locator.reach,
        "area": locator.area,
        "pieces": locator.pieces,
        "both_faces": locator.both_faces,
        "likeness": locator.likeness,
        "aspect": locator.aspect,
        "longest": locator.longest,
        "anchors": [_list_pose(pose) for pose in locator.anchors],
    }


def collect_arrays(locator: Locator) -> dict[str, FloatArray]:
    """Return the arrays of a locator, by the names in `SHAPES`."""
    template = np.concatenate([locator.template.values, locator.template.weights])
    colours = np.stack([locator.ground.noise, locator.colour])
    return {"template": template.astype(np.float32), "colours": colours.astype(np.float32)}


def restore_locator(described: Mapping[str, Any], arrays: Mapping[str, FloatArray]) -> Locator:
    """Return the locator of these values and arrays; ValueError for one that none can have."""
    template, colours = arrays["template"], arrays["colours"]
    values, weights = template[:WINDOW], template[WINDOW:]
    if not weights.max() > 0.5 or weights.min() < 0 or weights.max() > 1 or colours[0].min() <= 0:
        raise ValueError("the template of located parts shows no part")
    return Locator(
        Ground(colours[0], float(described["threshold"])),
        colours[1],
        Template(values, weights),
        float(described["reach"]),
        float(described["area"]),
        int(described["pieces"]),
        bool(described["both_faces"]),
        float(described["likeness"]),
        float(described["aspect"]),
        int(described["longest"]),
        tuple(_restore_pose(one) for one in described["anchors"]),
    )


def digest_locator(locator: Locator) -> str:
    """Return what tells locators apart that find parts differently."""
    digest = hashlib.sha256(json.dumps(describe_locator(locator), sort_keys=True).encode())
    for values in collect_arrays(locator).values():
        digest.update(values.tobytes())
    return digest.hexdigest()


def list_sighting(sighting: Sighting) -> dict[str, Any]:
    """Return what was found in a picture as JSON can hold it."""
    poses = [None if pose is None else _list_pose(pose) for pose in sighting.poses]
    return {"poses": poses, "found": sighting.found, "mirrored": sighting.mirrored}


def restore_sighting(described: Mapping[str, Any]) -> Sighting:
    """Return the sighting of these values."""
    poses = tuple(None if pose is None else _restore_pose(pose) for pose in described["poses"])
    return Sighting(poses, described["found"], described["mirrored"])


def _list_pose(pose: PartPose) -> list[float | bool]:
    return list(astuple(pose))


def _restore_pose(values: Sequence[Any]) -> PartPose:
    angle, x, y, flipped, likeness = values
    return PartPose(float(angle), float(x), float(y), bool(flipped), float(likeness))
