"""Which station: by the file of its line, or by the folder of its records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from anomaly_gui.errors import UserError
from anomaly_gui.station.settings.reading import read_settings

if TYPE_CHECKING:
    from pathlib import Path

    from anomaly_gui.station.settings.shifts import Shift
    from anomaly_gui.station.settings.station_settings import StationSettings

ENDING = ".toml"
LEDGER = "ledger.sqlite3"


@dataclass(frozen=True)
class StationPlace:
    """A station as the window knows it.

    Parameters
    ----------
    records : the folder of its ledger
    settings : of its line; None where only the records are known: it can be read, and not started
    """

    records: Path
    settings: StationSettings | None = None

    @property
    def title(self) -> str:
        """What the station is called."""
        return self.records.parent.name if self.settings is None else self.settings.station

    @property
    def shifts(self) -> tuple[Shift, ...]:
        """The shifts of its line; none where nobody said when they begin."""
        return () if self.settings is None else self.settings.shifts

    @property
    def file(self) -> Path:
        """What it is opened by again."""
        return self.records if self.settings is None else self.settings.file

    @property
    def ledger_file(self) -> Path:
        """The file of the ledger."""
        return self.records / LEDGER

    @property
    def state_file(self) -> Path:
        """The file in which the station says how it is."""
        return self.records / "state.json"


def open_place(path: Path) -> StationPlace:
    """Return the station of a settings file or of a folder of records.

    Raises
    ------
    UserError : it is neither, or the settings cannot be read
    """
    path = path.parent.absolute() if path.name == LEDGER else path.absolute()
    if not path.is_dir():
        settings = read_settings(path)
        return StationPlace(settings.records, settings)
    for folder in (path, path / "records"):
        if (folder / LEDGER).is_file():
            return StationPlace(folder, _find_settings(folder))
    text = QCoreApplication.translate("StationPlace", "%1 is no folder of a station's records.")
    raise UserError(text.replace("%1", str(path)))


def _find_settings(records: Path) -> StationSettings | None:
    """Return the settings whose records these are, where their file lies beside them."""
    files = sorted(records.parent.glob(f"*{ENDING}"))
    found = (one for one in map(_try_settings, files) if one and one.records.resolve() == records.resolve())
    return next(found, None)


def _try_settings(file: Path) -> StationSettings | None:
    """Return the settings of a file; None where it is another kind of file, or damaged."""
    try:
        return read_settings(file)
    except UserError:
        return None
