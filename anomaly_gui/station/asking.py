"""Ask the camera of a station that runs, from another process: for a picture, and which part comes next."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from anomaly_gui.errors import UserError
from anomaly_gui.language import translate
from anomaly_gui.station.capture.codes import CodeRule
from anomaly_gui.station.capture.notes import Note, clean_name
from anomaly_gui.station.capture.taken import TakenFolder, make_name, word_unread
from anomaly_gui.station.moving import BAD
from anomaly_gui.station.state_file import STARTING, STOPPED, read_state
from anomaly_gui.station.times import now_utc, read_moment
from anomaly_gui.wording import explain_os_error

if TYPE_CHECKING:
    from anomaly_gui.station.settings.station_settings import StationSettings

_STALE = 10.0  # seconds after which what a station said of itself is old
_MORE = 5.0  # seconds that the station may take besides the camera
_TICK = 0.05  # seconds


def ask_for_picture(settings: StationSettings, part: str | None = None, lot: str | None = None) -> str:
    """Let the camera take a picture, wait until it is there, and return its name.

    Raises
    ------
    UserError : there is no camera, the station does not run or does not answer, no picture came, or the code
    that was scanned for it cannot be read
    """
    folder = _open_folder(settings)
    at = now_utc()
    note = Note(make_name(at), clean_name(part), clean_name(lot), at=at)
    try:
        note = folder.add_scan(note, CodeRule(settings.capture.code_rule))
    except OSError as error:
        raise UserError(word_unread(error)) from error
    try:
        folder.write_trigger(note)
        _wait_for_outcome(settings, folder, note)
    except OSError as error:
        raise _blame(folder, error) from error
    return note.name


def note_scan(settings: StationSettings, code: str) -> None:
    """Name the part of the next picture by a code.

    Raises
    ------
    UserError : there is no camera, or the station does not run
    """
    folder = _open_folder(settings)
    try:
        folder.write_scan(code)
    except OSError as error:
        raise _blame(folder, error) from error


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
