"""The commands `station run`, `check`, `show` and `verify`.

What needs the database is imported where it is used: other commands should not wait for it.
"""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from anomaly_gui.cli.output.columns import pad_right
from anomaly_gui.cli.output.report import print_line
from anomaly_gui.errors import UserError
from anomaly_gui.language import translate
from anomaly_gui.station.judging.judged import StationVerdict
from anomaly_gui.station.settings.reading import read_settings
from anomaly_gui.station.state_file import read_known_end, read_state
from anomaly_gui.wording import duration, join_list

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from anomaly_gui.station.ledger.reading import ResultRow
    from anomaly_gui.station.ledger.verifying import Verified
    from anomaly_gui.station.settings.station_settings import StationSettings

_File = Annotated[Path, typer.Argument(metavar="LINE.toml", help="The settings of the station.")]
_Last = Annotated[int, typer.Option("--last", min=0, help="How many of the last results to show.")]
_LastHash = Annotated[
    str | None,
    typer.Option("--last", metavar="HASH", help="A hash that was the last once: a row has to have it."),
]
_Part = Annotated[str | None, typer.Option("--part", metavar="TEXT", help="Only results of this part.")]
_Server = Annotated[bool, typer.Option("--server", help="Check what the server has, not the station's own.")]


def run_command(settings: _File) -> None:
    """Judge every picture that comes, until Ctrl-C or a signal to end.

    What was begun when the program or the machine stopped is taken up again at the next start.
    """
    from anomaly_gui.station.run import run_station

    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    run_station(read_settings(settings), ended.is_set, print_line)


def check_command(settings: _File) -> None:
    """Say whether all would work: folders, camera, records, people, outputs, server, model, challenge.

    Exit code 2: something would not.
    """
    from anomaly_gui.station.checking import check_station

    is_well = True
    for finding in check_station(read_settings(settings)):
        is_well = is_well and finding.is_well
        told = translate("well") if finding.is_well else translate("fault")
        print_line(f"{pad_right(told, 6)} {finding.sentence}")
    if not is_well:
        raise UserError(translate("The station would not work like that."))


def show_command(settings: _File, last: _Last = 20, part: _Part = None) -> None:
    """Say how the station is, how many parts it judged, and what the last ones were."""
    from anomaly_gui.station.ledger.reading import ResultFilter, count_results, find_results

    asked = read_settings(settings)
    print_line(_describe_state(asked))
    counts = count_results(asked.ledger_file, ResultFilter(is_challenge=False))
    told = [translate("{verdict}: {count:,}", verdict=one.told, count=counts[one]) for one in StationVerdict]
    print_line(translate("{counts}.", counts=join_list(told)))
    for row in find_results(asked.ledger_file, ResultFilter(part), last):
        print_line(_describe_result(row))


def verify_command(settings: _File, last: _LastHash = None, server: _Server = False) -> None:
    """Check that no record was changed, and none is missing. Exit code 2: some were.

    What the station said last of its records, in state.json, has to be among them.
    """
    asked = read_settings(settings)
    found = _verify_server(asked, last) if server else _verify_own(asked, last)
    for sentence in found.faults:
        print_line(sentence)
    if found.faults:
        raise UserError(translate("The records are not as they were written."))
    print_line(
        translate(
            "{results:,} results and {entries:,} entries of the audit are as they were written. The last "
            "hash is {head}",
            results=found.results,
            entries=found.entries,
            head=found.head,
        )
    )


def _verify_own(settings: StationSettings, last: str | None) -> Verified:
    from anomaly_gui.station.access.verifying import verify_records

    known = _list_known(settings, last)
    with _open_records(settings) as engine:
        return verify_records(engine, known)


def _verify_server(settings: StationSettings, last: str | None) -> Verified:
    from anomaly_gui.station.server.verifying import verify_server

    if settings.postgresql is None:
        raise UserError(translate("{path} names no server: add the table [postgresql].", path=settings.file))
    verified = verify_server(settings.postgresql, settings.ledger_file, _name_hash(last))
    if verified.waiting:
        print_line(translate("{count:,} rows of the station are not there yet.", count=verified.waiting))
    return verified.found


def _list_known(settings: StationSettings, last: str | None) -> dict[str, str]:
    """Return hashes that have to be among the records, and what it means where one is not."""
    link, its_hash = read_known_end(settings.state_file)
    known = {
        its_hash: translate(
            "Row {link}, which {path} says was the last, is missing: records were cut off at the end.",
            link=link,
            path=settings.state_file,
        )
    }
    return known | _name_hash(last)


def _name_hash(last: str | None) -> dict[str, str]:
    """Return a hash that is asked for, and what it means where no row has it."""
    if last is None:
        return {}
    return {last.strip().lower(): translate("No row has the hash {hash}: records are missing.", hash=last)}


@contextmanager
def _open_records(settings: StationSettings) -> Iterator[Engine]:
    from anomaly_gui.station.ledger.engine import open_engine

    engine = open_engine(settings.ledger_file, may_make=False)
    try:
        yield engine
    finally:
        engine.dispose()


def _describe_state(settings: StationSettings) -> str:
    state = read_state(settings.state_file)
    if state is None:
        raise UserError(
            translate("{path} is not there: the station has recorded nothing yet.", path=settings.state_file)
        )
    backlog = state.get("backlog", {"count": 0, "oldest_seconds": 0})
    lines = [
        translate(
            "{station}: {state}, at {at}. Waiting: {count:,}, the oldest for {duration}.",
            station=settings.station,
            state=state["state"],
            at=state["at"],
            count=backlog["count"],
            duration=duration(backlog["oldest_seconds"]),
        )
    ]
    return "\n".join([*lines, *(alarm["text"] for alarm in state["alarms"])])


def _describe_result(row: ResultRow) -> str:
    took = sum(row.milliseconds.values())
    score = " " * 12 if row.score is None else f"{row.score:12.6g}"
    verdict = pad_right(row.verdict.told, 12)
    words = [str(row.seq), row.at, verdict, score, f"{took:8.0f} ms", str(row.image_path)]
    pruned = row.pruned_at and translate("(picture removed at {at}, as the settings say)", at=row.pruned_at)
    challenge = translate("challenge") if row.is_challenge else ""
    return "  ".join([*words, *filter(None, (challenge, pruned, row.part, row.reason))])
