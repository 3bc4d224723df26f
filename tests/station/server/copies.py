"""A station's records with parts in them, and what a server has of them."""

import json
from pathlib import Path

from postgres_peer import PASSWORD

from anomaly_gui.station.capture.picture import Picture
from anomaly_gui.station.judging.judged import Judged, JudgedBy, StationVerdict
from anomaly_gui.station.ledger.engine import open_reader
from anomaly_gui.station.ledger.ledger import Place
from anomaly_gui.station.ledger.linking import AuditEntry
from anomaly_gui.station.outputs.delivery import Pace
from anomaly_gui.station.server.chain_rows import read_chain
from anomaly_gui.station.server.forwarder import Forwarder
from anomaly_gui.station.settings.postgresql_settings import PostgresqlSettings

BY = JudgedBy("ab" * 32, "part.anomaly", 0.1 + 0.2, 1e-300)
QUICK = Pace(0.01, 0.05, 0.01)


def record_part(ledger, number):
    picture = Picture(Path(f"/in/cap_{number}.png"), 100, number, f"{number:064x}", part=f"pärt\0 {number}")
    (part,) = ledger.see_pictures([picture])
    verdict = StationVerdict.DEFECT if number % 3 == 0 else StationVerdict.GOOD
    judged = Judged(
        picture, verdict, BY, number / 7, {"judge": 20.5}, (1 / 3, 5.0, 0.1, 2 / 3), "‘why’ \udce9"
    )
    ledger.record_judged(part, judged, picture.path)
    ledger.mark_moved([part])
    if number % 5 == 0:
        ledger.add_audit(AuditEntry("test", "", str(number), "because", "ann", "engineer"))


def name_settings(server, tmp_path, **more):
    secret = tmp_path / "password"
    secret.write_text(PASSWORD + "\n", "utf-8")
    return PostgresqlSettings(server.url, secret, **{"timeout": 5.0, **more})


def make_forwarder(settings, ledger, place=None):
    health = ledger.file.parent / "forwarder.json"
    return Forwarder(settings, ledger.file, place or Place("Plant 1", "Line 1", "Cell 1"), health, QUICK)


def copy_all(forwarder):
    while not forwarder.step():
        pass


def read_server_rows(server, number=1):
    """Return links and hashes of a station, in order."""
    return server.ask(
        f"SELECT link, hash FROM anomaly.result WHERE station_number = {number} UNION ALL "
        f"SELECT link, hash FROM anomaly.audit WHERE station_number = {number} ORDER BY link"
    )


def read_own_rows(ledger):
    with open_reader(ledger.file) as reader:
        return [(row["link"], row["hash"]) for _, row in read_chain(reader, 0, 10**9)]


def read_health(ledger):
    return json.loads((ledger.file.parent / "forwarder.json").read_text("utf-8"))
