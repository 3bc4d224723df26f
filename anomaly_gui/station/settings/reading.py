"""Read the settings of a station from its TOML file."""

from __future__ import annotations

import hashlib
import re
import sys
from typing import TYPE_CHECKING, Any

from anomaly_gui.language import translate
from anomaly_gui.station.settings.access_settings import ACCESS, read_access
from anomaly_gui.station.settings.camera_settings import read_camera
from anomaly_gui.station.settings.challenge_settings import read_challenge
from anomaly_gui.station.settings.keep_settings import KEEP, read_keep
from anomaly_gui.station.settings.postgresql_settings import POSTGRESQL, read_postgresql
from anomaly_gui.station.settings.shifts import SHIFTS, read_shifts
from anomaly_gui.station.settings.station_settings import (
    CAMERA,
    FOLDER,
    MOVE,
    STAY,
    FolderSettings,
    OutputTable,
    StationSettings,
)
from anomaly_gui.station.settings.table import SettingsFileError, Table
from anomaly_gui.station.settings.trigger_settings import read_triggers
from anomaly_gui.station.settings.values import read_switch
from anomaly_gui.wording import explain_os_error

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from anomaly_gui.station.settings.postgresql_settings import PostgresqlSettings

KINDS_OF_CAPTURE = (FOLDER, CAMERA)
_STATION_KEYS = ("site", "line", "name", "records", SHIFTS)
_CAPTURE_KEYS = (
    *("kind", "folder", "judged", "after", "every", "patience", "alarm_after", "barcode", "code_rule"),
)
_JUDGING_KEYS = ("model", "runtime", "timeout")
_TABLES = (
    *("station", "capture", "camera", "triggers", "judging", "outputs"),
    *("challenge", ACCESS, KEEP, POSTGRESQL),
)
_GROUPS = {"part", "lot"}


def read_settings(file: Path) -> StationSettings:
    """Read a file; raises SettingsFileError, one sentence that names file, table and key."""
    content, values = _read_file(file)
    for name in values:
        if name not in _TABLES:
            raise SettingsFileError(
                translate("{file}: the table [{table}] is not known.", file=file, table=name)
            )
    station, judging = _open_table(file, values, "station"), _open_table(file, values, "judging")
    capture = _read_capture(_open_table(file, values, "capture"))
    _refuse_camera(file, values, capture)
    station.refuse_others(_STATION_KEYS)
    judging.refuse_others(_JUDGING_KEYS)
    return StationSettings(
        file=file.absolute(),
        site=station.read_name("site"),
        line=station.read_name("line"),
        station=station.read_name("name"),
        records=station.read_path("records", "records"),
        shifts=read_shifts(station),
        model=judging.read_path("model"),
        runtime=judging.read_text("runtime") if "runtime" in judging.values else None,
        judging_timeout=judging.read_number("timeout", 0, 1, 3600) if "timeout" in judging.values else None,
        capture=capture,
        camera=read_camera(_open_table(file, values, "camera")) if capture.kind == CAMERA else None,
        triggers=tuple(read_triggers(file, values.get("triggers", {}), _name_topic(station))),
        outputs=tuple(_read_outputs(file, values)),
        challenge=read_challenge(_open_table(file, values, "challenge")) if "challenge" in values else None,
        access=read_access(_open_optional(file, values, ACCESS)),
        keep=read_keep(_open_optional(file, values, KEEP)),
        postgresql=read_postgresql(_open_table(file, values, POSTGRESQL)) if POSTGRESQL in values else None,
        sha256=hashlib.sha256(content).hexdigest(),
    )


def read_server(file: Path) -> PostgresqlSettings:
    """Read the table [postgresql] of a line's file, or of one that has nothing else; SettingsFileError."""
    _, values = _read_file(file)
    if POSTGRESQL not in values:
        raise SettingsFileError(translate("{path} names no server: add the table [postgresql].", path=file))
    return read_postgresql(_open_table(file, values, POSTGRESQL))


def is_server_alone(file: Path) -> bool:
    """Tell whether a file has the table [postgresql] and no other: it is of a plant, and of no line."""
    return set(_read_file(file)[1]) == {POSTGRESQL}


def _read_file(file: Path) -> tuple[bytes, dict[str, Any]]:
    try:
        content = file.read_bytes()
        return content, tomllib.loads(content.decode("utf-8-sig"))
    except OSError as error:
        raise SettingsFileError(
            translate("{file} cannot be read ({why}).", file=file, why=explain_os_error(error))
        ) from error
    except ValueError as error:
        raise SettingsFileError(translate("{file} is not TOML ({why}).", file=file, why=error)) from error


def _open_table(file: Path, values: dict[str, Any], name: str) -> Table:
    table = values.get(name)
    if not isinstance(table, dict):
        raise SettingsFileError(translate("{file}: the table [{table}] is missing.", file=file, table=name))
    return Table(file, name, table)


def _open_optional(file: Path, values: dict[str, Any], name: str) -> Table:
    return _open_table(file, {name: {}} | values, name)


def _read_capture(table: Table) -> FolderSettings:
    kind = table.read_choice("kind", KINDS_OF_CAPTURE, FOLDER)
    table.refuse_others((*_CAPTURE_KEYS, *(("name_rule",) if kind == FOLDER else ())))
    folder = None if kind == FOLDER else "taken"
    return FolderSettings(
        kind=kind,
        folder=table.read_path("folder", folder),
        judged=table.read_path("judged", table.read_text("folder", folder)),
        after=table.read_choice("after", (MOVE, STAY), MOVE),
        name_rule=_read_rule(table, "name_rule"),
        barcode=read_switch(table, "barcode", False),
        code_rule=_read_rule(table, "code_rule"),
        every=table.read_number("every", 0.5, 0.05, 60),
        patience=table.read_number("patience", 30, 1, 3600),
        alarm_after=table.read_number("alarm_after", 60, 1, 86400),
    )


def _refuse_camera(file: Path, values: dict[str, Any], capture: FolderSettings) -> None:
    """Raise where there are tables that nobody would look at."""
    for name in ("camera", "triggers"):
        if name in values and capture.kind == FOLDER:
            told = {"file": file, "table": name}
            raise SettingsFileError(
                translate('{file}: [{table}] goes with “kind = "camera"” in [capture] only.', **told)
            )


def _read_rule(table: Table, key: str) -> str:
    rule = table.read_text(key, "")
    try:
        groups = set(re.compile(rule).groupindex)
    except re.error as error:
        raise table.blame_key(key, translate("is no pattern ({why}).", why=error)) from error
    if rule and not groups & _GROUPS:
        raise table.blame_key(key, translate("has to have a group “part” or “lot”: (?P<part>...)."))
    return rule


def _name_topic(station: Table) -> str:
    names = [station.read_name(key) for key in ("site", "line", "name")]
    return "/".join(("anomaly", "v1", *names, "trigger"))


def _read_outputs(file: Path, values: dict[str, Any]) -> Iterator[OutputTable]:
    outputs = values.get("outputs", {})
    tables = outputs.values() if isinstance(outputs, dict) else [None]
    if not all(isinstance(table, dict) for table in tables):
        raise SettingsFileError(
            translate("{file}: each output is a table of its own: [outputs.NAME].", file=file)
        )
    for name, table in outputs.items():
        yield OutputTable(name, table)
