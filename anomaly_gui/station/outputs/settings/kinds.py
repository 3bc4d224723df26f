"""The settings of each kind of output, and how each is read from its table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from anomaly_gui.language import translate
from anomaly_gui.station.outputs.output import VERDICTS
from anomaly_gui.station.settings.values import (
    read_choices,
    read_file,
    read_file_or_none,
    read_optional_text,
    read_port,
    read_seconds,
    read_switch,
)

if TYPE_CHECKING:
    from pathlib import Path

    from anomaly_gui.station.settings.table import Table

BUFFERED, FREE_RUNNING = "buffered", "free_running"
HIGH_FIRST, LOW_FIRST = "high_first", "low_first"


@dataclass(frozen=True)
class MqttSettings:
    """A broker; with a user, the password is the first line of a file that only the station can read."""

    host: str
    port: int = 8883
    tls: bool = True
    ca_file: Path | None = None
    certificate_file: Path | None = None
    key_file: Path | None = None
    user: str = ""
    password_file: Path | None = None
    timeout: float = 10.0


@dataclass(frozen=True)
class WebhookSettings:
    """An address that messages are posted to, with the first line of a file as its bearer token."""

    url: str
    token_file: Path | None = None
    ca_file: Path | None = None
    timeout: float = 10.0


@dataclass(frozen=True)
class CsvSettings:
    """A table that a line is added to for each part."""

    path: Path


@dataclass(frozen=True)
class OverlaySettings:
    """A folder for pictures with their regions marked, of parts with some verdicts."""

    folder: Path
    verdicts: tuple[str, ...] = VERDICTS[1:]


@dataclass(frozen=True)
class ModbusSettings:
    """A Modbus TCP server; `host` is the address of this machine it listens on, 0.0.0.0 for all it has."""

    host: str
    port: int = 502
    mode: str = BUFFERED
    words: str = HIGH_FIRST


@dataclass(frozen=True)
class OpcuaSettings:
    """An OPC UA server; certificate and key are made where neither is there."""

    host: str
    user: str
    password_file: Path
    certificate_file: Path
    key_file: Path
    port: int = 4840
    wait_for_client: bool = False


KindSettings = MqttSettings | WebhookSettings | CsvSettings | OverlaySettings | ModbusSettings | OpcuaSettings


def read_mqtt(table: Table) -> MqttSettings:
    """Read the settings of an MQTT output."""
    tls = read_switch(table, "tls", True)
    settings = MqttSettings(
        host=table.read_text("host"),
        port=read_port(table, 8883 if tls else 1883),
        tls=tls,
        ca_file=read_file_or_none(table, "ca_file"),
        certificate_file=read_file_or_none(table, "certificate_file"),
        key_file=read_file_or_none(table, "key_file"),
        user=read_optional_text(table, "user"),
        password_file=read_file_or_none(table, "password_file"),
        timeout=read_seconds(table, "timeout", 10.0),
    )
    for one, other in (
        ("certificate_file", "key_file"),
        ("key_file", "certificate_file"),
        ("user", "password_file"),
        ("password_file", "user"),
    ):
        if getattr(settings, one) and not getattr(settings, other):
            raise table.blame_key(one, translate("goes with “{other}” only: add it.", other=other))
    for key in ("ca_file", "certificate_file"):
        if getattr(settings, key) and not tls:
            raise table.blame_key(key, translate("needs “tls” to be true."))
    return settings


def read_webhook(table: Table) -> WebhookSettings:
    """Read the settings of a webhook."""
    url = table.read_text("url")
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
        raise table.blame_key("url", translate("has to be an address such as https://server/path."))
    settings = WebhookSettings(
        url=url,
        token_file=read_file_or_none(table, "token_file"),
        ca_file=read_file_or_none(table, "ca_file"),
        timeout=read_seconds(table, "timeout", 10.0),
    )
    if settings.ca_file and urlsplit(url).scheme == "http":
        raise table.blame_key("ca_file", translate("needs an address that begins with https."))
    return settings


def read_csv(table: Table) -> CsvSettings:
    """Read the settings of a table."""
    path = table.read_path("path")
    if path.is_dir():
        raise table.blame_key("path", translate("is a folder: name a file in it."))
    return CsvSettings(path)


def read_overlay(table: Table) -> OverlaySettings:
    """Read the settings of a folder of pictures."""
    folder = table.read_path("folder")
    if folder.is_file():
        raise table.blame_key("folder", translate("is a file: name a folder."))
    return OverlaySettings(folder, read_choices(table, "verdicts", VERDICTS, VERDICTS[1:]))


def read_modbus(table: Table) -> ModbusSettings:
    """Read the settings of a Modbus server."""
    return ModbusSettings(
        host=table.read_text("host"),
        port=read_port(table, 502),
        mode=table.read_choice("mode", (BUFFERED, FREE_RUNNING), BUFFERED),
        words=table.read_choice("words", (HIGH_FIRST, LOW_FIRST), HIGH_FIRST),
    )


def read_opcua(table: Table) -> OpcuaSettings:
    """Read the settings of an OPC UA server."""
    settings = OpcuaSettings(
        host=table.read_text("host"),
        user=table.read_text("user"),
        password_file=read_file(table, "password_file"),
        certificate_file=table.read_path("certificate_file"),
        key_file=table.read_path("key_file"),
        port=read_port(table, 4840),
        wait_for_client=read_switch(table, "wait_for_client", False),
    )
    if settings.certificate_file.is_file() and not settings.key_file.is_file():
        raise table.blame_key("key_file", translate("is not there, but its certificate is."))
    if settings.key_file.is_file() and not settings.certificate_file.is_file():
        raise table.blame_key("certificate_file", translate("is not there, but its key is."))
    return settings
