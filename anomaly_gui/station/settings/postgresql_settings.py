"""The table [postgresql]: a server that records are copied to."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from anomaly_gui.errors import UserError
from anomaly_gui.language import translate
from anomaly_gui.station.settings.secrets import read_secret

if TYPE_CHECKING:
    from anomaly_gui.station.settings.table import Table

POSTGRESQL = "postgresql"
_KEYS = ("url", "password_file", "password_variable", "timeout", "alarm_after")


@dataclass(frozen=True)
class PostgresqlSettings:
    """A server that records are copied to.

    Parameters
    ----------
    url : its address, user and database, without a password
    password_file : its first line is the password; None: see the next
    password_variable : the environment's variable that is the password; "" for none
    timeout : seconds for it to answer
    alarm_after : seconds that records may wait before that alarms
    """

    url: str
    password_file: Path | None = None
    password_variable: str = ""
    timeout: float = 10.0
    alarm_after: float = 300.0

    @property
    def name(self) -> str:
        """What tells this server and database from others: `host:port/database`."""
        parts = urlsplit(self.url)
        return f"{parts.hostname}:{parts.port or 5432}{parts.path}"

    def read_password(self) -> str | None:
        """Return the password as it is now, None where none is named; UserError where it is not there."""
        if self.password_file is not None:
            return read_secret(self.password_file)
        if self.password_variable and self.password_variable not in os.environ:
            raise UserError(translate("The environment has no variable {name}.", name=self.password_variable))
        return os.environ.get(self.password_variable) if self.password_variable else None


def read_postgresql(table: Table) -> PostgresqlSettings:
    """Read the table; SettingsFileError for the first mistake, and never a password in it."""
    table.refuse_others(_KEYS)
    if {"password_file", "password_variable"} <= table.values.keys():
        other = translate("goes without “{other}”: name one of them.", other="password_variable")
        raise table.blame_key("password_file", other)
    return PostgresqlSettings(
        url=_read_url(table),
        password_file=table.read_path("password_file") if "password_file" in table.values else None,
        password_variable=table.read_text("password_variable", ""),
        timeout=table.read_number("timeout", 10, 1, 600),
        alarm_after=table.read_number("alarm_after", 300, 1, 86400),
    )


def _read_url(table: Table) -> str:
    url = table.read_text("url")
    try:
        parts = urlsplit(url)
        is_whole = parts.scheme == POSTGRESQL and parts.hostname and len(parts.path) > 1 and parts.port != 0
    except ValueError:  # a port that is none
        is_whole = False
    if not is_whole:
        raise table.blame_key(
            "url", translate("has to be an address such as postgresql://user@server:5432/database.")
        )
    if parts.password is not None or "password" in parse_qs(parts.query, keep_blank_values=True):
        raise table.blame_key(
            "url", translate("may hold no password: name “password_file” or “password_variable”.")
        )
    return url
