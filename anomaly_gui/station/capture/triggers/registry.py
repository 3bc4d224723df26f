"""The kinds of triggers that work in the station; that by change in the picture is the camera's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anomaly_gui.station.capture.triggers.key import Key
from anomaly_gui.station.capture.triggers.modbus import ModbusWatch
from anomaly_gui.station.capture.triggers.mqtt import MqttListener
from anomaly_gui.station.capture.triggers.timer import Timer
from anomaly_gui.station.settings.trigger_settings import (
    KeyTrigger,
    ModbusTrigger,
    MqttTrigger,
    TimerTrigger,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from anomaly_gui.station.capture.triggers.trigger import Fire, Trigger
    from anomaly_gui.station.settings.trigger_settings import TriggerTable


def make_triggers(
    tables: Iterable[TriggerTable], fire: Fire, scan: Callable[[str], None]
) -> Iterator[Trigger]:
    """Yield a trigger for each table that has one."""
    for table in tables:
        name, settings = table.name, table.settings
        if isinstance(settings, KeyTrigger):
            yield Key(name, fire, scan)
        elif isinstance(settings, TimerTrigger):
            yield Timer(name, settings, fire, scan)
        elif isinstance(settings, MqttTrigger):
            yield MqttListener(name, settings, fire, scan)
        elif isinstance(settings, ModbusTrigger):
            yield ModbusWatch(name, settings, fire, scan)
