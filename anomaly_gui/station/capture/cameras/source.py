"""What every kind of camera offers: frames, one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from anomaly_gui.errors import UserError
from anomaly_gui.language import translate

if TYPE_CHECKING:
    from types import ModuleType

Frame = NDArray[Any]
"""Pixels: height x width (grey) or height x width x 3 (red, green, blue), of 8 bits; grey may be of 16."""


class CameraError(UserError):
    """A camera cannot be opened, or gives no frame."""


class Source(Protocol):
    """A camera that is open; one thread calls it."""

    def read_frame(self) -> Frame:
        """Wait for the next frame and return it; raises CameraError."""

    def close(self) -> None:
        """Let the camera go."""


def require_opencv() -> ModuleType:
    """Return OpenCV; raises CameraError where it is not installed."""
    try:
        import cv2
    except ImportError as error:
        raise CameraError(
            translate("Cameras need a library that is not installed: pip install “anomaly-gui[camera]”.")
        ) from error
    return cv2


def spread_depth(pixels: Frame, bits: int) -> Frame:
    """Return grey of so many bits as 16, so that white is white.

    >>> spread_depth(np.array([[1023]], np.uint16), 10)[0, 0]
    np.uint16(65472)
    """
    return (pixels << (16 - bits)).astype(np.uint16)
