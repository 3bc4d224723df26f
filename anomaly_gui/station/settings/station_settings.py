"""The settings of a station, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from anomaly_gui.station.settings.keep_settings import KeepSettings
from anomaly_gui.station.settings.postgresql_settings import PostgresqlSettings
from anomaly_gui.station.settings.shifts import Shift

MOVE, STAY = "move", "stay"


@dataclass(frozen=True)
class FolderSettings:
    """A folder that pictures arrive in.

    Parameters
    ----------
    folder : where they arrive
    judged : the folder that has a folder for each verdict
    after : "move" what was judged there, or let it "stay"
    name_rule : pattern of a file's name with groups `part` and `lot`; "" for none
    every : seconds between two listings
    patience : seconds after which what does not decode is bad
    alarm_after : seconds a picture may wait before the backlog alarms
    """

    folder: Path
    judged: Path
    after: str = MOVE
    name_rule: str = ""
    every: float = 0.5
    patience: float = 30.0
    alarm_after: float = 60.0


@dataclass(frozen=True)
class OutputTable:
    """Where verdicts go: the table [outputs.NAME], which the room of the outputs reads."""

    name: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class StationSettings:
    """All that a station is told.

    Parameters
    ----------
    file : what it was read from
    site, line, station : names of the place, the line, and the station on it
    records : the folder of the ledger, on a local disk
    model : the model file that judges
    runtime : what runs its network; None: the fastest here
    judging_timeout : seconds after which judging counts as stuck; None: by what the model takes
    capture : where pictures come from
    outputs : where verdicts go
    keep : how long pictures are kept
    postgresql : the server that records are copied to; None for none
    shifts : names and beginnings of the shifts
    sha256 : of the file's bytes
    """

    file: Path
    site: str
    line: str
    station: str
    records: Path
    model: Path
    capture: FolderSettings
    runtime: str | None = None
    judging_timeout: float | None = None
    outputs: tuple[OutputTable, ...] = ()
    keep: KeepSettings = field(default_factory=KeepSettings)
    postgresql: PostgresqlSettings | None = None
    shifts: tuple[Shift, ...] = ()
    sha256: str = ""

    @property
    def ledger_file(self) -> Path:
        """The file of the ledger."""
        return self.records / "ledger.sqlite3"

    @property
    def state_file(self) -> Path:
        """The file that says how the station is."""
        return self.records / "state.json"
