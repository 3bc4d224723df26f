"""Values of a table that outputs, cameras and triggers ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anomaly_gui.language import translate
from anomaly_gui.wording import join_list

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from anomaly_gui.station.settings.table import Table


def read_switch(table: Table, key: str, default: bool) -> bool:
    """Return true or false."""
    value = table.values.get(key, default)
    if not isinstance(value, bool):
        raise table.blame_key(key, translate("has to be true or false."))
    return value


def read_optional_text(table: Table, key: str) -> str:
    """Return a text, "" where there is none."""
    return table.read_text(key) if key in table.values else ""


def read_file(table: Table, key: str) -> Path:
    """Return the path of a file that is there."""
    path = table.read_path(key)
    if not path.is_file():
        raise table.blame_key(key, translate("is {path}, which is no file.", path=path))
    return path


def read_file_or_none(table: Table, key: str) -> Path | None:
    """Return the path of a file that is there, None where none is named."""
    return read_file(table, key) if key in table.values else None


def read_port(table: Table, default: int) -> int:
    """Return the number of a TCP port."""
    value = table.values.get("port", default)
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 65535:
        raise table.blame_key("port", translate("has to be a whole number from 1 to 65535."))
    return value


def read_seconds(table: Table, key: str, default: float) -> float:
    """Return how long something may take, 0.1 to 600 seconds."""
    return table.read_number(key, default, 0.1, 600)


def read_choices(table: Table, key: str, choices: Sequence[str], default: tuple[str, ...]) -> tuple[str, ...]:
    """Return some of a few texts, at least one."""
    value = table.values.get(key, list(default))
    if not isinstance(value, list) or not value or not set(map(str, value)) <= set(choices):
        raise table.blame_key(
            key, translate("has to be a list of some of {choices}.", choices=join_list(choices))
        )
    return tuple(value)


def read_whole_number(table: Table, key: str, default: int, low: int, high: int) -> int:
    """Return a whole number within limits."""
    value = table.values.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise table.blame_key(
            key, translate("has to be a whole number from {low} to {high}.", low=low, high=high)
        )
    return value


def read_values(table: Table, key: str) -> dict[str, float | str | bool]:
    """Return a table of names with numbers, texts, or true and false; empty where there is none."""
    values = table.values.get(key, {})
    if not isinstance(values, dict) or not all(isinstance(one, int | float | str) for one in values.values()):
        raise table.blame_key(key, translate("has to be a table of names and values."))
    return values
