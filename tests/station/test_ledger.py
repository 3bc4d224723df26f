import csv
import os
import random
import shutil
import sqlite3
import threading
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from anomaly_gui.station.capture.picture import Picture
from anomaly_gui.station.judging.judged import Judged, JudgedBy, StationVerdict
from anomaly_gui.station.ledger.engine import LedgerError, open_engine
from anomaly_gui.station.ledger.exporting import export_csv, export_parquet
from anomaly_gui.station.ledger.ledger import Ledger, Place
from anomaly_gui.station.ledger.linking import AuditEntry
from anomaly_gui.station.ledger.outbox import LedgerOutbox
from anomaly_gui.station.ledger.paths_in_rows import read_path, write_path
from anomaly_gui.station.ledger.reading import ResultFilter, count_results, find_results
from anomaly_gui.station.ledger.tables import METADATA
from anomaly_gui.station.ledger.verifying import verify_ledger
from anomaly_gui.station.times import make_id

PLACE = Place("Plant 1", "Line 1", "Cell 1", ("mes", "table"))
BY = JudgedBy("ab" * 32, "part.anomaly", -0.0, 0.25)
ALARM = {"alarm": "backlog", "at": "2026-11-26T10:42:00.123Z", "text": "Pictures wait.", "is_active": True}


def _take(number, **more):
    return Picture(Path(f"/in/cap_{number}.png"), 100 + number, number, f"{number:064x}", **more)


def _record(ledger, number, verdict=StationVerdict.GOOD):
    picture = _take(number, part=f"part {number}")
    (part,) = ledger.see_pictures([picture])
    judged = Judged(
        picture, verdict, BY, 1.5 + number, {"judge": 20.5}, (100.0, 5.0, 0.1, 200.0), "", ((1, 2, 3, 4),)
    )
    ledger.record_judged(part, judged, Path(f"/in/good/cap_{number}.png"))
    ledger.mark_moved([part])


@pytest.fixture
def ledger(tmp_path):
    with Ledger(tmp_path / "ledger.sqlite3", PLACE) as opened:
        opened.add_audit(AuditEntry("start", after="Cell 1", who="ann"))
        for number in range(1, 6):
            _record(opened, number, StationVerdict.DEFECT if number == 3 else StationVerdict.GOOD)
        opened.record_alarm(ALARM)
        yield opened


def test_the_tables_are_those_of_the_migrations(ledger):
    with sqlite3.connect(ledger.file) as made:
        found = {
            row[0]: {
                (name, kind, required, key)
                for _, name, kind, required, _, key in made.execute(f"PRAGMA table_info({row[0]})")
            }
            for row in made.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        }
    for table in METADATA.tables.values():
        keys = [column.name for column in table.primary_key]
        declared = {
            (
                column.name,
                str(column.type),
                int(not column.nullable),
                keys.index(column.name) + 1 if column.primary_key else 0,
            )
            for column in table.c
        }
        assert declared == found[table.name]


def test_a_part_is_known_by_its_bytes_size_and_time_wherever_it_is(ledger):
    first, again = _take(9), _take(9)
    renamed = Picture(Path("/in/other.png"), first.size, first.mtime_ns, first.sha256)
    later = Picture(first.path, first.size, first.mtime_ns + 1, first.sha256)
    seen = ledger.see_pictures([first, again, renamed, later])
    assert seen[0].id == seen[1].id == seen[2].id != seen[3].id
    assert [part.step for part in seen] == ["SEEN"] * 4
    assert seen[2].path == Path("/in/other.png")
    assert [part.step for part in ledger.see_pictures([_take(1)])] == ["MOVED"]


def test_the_settings_of_the_database(ledger):
    with ledger.engine.connect() as connection:
        for pragma, expected in (("journal_mode", "wal"), ("synchronous", 2)):
            assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == expected


def test_what_was_recorded_is_read(ledger):
    assert +count_results(ledger.file, ResultFilter()) == {"good": 4, "defect": 1}
    assert [row.seq for row in find_results(ledger.file, ResultFilter(), 2)] == [5, 4]
    (row,) = find_results(ledger.file, ResultFilter("part 3"), 9)
    assert (row.verdict, row.score, row.regions) == ("defect", 4.5, ((1, 2, 3, 4),))


def test_an_output_reads_in_order_and_each_message_once(ledger):
    outbox = LedgerOutbox(ledger.file)
    waiting = outbox.read_pending("mes", 0, 100)
    assert [one.number for one in waiting] == [1, 2, 3, 4, 5, 6]
    message = waiting[2].message
    assert (message["seq"], message["verdict"], message["part"]) == (3, "defect", "part 3")
    assert message["picture"] == {"sha256": f"{3:064x}", "path": "/in/good/cap_3.png"}
    assert message["look"] == {"brightness": 100.0, "contrast": 5.0, "sharpness": 0.1}
    assert (message["regions"], message["is_challenge"]) == ([[1, 2, 3, 4]], False)
    assert waiting[5].message == ALARM
    outbox.acknowledge("mes", [1, 2, 3])
    assert [one.number for one in outbox.read_pending("mes", 4, 1)] == [5]
    assert outbox.measure_backlog("mes").count == 3
    assert outbox.measure_backlog("table").count == 6
    assert [one["seq"] for one in outbox.read_acknowledged("mes", 2)] == [2, 3]
    outbox.close()


def test_two_processes_write_without_a_gap_in_the_chain(ledger):
    def add_entries(name):
        with Ledger(ledger.file, PLACE) as other:
            for number in range(20):
                other.add_audit(AuditEntry("test", name, str(number)))

    threads = [threading.Thread(target=add_entries, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = verify_ledger(ledger.engine)
    assert (found.faults, found.entries) == ([], 42)


def test_whole_records_are_found_whole(ledger):
    found = verify_ledger(ledger.engine)
    assert (found.results, found.entries, found.faults) == (5, 2, [])


def _copy_ledger(ledger, target):
    with ledger.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copyfile(ledger.file, target)
    return target


def _verify(file):
    engine = open_engine(file)
    try:
        return verify_ledger(engine)
    finally:
        engine.dispose()


def _change_value(value):
    if isinstance(value, str):
        return value[:-1] + ("x" if value[-1:] != "x" else "y")
    return 1 if value is None else value + 1


@pytest.mark.parametrize("table", ["result", "audit"])
def test_a_change_of_any_column_is_found(ledger, tmp_path, table):
    for column in [column.name for column in METADATA.tables[table].c]:
        file = _copy_ledger(ledger, tmp_path / f"{column}.sqlite3")
        with sqlite3.connect(file) as changed:
            link, value = changed.execute(f"SELECT link, {column} FROM {table} LIMIT 1").fetchone()
            new = _change_value(value) if column not in ("seq", "link") else value + 100
            changed.execute(f"UPDATE {table} SET {column} = ? WHERE link = ?", (new, link))
        changed.close()
        assert _verify(file).faults, column


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM result WHERE seq = 3",
        "DELETE FROM result WHERE seq = 5",
        "DELETE FROM audit WHERE link = 1",
        "UPDATE result SET is_challenge = 2 WHERE seq = 2",
        "UPDATE result SET score = 3 + 1e-14 WHERE seq = 2",
        "UPDATE result SET reason = CAST('' AS BLOB) WHERE seq = 2",
        "INSERT INTO audit SELECT link + 50, at, who, role, what, before, after, why, previous_hash, hash "
        "FROM audit",
    ],
)
def test_rows_that_are_gone_added_or_hardly_changed_are_found(ledger, tmp_path, change):
    file = _copy_ledger(ledger, tmp_path / "changed.sqlite3")
    with sqlite3.connect(file) as changed:
        assert changed.execute(change).rowcount
    changed.close()
    assert _verify(file).faults


def test_a_changed_byte_of_the_file_is_found_where_it_is_one_of_the_records(ledger, tmp_path):
    whole = _copy_ledger(ledger, tmp_path / "whole.sqlite3").read_bytes()
    places = [
        at for text in (b"cap_3.png", b"Plant 1", b"part.anomaly", b"ann") for at in _find_all(whole, text)
    ]
    assert len(places) > 10
    chosen = random.Random(0)
    for at in chosen.sample(places, 10):
        changed = bytearray(whole)
        changed[at] ^= 1 << chosen.randrange(8)
        (tmp_path / "changed.sqlite3").write_bytes(changed)
        same = _read_rows(tmp_path / "changed.sqlite3") == _read_rows(tmp_path / "whole.sqlite3")
        assert same or _verify(tmp_path / "changed.sqlite3").faults


def _find_all(content, text):
    at = content.find(text)
    while at >= 0:
        yield at
        at = content.find(text, at + 1)


def _read_rows(file):
    try:
        with sqlite3.connect(file) as read:
            return [read.execute(f"SELECT * FROM {table}").fetchall() for table in ("result", "audit")]
    except sqlite3.DatabaseError as error:
        return str(error)


def test_a_full_disk_records_nothing_by_half(ledger):
    with ledger.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
    number = 100
    with pytest.raises(LedgerError, match="full"):  # SQLite's own: the file may not grow any more
        _fill(ledger, pages, number)
    found = verify_ledger(ledger.engine)
    assert found.faults == []
    assert found.results == count_results(ledger.file, ResultFilter()).total()


def _fill(ledger, pages, number):
    from sqlalchemy import event

    event.listen(
        ledger.engine,
        "begin",
        lambda connection: connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 1}"),
    )
    while True:
        number += 1
        _record(ledger, number)


def test_tables_for_others(ledger, tmp_path):
    everything = ResultFilter()
    assert export_csv(ledger.file, everything, tmp_path / "all.csv") == 5
    with (tmp_path / "all.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["part"] for row in rows] == [f"part {number}" for number in range(1, 6)]
    assert export_parquet(ledger.file, everything, tmp_path / "all.parquet") == 5
    table = pq.read_table(tmp_path / "all.parquet")
    assert table["score"].to_pylist() == [2.5, 3.5, 4.5, 5.5, 6.5]
    assert table["hash"].to_pylist() == [row["hash"] for row in rows]
    names = [column.name for column in METADATA.tables["result"].c]
    assert table.column_names == list(rows[0]) == [*names, "pruned_at"]


def test_records_of_a_later_version_are_refused(ledger):
    with sqlite3.connect(ledger.file) as later:
        later.execute("UPDATE alembic_version SET version_num = '9999'")
    later.close()
    with pytest.raises(LedgerError, match="later version"):
        open_engine(ledger.file)


def test_names_of_any_bytes_can_be_recorded():
    for path in (Path("/in/a b.png"), Path(os.fsdecode(b"/in/\xe9%.png"))):
        write_path(path).encode("utf-8")
        assert read_path(write_path(path)) == path


def test_names_of_parts_sort_by_their_time():
    ids = [make_id() for _ in range(50)]
    assert all(one[14] == "7" and one[19] in "89ab" for one in ids)
    assert len(set(ids)) == 50
    assert ids[0][:13] <= ids[-1][:13]
