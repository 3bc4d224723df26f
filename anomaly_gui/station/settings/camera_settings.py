"""The camera of a station: the table [camera], read and checked."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from anomaly_gui.language import translate
from anomaly_gui.station.settings.values import (
    read_file,
    read_file_or_none,
    read_optional_text,
    read_values,
    read_whole_number,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from anomaly_gui.station.settings.table import Table

USB, STREAM, GENICAM, SIMULATED = "usb", "stream", "genicam", "simulated"
KINDS_OF_CAMERA = (USB, STREAM, GENICAM, SIMULATED)
_SCHEMES = ("rtsp://", "rtsps://", "http://", "https://")
_COMMON = ("kind", "skip", "picture_within", "dead_after", "open_within", "frozen_after")
_OWN = {
    USB: ("device", "width", "height", "rate", "properties"),
    STREAM: ("address", "transport", "user", "password_file"),
    GENICAM: ("producer", "device", "nodes"),
    SIMULATED: ("folder", "rate", "hold"),
}


@dataclass(frozen=True)
class UsbSettings:
    """A camera that the system itself knows; `device` is its number, or its path such as /dev/video0.

    Parameters
    ----------
    width, height : pixels; 0: as the camera has them
    rate : frames a second; 0: as the camera has it
    properties : names of OpenCV's properties, without CAP_PROP_, and their values
    """

    device: int | str = 0
    width: int = 0
    height: int = 0
    rate: float = 0.0
    properties: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class StreamSettings:
    """A network camera; the password is the first line of a file that only the station can read."""

    address: str
    transport: str = "tcp"
    user: str = ""
    password_file: Path | None = None


@dataclass(frozen=True)
class GenicamSettings:
    """A camera that a GenTL producer, a .cti file of its maker, knows.

    Parameters
    ----------
    producer : the file
    device : serial number or id; "" for the first there is
    nodes : names of the camera's nodes and what they are set to, such as ExposureTime
    """

    producer: Path
    device: str = ""
    nodes: Mapping[str, float | str | bool] = field(default_factory=dict)


@dataclass(frozen=True)
class SimulatedSettings:
    """A folder whose pictures are shown one after the other, for `hold` seconds each, again and again."""

    folder: Path
    rate: float = 20.0
    hold: float = 0.5


SourceSettings = UsbSettings | StreamSettings | GenicamSettings | SimulatedSettings


@dataclass(frozen=True)
class CameraSettings:
    """A camera.

    Parameters
    ----------
    kind : usb, stream, genicam or simulated
    source : what that kind is told
    skip : frames let go after a trigger, so that the picture was begun after it
    picture_within : seconds after a trigger within which there has to be a picture
    dead_after : seconds without a frame after which the camera is dead
    open_within : seconds that it may take to give the first
    frozen_after : seconds of the very same frame after which it is frozen; 0: never
    """

    kind: str
    source: SourceSettings
    skip: int = 1
    picture_within: float = 1.0
    dead_after: float = 1.5
    open_within: float = 5.0
    frozen_after: float = 2.0

    @property
    def is_simulated(self) -> bool:
        """Whether no part is in front of a camera."""
        return self.kind == SIMULATED


def read_camera(table: Table) -> CameraSettings:
    """Read a camera's table; raises SettingsFileError."""
    kind = table.read_choice("kind", KINDS_OF_CAMERA)
    table.refuse_others((*_COMMON, *_OWN[kind]))
    return CameraSettings(
        kind=kind,
        source=_READERS[kind](table),
        skip=read_whole_number(table, "skip", 1, 0, 100),
        picture_within=table.read_number("picture_within", 1.0, 0.05, 60),
        dead_after=table.read_number("dead_after", 1.5, 0.1, 60),
        open_within=table.read_number("open_within", 5.0, 1, 60),
        frozen_after=table.read_number("frozen_after", 0.0 if kind == SIMULATED else 2.0, 0, 3600),
    )


def _read_usb(table: Table) -> UsbSettings:
    device = table.values.get("device", 0)
    if isinstance(device, bool) or not isinstance(device, int | str) or device == "":
        raise table.blame_key("device", translate("has to be a number from 0, or a path in quotes."))
    properties = read_values(table, "properties")
    for name, value in properties.items():
        if isinstance(value, str) or not re.fullmatch(r"[a-z_]+", name):
            raise table.blame_key("properties", translate("has to hold names and numbers."))
    return UsbSettings(
        device=device,
        width=read_whole_number(table, "width", 0, 0, 65535),
        height=read_whole_number(table, "height", 0, 0, 65535),
        rate=table.read_number("rate", 0, 0, 1000),
        properties={name: float(value) for name, value in properties.items()},
    )


def _read_stream(table: Table) -> StreamSettings:
    address = table.read_text("address")
    if not address.startswith(_SCHEMES):
        raise table.blame_key("address", translate("has to be an address such as rtsp://camera/stream."))
    if "@" in address.split("/")[2]:
        raise table.blame_key(
            "address", translate("may hold no password: add “user” and “password_file” instead.")
        )
    settings = StreamSettings(
        address=address,
        transport=table.read_choice("transport", ("tcp", "udp"), "tcp"),
        user=read_optional_text(table, "user"),
        password_file=read_file_or_none(table, "password_file"),
    )
    if bool(settings.user) != (settings.password_file is not None):
        one, other = ("user", "password_file") if settings.user else ("password_file", "user")
        raise table.blame_key(one, translate("goes with “{other}” only: add it.", other=other))
    return settings


def _read_genicam(table: Table) -> GenicamSettings:
    return GenicamSettings(
        producer=read_file(table, "producer"),
        device=read_optional_text(table, "device"),
        nodes=read_values(table, "nodes"),
    )


def _read_simulated(table: Table) -> SimulatedSettings:
    return SimulatedSettings(
        folder=table.read_path("folder"),
        rate=table.read_number("rate", 20, 0.1, 1000),
        hold=table.read_number("hold", 0.5, 0.001, 3600),
    )


_READERS: dict[str, Callable[[Table], SourceSettings]] = {
    USB: _read_usb,
    STREAM: _read_stream,
    GENICAM: _read_genicam,
    SIMULATED: _read_simulated,
}
