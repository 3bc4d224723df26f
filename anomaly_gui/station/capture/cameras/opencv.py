"""Cameras by OpenCV: those the system knows (USB), and streams of a network (RTSP, motion JPEG)."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import numpy as np

from anomaly_gui.errors import UserError
from anomaly_gui.language import translate
from anomaly_gui.station.capture.cameras.source import CameraError, require_opencv
from anomaly_gui.station.settings.secrets import read_secret

if TYPE_CHECKING:
    from types import ModuleType

    from anomaly_gui.station.capture.cameras.source import Frame
    from anomaly_gui.station.settings.camera_settings import StreamSettings, UsbSettings

_OPENING, _READING = 5000, 2000  # milliseconds; who watches is sooner
_AT_ONCE = "|fflags;nobuffer|analyzeduration;500000|fpsprobesize;0"  # else it looks at frames for 5 seconds


class OpencvSource:
    """A capture of OpenCV; `name` is what people call it."""

    def __init__(self, cv2: ModuleType, capture: Any, name: str) -> None:
        self._cv2, self._capture, self._name = cv2, capture, name
        if not capture.isOpened():
            capture.release()
            raise CameraError(translate("The camera {name} cannot be opened.", name=name))

    def set_properties(self, wanted: dict[str, float]) -> None:
        """Set properties by their names; raises CameraError for one that OpenCV does not know."""
        for name, value in wanted.items():
            number = getattr(self._cv2, f"CAP_PROP_{name.upper()}", None)
            if number is None:
                raise CameraError(translate("OpenCV knows no property “{name}” of cameras.", name=name))
            self._capture.set(number, value)

    def read_frame(self) -> Frame:
        """Wait for the next frame and return it."""
        try:
            is_there, pixels = self._capture.read()
        except self._cv2.error as error:
            raise CameraError(
                translate("The camera {name} gives no frame ({why}).", name=self._name, why=error)
            ) from error
        if not is_there or pixels is None:
            raise CameraError(translate("The camera {name} gives no more frames.", name=self._name))
        return np.asarray(pixels[..., ::-1]) if pixels.ndim == 3 else np.asarray(pixels)

    def close(self) -> None:
        """Let the camera go."""
        self._capture.release()


def open_usb(settings: UsbSettings) -> OpencvSource:
    """Open a camera that the system knows."""
    cv2 = _load_opencv()
    system = {"linux": cv2.CAP_V4L2, "win32": cv2.CAP_DSHOW}.get(sys.platform, cv2.CAP_ANY)
    source = OpencvSource(cv2, cv2.VideoCapture(settings.device, system), str(settings.device))
    asked = {"frame_width": settings.width, "frame_height": settings.height, "fps": settings.rate}
    try:
        source.set_properties({name: value for name, value in asked.items() if value})
        source.set_properties(dict(settings.properties))
    except CameraError:
        source.close()
        raise
    return source


def open_stream(settings: StreamSettings) -> OpencvSource:
    """Open a stream of the network; its password is in no message."""
    cv2 = _load_opencv()
    os.environ["OPENCV_FFMPEG_CAPTURE_OPTIONS"] = f"rtsp_transport;{settings.transport}{_AT_ONCE}"
    limits = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, _OPENING, cv2.CAP_PROP_READ_TIMEOUT_MSEC, _READING]
    capture = cv2.VideoCapture(_sign_address(settings), cv2.CAP_FFMPEG, limits)
    return OpencvSource(cv2, capture, settings.address)


def _load_opencv() -> ModuleType:
    os.environ["OPENCV_LOG_LEVEL"] = "SILENT"  # it tells of its attempts on the screen, and so does FFmpeg
    os.environ["OPENCV_FFMPEG_LOGLEVEL"] = "-8"
    cv2 = require_opencv()
    cv2.setNumThreads(1)
    return cv2


def _sign_address(settings: StreamSettings) -> str:
    """Return the address with user and password."""
    if settings.password_file is None:
        return settings.address
    try:
        password = read_secret(settings.password_file)
    except UserError as error:
        raise CameraError(str(error)) from error
    scheme, rest = settings.address.split("://", 1)
    return f"{scheme}://{quote(settings.user, safe='')}:{quote(password, safe='')}@{rest}"
