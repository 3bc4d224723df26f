import sqlite3
import time
from contextlib import closing
from datetime import datetime, timedelta, timezone

import pytest
from made_records import BEGAN, SECOND, fill_ledger
from sqlalchemy.exc import OperationalError

from anomaly_gui.station.judging.judged import StationVerdict
from anomaly_gui.station.ledger.engine import LedgerError, open_reader
from anomaly_gui.station.ledger.ledger import Ledger, Place
from anomaly_gui.station.ledger.linking import AuditEntry
from anomaly_gui.station.ledger.reading import ResultFilter, count_results, find_results, read_result
from anomaly_gui.station.ledger.tables import RESULT

COUNT = 3000
START = datetime.fromtimestamp(BEGAN // SECOND, timezone.utc)
BAD = (StationVerdict.DEFECT, StationVerdict.UNSURE, StationVerdict.CANNOT_JUDGE)
FILTERS = [
    ResultFilter(),
    ResultFilter(part="part 700"),
    ResultFilter(lot="lot 0", verdicts=BAD),
    ResultFilter(part="part 700", lot="lot 0", since=START, until=START + timedelta(seconds=1401)),
    ResultFilter(since=START + timedelta(seconds=2990)),
    ResultFilter(until=START + timedelta(seconds=40.5), verdicts=(StationVerdict.GOOD,)),
    ResultFilter(part="nobody's"),
]


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    file = tmp_path_factory.mktemp("records") / "ledger.sqlite3"
    fill_ledger(file, COUNT)
    return file


def _ask_plainly(file, wanted):
    """Return the numbers that a filter should find: every row is looked at."""
    with closing(sqlite3.connect(file)) as read:
        rows = read.execute(
            "SELECT seq, part, lot, at, verdict FROM result ORDER BY at DESC, seq DESC"
        ).fetchall()

    def is_wanted(row):
        _, part, lot, at, verdict = row
        moment = datetime.fromisoformat(at.replace("Z", "+00:00"))
        return (
            wanted.part in (None, part)
            and wanted.lot in (None, lot)
            and (wanted.since is None or moment >= wanted.since)
            and (wanted.until is None or moment < wanted.until)
            and verdict in wanted.verdicts
        )

    return [row[0] for row in rows if is_wanted(row)]


@pytest.mark.parametrize("wanted", FILTERS)
def test_what_is_found_is_what_looking_at_every_row_finds(records, wanted):
    expected = _ask_plainly(records, wanted)
    assert [row.seq for row in find_results(records, wanted, COUNT)] == expected
    assert count_results(records, wanted).total() == len(expected)


@pytest.mark.parametrize("wanted", FILTERS)
def test_pages_follow_each_other_without_a_gap(records, wanted):
    found, after = [], None
    while page := find_results(records, wanted, 7 if len(found) < 100 else 500, after):
        found += [row.seq for row in page]
        after = found[-1]
    assert found == _ask_plainly(records, wanted)


def test_a_row_has_every_column(records):
    (row,) = find_results(records, ResultFilter(), 1)
    assert {column.name for column in RESULT.c} | {"pruned_at"} == set(vars(row))
    assert row == read_result(records, COUNT)
    assert (row.verdict, row.regions, row.is_challenge, row.pruned_at) == (
        "good",
        ((1, 2, 3, 4),),
        False,
        None,
    )
    assert read_result(records, COUNT + 1) is None


def test_a_moment_without_a_time_zone_is_refused(records):
    with pytest.raises(ValueError, match="time zone"):
        find_results(records, ResultFilter(since=datetime(2026, 1, 1)), 1)


def test_reading_makes_no_records_and_changes_none(tmp_path):
    with pytest.raises(LedgerError, match="recorded nothing yet"):
        find_results(tmp_path / "ledger.sqlite3", ResultFilter(), 1)
    assert list(tmp_path.iterdir()) == []
    fill_ledger(tmp_path / "ledger.sqlite3", 3)
    with closing(sqlite3.connect(tmp_path / "ledger.sqlite3")) as other:
        for version, told in (("0000", "earlier version"), ("9999", "later version")):
            other.execute("UPDATE alembic_version SET version_num = ?", (version,))
            other.commit()
            with pytest.raises(LedgerError, match=told):
                find_results(tmp_path / "ledger.sqlite3", ResultFilter(), 1)


def test_a_disk_that_went_is_said(tmp_path):
    with pytest.raises(LedgerError, match=r"cannot be opened|is not there"):  # as Python says it before 3.14
        find_results(tmp_path / f"{'x' * 300}.sqlite3", ResultFilter(), 1)


def test_reading_and_writing_hold_up_neither(tmp_path):
    file = tmp_path / "a %23?b" / "ledger.sqlite3"
    with Ledger(file, Place("Plant 1", "Line 1", "Cell 1")) as ledger:
        fill_ledger(file, 2000, has_hashes=False)
        with closing(sqlite3.connect(file, isolation_level=None)) as writer:
            writer.execute("BEGIN IMMEDIATE")
            began = time.monotonic()
            assert len(find_results(file, ResultFilter(), 5000)) == 2000
            assert time.monotonic() - began < 5  # it did not wait for the writer
            writer.execute("ROLLBACK")
        with open_reader(file) as connection:
            count = "SELECT COUNT(*) FROM audit"
            assert connection.exec_driver_sql(count).scalar() == 0
            ledger.add_audit(AuditEntry("test"))
            assert connection.exec_driver_sql(count).scalar() == 0  # as it was when it was opened
            with pytest.raises(OperationalError, match="readonly"):
                connection.exec_driver_sql("DELETE FROM audit")
