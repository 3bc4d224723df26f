"""One table of a TOML file: each value is asked for by name, and what is wrong is one sentence."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from anomaly_gui.errors import UserError
from anomaly_gui.language import translate
from anomaly_gui.wording import join_list

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path


class SettingsFileError(UserError):
    """The settings of a station cannot be read, or one of them cannot be used."""


class Table:
    """A table of a file; UserError for what is missing, of another kind, or unknown.

    Parameters
    ----------
    file : for the sentences
    name : of the table in it
    values : what it holds
    """

    def __init__(self, file: Path, name: str, values: Mapping[str, Any]) -> None:
        self.file, self.name, self.values = file, name, values

    def blame_key(self, key: str, problem: str) -> SettingsFileError:
        """Return the error that a value cannot be used, and why."""
        return SettingsFileError(
            translate(
                "{file}: “{key}” in [{table}] {problem}",
                file=self.file,
                key=key,
                table=self.name,
                problem=problem,
            )
        )

    def read_text(self, key: str, default: str | None = None) -> str:
        """Return a text that is not empty, unless the default is."""
        value = self.values.get(key, default)
        if value is None:
            raise self.blame_key(key, translate("is missing: add it."))
        if not isinstance(value, str) or not (value.strip() or value == default):
            raise self.blame_key(key, translate("has to be a text in quotes."))
        return value

    def read_name(self, key: str) -> str:
        """Return a name that can be part of a topic: without "/", "+", "#" and control characters."""
        value = self.read_text(key)
        if set("/+#") & set(value) or not value.isprintable():
            raise self.blame_key(key, translate("may hold neither “/”, “+”, “#” nor line ends."))
        return value

    def read_path(self, key: str, default: str | None = None) -> Path:
        """Return a path; one that is relative begins where the file is."""
        return (self.file.parent / self.read_text(key, default)).absolute()

    def read_number(self, key: str, default: float, low: float, high: float) -> float:
        """Return a number within limits."""
        value = self.values.get(key, default)
        is_number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
        if not is_number or not low <= value <= high:
            raise self.blame_key(
                key, translate("has to be a number from {low:g} to {high:g}.", low=low, high=high)
            )
        return float(value)

    def read_choice(self, key: str, choices: Collection[str], default: str | None = None) -> str:
        """Return one of some texts."""
        value = self.read_text(key, default)
        if value not in choices:
            raise self.blame_key(key, translate("has to be one of {choices}.", choices=join_list(choices)))
        return value

    def refuse_others(self, known: Collection[str]) -> None:
        """Raise where there is a key that nobody asks for, such as a misspelt one."""
        for key in self.values:
            if key not in known:
                raise self.blame_key(
                    key, translate("is not known: take one of {known}.", known=join_list(sorted(known)))
                )
