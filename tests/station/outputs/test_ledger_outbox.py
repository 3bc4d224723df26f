"""The outbox of the ledger itself: what is recorded goes out as the schemas say, across processes."""

import csv
import functools
import json
import os
import signal
import sqlite3
from contextlib import closing

import jsonschema
from http_peer import HttpPeer
from sqlalchemy import event
from stand_ins import PLACE, QUICK, find_port, make_alarm, wait_until

from anomaly_gui.paths import resource
from anomaly_gui.station.capture.picture import Picture
from anomaly_gui.station.judging.judged import Judged, JudgedBy, StationVerdict
from anomaly_gui.station.ledger.ledger import Ledger, Place
from anomaly_gui.station.ledger.outbox import LedgerOutbox
from anomaly_gui.station.outputs.child import OutputJob
from anomaly_gui.station.outputs.settings.kinds import CsvSettings, WebhookSettings
from anomaly_gui.station.outputs.supervisor import OutputProcess

BY = JudgedBy("ab" * 32, "cap", -20.25, 1.5)


def record_part(ledger, folder, number):
    picture = Picture(folder / f"{number}.png", 10, number, "cd" * 32, part=f"P{number}")
    (steps,) = ledger.see_pictures([picture])
    verdict = StationVerdict.ERROR if number % 7 == 0 else StationVerdict.GOOD
    score = None if number % 7 == 0 else -1.5
    judged = Judged(picture, verdict, BY, score, {"judge": 2.5}, (0.5, 0.2, 3.0, 0.9), "", ((1, 2, 3, 4),))
    ledger.record_judged(steps, judged, folder / "good" / picture.path.name)


def make_process(folder, name, settings):
    opener = functools.partial(LedgerOutbox, folder / "ledger.sqlite3")
    return OutputProcess(OutputJob(name, settings, PLACE, opener, folder, folder / "state.json", QUICK))


def test_what_is_recorded_goes_out_by_every_output(tmp_path):
    peer = HttpPeer(find_port()).start()
    processes = [
        make_process(tmp_path, "table", CsvSettings(tmp_path / "parts.csv")),
        make_process(tmp_path, "mes", WebhookSettings(f"http://127.0.0.1:{peer.port}/")),
    ]
    place = Place("plant1", "line1", "end", ("table", "mes"))
    with Ledger(tmp_path / "ledger.sqlite3", place) as ledger:
        for number in range(1, 41):
            record_part(ledger, tmp_path, number)
            for process in processes:
                process.tend()
            if number == 20:
                ledger.record_alarm(make_alarm())
                wait_until(lambda: len(peer.taken) >= 5, 60)
                os.kill(processes[1].number, signal.SIGKILL)
    outbox = LedgerOutbox(tmp_path / "ledger.sqlite3")

    def is_done():
        for process in processes:
            process.tend()
        return all(outbox.measure_backlog(name).count == 0 for name in ("table", "mes"))

    wait_until(is_done, 60)
    for process in processes:
        process.stop()
    outbox.close()
    peer.stop()
    schema = json.loads(resource("schemas", "station_result.schema.json").read_text("utf-8"))
    results = [each for each in peer.taken if "verdict" in each]
    for message in results:
        jsonschema.validate(message, schema)
    assert list(dict.fromkeys(each["seq"] for each in results)) == list(range(1, 41))
    assert make_alarm() in peer.taken
    with (tmp_path / "parts.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["seq"]) for row in rows] == list(range(1, 41))
    assert [row["part"] for row in rows if row["verdict"] == "error"] == ["P7", "P14", "P21", "P28", "P35"]


def test_a_backlog_is_measured_without_reading_what_waits(tmp_path):
    file = tmp_path / "ledger.sqlite3"
    with Ledger(file, Place("plant1", "line1", "end", ("table",))) as ledger:
        for at in ("2026-11-26T10:42:00.123Z", "2026-11-26T10:43:00.123Z"):
            ledger.record_alarm({**make_alarm(), "at": at})
    outbox, asked = LedgerOutbox(file), []
    event.listen(outbox._engine, "before_cursor_execute", lambda *what: asked.append(what[2:4]))
    backlog = outbox.measure_backlog("table")
    outbox.close()
    assert (backlog.count, backlog.oldest.isoformat()) == (2, "2026-11-26T10:42:00.123000+00:00")
    with closing(sqlite3.connect(file)) as connection:
        (steps,) = [
            connection.execute(f"EXPLAIN {one}", values).fetchall()
            for one, values in asked
            if "count(" in one
        ]
    (table,) = [step[2] for step in steps if step[1] == "OpenRead" and not str(step[5]).startswith("k(")]
    assert [step for step in steps if step[1] == "DeferredSeek"]
    assert not [step for step in steps if step[1] == "Column" and step[2] == table]
