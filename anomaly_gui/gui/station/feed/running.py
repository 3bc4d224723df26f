"""Start and stop a station: a process of its own, which goes on when the window closes."""

from __future__ import annotations

import getpass
import sys

from PySide6.QtCore import QCoreApplication, QProcess, QProcessEnvironment

from anomaly_gui.errors import UserError
from anomaly_gui.gui.station.feed.place import StationPlace
from anomaly_gui.language import find_language
from anomaly_gui.station.stopping import ask_to_stop
from anomaly_gui.wording import explain_os_error

LOG = "station.log"


def start_station(place: StationPlace) -> None:
    """Start the station of a place, without waiting until it judges.

    Raises
    ------
    UserError : there are no settings to start it with, or the system refuses
    """
    if place.settings is None:
        text = QCoreApplication.translate(
            "Station", "Only the records of this station are known: open the file of its line to start it."
        )
        raise UserError(text)
    _make_folder(place)
    process = QProcess()
    process.setProgram(sys.executable)
    process.setArguments(["-m", "anomaly_gui", "station", "run", str(place.settings.file)])
    environment = QProcessEnvironment.systemEnvironment()
    environment.insert("LANGUAGE", find_language())
    process.setProcessEnvironment(environment)
    process.setStandardInputFile(QProcess.nullDevice())
    process.setStandardOutputFile(QProcess.nullDevice())
    process.setStandardErrorFile(str(place.records / LOG))
    started: object = process.startDetached()  # True, or with the process's number: Qt's bindings differ
    if not (started[0] if isinstance(started, tuple) else started):
        text = QCoreApplication.translate("Station", "The station cannot be started (%1).")
        raise UserError(text.replace("%1", process.errorString()))


def _make_folder(place: StationPlace) -> None:
    try:
        place.records.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        text = QCoreApplication.translate("Station", "%1 cannot be written (%2).")
        text = text.replace("%1", str(place.records)).replace("%2", explain_os_error(error))
        raise UserError(text) from error


def stop_station(place: StationPlace) -> None:
    """Ask the station to stop after the part at hand; raises UserError where it cannot be asked."""
    ask_to_stop(place.records, getpass.getuser())
