"""Many records, made quickly: rows as the station writes them, with an honest chain."""

import json
import random
import sqlite3
from contextlib import closing

from anomaly_gui.station.ledger.chain import BEGINNING, hash_row
from anomaly_gui.station.ledger.engine import open_engine
from anomaly_gui.station.times import write_moment

BEGAN = 1_764_000_000_000_000_000
"""The moment of the first row, nanoseconds since 1970; each other comes a second later."""
SECOND = 1_000_000_000
_SHARES = {"good": 0.96, "defect": 0.03, "unsure": 0.008, "cannot_judge": 0.00199, "error": 0.00001}


def make_row(seq, link=None, verdict="good", **more):
    """Return the columns of a result, without its hashes."""
    number = f"{seq:012x}"
    return {
        "seq": seq,
        "link": seq if link is None else link,
        "id": f"019ab000-0000-7000-8000-{number}",
        "at": write_moment(BEGAN + seq * SECOND),
        **{"site": "Plant 1", "line": "Line 1", "station": "Cell 1"},
        "part": f"part {seq // 2}",
        "lot": f"lot {seq // 100_000}",
        "source": "folder",
        "image_sha256": f"{seq:064x}",
        "image_path": f"/in/{verdict}/cap_{seq}.png",
        "verdict": verdict,
        "score": 1.0 + seq / 7,
        "threshold": 0.5,
        "band": None,
        **{"model_sha256": "ab" * 32, "model_name": "part.anomaly", "version": "1"},
        **{"operator": None, "shift": None},
        "milliseconds": json.dumps({"read": 3.25, "judge": 20.5}),
        **{"brightness": 100.0, "contrast": 5.0, "sharpness": 0.1, "highlights": 200.0},
        **{"reason": "", "regions": "[[1, 2, 3, 4]]"},
        **{"is_challenge": 0, "is_simulated": 0},
        **more,
    }


def fill_ledger(file, count, *, has_hashes=True):
    """Write so many results into a new ledger; the same ones every time."""
    open_engine(file).dispose()
    chosen = random.Random(0)
    verdicts = chosen.choices(list(_SHARES), list(_SHARES.values()), k=count)
    with closing(sqlite3.connect(file, isolation_level=None)) as made:
        made.execute("PRAGMA synchronous=OFF")
        made.execute("BEGIN")
        columns = [row[1] for row in made.execute("PRAGMA table_info(result)")]
        marks = ", ".join("?" * len(columns))
        made.executemany(f"INSERT INTO result VALUES ({marks})", _make_rows(columns, verdicts, has_hashes))
        made.executemany(
            "INSERT INTO step VALUES (?, ?, ?, 1, 0, ?, 'MOVED', '', ?, ?, NULL, NULL)", _steps(count)
        )
        made.execute("COMMIT")


def _make_rows(columns, verdicts, has_hashes):
    before = BEGINNING
    for seq, verdict in enumerate(verdicts, 1):
        row = {**make_row(seq, verdict=verdict), "previous_hash": before}
        before = hash_row("result", row) if has_hashes else f"{seq:064x}"
        row["hash"] = before
        yield [row[name] for name in columns]


def _steps(count):
    for seq in range(1, count + 1):
        row = make_row(seq)
        path = row["image_path"]
        yield row["id"], f"{row['image_sha256']} 1 0", path, row["image_sha256"], seq, path
