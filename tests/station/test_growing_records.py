"""What a station asks of its records all the time takes no longer when there are many of them."""

import sqlite3
from contextlib import closing, suppress

import pytest
from line import make_line, save_picture
from sqlalchemy import event
from sqlalchemy.engine import Engine

from anomaly_gui.gui.station.feed.moments import begin_of_day
from anomaly_gui.gui.station.feed.place import open_place
from anomaly_gui.gui.station.feed.reading import Counted, read_snapshot
from anomaly_gui.station.ledger.outbox import LedgerOutbox
from anomaly_gui.station.run import run_station
from anomaly_gui.station.settings.reading import read_settings

OUTPUTS = "".join(f'[outputs.{name}]\nkind = "csv"\npath = "{name}.csv"\n' for name in ("table", "other"))
_TIMES = 5000
"""What the records grow to, in times of what they are."""
_MOST_STEPS = 20_000
"""Of SQLite's machine for one statement: a table of 30,000 rows, read through, takes 60,000 and more."""
_KEYS = {
    "result": ("seq", "link", "id", "hash", "previous_hash", "image_path"),
    "audit": ("link", "hash", "previous_hash"),
    "step": ("id", "identity", "path", "seq"),
    "outbox": ("number", "seq"),
}


@pytest.fixture
def asked():
    """What this process asks of SQLite: statements, with an example of their values."""
    found = {}

    def note(connection, _cursor, statement, values, _context, is_many):
        if connection.dialect.name == "sqlite":
            found.setdefault(statement, values[0] if is_many else values)

    event.listen(Engine, "before_cursor_execute", note)
    yield found
    event.remove(Engine, "before_cursor_execute", note)


def grow_records(connection):
    """Make so many more rows of each that is there, at its end."""
    for table, keys in _KEYS.items():
        names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        new = [f"{name} || '-' || i" if _is_text(name) else f"{name} + 100 * i" for name in keys]
        values = [dict(zip(keys, new, strict=True)).get(name, f'"{name}"') for name in names]
        state = {"step": "WHERE step = 'MOVED'", "outbox": "WHERE state = 'ACKED'"}.get(table, "")
        connection.execute(
            f"WITH RECURSIVE many(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM many WHERE i < {_TIMES}) "
            f"INSERT INTO {table} SELECT {', '.join(values)} FROM {table}, many {state}"
        )


def _is_text(name):
    return name not in ("seq", "link", "number")


def find_slow(line, asked):
    """Return the statements that take many steps once there are many records, and how many."""
    slow = {}
    with closing(sqlite3.connect(line.ledger, isolation_level=None)) as connection:
        connection.execute("BEGIN")
        grow_records(connection)
        for statement, values in dict(asked).items():
            if statement.lstrip().upper().startswith(("SELECT", "UPDATE", "DELETE", "INSERT")):
                steps = _count_steps(connection, statement, values)
                slow |= {statement: steps} if steps > _MOST_STEPS else {}
        connection.execute("ROLLBACK")
    return slow


def _count_steps(connection, statement, values):
    counted = []
    connection.set_progress_handler(lambda: counted.append(100), 100)
    connection.execute("SAVEPOINT before")
    with suppress(sqlite3.IntegrityError):  # the row of an example is there already
        connection.execute(statement, values).fetchall()
    connection.execute("ROLLBACK TO before")
    connection.set_progress_handler(None, 100)
    return sum(counted)


@pytest.fixture
def busy(tmp_path, model_file):
    line = make_line(tmp_path, model_file, more=OUTPUTS)
    for number in range(6):
        save_picture(line.incoming / f"cap_{number}.png", defect=number == 3)
    return line


def test_a_station_at_work_has_no_question_that_takes_longer_with_many_records(busy, asked):
    beginning = [True]

    def is_over():
        if beginning and busy.count() == 6:  # what is asked at the start only may take longer
            beginning.clear()
            asked.clear()
            save_picture(busy.incoming / "cap_7.png")
        return busy.count() == 7 and not _count_open(busy)

    run_station(read_settings(busy.file), is_over, print)
    outbox = LedgerOutbox(busy.ledger)
    for waiting in outbox.read_pending("other", 0, 3):
        outbox.acknowledge("other", [waiting.number])
    outbox.read_acknowledged("other", 2)
    outbox.measure_backlog("other")
    outbox.close()
    assert len(asked) > 15
    assert not (slow := find_slow(busy, asked)), "\n".join(f"{one}: {slow[one]}" for one in slow)


def test_a_window_that_watches_it_has_no_question_that_takes_longer_with_many_records(busy, asked):
    run_station(read_settings(busy.file), lambda: busy.count() == 6, print)
    place, counted = open_place(busy.file), Counted(begin_of_day())
    asked.clear()
    read_snapshot(place, counted)
    read_snapshot(place, counted)
    assert asked
    assert not (slow := find_slow(busy, asked)), "\n".join(f"{one}: {slow[one]}" for one in slow)


def _count_open(line):
    return line.ask("SELECT COUNT(*) FROM step WHERE step != 'MOVED'")[0][0]
