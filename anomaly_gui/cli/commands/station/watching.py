"""The commands `station challenge` and `station drift`.

What needs the database is imported where it is used: other commands should not wait for it.
"""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING, Annotated

import typer

from anomaly_gui.cli.commands.station.asking import FromStdin, LineFile, SignAs, find_signer, opened_records
from anomaly_gui.cli.output.report import print_line
from anomaly_gui.errors import UserError
from anomaly_gui.language import translate
from anomaly_gui.station.judging.judged import StationVerdict
from anomaly_gui.station.settings.reading import read_settings
from anomaly_gui.wording import join_list

if TYPE_CHECKING:
    from anomaly_gui.station.settings.station_settings import StationSettings

_Anew = Annotated[bool, typer.Option("--anew", help="Take what comes from now on for usual.")]
_WhyAnew = Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, with --anew.")]
_Start = Annotated[
    bool, typer.Option("--start", help="The next parts before the line are the challenge, in the order told.")
]
_Pictures = Annotated[bool, typer.Option("--pictures", help="Judge the known pictures now.")]


def challenge_command(settings: LineFile, start: _Start = False, pictures: _Pictures = False) -> None:
    """Try the station with known parts: one that is judged wrongly locks it.

    Without an option it says how the last challenge went.
    """
    from anomaly_gui.station.watching.challenge_records import PARTS, PICTURES

    asked = read_settings(settings)
    if start and pictures:
        raise UserError(translate("Take one of --start and --pictures."))
    if start or pictures:
        _ask(asked, PARTS if start else PICTURES)
    _say_challenges(asked)


def _ask(asked: StationSettings, kind: str) -> None:
    from anomaly_gui.station.watching.challenge import list_known
    from anomaly_gui.station.watching.challenge_records import PARTS
    from anomaly_gui.station.watching.signing import ask_challenge

    if asked.challenge is None:
        raise UserError(translate("{file} has no table [challenge].", file=asked.file))
    known = (
        list(asked.challenge.order) if kind == PARTS else [part.known for part in list_known(asked.challenge)]
    )
    with opened_records(asked, may_make=True) as engine:
        ask_challenge(engine, getpass.getuser(), kind)
    order = join_list([StationVerdict(one).told for one in known])
    print_line(translate("The next {count} are the challenge: {order}.", count=len(known), order=order))


def _say_challenges(asked: StationSettings) -> None:
    from anomaly_gui.station.watching.challenge_words import word_challenges

    with opened_records(asked) as engine:
        for sentence in word_challenges(engine):
            print_line(sentence)


def drift_command(
    settings: LineFile,
    anew: _Anew = False,
    why: _WhyAnew = "",
    sign_as: SignAs = None,
    password_stdin: FromStdin = False,
) -> None:
    """Say whether light, sharpness, scores and rejects are still as they were with the first parts.

    With --anew an engineer takes what comes from now on for usual.
    """
    from anomaly_gui.station.watching.challenge_records import list_active_alarms
    from anomaly_gui.station.watching.drift_records import read_drift
    from anomaly_gui.station.watching.drift_words import word_drift
    from anomaly_gui.station.watching.signing import watch_anew

    asked = read_settings(settings)
    with opened_records(asked) as engine:
        if anew:
            watch_anew(engine, find_signer(engine, asked, sign_as, from_stdin=password_stdin), why)
            print_line(translate("What comes from now on is usual."))
            return
        drift, active = read_drift(engine), list_active_alarms(engine)
    for sentence in word_drift(drift, active):
        print_line(sentence)
