"""The commands `station people list`, `add`, `remove`, `role`, `password` and `unlock`."""

from __future__ import annotations

from typing import Annotated

import typer

from anomaly_gui.cli.commands.station.asking import (
    FromStdin,
    LineFile,
    Name,
    SignAs,
    Why,
    ask_new_password,
    ask_password,
    find_signer,
    opened_records,
)
from anomaly_gui.cli.output.columns import pad_right
from anomaly_gui.cli.output.report import print_line
from anomaly_gui.errors import UserError
from anomaly_gui.language import translate
from anomaly_gui.station.access.roles import Role
from anomaly_gui.station.settings.reading import read_settings
from anomaly_gui.wording import join_list

_RoleOption = Annotated[str, typer.Option("--role", metavar="ROLE", help="One of operator, engineer, admin.")]
_RoleName = Annotated[str, typer.Argument(metavar="ROLE", help="One of operator, engineer, admin.")]
_WhyOrFirst = Annotated[
    str, typer.Option("--why", metavar="TEXT", help="The reason, for the audit; the first admin needs none.")
]
_WhyOrOwn = Annotated[
    str, typer.Option("--why", metavar="TEXT", help="The reason, for the audit; one's own needs none.")
]


def list_command(settings: LineFile) -> None:
    """List the people of a station, with their roles, and say who is signed in."""
    from anomaly_gui.station.access.people import read_people
    from anomaly_gui.station.access.sessions import read_session

    asked = read_settings(settings)
    with opened_records(asked) as engine:
        with engine.connect() as connection:
            people = [person for person in read_people(connection) if person.is_active]
        session = read_session(engine, asked.access)
    for person in people:
        locked = translate("locked until {moment}", moment=person.locked_until) if person.locked_until else ""
        print_line("  ".join(filter(None, [pad_right(person.role.told, 10), person.name, locked])))
    if session is not None:
        print_line(translate("{name} is signed in.", name=session.name))


def add_command(
    settings: LineFile,
    name: Name,
    role: _RoleOption,
    why: _WhyOrFirst = "",
    sign_as: SignAs = None,
    password_stdin: FromStdin = False,
) -> None:
    """Add somebody. The first of all is the admin, and nobody has to sign for that.

    The password of the new person is asked for twice, after that of who signs.
    """
    from anomaly_gui.station.access.managing import Newcomer, add_first_admin, add_person, is_first_start

    asked, given = read_settings(settings), _read_role(role)
    with opened_records(asked, may_make=True) as engine:
        is_first = is_first_start(engine)
        signer = "" if is_first else find_signer(engine, asked, sign_as, from_stdin=password_stdin)
        newcomer = Newcomer(name, given, ask_new_password(name, from_stdin=password_stdin))
        if is_first:
            add_first_admin(engine, newcomer)
        else:
            add_person(engine, newcomer, signer, why)
    print_line(translate("{name} is {role} of this station.", name=name, role=given.told))
    if is_first:
        print_line(
            translate(
                "From now on it judges with a model that was released, and settings that were approved."
            )
        )


def remove_command(
    settings: LineFile, name: Name, why: Why, sign_as: SignAs = None, password_stdin: FromStdin = False
) -> None:
    """Let somebody sign no more; what was signed stays in the records."""
    from anomaly_gui.station.access.managing import remove_person

    asked = read_settings(settings)
    with opened_records(asked) as engine:
        signer = find_signer(engine, asked, sign_as, from_stdin=password_stdin)
        remove_person(engine, name, signer, why)
    print_line(translate("{name} was removed.", name=name))


def role_command(
    settings: LineFile,
    name: Name,
    role: _RoleName,
    why: Why,
    sign_as: SignAs = None,
    password_stdin: FromStdin = False,
) -> None:
    """Give somebody another role."""
    from anomaly_gui.station.access.managing import set_role

    asked, given = read_settings(settings), _read_role(role)
    with opened_records(asked) as engine:
        signer = find_signer(engine, asked, sign_as, from_stdin=password_stdin)
        set_role(engine, name, given, signer, why)
    print_line(translate("{name} is {role} of this station.", name=name, role=given.told))


def password_command(
    settings: LineFile,
    name: Name,
    why: _WhyOrOwn = "",
    sign_as: SignAs = None,
    password_stdin: FromStdin = False,
) -> None:
    """Give oneself a new password, or as an admin (--as NAME) somebody else.

    The old password is asked for first, or that of the admin.
    """
    from anomaly_gui.station.access.managing import set_own_password, set_password
    from anomaly_gui.station.access.signing import authenticate

    asked = read_settings(settings)
    with opened_records(asked) as engine:
        if sign_as in (None, name):
            old = ask_password(name, from_stdin=password_stdin)
            authenticate(engine, name, old, asked.access)
            set_own_password(engine, name, ask_new_password(name, from_stdin=password_stdin))
        else:
            signer = find_signer(engine, asked, sign_as, from_stdin=password_stdin)
            set_password(engine, name, ask_new_password(name, from_stdin=password_stdin), signer, why)
    print_line(translate("{name} has a new password.", name=name))


def unlock_command(
    settings: LineFile, name: Name, why: Why, sign_as: SignAs = None, password_stdin: FromStdin = False
) -> None:
    """Let somebody try again who is locked after wrong passwords."""
    from anomaly_gui.station.access.managing import unlock_person

    asked = read_settings(settings)
    with opened_records(asked) as engine:
        signer = find_signer(engine, asked, sign_as, from_stdin=password_stdin)
        unlock_person(engine, name, signer, why)
    print_line(translate("{name} can sign in again.", name=name))


def _read_role(text: str) -> Role:
    try:
        return Role(text)
    except ValueError as error:
        known = join_list([role.value for role in Role])
        raise UserError(
            translate("{text} is no role: take one of {known}.", text=text, known=known)
        ) from error
