"""Read the records beside the station that writes them: search, and count by verdict.

Each call opens the file for reading only and closes it again, so it holds up no writer.
"""

from __future__ import annotations

import heapq
import json
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from anomaly_gui.station.judging.judged import StationVerdict
from anomaly_gui.station.ledger.engine import open_reader
from anomaly_gui.station.ledger.paths_in_rows import read_path, write_path
from anomaly_gui.station.ledger.tables import RESULT, STEP
from anomaly_gui.station.times import write_datetime

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy import ColumnElement, Connection, RowMapping, Select

ALL_VERDICTS = tuple(StationVerdict)


@dataclass(frozen=True)
class ResultFilter:
    """Which results are asked for: all of what is named has to be so.

    Parameters
    ----------
    part, lot : exactly these; None: any
    since, until : judged at or after, and before; moments that know their time zone
    verdicts : one of these
    is_challenge : whether they are known parts of a challenge; None: both
    """

    part: str | None = None
    lot: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    verdicts: tuple[StationVerdict, ...] = ALL_VERDICTS
    is_challenge: bool | None = None


@dataclass(frozen=True)
class ResultRow:
    """A recorded result: each column of the table `result`, and what became of the picture.

    Parameters
    ----------
    seq, link : its number among results, and in the chain
    at : when it was recorded, as text: UTC
    milliseconds : by step
    regions : left, top, right, bottom of each place to mark, in pixels
    pruned_at : when its picture was removed by the rule of how long pictures are kept; None where it was not
    """

    seq: int
    link: int
    id: str
    at: str
    site: str
    line: str
    station: str
    part: str | None
    lot: str | None
    source: str
    image_sha256: str
    image_path: Path
    verdict: StationVerdict
    score: float | None
    threshold: float
    band: float | None
    model_sha256: str
    model_name: str
    version: str
    operator: str | None
    shift: str | None
    milliseconds: Mapping[str, float]
    brightness: float | None
    contrast: float | None
    sharpness: float | None
    highlights: float | None
    reason: str
    regions: tuple[tuple[int, int, int, int], ...]
    is_challenge: bool
    is_simulated: bool
    previous_hash: str
    hash: str
    pruned_at: str | None


def find_results(
    ledger_file: Path, wanted: ResultFilter, limit: int, after: int | None = None
) -> list[ResultRow]:
    """Return results, the newest first.

    Parameters
    ----------
    after : `seq` of the last one of the page before; None: begin with the newest

    Raises
    ------
    LedgerError : there are no records yet, or they cannot be read
    """
    with open_reader(ledger_file) as connection:
        older = () if after is None else _older_than(connection, after)
        found = (
            connection.execute(_ask_for(wanted, verdict).where(*older).limit(limit)).mappings().all()
            for verdict in wanted.verdicts
        )
        merged = heapq.merge(*found, key=lambda row: (row["at"], row["seq"]), reverse=True)
        return [_make_row(row) for row in islice(merged, limit)]


def read_result(ledger_file: Path, seq: int) -> ResultRow | None:
    """Return one result, None where there is none of this number."""
    with open_reader(ledger_file) as connection:
        row = connection.execute(_select_results().where(RESULT.c.seq == seq)).mappings().first()
    return None if row is None else _make_row(row)


def has_seen(ledger_file: Path, path: Path) -> bool:
    """Tell whether a part's picture was at this path, wherever it is now; LedgerError as `find_results`."""
    asked = select(STEP.c.id).where(STEP.c.path == write_path(path)).limit(1)
    with open_reader(ledger_file) as connection:
        return connection.execute(asked).first() is not None


def count_results(ledger_file: Path, wanted: ResultFilter) -> Counter[StationVerdict]:
    """Return how many results there are of each verdict that is asked for; LedgerError as `find_results`."""
    counts: Counter[StationVerdict] = Counter()
    with open_reader(ledger_file) as connection:
        for verdict in wanted.verdicts:
            asked = select(func.count()).select_from(RESULT).where(*list_conditions(wanted, verdict))
            counts[verdict] = connection.scalar(asked) or 0
    return counts


def list_conditions(wanted: ResultFilter, verdict: StationVerdict) -> list[ColumnElement[bool]]:
    """Return what is so of the results of one verdict that are asked for."""
    return [RESULT.c.verdict == verdict.value, *_list_others(wanted)]


def list_all_conditions(wanted: ResultFilter) -> list[ColumnElement[bool]]:
    """Return what is so of all the results that are asked for."""
    if set(wanted.verdicts) == set(ALL_VERDICTS):
        return _list_others(wanted)
    return [RESULT.c.verdict.in_([verdict.value for verdict in wanted.verdicts]), *_list_others(wanted)]


def _list_others(wanted: ResultFilter) -> list[ColumnElement[bool]]:
    """Return what is so of them but for the verdict."""
    columns = RESULT.c
    conditions = []
    for column, value in ((columns.part, wanted.part), (columns.lot, wanted.lot)):
        if value is not None:
            conditions.append(column == value)
    if wanted.is_challenge is not None:
        conditions.append(columns.is_challenge == int(wanted.is_challenge))
    if wanted.since is not None:
        conditions.append(columns.at >= write_datetime(wanted.since))
    if wanted.until is not None:
        conditions.append(columns.at < write_datetime(wanted.until))
    return conditions


def _ask_for(wanted: ResultFilter, verdict: StationVerdict) -> Select[Any]:
    """Return the question for one verdict, which has an index that is in order of time."""
    asked = _select_results().where(*list_conditions(wanted, verdict))
    return asked.order_by(RESULT.c.at.desc(), RESULT.c.seq.desc())


def _select_results() -> Select[Any]:
    return select(RESULT, STEP.c.pruned_at).join_from(RESULT, STEP, RESULT.c.id == STEP.c.id, isouter=True)


def _older_than(connection: Connection, seq: int) -> tuple[ColumnElement[bool], ...]:
    at, number = RESULT.c.at, RESULT.c.seq
    moment = connection.scalar(select(at).where(number == seq)) or ""
    return (at <= moment, (at < moment) | (number < seq))


def _make_row(row: RowMapping) -> ResultRow:
    return ResultRow(
        **{
            **row,
            "image_path": read_path(row["image_path"]),
            "verdict": StationVerdict(row["verdict"]),
            "milliseconds": json.loads(row["milliseconds"]),
            "regions": tuple(tuple(region) for region in json.loads(row["regions"])),
            "is_challenge": bool(row["is_challenge"]),
            "is_simulated": bool(row["is_simulated"]),
        }
    )
