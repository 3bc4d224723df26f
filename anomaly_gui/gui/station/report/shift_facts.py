"""What the records say of a shift, or of any other time: counted by the database."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Generic, TypeVar

from sqlalchemy import and_, func, select

from anomaly_gui.station.judging.judged import StationVerdict
from anomaly_gui.station.ledger.audit_reading import ALARM, AuditRow
from anomaly_gui.station.ledger.engine import open_reader
from anomaly_gui.station.ledger.linking import find_end
from anomaly_gui.station.ledger.reading import ALL_VERDICTS, ResultFilter, list_all_conditions
from anomaly_gui.station.ledger.tables import AUDIT, RESULT
from anomaly_gui.station.times import write_datetime

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection, Table

    from anomaly_gui.gui.station.feed.place import StationPlace

_MOST_REASONS, _MOST_ENTRIES = 10, 200
_HOUR = 13  # letters of a moment up to its hour
CAME = "came"
"""What an alarm that came is called in the audit; others went."""
Reason = tuple[StationVerdict, str, int]
T = TypeVar("T")


@dataclass(frozen=True)
class Listed(Generic[T]):
    """Those there is room for in a list, and how many there are in all."""

    rows: tuple[T, ...] = ()
    count: int = 0


@dataclass(frozen=True)
class Span:
    """The time that a report is of, and of which results: those of a lot or of a part, or all."""

    since: datetime
    until: datetime
    wanted: ResultFilter


@dataclass(frozen=True)
class ModelUse:
    """A model with a threshold, and how many results it gave."""

    name: str
    sha256: str
    threshold: float
    band: float | None
    count: int


@dataclass(frozen=True)
class ShiftFacts:
    """What happened.

    Parameters
    ----------
    site, line, station : names; "" where there is no result
    counts : results by verdict
    hours : the same, by the hour they begin with
    reasons : remarks on parts that are not good, and how often: the most frequent first
    models : what judged
    challenges : known parts that tried the station: none of the counts
    came : how many alarms came
    alarms, changes : entries of the audit, the newest of them, the oldest of these first
    end : number and hash of the last row of the records
    """

    span: Span
    names: tuple[str, str, str] = ("", "", "")
    counts: Counter[StationVerdict] = field(default_factory=Counter)
    hours: dict[datetime, Counter[StationVerdict]] = field(default_factory=dict)
    reasons: Listed[Reason] = field(default_factory=Listed)
    models: tuple[ModelUse, ...] = ()
    challenges: int = 0
    came: int = 0
    alarms: Listed[AuditRow] = field(default_factory=Listed)
    changes: Listed[AuditRow] = field(default_factory=Listed)
    end: tuple[int, str] = (0, "")


def describe_span(wanted: ResultFilter, shift: datetime) -> Span:
    """Return what a report is of: the time that is asked for, or else the shift up to now."""
    since, until = wanted.since or shift, wanted.until or datetime.now().astimezone()
    return Span(since, until, replace(wanted, since=since, until=until, verdicts=ALL_VERDICTS))


def read_shift(place: StationPlace, span: Span) -> ShiftFacts:
    """Read what happened; LedgerError where the records cannot be read."""
    # named, so that the index of verdicts and times is used: there may be a million rows of other days
    is_any = RESULT.c.verdict.in_([verdict.value for verdict in ALL_VERDICTS])
    of_all = and_(is_any, *list_all_conditions(span.wanted))
    is_asked = and_(of_all, RESULT.c.is_challenge == 0)
    with open_reader(place.ledger_file) as connection:
        hours = _count_by_hour(connection, is_asked)
        counts: Counter[StationVerdict] = sum(hours.values(), Counter())
        facts = ShiftFacts(
            span,
            _read_names(connection),
            counts,
            hours,
            _count_reasons(connection, is_asked),
            _list_models(connection, is_asked),
            challenges=_count_rows(connection, RESULT, and_(of_all, RESULT.c.is_challenge == 1)),
            end=find_end(connection),
        )
        return _add_entries(facts, connection)


def _add_entries(facts: ShiftFacts, connection: Connection) -> ShiftFacts:
    """Return the same with what the audit has of the time."""
    since, until = write_datetime(facts.span.since), write_datetime(facts.span.until)
    is_within = and_(AUDIT.c.at >= since, AUDIT.c.at < until)
    is_alarm = and_(is_within, AUDIT.c.what == ALARM)
    return replace(
        facts,
        came=_count_rows(connection, AUDIT, and_(is_alarm, AUDIT.c.after == CAME)),
        alarms=_list_entries(connection, is_alarm),
        changes=_list_entries(connection, and_(is_within, AUDIT.c.what != ALARM)),
    )


def _list_entries(connection: Connection, is_asked: ColumnElement[bool]) -> Listed[AuditRow]:
    asked = select(AUDIT).where(is_asked).order_by(AUDIT.c.link.desc()).limit(_MOST_ENTRIES)
    newest = [AuditRow(**row) for row in connection.execute(asked).mappings()]
    return Listed(tuple(reversed(newest)), _count_rows(connection, AUDIT, is_asked))


def _count_rows(connection: Connection, table: Table, condition: ColumnElement[bool]) -> int:
    return connection.scalar(select(func.count()).select_from(table).where(condition)) or 0


def _read_names(connection: Connection) -> tuple[str, str, str]:
    columns = RESULT.c
    asked = select(columns.site, columns.line, columns.station).order_by(columns.seq.desc()).limit(1)
    row = connection.execute(asked).first()
    return ("", "", "") if row is None else (row[0], row[1], row[2])


def _count_by_hour(
    connection: Connection, is_asked: ColumnElement[bool]
) -> dict[datetime, Counter[StationVerdict]]:
    hour = func.substr(RESULT.c.at, 1, _HOUR)
    asked = select(hour, RESULT.c.verdict, func.count()).where(is_asked).group_by(hour, RESULT.c.verdict)
    found: defaultdict[datetime, Counter[StationVerdict]] = defaultdict(Counter)
    for text, verdict, count in connection.execute(asked):
        begin = datetime.strptime(text, "%Y-%m-%dT%H").replace(tzinfo=timezone.utc)
        found[begin.astimezone()][StationVerdict(verdict)] += count
    return dict(sorted(found.items()))


def _count_reasons(connection: Connection, is_asked: ColumnElement[bool]) -> Listed[Reason]:
    columns, count = RESULT.c, func.count()
    all_reasons = func.count().over()  # of the groups
    asked = select(columns.verdict, columns.reason, count, all_reasons)
    asked = asked.where(is_asked, columns.verdict != StationVerdict.GOOD.value)
    asked = asked.group_by(columns.verdict, columns.reason).order_by(count.desc()).limit(_MOST_REASONS)
    rows = connection.execute(asked).all()
    return Listed(tuple((StationVerdict(row[0]), row[1], row[2]) for row in rows), rows[0][3] if rows else 0)


def _list_models(connection: Connection, is_asked: ColumnElement[bool]) -> tuple[ModelUse, ...]:
    columns = RESULT.c
    key = (columns.model_name, columns.model_sha256, columns.threshold, columns.band)
    asked = select(*key, func.count()).where(is_asked).group_by(*key).order_by(func.min(columns.seq))
    return tuple(ModelUse(*row) for row in connection.execute(asked))
