"""What a server is asked of a plant: it does the sums, and sends no row of a part.

Where no index is used, times are compared byte by byte (`COLLATE "C"`): a language's order is many times
slower.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, Text, case, func, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from anomaly_gui.station.judging.judged import StationVerdict
from anomaly_gui.station.ledger.audit_reading import ALARM
from anomaly_gui.station.ledger.linking import clean_text
from anomaly_gui.station.server.tables import SHARED, STATION
from anomaly_gui.station.times import write_datetime
from anomaly_gui.station.watching.drift import FIRST_SCORES, WARNINGS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import FromClause

    from anomaly_gui.station.server.plant import PlantFilter

Numbers = Mapping[int, int]
"""The numbers that are asked for, and the newest one of the same station: its records may have begun anew."""
MOST_LOTS, MOST_WARNINGS = 1000, 1000
_DRIFT = (*WARNINGS, FIRST_SCORES)
_CAME = "came"
_RESULT, _AUDIT = SHARED["result"].c, SHARED["audit"].c
_AT = _RESULT.at.collate("C")


def ask_stations() -> Select[Any]:
    """Ask for number, site, line, name, and when the newest result was recorded.

    That is the end of the key (`station_number`, `link`) of `result`: one row is read for each station.
    """
    newest = select(_RESULT.at).where(_RESULT.station_number == STATION.c.number)
    last = newest.order_by(_RESULT.link.desc()).limit(1).scalar_subquery()
    asked = select(STATION.c.number, STATION.c.site, STATION.c.line, STATION.c.name, last.label("last"))
    return asked.order_by(STATION.c.number)


def ask_spans(numbers: Numbers, wanted: PlantFilter, begins: Sequence[datetime]) -> Select[Any]:
    """Ask for the sums of each station and hour or day: newest number, place from 1 on, sums.

    Rows are found by the index `result_verdict` (`verdict`, `at`), or `result_lot` (`lot`, `verdict`, `at`);
    where most rows are in the time, the server reads the table instead.
    """
    texts = literal([write_datetime(begin) for begin in begins], ARRAY(Text))
    span = func.width_bucket(_AT, texts).label("span")
    rows = select(_find_station(numbers), span, _RESULT.verdict, _AT.label("at"))
    parts = rows.where(*_list_conditions(numbers, wanted)).subquery()
    by = (parts.c.station, parts.c.span)
    return select(*by, *_sum_up(parts)).group_by(*by)


def ask_lots(numbers: Numbers, wanted: PlantFilter) -> Select[Any]:
    """Ask for the sums of each station and lot: newest number, lot, sums; one more than is shown.

    The one with the newest part is first.

    The same indexes find the rows as those of the hours.
    """
    rows = select(_find_station(numbers), _RESULT.lot, _RESULT.verdict, _AT.label("at"))
    parts = rows.where(*_list_conditions(numbers, wanted)).subquery()
    by = (parts.c.station, parts.c.lot)
    newest = func.max(parts.c.at).desc()
    return select(*by, *_sum_up(parts)).group_by(*by).order_by(newest, *by).limit(MOST_LOTS + 1)


def ask_warnings(numbers: Numbers, wanted: PlantFilter) -> Select[Any]:
    """Ask for warnings of drift that came in the time or stand: number, name, moment, sentence, if it stands.

    The whole audit of the stations is read, by its key (`station_number`, `link`) or as it is: it has some
    rows for a thousand results. What stands comes first, then the newest. What an earlier begin of records
    left behind does not stand.
    """
    is_drift = (_AUDIT.what == ALARM) & _AUDIT.before.in_(_DRIFT) & _AUDIT.station_number.in_(numbers)
    last = select(_AUDIT.station_number, _AUDIT.before, func.max(_AUDIT.link).label("link")).where(is_drift)
    ends = last.group_by(_AUDIT.station_number, _AUDIT.before).subquery()
    stands = (_AUDIT.link == ends.c.link) & _AUDIT.station_number.in_(set(numbers.values()))
    is_same = (ends.c.station_number == _AUDIT.station_number) & (ends.c.before == _AUDIT.before)
    columns = (_AUDIT.station_number, _AUDIT.before, _AUDIT.at, _AUDIT.why, stands.label("stands"))
    asked = select(*columns).join_from(SHARED["audit"], ends, is_same)
    asked = asked.where(is_drift, _AUDIT.after == _CAME, or_(_is_within(_AUDIT.at, wanted), stands))
    return asked.order_by(stands.desc(), _AUDIT.at.desc(), _AUDIT.link.desc()).limit(MOST_WARNINGS)


def _find_station(numbers: Numbers) -> ColumnElement[int]:
    """Return the newest number of a result's station."""
    earlier = {number: newest for number, newest in numbers.items() if number != newest}
    number = _RESULT.station_number
    return (case(earlier, value=number, else_=number) if earlier else number).label("station")


def _list_conditions(numbers: Numbers, wanted: PlantFilter) -> list[ColumnElement[bool]]:
    """Return what is so of the results that count; naming all verdicts lets an index be used."""
    verdicts = [verdict.value for verdict in StationVerdict]
    conditions = [_RESULT.verdict.in_(verdicts), _is_within(_RESULT.at, wanted)]
    conditions += [_RESULT.station_number.in_(numbers), _RESULT.is_challenge == 0, _RESULT.is_simulated == 0]
    return conditions if wanted.lot is None else [*conditions, _RESULT.lot == clean_text(wanted.lot)]


def _is_within(at: ColumnElement[str], wanted: PlantFilter) -> ColumnElement[bool]:
    return (at >= write_datetime(wanted.since)) & (at < write_datetime(wanted.until))


def _sum_up(parts: FromClause) -> list[ColumnElement[Any]]:
    """Return the sums of some results: how many of each verdict, in their order, first and last moment."""
    counts = [func.count().filter(parts.c.verdict == one.value).label(one.value) for one in StationVerdict]
    return [*counts, func.min(parts.c.at).label("first"), func.max(parts.c.at).label("last")]
