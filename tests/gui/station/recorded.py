"""Records of a station that nobody runs: made rows, a made state, and a process that holds them."""

import json
import sqlite3
from contextlib import closing, contextmanager

from made_records import make_row

from anomaly_gui.station.ledger.chain import BEGINNING, hash_row
from anomaly_gui.station.ledger.engine import open_engine
from anomaly_gui.station.ledger.ledger import Ledger, Place
from anomaly_gui.station.ledger.linking import AuditEntry
from anomaly_gui.station.lock import claim_records
from anomaly_gui.station.times import now_utc

WELL = {"pending": 0, "oldest_seconds": 0.0, "last_error": ""}


def add_rows(line, rows):
    """Write rows of results with an honest chain; each is what is other than in `make_row`."""
    file = line.ledger
    open_engine(file).dispose()
    with closing(sqlite3.connect(file)) as made, made:
        columns = [row[1] for row in made.execute("PRAGMA table_info(result)")]
        found = made.execute("SELECT max(seq), hash FROM result").fetchone()
        last, before = (found[0] or 0, found[1] or BEGINNING)
        for seq, more in enumerate(rows, last + 1):
            row = {**make_row(seq), "at": now_utc(), **more, "previous_hash": before}
            before = row["hash"] = hash_row("result", row)
            marks = ", ".join("?" * len(columns))
            made.execute(f"INSERT INTO result VALUES ({marks})", [row[name] for name in columns])


def add_entries(line, *entries):
    """Write entries of the audit."""
    with Ledger(line.ledger, Place("Plant 1", "Line 1", "Cell 1")) as ledger:
        for entry in entries:
            if isinstance(entry, AuditEntry):
                ledger.add_audit(entry)
            else:
                ledger.record_alarm(entry)


def write_state(line, state="running", alarms=(), backlog=(0, 0.0), outputs=None, at=None):
    """Write what a station says of itself."""
    content = {
        "state": state,
        "at": at or now_utc(),
        "heartbeat": 7,
        "backlog": {"count": backlog[0], "oldest_seconds": backlog[1]},
        "outputs": outputs or {},
        "alarms": [
            {"alarm": name, "at": now_utc(), "text": text, "is_active": True} for name, text in alarms
        ],
    }
    line.ledger.with_name("state.json").write_text(json.dumps(content), "utf-8")


@contextmanager
def alive(line):
    """Hold the records, as the process of a station does."""
    with claim_records(line.ledger.parent):
        yield
