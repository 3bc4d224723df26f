"""The names of the outputs: their settings, and how they are made."""

from __future__ import annotations

import dataclasses
import re
from importlib import import_module
from typing import TYPE_CHECKING, Any

from anomaly_gui.language import translate
from anomaly_gui.station.outputs.settings import kinds
from anomaly_gui.station.settings.table import SettingsFileError, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from anomaly_gui.station.outputs.output import Output, StationPlace


@dataclasses.dataclass(frozen=True)
class OutputKind:
    """A kind of output: its settings, how they are read, and its class in `kinds`.

    The class is imported in the output's own process only.
    """

    settings: type[kinds.KindSettings]
    read: Callable[[Table], kinds.KindSettings]
    path: str


KINDS = {
    "mqtt": OutputKind(kinds.MqttSettings, kinds.read_mqtt, "mqtt.MqttOutput"),
    "webhook": OutputKind(kinds.WebhookSettings, kinds.read_webhook, "webhook.WebhookOutput"),
    "csv": OutputKind(kinds.CsvSettings, kinds.read_csv, "csv_file.CsvOutput"),
    "overlay": OutputKind(kinds.OverlaySettings, kinds.read_overlay, "overlay.OverlayOutput"),
    "modbus": OutputKind(kinds.ModbusSettings, kinds.read_modbus, "modbus.ModbusOutput"),
    "opcua": OutputKind(kinds.OpcuaSettings, kinds.read_opcua, "opcua.OpcuaOutput"),
}

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")


def read_output(name: str, values: Mapping[str, Any], file: Path) -> kinds.KindSettings:
    """Return the settings of one output, from its table [outputs.NAME].

    Raises
    ------
    SettingsFileError : with the first mistake there is; it names file, table and key
    """
    own = {key: value for key, value in values.items() if key != "kind"}
    table = Table(file, f"outputs.{name}", own)
    if not _NAME.fullmatch(name):
        raise SettingsFileError(
            translate(
                "{file}: [{table}] has to be named by up to 32 of a to z, 0 to 9, _ and -.",
                file=file,
                table=table.name,
            )
        )
    kind = KINDS[Table(file, table.name, values).read_choice("kind", KINDS)]
    table.refuse_others([field.name for field in dataclasses.fields(kind.settings)])
    return kind.read(table)


def make_output(name: str, settings: kinds.KindSettings, place: StationPlace) -> Output:
    """Return an output that is not open yet."""
    path = next(kind.path for kind in KINDS.values() if isinstance(settings, kind.settings))
    module, _, name_of_class = path.partition(".")
    make = getattr(import_module(f"anomaly_gui.station.outputs.kinds.{module}"), name_of_class)
    output: Output = make(name, settings, place)
    return output
