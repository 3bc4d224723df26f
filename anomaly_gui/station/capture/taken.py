"""The folder that a camera's pictures are written to: what was asked for, then what came of it.

asked/NAME.trigger    a picture was asked for; by the station, or by the command `station trigger`
asked/NAME.scan       a code was scanned; it goes with the next picture
NAME.png              the picture
NAME.missed           there is none, and why: it is judged as an error
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from anomaly_gui.language import translate
from anomaly_gui.paths import atomic_write
from anomaly_gui.station import files
from anomaly_gui.station.capture.notes import Note, read_note, read_png_note
from anomaly_gui.station.capture.sightings import is_picture_name
from anomaly_gui.station.times import now_utc
from anomaly_gui.wording import explain_os_error

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from anomaly_gui.station.capture.codes import CodeRule

_ASKED = "asked"
_TRIGGER, _PICTURE, _MISSED, _SCAN = ".trigger", ".png", ".missed", ".scan"


def make_name(at: str) -> str:
    """Return a name that nothing has and that sorts by its moment.

    >>> make_name("2026-11-26T10:42:00.123Z")[:-8]
    '20261126T104200123Z-'
    """
    return f"{at.replace('-', '').replace(':', '').replace('.', '')}-{secrets.token_hex(4)}"


def is_taken_name(name: str) -> bool:
    """Tell whether a file is to be judged: a picture, or the word that there is none.

    >>> [is_taken_name(name) for name in ("a.png", "a.missed", ".a.missed", "a.trigger")]
    [True, True, False, False]
    """
    return is_picture_name(name) or (name.endswith(_MISSED) and not name.startswith("."))


def read_taken_note(path: Path, data: bytes) -> Note:
    """Return what a file in the folder says of itself."""
    if path.suffix != _MISSED:
        return read_png_note(data)
    note = read_note(data)
    return note if note.why else Note(why=translate("the camera gave no picture"))


def word_unread(error: OSError) -> str:
    """Return the sentence on a scanned code that cannot be read."""
    return translate("A scanned code cannot be read ({why}).", why=explain_os_error(error))


class TakenFolder:
    """The folder; what writes raises OSError."""

    def __init__(self, path: Path) -> None:
        self.path, self._asked = path, path / _ASKED
        self._passed: set[str] = set()  # names of codes whose part has passed, though they are there still

    def make(self) -> None:
        """Make it where it is not there."""
        self._asked.mkdir(parents=True, exist_ok=True)
        files.sync_folder(self.path)

    def write_trigger(self, note: Note) -> None:
        """Note that a picture was asked for, durably."""
        _write_file(self._name_trigger(note), note.write().encode("utf-8"))
        files.sync_folder(self._asked)

    def write_picture(self, note: Note, data: bytes) -> None:
        """Write a picture; `settle` makes it durable."""
        _write_file(self.path / f"{note.name}{_PICTURE}", data)

    def write_missed(self, note: Note) -> None:
        """Write that there is no picture; `settle` makes it durable."""
        _write_file(self.path / f"{note.name}{_MISSED}", note.write().encode("utf-8"))

    def settle(self, note: Note) -> None:
        """Let what was written be on the disk for good, and then no longer be asked for."""
        files.sync_folder(self.path)
        self._name_trigger(note).unlink(missing_ok=True)
        files.sync_folder(self._asked)

    def write_scan(self, code: str) -> None:
        """Note a code that was scanned: one that was not used yet is forgotten."""
        earlier = list(self._asked.glob(f"*{_SCAN}"))
        _write_file(self._asked / f"{make_name(now_utc())}{_SCAN}", code.encode("utf-8"))
        for path in earlier:
            path.unlink(missing_ok=True)

    def add_scan(self, note: Note, rule: CodeRule) -> Note:
        """Return a note with the code that waits, and take that; a note that names its part takes none.

        Raises
        ------
        OSError : there is a code, and it cannot be read or removed
        """
        code = None if note.part or note.lot else self.take_scan()
        if code is None:
            return note
        part, lot = rule.read_code(code)
        return replace(note, part=part, lot=lot)

    def take_scan(self) -> str | None:
        """Return the code that was scanned last, once; None where there is none.

        Raises
        ------
        OSError : it cannot be read or removed; nobody gets it, or an earlier one
        """
        found = sorted(self._asked.glob(f"*{_SCAN}"))
        scans = [path for path in found if path.name not in self._passed]
        self._passed = {path.name for path in found}
        for path in found:
            if path not in scans[-1:]:
                with suppress(OSError):  # the last one counts, whatever becomes of this
                    path.unlink()
        if not scans:
            return None
        with suppress(FileNotFoundError):  # somebody else took it
            try:
                return scans[-1].read_text("utf-8", errors="replace")
            finally:
                scans[-1].unlink()
        return None

    def find_scan(self) -> str | None:
        """Return the code that waits for the next picture; None where there is none."""
        for path in sorted(self._asked.glob(f"*{_SCAN}"), reverse=True):
            with suppress(FileNotFoundError):
                return path.read_text("utf-8", errors="replace")
        return None

    def list_triggers(self) -> list[Note]:
        """Return what was asked for and has come to nothing yet, the oldest first.

        `why` of one says that it cannot be read; it is asked for all the same.
        """
        return [_read_trigger(path) for path in sorted(self._asked.glob(f"*{_TRIGGER}"))]

    def has_trigger(self, note: Note) -> bool:
        """Tell whether a picture is still asked for."""
        return self._name_trigger(note).exists()

    def has_outcome(self, note: Note, has_seen: Callable[[Path], bool]) -> bool:
        """Tell whether something came of a trigger: it waits to be judged, or was.

        Parameters
        ----------
        has_seen : tells whether the records have a picture that was at a path
        """
        outcomes = [self.path / f"{note.name}{ending}" for ending in (_PICTURE, _MISSED)]
        return any(path.exists() or has_seen(path) for path in outcomes)

    def is_missed(self, note: Note, judged: Path) -> bool:
        """Tell whether there is no picture; `judged` is where it may have been moved to."""
        return any((folder / f"{note.name}{_MISSED}").exists() for folder in (self.path, judged))

    def _name_trigger(self, note: Note) -> Path:
        return self._asked / f"{note.name}{_TRIGGER}"


def _write_file(path: Path, data: bytes) -> None:
    with atomic_write(path) as file:
        file.write(data)


def _read_trigger(path: Path) -> Note:
    """Return what is asked for; it is, though it cannot be read, and `why` says that."""
    note, told = Note(), ""
    try:
        note, why = read_note(path.read_bytes()), translate("it does not say what is asked for")
    except OSError as error:
        why = explain_os_error(error)
    if note == Note():
        told = translate("{path} cannot be read ({why}); its picture is without a part.", path=path, why=why)
    return replace(note, name=path.stem, why=told)
