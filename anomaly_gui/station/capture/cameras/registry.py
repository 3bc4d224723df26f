"""The kinds of cameras, by the names that settings call them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anomaly_gui.station.capture.cameras.genicam import GenicamSource
from anomaly_gui.station.capture.cameras.opencv import open_stream, open_usb
from anomaly_gui.station.capture.cameras.simulated import SimulatedSource
from anomaly_gui.station.settings.camera_settings import (
    GenicamSettings,
    SimulatedSettings,
    StreamSettings,
)

if TYPE_CHECKING:
    from anomaly_gui.station.capture.cameras.source import Source
    from anomaly_gui.station.settings.camera_settings import SourceSettings


def open_source(settings: SourceSettings) -> Source:
    """Open a camera; raises CameraError."""
    if isinstance(settings, StreamSettings):
        return open_stream(settings)
    if isinstance(settings, GenicamSettings):
        return GenicamSource(settings)
    if isinstance(settings, SimulatedSettings):
        return SimulatedSource(settings)
    return open_usb(settings)
