"""A plant: two stations whose records were copied to a server, one with two records, and a simulated one."""

from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from copies import copy_all, make_forwarder
from made_records import make_row

from anomaly_gui.station.ledger.engine import writing
from anomaly_gui.station.ledger.ledger import Ledger, Place
from anomaly_gui.station.ledger.linking import add_link
from anomaly_gui.station.server.plant import StationName
from anomaly_gui.station.times import now_utc, write_datetime

LIGHT = "The light changed: 15 % darker since 10:42."
PLACES = {
    "Cell 1": Place("Plant 1", "Line 1", "Cell 1"),
    "Cell 2": Place("Plant 1", "Line 2", "Cell 2"),
    "Trial": Place("Plant 2", "Line 1", "Trial"),
}
NAMES = {key: StationName(place.site, place.line, place.station) for key, place in PLACES.items()}
_VERDICTS = (
    "good",
    "good",
    "good",
    "defect",
    "good",
    "unsure",
    "good",
    "good",
    "cannot_judge",
    "good",
    "error",
)


@dataclass
class MadePlant:
    """What is on the server.

    Parameters
    ----------
    begun : the moment of the first part
    files : the records of each station; those that began anew come after those before
    """

    begun: datetime
    files: dict[str, list[Path]] = field(default_factory=dict)


def make_plant(settings, folder, begun):
    """Write records and copy them as stations do: a part in ten minutes from a moment on."""
    made = MadePlant(begun)
    _add_records(made, settings, folder, "Cell 1", _list_rows(begun, 60, ("L1", "L2", None)), _drift())
    old = [_alarm("contrast", True, "The contrast changed: 20 % lower since 06:00.")]
    _add_records(made, settings, folder, "Cell 2", _list_rows(begun, 25, ("L2",)), old)
    later = begun + timedelta(hours=30)
    _add_records(made, settings, folder, "Cell 2", _list_rows(later, 30, ("L2", "L3")), [])
    tried = [{**row, "is_simulated": 1} for row in _list_rows(begun, 5, ("L1",))]
    _add_records(made, settings, folder, "Trial", tried, [])
    return made


def _list_rows(begun, count, lots):
    for number in range(count):
        yield {
            "at": write_datetime(begun + timedelta(minutes=10 * number)),
            "verdict": _VERDICTS[(number * number + count) % len(_VERDICTS)],
            "lot": lots[number * len(lots) // count],
            "is_challenge": int(number % 13 == 4),
        }


def _drift():
    """One warning that stands, one that went, one that came twice, and an alarm of something else."""
    return [
        _alarm("light", True, LIGHT),
        _alarm("scores", True, "The scores of good parts changed."),
        _alarm("backlog", True, "Pictures wait."),
        _alarm("scores", False, "The scores of good parts changed."),
    ]


def _alarm(name, is_active, text):
    return {"alarm": name, "at": now_utc(), "text": text, "is_active": is_active}


def _add_records(made, settings, folder, key, rows, alarms):
    place, files = PLACES[key], made.files.setdefault(key, [])
    file = folder / f"{key} {len(files)}" / "ledger.sqlite3"
    files.append(file)
    with Ledger(file, place) as ledger:
        with writing(ledger.engine) as connection:
            for seq, row in enumerate(rows, 1):
                names = {"site": place.site, "line": place.line, "station": place.station}
                add_link(connection, "result", {**make_row(seq), **names, **row})
        for alarm in alarms:
            ledger.record_alarm(alarm)
        with closing(make_forwarder(settings, ledger, place)) as forwarder:
            copy_all(forwarder)
            assert forwarder.last_error == ""
