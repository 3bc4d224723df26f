"""Pictures that a station recorded some days ago, each at its place."""

import hashlib
import json
import os
import sqlite3
import time
from contextlib import closing

from anomaly_gui.station.capture.picture import Picture
from anomaly_gui.station.judging.judged import Judged, JudgedBy, StationVerdict
from anomaly_gui.station.ledger.engine import open_engine
from anomaly_gui.station.ledger.ledger import Ledger
from anomaly_gui.station.ledger.verifying import verify_ledger
from anomaly_gui.station.sending import make_place

BY = JudgedBy("ab" * 32, "part.anomaly", 0.5)
OLD, SIZE = 100, 1000  # days, bytes
DAY_NS = 86_400_000_000_000


def record_pictures(settings, monkeypatch, ages, verdict=StationVerdict.GOOD, first=0, **more):
    """Record a picture for each age in days, and put it at its place."""
    folder = settings.capture.judged / verdict.value
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    with Ledger(settings.ledger_file, make_place(settings)) as ledger:
        for number, age in enumerate(ages, first):
            when = time.time_ns() - round(age * DAY_NS)
            with monkeypatch.context() as past:
                past.setattr(time, "time_ns", lambda when=when: when)
                paths.append(_record_picture(ledger, folder / f"cap_{number}.png", number, verdict, more))
    return paths


def _record_picture(ledger, path, number, verdict, more):
    content = number.to_bytes(4, "big") * (SIZE // 4)
    path.write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    picture = Picture(path, SIZE, path.stat().st_mtime_ns, digest, **more)
    (part,) = ledger.see_pictures([picture])
    ledger.record_judged(part, Judged(picture, verdict, BY), path)
    ledger.mark_moved([part])
    return path


def list_names(paths):
    return [path.name for path in paths if path.exists()]


def read_entries(settings):
    with closing(sqlite3.connect(settings.ledger_file)) as read:
        rows = read.execute("SELECT after FROM audit WHERE what = 'prune' ORDER BY link").fetchall()
    return [json.loads(row[0]) for row in rows]


def verify(settings):
    engine = open_engine(settings.ledger_file)
    try:
        return verify_ledger(engine)
    finally:
        engine.dispose()


def change_content(path):
    status = path.stat()
    path.write_bytes(b"another picture".ljust(SIZE))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
