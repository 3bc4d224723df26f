"""Messages, an outbox in SQLite, and small things that tests of outputs share."""

import json
import socket
import sqlite3
import time
import uuid
from dataclasses import dataclass
from datetime import datetime, timezone

from anomaly_gui.station.outputs.delivery import Delivery, DeliveryFiles, Pace
from anomaly_gui.station.outputs.output import Output, StationPlace

PLACE = StationPlace("plant1", "line1", "end")
QUICK = Pace(0.02, 0.2, 0.02)
SHA = "ab" * 32


def make_result(seq, **changes):
    """Return the message of a part."""
    verdict = ("good", "defect", "unsure", "cannot_judge", "error")[seq % 5]
    return {
        "id": str(uuid.UUID(int=(0x019AC0DE0000 << 80) | (7 << 76) | (2 << 62) | seq)),
        "seq": seq,
        "at": "2026-11-26T10:42:00.123Z",
        "site": "plant1",
        "line": "line1",
        "station": "end",
        "part": f"P-{seq:05d}",
        "lot": "L7",
        "source": "folder",
        "picture": {"sha256": SHA, "path": f"/line/{seq}.png"},
        "verdict": verdict,
        "score": None if verdict == "error" else -12.5 - seq,
        "threshold": -20.25,
        "band": 1.5,
        "model": {"sha256": SHA, "name": "cap"},
        "version": "0.20",
        "milliseconds": {"decode": 4.5, "judge": 20.25},
        "look": {"brightness": 0.5, "contrast": 0.2, "sharpness": 3.25},
        "reason": 'größer, dunkler\n"Loch"',
        "regions": [[1, 2, 30, 40]],
        "is_challenge": False,
        "is_simulated": True,
        **changes,
    }


def make_state(state="running", heartbeat=1, **changes):
    """Return a state message of now."""
    now = datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {
        "state": state,
        "at": now,
        "heartbeat": heartbeat,
        "backlog": {"count": 3, "oldest_seconds": 1.5},
        "outputs": {"plc": {"pending": 70, "oldest_seconds": 9.0, "last_error": ""}},
        **changes,
    }


def make_alarm(is_active=True):
    at = "2026-11-26T10:42:00.123Z"
    return {"alarm": "camera", "at": at, "text": "The camera is gone.", "is_active": is_active}


@dataclass(frozen=True)
class Waiting:
    number: int
    message: dict


@dataclass(frozen=True)
class Backlog:
    count: int
    oldest: datetime | None


class SqliteOutbox:
    """An outbox of one output, for tests without the ledger."""

    def __init__(self, file):
        self._connection = sqlite3.connect(file, timeout=30, isolation_level=None, check_same_thread=False)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS outbox"
            " (number INTEGER PRIMARY KEY, message TEXT, at REAL, acked INTEGER)"
        )

    def put(self, *messages):
        last = self._connection.execute("SELECT coalesce(max(number), 0) FROM outbox").fetchone()[0]
        rows = [(last + at, json.dumps(each), time.time()) for at, each in enumerate(messages, 1)]
        self._connection.execute("BEGIN")
        self._connection.executemany("INSERT INTO outbox VALUES (?, ?, ?, 0)", rows)
        self._connection.execute("COMMIT")

    def read_pending(self, output, after, limit):
        asked = "SELECT number, message FROM outbox WHERE acked = 0 AND number > ? ORDER BY number LIMIT ?"
        return [
            Waiting(row[0], json.loads(row[1])) for row in self._connection.execute(asked, (after, limit))
        ]

    def acknowledge(self, output, numbers):
        self._connection.execute("BEGIN")
        self._connection.executemany(
            "UPDATE outbox SET acked = 1 WHERE number = ?", [(number,) for number in numbers]
        )
        self._connection.execute("COMMIT")

    def measure_backlog(self, output="one"):
        count, oldest = self._connection.execute(
            "SELECT count(*), min(at) FROM outbox WHERE acked = 0"
        ).fetchone()
        return Backlog(count, None if oldest is None else datetime.fromtimestamp(oldest, timezone.utc))

    @property
    def count(self):
        return self.measure_backlog().count

    def read_acknowledged(self, output, limit):
        asked = "SELECT message FROM outbox WHERE acked = 1 ORDER BY number DESC LIMIT ?"
        messages = [json.loads(row[0]) for row in self._connection.execute(asked, (limit,))]
        return [each for each in messages if "seq" in each][::-1]

    def close(self):
        self._connection.close()


class RecordingOutput(Output):
    """Keeps what it was sent; `fails` is asked before each, `window` and `arrived` are set by tests."""

    def __init__(self, name="own", fails=lambda what: None):
        super().__init__(name, PLACE)
        self.sent, self.recalled, self.opened, self.closed = [], [], 0, 0
        self.arrived = 0
        self._fails = fails

    def try_out(self):
        self._fails("try_out")
        return "it is there."

    def open(self):
        self.opened += 1
        self._fails("open")

    def send(self, message):
        self._fails(message)
        self.sent.append(message)

    def recall(self, messages):
        self.recalled += messages

    def count_arrived(self):
        arrived, self.arrived = self.arrived, 0
        return arrived

    def close(self):
        self.closed += 1


def make_delivery(output, outbox, folder, pace=QUICK):
    files = DeliveryFiles(folder / "state.json", folder / "health.json")
    return Delivery(output, outbox, files, pace)


def step_until(delivery, condition, seconds=20.0):
    """Let a delivery work until something holds; fail after a while."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, f"nothing came: {delivery.last_error}"
        time.sleep(min(delivery.step(), 0.02))


def wait_until(condition, seconds=20.0):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "nothing came"
        time.sleep(0.02)


def write_state(folder, state):
    part = folder / "state.part"
    part.write_text(json.dumps(state))
    part.replace(folder / "state.json")


def find_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]
