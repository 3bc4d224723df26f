"""What these commands have in common: options, times, passwords, and who signs."""

from __future__ import annotations

import getpass
import sys
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from anomaly_gui.errors import UserError
from anomaly_gui.language import translate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from anomaly_gui.station.settings.station_settings import StationSettings

LineFile = Annotated[Path, typer.Argument(metavar="LINE.toml", help="The settings of the station.")]
From = Annotated[
    str | None,
    typer.Option(
        "--from",
        metavar="TIME",
        help="Only results since then: 2026-11-26 or 2026-11-26T06:00, in the time of this computer; with Z "
        "or +01:00 behind it, in that.",
    ),
]
To = Annotated[str | None, typer.Option("--to", metavar="TIME", help="Only results before then.")]
Lot = Annotated[str | None, typer.Option("--lot", metavar="TEXT", help="Only results of this lot.")]
Name = Annotated[str, typer.Argument(metavar="NAME", help="The name of a person.")]
Why = Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, for the audit.")]
SignAs = Annotated[
    str | None,
    typer.Option("--as", metavar="NAME", help="Who signs, with the password; without it who is signed in."),
]
FromStdin = Annotated[
    bool,
    typer.Option(
        "--password-stdin", help="Read each password from a line of standard input, and ask for none."
    ),
]


def read_time(option: str, text: str | None) -> datetime | None:
    """Return the moment that an option says, None where it is not given; UserError where it says none."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError as error:
        raise UserError(
            translate("{option}: “{text}” is no time such as 2026-11-26T06:00.", option=option, text=text)
        ) from error
    return moment if moment.tzinfo is not None else moment.astimezone()


@contextmanager
def opened_records(settings: StationSettings, *, may_make: bool = False) -> Iterator[Engine]:
    """Open the ledger of a station."""
    from anomaly_gui.station.ledger.engine import open_engine

    engine = open_engine(settings.ledger_file, may_make=may_make)
    try:
        yield engine
    finally:
        engine.dispose()


def ask_password(name: str, *, from_stdin: bool) -> str:
    """Return the password of somebody: from a line of standard input, or typed at the terminal unseen."""
    if from_stdin:
        line = sys.stdin.readline()
        if not line:
            raise UserError(translate("There is no password in standard input: give each on a line."))
        return line.rstrip("\r\n")
    if not sys.stdin.isatty():
        raise UserError(translate("There is no terminal to ask for the password: give --password-stdin."))
    return getpass.getpass(translate("Password of {name}: ", name=name))


def ask_new_password(name: str, *, from_stdin: bool) -> str:
    """Return a new password, typed twice; UserError where the two differ."""
    first = ask_password(name, from_stdin=from_stdin)
    if not from_stdin and getpass.getpass(translate("The same again: ")) != first:
        raise UserError(translate("The two passwords differ: nothing was changed."))
    return first


def find_signer(engine: Engine, settings: StationSettings, named: str | None, *, from_stdin: bool) -> str:
    """Return who signs: somebody named, by the password; or who is signed in, once idle by it again."""
    from anomaly_gui.station.access.managing import is_first_start
    from anomaly_gui.station.access.sessions import note_activity, read_session
    from anomaly_gui.station.access.signing import authenticate

    if is_first_start(engine):
        raise UserError(translate("This station has no people yet: add the admin first."))
    session = read_session(engine, settings.access)
    if named is None and session is None:
        raise UserError(translate("Nobody is signed in: sign in, or say who signs (--as NAME)."))
    if session is not None and named is None and not session.is_locked:
        note_activity(engine, settings.access)
        return session.name
    name = named or (session.name if session else "")
    authenticate(engine, name, ask_password(name, from_stdin=from_stdin), settings.access)
    return name
