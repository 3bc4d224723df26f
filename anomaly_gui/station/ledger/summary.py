"""What the records say of many parts at once: counts by verdict, shift and hour, reasons, models, outputs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from anomaly_gui.station.judging.judged import StationVerdict
from anomaly_gui.station.ledger.engine import open_reader
from anomaly_gui.station.ledger.linking import find_end
from anomaly_gui.station.ledger.reading import list_all_conditions
from anomaly_gui.station.ledger.tables import ACKED, OUTBOX, PENDING, RESULT

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import ColumnElement, Connection

    from anomaly_gui.station.ledger.reading import ResultFilter

_MOST_REASONS = 20
_HOUR = 13  # letters of a moment up to its hour
Counts = Counter[StationVerdict]


@dataclass(frozen=True)
class ModelUse:
    """A model at a threshold, and how many parts it judged."""

    name: str
    sha256: str
    threshold: float
    count: int


@dataclass(frozen=True)
class OutputUse:
    """An output: how many messages of the station have arrived there, and how many have not."""

    name: str
    arrived: int
    waiting: int


@dataclass(frozen=True)
class Summary:
    """What was judged.

    Parameters
    ----------
    names : site, line and station of the last result; empty where there is none
    first, last : when the first and the last were recorded; "" where there is none
    counts : by verdict; parts of a challenge are in none of the counts
    shifts, hours : the same for each shift (None: nobody said which), and hour as the records write it
    reasons : verdict, remark, how often; of parts that are not good, the most frequent first
    challenges : parts of a challenge
    links, head : how many rows the whole chain has, and the hash of the last
    """

    names: tuple[str, ...]
    first: str
    last: str
    counts: Counts
    shifts: dict[str | None, Counts]
    hours: dict[str, Counts]
    reasons: tuple[tuple[StationVerdict, str, int], ...]
    challenges: int
    models: tuple[ModelUse, ...]
    outputs: tuple[OutputUse, ...]
    links: int
    head: str


def summarize_results(ledger_file: Path, wanted: ResultFilter) -> Summary:
    """Sum up the results that are asked for, as they are at this moment.

    Raises
    ------
    LedgerError : the records cannot be read
    """
    asked = list_all_conditions(wanted)
    made = [*asked, RESULT.c.is_challenge == 0]
    with open_reader(ledger_file) as connection:
        shifts = _count_by(connection, RESULT.c.shift, made)
        first, last = connection.execute(
            select(func.min(RESULT.c.at), func.max(RESULT.c.at)).where(*made)
        ).one()
        links, head = find_end(connection)
        return Summary(
            names=_read_names(connection),
            first=first or "",
            last=last or "",
            counts=sum(shifts.values(), Counter()),
            shifts=dict(sorted(shifts.items(), key=lambda item: item[0] or "")),
            hours=dict(sorted(_count_by(connection, func.substr(RESULT.c.at, 1, _HOUR), made).items())),
            reasons=_count_reasons(connection, made),
            challenges=_count_rows(connection, [*asked, RESULT.c.is_challenge == 1]),
            models=_list_models(connection, made),
            outputs=_list_outputs(connection),
            links=links,
            head=head,
        )


def _count_rows(connection: Connection, asked: list[ColumnElement[bool]]) -> int:
    return connection.scalar(select(func.count()).select_from(RESULT).where(*asked)) or 0


def _read_names(connection: Connection) -> tuple[str, ...]:
    columns = RESULT.c
    last = select(columns.site, columns.line, columns.station).order_by(columns.seq.desc()).limit(1)
    row = connection.execute(last).first()
    return () if row is None else tuple(row)


def _count_by(
    connection: Connection, key: ColumnElement[str], asked: list[ColumnElement[bool]]
) -> dict[str, Counts]:
    rows = select(key, RESULT.c.verdict, func.count()).where(*asked).group_by(key, RESULT.c.verdict)
    found: dict[str, Counts] = {}
    for value, verdict, count in connection.execute(rows):
        found.setdefault(value, Counter())[StationVerdict(verdict)] += count
    return found


def _count_reasons(
    connection: Connection, asked: list[ColumnElement[bool]]
) -> tuple[tuple[StationVerdict, str, int], ...]:
    columns, count = RESULT.c, func.count()
    rows = select(columns.verdict, columns.reason, count).group_by(columns.verdict, columns.reason)
    rows = rows.where(*asked, columns.verdict != StationVerdict.GOOD.value)
    rows = rows.order_by(count.desc(), columns.verdict, columns.reason).limit(_MOST_REASONS)
    return tuple((StationVerdict(row[0]), row[1], row[2]) for row in connection.execute(rows))


def _list_models(connection: Connection, asked: list[ColumnElement[bool]]) -> tuple[ModelUse, ...]:
    columns = RESULT.c
    key = (columns.model_name, columns.model_sha256, columns.threshold)
    rows = select(*key, func.count()).where(*asked).group_by(*key).order_by(func.min(columns.seq))
    return tuple(ModelUse(*row) for row in connection.execute(rows))


def _list_outputs(connection: Connection) -> tuple[OutputUse, ...]:
    """Return how each output does; of all messages, whatever results are asked for."""
    rows = select(OUTBOX.c.output, OUTBOX.c.state, func.count()).group_by(OUTBOX.c.output, OUTBOX.c.state)
    found: dict[str, Counter[str]] = {}
    for name, state, count in connection.execute(rows):
        found.setdefault(name, Counter())[state] += count
    return tuple(OutputUse(name, states[ACKED], states[PENDING]) for name, states in sorted(found.items()))
