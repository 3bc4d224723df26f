"""The commands `station trigger` and `station scan`, for stations that have a camera."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from anomaly_gui.cli.output.report import print_line
from anomaly_gui.errors import UserError
from anomaly_gui.language import translate
from anomaly_gui.station.capture.notes import Note, clean_name
from anomaly_gui.station.capture.taken import TakenFolder, make_name
from anomaly_gui.station.moving import BAD
from anomaly_gui.station.settings.reading import read_settings
from anomaly_gui.station.state_file import STARTING, STOPPED, read_state
from anomaly_gui.station.times import now_utc, read_moment
from anomaly_gui.wording import explain_os_error

if TYPE_CHECKING:
    from anomaly_gui.station.settings.station_settings import StationSettings

_STALE = 10.0  # seconds after which what a station said of itself is old
_MORE = 5.0  # seconds that the station may take besides the camera
_TICK = 0.05  # seconds

_File = Annotated[Path, typer.Argument(metavar="LINE.toml", help="The settings of the station.")]
_PartOf = Annotated[str | None, typer.Option("--part", metavar="TEXT", help="The number of the part.")]
_LotOf = Annotated[str | None, typer.Option("--lot", metavar="TEXT", help="The lot of the part.")]
_Code = Annotated[str, typer.Argument(metavar="CODE", help="What was scanned.")]


def trigger_command(settings: _File, part: _PartOf = None, lot: _LotOf = None) -> None:
    """Let the camera of a station that runs take a picture. Exit code 2: there is none."""
    asked = read_settings(settings)
    folder = _open_folder(asked)
    at = now_utc()
    note = Note(make_name(at), clean_name(part), clean_name(lot), at=at)
    try:
        folder.write_trigger(note)
    except OSError as error:
        raise _blame(folder, error) from error
    _wait_for_outcome(asked, folder, note)
    print_line(translate("A picture was taken: {name}.", name=note.name))


def scan_command(settings: _File, code: _Code) -> None:
    """Name the part of the next picture that the camera of a station takes."""
    folder = _open_folder(read_settings(settings))
    try:
        folder.write_scan(code)
    except OSError as error:
        raise _blame(folder, error) from error
    print_line(translate("“{code}” goes with the next picture.", code=code))


def _open_folder(settings: StationSettings) -> TakenFolder:
    if settings.camera is None:
        raise UserError(translate("{path}: this station has no camera.", path=settings.file))
    state = read_state(settings.state_file)
    if state is None or state["state"] in (STARTING, STOPPED) or _is_stale(state["at"]):
        raise UserError(
            translate("{path}: this station does not run, so no picture is taken.", path=settings.file)
        )
    return TakenFolder(settings.capture.folder)


def _is_stale(at: str) -> bool:
    return time.time() - read_moment(at) > _STALE


def _wait_for_outcome(settings: StationSettings, folder: TakenFolder, note: Note) -> None:
    within = settings.camera.picture_within if settings.camera is not None else 0.0
    until = time.monotonic() + within + _MORE
    while folder.has_trigger(note):
        if time.monotonic() > until:
            raise UserError(translate("The station does not answer."))
        time.sleep(_TICK)
    if folder.is_missed(note, settings.capture.judged / BAD):
        raise UserError(translate("The camera gave no picture."))


def _blame(folder: TakenFolder, error: OSError) -> UserError:
    why = explain_os_error(error)
    return UserError(translate("{path} cannot be written ({why}).", path=folder.path, why=why))
