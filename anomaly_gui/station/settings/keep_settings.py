"""The table [keep]: how long pictures are kept. Rows of the records are kept for ever."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from anomaly_gui.language import translate
from anomaly_gui.station.settings.table import Table

if TYPE_CHECKING:
    from anomaly_gui.station.settings.table import SettingsFileError

KEEP = "keep"
WORDS = ("good", "defect", "unsure", "cannot_judge", "error")
"""The verdicts, as records have them."""
_DAYS, _GIGABYTES = "days", "gigabytes"


@dataclass(frozen=True)
class KeepRule:
    """How long pictures of one verdict are kept: as long as both allow; None: without end.

    Parameters
    ----------
    days : since the verdict
    gigabytes : of all of them together, in units of a thousand million bytes; the oldest go first
    """

    days: float | None = None
    gigabytes: float | None = None

    @property
    def is_endless(self) -> bool:
        """Whether every picture is kept."""
        return self.days is None and self.gigabytes is None


@dataclass(frozen=True)
class KeepSettings:
    """The rule of each verdict; those that are not named keep every picture."""

    rules: Mapping[str, KeepRule] = field(default_factory=dict)

    @property
    def is_endless(self) -> bool:
        """Whether every picture is kept."""
        return all(rule.is_endless for rule in self.rules.values())


def read_keep(table: Table) -> KeepSettings:
    """Read [keep] and its tables [keep.VERDICT]; raises SettingsFileError."""
    table.refuse_others((_DAYS, _GIGABYTES, *WORDS))
    return KeepSettings({word: _read_rule(table, word) for word in WORDS})


def _read_rule(table: Table, word: str) -> KeepRule:
    """Return the rule of one verdict: its own table, or what is said for all."""
    own = table
    if word in table.values:
        values = table.values[word]
        if not isinstance(values, dict):
            raise _blame_shape(table, word)
        own = Table(table.file, f"{table.name}.{word}", values)
        own.refuse_others((_DAYS, _GIGABYTES))
    return KeepRule(_read_limit(own, _DAYS), _read_limit(own, _GIGABYTES))


def _blame_shape(table: Table, word: str) -> SettingsFileError:
    name = f"{table.name}.{word}"
    return table.blame_key(word, translate("has to be a table of its own: [{name}].", name=name))


def _read_limit(table: Table, key: str) -> float | None:
    return table.read_number(key, 1, 0.001, 1_000_000) if key in table.values else None
