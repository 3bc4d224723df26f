"""Read a snapshot: only what is new since the last one is counted, so that a million rows cost no more."""

from __future__ import annotations

import os.path
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy import func, select

from anomaly_gui.gui.station.feed.health import mark_unread, read_health
from anomaly_gui.gui.station.feed.people import People, PeopleReader
from anomaly_gui.gui.station.feed.snapshot import LAST, ShownPart, Snapshot, Trend
from anomaly_gui.station.capture.taken import TakenFolder
from anomaly_gui.station.judging.judged import StationVerdict
from anomaly_gui.station.ledger.engine import LedgerError, open_reader
from anomaly_gui.station.ledger.paths_in_rows import read_path
from anomaly_gui.station.ledger.reading import ResultFilter, find_results
from anomaly_gui.station.ledger.tables import JUDGED, RESULT, STEP
from anomaly_gui.station.lock import is_claimed
from anomaly_gui.station.times import write_moment

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy import ColumnElement, Connection

    from anomaly_gui.gui.station.feed.place import StationPlace
    from anomaly_gui.station.ledger.reading import ResultRow

TREND = 300
"""Parts of the trend."""
_NEVER = 2**62  # no result has this number
_PLACES = {verdict.value: place for place, verdict in enumerate(StationVerdict)}


@dataclass
class Counted:
    """Results that were counted already: since when, up to which number, how many of each verdict."""

    since: datetime
    last: int = -1
    counts: Counter[StationVerdict] = field(default_factory=Counter)
    shown: tuple[ShownPart, ...] = ()
    trend: Trend = field(default_factory=Trend)
    reader: PeopleReader = field(default_factory=PeopleReader)
    people: People | None = None


def read_snapshot(place: StationPlace, counted: Counted) -> Snapshot:
    """Return how a station is now, and note in `counted` what was counted."""
    health = read_health(place.state_file, is_claimed(place.records))
    try:
        _read_new(place, counted)
    except LedgerError as error:
        return Snapshot(mark_unread(health, str(error)), counted.since, trouble=str(error))
    return Snapshot(
        health,
        counted.since,
        counted.counts.copy(),
        counted.shown,
        counted.trend,
        people=counted.people,
        scanned=_find_scan(place),
    )


def _find_scan(place: StationPlace) -> str:
    """Return the code that waits for the next picture of a station's camera."""
    if place.settings is None or place.settings.camera is None:
        return ""
    try:
        return TakenFolder(place.settings.capture.folder).find_scan() or ""
    except OSError:  # the station itself says what is the matter with the folder
        return ""


def _read_new(place: StationPlace, counted: Counted) -> None:
    ledger = place.ledger_file
    with open_reader(ledger) as connection:
        if place.settings is not None:
            counted.people = counted.reader.read(connection, place.settings.access)
        newest = connection.scalar(select(func.max(RESULT.c.seq))) or 0
        counts, trend, rows = counted.counts, counted.trend, [part.row for part in counted.shown]
        if newest != counted.last:
            counts, trend = _count_new(connection, counted, newest), _read_trend(connection)
            rows = find_results(ledger, ResultFilter(), LAST)
        shown = _find_pictures(connection, rows)
    counted.counts, counted.trend, counted.shown, counted.last = counts, trend, shown, newest


def _count_new(connection: Connection, counted: Counted, newest: int) -> Counter[StationVerdict]:
    """Return the counts up to `newest`: with what came since the last time, or else since the shift began.

    Known parts of a challenge are none of the line's.
    """
    columns = RESULT.c
    is_ours = (columns.seq <= newest) & (columns.is_challenge == 0)
    if 0 <= counted.last <= newest:
        return counted.counts + _count(connection, is_ours & (columns.seq > counted.last))
    since = write_moment(int(counted.since.timestamp() * 1e9))
    first = _find_first(connection, since)
    return _count(connection, is_ours & (columns.seq >= first) & (columns.at >= since))


def _find_first(connection: Connection, since: str) -> int:
    """Return the first number of a result since then, by the index of verdicts and times."""
    columns = RESULT.c
    firsts = (
        connection.scalar(
            select(columns.seq)
            .where(columns.verdict == verdict.value, columns.at >= since)
            .order_by(columns.at)
            .limit(1)
        )
        for verdict in StationVerdict
    )
    return min((first for first in firsts if first is not None), default=_NEVER)


def _count(connection: Connection, condition: ColumnElement[bool]) -> Counter[StationVerdict]:
    asked = select(RESULT.c.verdict, func.count()).where(condition).group_by(RESULT.c.verdict)
    return Counter({StationVerdict(row[0]): row[1] for row in connection.execute(asked)})


def _read_trend(connection: Connection) -> Trend:
    columns = RESULT.c
    asked = select(columns.seq, columns.verdict, columns.score, columns.threshold)
    asked = asked.where(columns.is_challenge == 0).order_by(columns.seq.desc()).limit(TREND)
    rows = connection.execute(asked).all()[::-1]
    if not rows:
        return Trend()
    numbers = np.array([row[0] for row in rows], np.int64)
    verdicts = np.array([_PLACES[row[1]] for row in rows], np.int64)
    distances = np.array([np.nan if row[2] is None else row[2] - row[3] for row in rows], np.float64)
    return Trend(numbers, verdicts, distances, _find_unit(verdicts, distances))


def _find_unit(verdicts: np.ndarray, distances: np.ndarray) -> float:
    """Return how far good parts lie from the threshold; without any, how far all others do."""
    good = distances[(verdicts == _PLACES[StationVerdict.GOOD.value]) & np.isfinite(distances)]
    if len(good) and (middle := float(np.median(good))) > 0:
        return middle
    finite = np.abs(distances[np.isfinite(distances) & (distances != 0)])
    return float(np.median(finite)) if len(finite) else 1.0


def _find_pictures(connection: Connection, rows: list[ResultRow]) -> tuple[ShownPart, ...]:
    """Return where the pictures of parts are: moved already, or still where they came."""
    waiting = select(STEP.c.id, STEP.c.path).where(
        STEP.c.step == JUDGED, STEP.c.id.in_([row.id for row in rows])
    )
    before = {row[0]: read_path(row[1]) for row in connection.execute(waiting)} if rows else {}
    return tuple(ShownPart(row, _choose_picture(row, before.get(row.id))) for row in rows)


def _choose_picture(row: ResultRow, before: Path | None) -> Path | None:
    if _is_file(row.image_path):
        return row.image_path
    return before if before is not None and _is_file(before) else None


def _is_file(path: Path) -> bool:
    """Tell whether a file is there and can be looked at: a disk that went is no error here."""
    return os.path.isfile(path)  # noqa: PTH113 - before Python 3.14 that of a path raises what a disk says
