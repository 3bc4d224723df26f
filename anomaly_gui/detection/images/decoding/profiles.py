"""Colour profiles: not applied, but said where they would change what is seen."""

from __future__ import annotations

import io
from functools import lru_cache

from anomaly_gui.detection.images.decoding.refusals import DECODING_ERRORS
from anomaly_gui.language import keep

_LIKE_SRGB = ("srgb", "61966-2-1", "c2ci", "sgry", "sgrey", "gamma 2.2", "gamma 2,2")
_LONGEST = 60  # characters of a profile's name


@lru_cache(maxsize=32)
def describe_profile(profile: bytes | None) -> str | None:
    """Return a remark on a profile whose colours or tones differ from sRGB's, or None."""
    if not profile:
        return None
    from PIL import ImageCms  # only when a file has a profile

    try:
        name = ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(io.BytesIO(profile)))
    except (*DECODING_ERRORS, ImageCms.PyCMSError):  # a damaged profile says nothing; the pixels are whole
        return None
    name = "".join(character for character in name if character.isprintable()).strip()[:_LONGEST]
    if any(word in name.lower() for word in _LIKE_SRGB):
        return None
    return keep(
        "has the colour profile {profile}, which is not applied", profile=name or keep("without a name")
    )
