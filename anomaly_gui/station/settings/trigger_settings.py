"""What lets a camera take a picture: the tables [triggers.NAME], read and checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from anomaly_gui.language import translate
from anomaly_gui.station.settings.table import SettingsFileError, Table
from anomaly_gui.station.settings.values import (
    read_file_or_none,
    read_optional_text,
    read_port,
    read_switch,
    read_whole_number,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KEY, TIMER, MQTT, MODBUS, CHANGE = "key", "timer", "mqtt", "modbus", "change"
_OWN = {
    KEY: (),
    TIMER: ("every",),
    MQTT: ("host", "port", "tls", "ca_file", "user", "password_file", "topic"),
    MODBUS: ("host", "port", "unit", "coil", "poll"),
    CHANGE: ("frames", "share", "levels"),
}


@dataclass(frozen=True)
class KeyTrigger:
    """A line on standard input: an empty one takes a picture, a text is the scanned part of the next."""


@dataclass(frozen=True)
class TimerTrigger:
    """A picture every so many seconds."""

    every: float


@dataclass(frozen=True)
class MqttTrigger:
    """Each message on a topic takes a picture, and may name part and lot."""

    host: str
    topic: str
    port: int = 8883
    tls: bool = True
    ca_file: Path | None = None
    user: str = ""
    password_file: Path | None = None


@dataclass(frozen=True)
class ModbusTrigger:
    """A picture each time that a coil of a PLC goes from off to on; it is asked every `poll` seconds."""

    host: str
    port: int = 502
    unit: int = 1
    coil: int = 0
    poll: float = 0.02


@dataclass(frozen=True)
class ChangeTrigger:
    """A picture when a part has come into view and is at rest.

    Parameters
    ----------
    frames : so many in a row have to be alike
    share : of the picture that has to differ
    levels : grey levels, of 255, by which a spot has to differ
    """

    frames: int = 5
    share: float = 0.02
    levels: float = 20.0


KindOfTrigger = KeyTrigger | TimerTrigger | MqttTrigger | ModbusTrigger | ChangeTrigger


@dataclass(frozen=True)
class TriggerTable:
    """One of a station's triggers."""

    name: str
    settings: KindOfTrigger


def read_triggers(file: Path, values: Any, topic: str) -> Iterator[TriggerTable]:
    """Yield what the tables say; raises SettingsFileError.

    Parameters
    ----------
    topic : of messages that take a picture, where none is named
    """
    if not isinstance(values, dict) or not all(isinstance(table, dict) for table in values.values()):
        raise SettingsFileError(
            translate("{file}: each trigger is a table of its own: [triggers.NAME].", file=file)
        )
    if sum(table.get("kind") == CHANGE for table in values.values()) > 1:
        raise SettingsFileError(
            translate("{file}: there can be one trigger by change in the picture only.", file=file)
        )
    for name, table in values.items():
        yield TriggerTable(name, _read_trigger(Table(file, f"triggers.{name}", table), topic))


def _read_trigger(table: Table, topic: str) -> KindOfTrigger:
    kind = table.read_choice("kind", tuple(_OWN))
    table.refuse_others(("kind", *_OWN[kind]))
    if kind == KEY:
        return KeyTrigger()
    if kind == TIMER:
        return TimerTrigger(table.read_number("every", -1, 0.05, 86400))
    if kind == MQTT:
        return _read_mqtt(table, topic)
    if kind == MODBUS:
        return _read_modbus(table)
    return ChangeTrigger(
        frames=read_whole_number(table, "frames", 5, 2, 1000),
        share=table.read_number("share", 0.02, 0.0001, 1),
        levels=table.read_number("levels", 20, 1, 255),
    )


def _read_mqtt(table: Table, topic: str) -> MqttTrigger:
    tls = read_switch(table, "tls", True)
    settings = MqttTrigger(
        host=table.read_text("host"),
        topic=table.read_text("topic", topic),
        port=read_port(table, 8883 if tls else 1883),
        tls=tls,
        ca_file=read_file_or_none(table, "ca_file"),
        user=read_optional_text(table, "user"),
        password_file=read_file_or_none(table, "password_file"),
    )
    if bool(settings.user) != (settings.password_file is not None):
        one, other = ("user", "password_file") if settings.user else ("password_file", "user")
        raise table.blame_key(one, translate("goes with “{other}” only: add it.", other=other))
    if settings.ca_file and not tls:
        raise table.blame_key("ca_file", translate("needs “tls” to be true."))
    return settings


def _read_modbus(table: Table) -> ModbusTrigger:
    return ModbusTrigger(
        host=table.read_text("host"),
        port=read_port(table, 502),
        unit=read_whole_number(table, "unit", 1, 0, 255),
        coil=read_whole_number(table, "coil", 0, 0, 65535),
        poll=table.read_number("poll", 0.02, 0.005, 10),
    )
