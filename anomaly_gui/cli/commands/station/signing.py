"""The commands `station sign-in`, `sign-out`, `release`, `approve` and `unlock`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from anomaly_gui.cli.commands.station.asking import (
    FromStdin,
    LineFile,
    Name,
    SignAs,
    Why,
    ask_password,
    find_signer,
    opened_records,
)
from anomaly_gui.cli.output.report import print_line
from anomaly_gui.language import translate
from anomaly_gui.station.settings.reading import read_settings

_Model = Annotated[Path, typer.Argument(metavar="M.anomaly", help="The model that the line is to take.")]
_Report = Annotated[
    Path,
    typer.Option(
        "--report", metavar="FILE", help="Its validation: the JSON of evaluate, or the window's PDF."
    ),
]


def sign_in_command(settings: LineFile, name: Name, password_stdin: FromStdin = False) -> None:
    """Sign in at the station: results name who did.

    Changes are signed without the password again, until nothing was done for a while.
    """
    from anomaly_gui.station.access.sessions import sign_in

    asked = read_settings(settings)
    with opened_records(asked) as engine:
        person = sign_in(engine, name, ask_password(name, from_stdin=password_stdin), asked.access)
    print_line(translate("{name} is signed in, as {role}.", name=name, role=person.role.told))


def sign_out_command(settings: LineFile) -> None:
    """Sign out whoever is signed in at the station."""
    from anomaly_gui.station.access.sessions import sign_out

    with opened_records(read_settings(settings)) as engine:
        name = sign_out(engine)
    print_line(translate("{name} is signed out.", name=name) if name else translate("Nobody is signed in."))


def release_command(
    settings: LineFile,
    model: _Model,
    report: _Report,
    why: Why,
    sign_as: SignAs = None,
    password_stdin: FromStdin = False,
) -> None:
    """Release a model for the line, as an engineer, with the report of its validation."""
    from anomaly_gui.station.access.releases import release_model

    asked = read_settings(settings)
    with opened_records(asked) as engine:
        signer = find_signer(engine, asked, sign_as, from_stdin=password_stdin)
        release = release_model(engine, asked.records, model, report, signer, why)
    print_line(translate("{path} is released, SHA-256 {digest}.", path=model, digest=release.model))
    if not release.is_of_model:
        print_line(translate("Whether the report is of this model was not checked: a PDF is for people."))


def approve_command(
    settings: LineFile, why: Why, sign_as: SignAs = None, password_stdin: FromStdin = False
) -> None:
    """Approve the settings, the model with its threshold and region, and the outputs, as they are now.

    The station judges with nothing else.
    """
    from anomaly_gui.station.access.approvals import approve_station, word_approval

    asked = read_settings(settings)
    with opened_records(asked) as engine:
        signer = find_signer(engine, asked, sign_as, from_stdin=password_stdin)
        new = approve_station(engine, asked, signer, why)
    print_line(word_approval(new))


def unlock_station_command(
    settings: LineFile, why: Why, sign_as: SignAs = None, password_stdin: FromStdin = False
) -> None:
    """Let a station judge again that is locked, such as after the challenge; an engineer signs."""
    from anomaly_gui.station.access.station_lock import sign_unlock

    asked = read_settings(settings)
    with opened_records(asked) as engine:
        signer = find_signer(engine, asked, sign_as, from_stdin=password_stdin)
        reason = sign_unlock(engine, signer, why)
    print_line(translate("The station judges again. It was locked: {why}", why=reason))
