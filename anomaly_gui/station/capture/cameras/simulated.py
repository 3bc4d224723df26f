"""A camera that is none: the pictures of a folder, shown one after the other."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from anomaly_gui.language import translate
from anomaly_gui.station.capture.cameras.source import CameraError
from anomaly_gui.station.capture.sightings import is_picture_name

if TYPE_CHECKING:
    from pathlib import Path

    from anomaly_gui.station.capture.cameras.source import Frame
    from anomaly_gui.station.settings.camera_settings import SimulatedSettings


class SimulatedSource:
    """Shows each picture for a while, by name; where the folder is away, it is as if unplugged."""

    def __init__(self, settings: SimulatedSettings) -> None:
        self._settings = settings
        self._due = self._began = time.monotonic()
        self._shown: tuple[Path, Frame] | None = None
        self.read_frame()

    def read_frame(self) -> Frame:
        """Wait for the next frame and return it."""
        time.sleep(max(0.0, self._due - time.monotonic()))
        self._due = max(self._due + 1 / self._settings.rate, time.monotonic())
        path = self._choose_picture()
        if self._shown is None or self._shown[0] != path:
            self._shown = path, _read_pixels(path)
        return self._shown[1]

    def _choose_picture(self) -> Path:
        folder = self._settings.folder
        try:
            paths = sorted(path for path in folder.iterdir() if is_picture_name(path.name))
        except OSError:
            paths = []
        if not paths:
            raise CameraError(translate("{path} holds no pictures to show.", path=folder))
        return paths[int((time.monotonic() - self._began) / self._settings.hold) % len(paths)]

    def close(self) -> None:
        """Nothing has to be let go."""


def _read_pixels(path: Path) -> Frame:
    try:
        with Image.open(path) as opened:
            return np.asarray(opened if opened.mode in ("L", "RGB", "I;16") else opened.convert("RGB"))
    except (OSError, ValueError, SyntaxError) as error:
        raise CameraError(translate("{path} cannot be shown ({why}).", path=path, why=error)) from error
