"""Check a manifest against its JSON schema.

Files of format 1 list their images one by one, for which the validator takes 0.9 s per 10,000; so those in
order are passed over (0.02 s), and only what may be wrong is left to it. Later files hold columns, which it
checks as they are.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jsonschema import ValidationError

LONG = 1000
"""Images of a list that the validator always looks at, and below which it looks at all of them."""

_KEYS = {"path", "sha256", "width", "height", "notes"}
_find_digest = re.compile("^[0-9a-f]{64}$").search  # what the validator does


def find_schema_error(manifest: Mapping[str, Any], schema: Mapping[str, Any]) -> ValidationError | None:
    """Return what is wrong with a manifest by its schema, draft 2020-12, or None.

    Raises
    ------
    RecursionError : it is nested too deeply
    """
    from jsonschema import Draft202012Validator  # late: nothing but opening a model needs it

    return next(Draft202012Validator(schema).iter_errors(_shorten_lists(manifest)), None)


def _shorten_lists(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return a manifest whose long lists of images hold their first ones only, where all are in order."""
    shortened = dict(manifest)
    for name in ("training", "calibration"):
        part: Any = manifest.get(name)
        images = part.get("images") if isinstance(part, dict) else None
        if isinstance(images, list) and len(images) > LONG and all(map(_is_in_order, images)):
            shortened[name] = {**part, "images": images[:LONG]}
    return shortened


def _is_in_order(image: Any) -> bool:
    """Tell whether the record of an image surely fits the schema; False: the validator has to look."""
    if type(image) is not dict or image.keys() != _KEYS:
        return False
    path, sha256, width, height, notes = (
        image[key] for key in ("path", "sha256", "width", "height", "notes")
    )
    return (
        type(path) is type(sha256) is str
        and _find_digest(sha256) is not None
        and type(width) is type(height) is int  # True is no int here, as in JSON schema
        and width >= 1
        and height >= 1
        and type(notes) is list
        and all(type(note) is str for note in notes)
    )
