"""Records of images in a model file: columns, so that checking ten thousand of them takes no second.

The manifest holds their paths, and remarks where there are any; arrays hold sizes and digests. Files of
format 1 list them one by one in the manifest.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from anomaly_gui.detection.images.records import ImageRecord

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from anomaly_gui.detection.model.archive.stored_arrays import StoredArrays


def describe_records(records: Sequence[ImageRecord]) -> dict[str, Any]:
    """Return the JSON values of records."""
    return {
        "paths": [str(record.path) for record in records],
        "notes": {str(index): list(one.notes) for index, one in enumerate(records) if one.notes},
    }


def make_record_arrays(name: str, records: Sequence[ImageRecord]) -> dict[str, np.ndarray]:
    """Return the arrays of records, under names that begin so."""
    digests = bytes.fromhex("".join(record.sha256 for record in records))
    sizes = [(record.width, record.height) for record in records]
    return {
        f"{name}.digests": np.frombuffer(digests, np.uint8).reshape(-1, 32),
        f"{name}.sizes": np.array(sizes, np.int64).reshape(-1, 2),
    }


def restore_records(
    name: str, described: dict[str, Any] | list[dict[str, Any]], arrays: StoredArrays
) -> tuple[ImageRecord, ...]:
    """Return the records of JSON values and arrays; ValueError where these do not fit each other."""
    if isinstance(described, list):
        return tuple(map(_restore_listed, described))
    paths, notes = described["paths"], _restore_notes(described)
    digests, sizes = (
        arrays.take_digests(f"{name}.digests", len(paths)),
        arrays.take_sizes(f"{name}.sizes", len(paths)).tolist(),
    )
    return tuple(
        ImageRecord(Path(path), digest, width, height, notes.get(index, ()))
        for index, (path, digest, (width, height)) in enumerate(zip(paths, digests, sizes, strict=True))
    )


def _restore_notes(described: Mapping[str, Any]) -> dict[int, tuple[str, ...]]:
    notes = {int(index): tuple(found) for index, found in described["notes"].items()}
    if notes and max(notes) >= len(described["paths"]):
        raise ValueError("there are remarks on an image that is not there")
    return notes


def _restore_listed(one: Mapping[str, Any]) -> ImageRecord:
    return ImageRecord(Path(one["path"]), one["sha256"], one["width"], one["height"], tuple(one["notes"]))
