"""Lets a camera take what triggers ask for, and sees to it that each of them comes to something."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field, replace
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from anomaly_gui.language import translate
from anomaly_gui.station.capture.cameras.child import Rested, Taken
from anomaly_gui.station.capture.cameras.process import CameraProcess
from anomaly_gui.station.capture.latch import Latch
from anomaly_gui.station.capture.notes import Note, clean_name
from anomaly_gui.station.capture.taken import make_name, word_unread
from anomaly_gui.station.times import now_utc
from anomaly_gui.wording import explain_os_error

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from anomaly_gui.station.capture.cameras.child import CameraJob
    from anomaly_gui.station.capture.cameras.process import Heard
    from anomaly_gui.station.capture.codes import CodeRule
    from anomaly_gui.station.capture.taken import TakenFolder

_TICK = 0.05  # seconds
_AGAIN = 0.5  # seconds between two attempts to write
_MOST_HELD = 16  # pictures in memory while the disk takes none
_COMMAND = "command"


@dataclass
class Shot:
    """A picture that was asked for.

    Parameters
    ----------
    until : when it is too late, by a clock that only goes forwards
    noted : set once the disk was told that it is asked for
    data : the picture; empty before it has come
    is_asked : whether the camera was told
    is_written : whether the disk has what came of it
    next_try : when to write again, after the disk failed
    """

    note: Note
    until: float
    noted: threading.Event = field(default_factory=threading.Event)
    data: bytes = b""
    is_asked: bool = False
    is_written: bool = False
    next_try: float = 0.0


class Photographer:
    """Works in a thread of its own from `start` to `close`.

    Parameters
    ----------
    rule : what a scanned code says of the part
    change : the name of the trigger by change in the picture
    """

    def __init__(self, job: CameraJob, folder: TakenFolder, rule: CodeRule, change: str = "") -> None:
        self._folder, self._rule, self._change = folder, rule, change
        self._within = job.settings.picture_within
        self._inbox: SimpleQueue[Heard | Shot] = SimpleQueue()
        self.camera = CameraProcess(job, self._inbox.put)
        self._shots: dict[str, Shot] = {}
        self._known: set[str] = set()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._work, name="camera", daemon=True)
        self._missed, self._unread = Latch(), Latch()
        self._disk = self._fault = self._bug = ""

    def start(self, has_seen: Callable[[Path], bool]) -> None:
        """Begin, before anything is judged; what an earlier process did not take is missed.

        Parameters
        ----------
        has_seen : tells whether the records have a picture that was at a path
        """
        why = translate("the station ended before the picture was taken")
        for note in self._folder.list_triggers():
            shot = Shot(replace(self._note_unread(note), why=why), float("-inf"), is_asked=True)
            shot.is_written = self._folder.has_outcome(note, has_seen)  # it ended before it noted that
            self._add_noted(shot)
        self._thread.start()

    def fire(self, trigger: str, part: object = None, lot: object = None) -> None:
        """Ask for a picture, from any thread; it is on the disk on return."""
        at, until = now_utc(), time.monotonic() + self._within
        note = self._name_part(Note(make_name(at), clean_name(part), clean_name(lot), trigger, at))
        shot = Shot(note, until)
        self._known.add(note.name)
        self._inbox.put(shot)  # the camera is told meanwhile
        try:
            self._folder.write_trigger(note)
        except OSError as error:
            self._disk = explain_os_error(error)
        finally:
            shot.noted.set()

    def _name_part(self, note: Note) -> Note:
        """Return a note with the code that was scanned for it: a later one is for a later part."""
        try:
            named = self._folder.add_scan(note, self._rule)
        except OSError as error:
            self._unread.set(word_unread(error))
            return note
        self._unread.clear()
        return named

    def scan(self, code: str) -> None:
        """Note a code that goes with the next picture."""
        try:
            self._folder.write_scan(code)
        except OSError as error:
            self._disk = explain_os_error(error)

    def list_troubles(self) -> dict[str, str]:
        """Return what is wrong, by the name of its alarm; "" where nothing is."""
        camera = self._bug or self.camera.trouble
        return {"camera": camera, "taken": self._describe_disk(), "no_picture": self._missed.read()}

    def _describe_disk(self) -> str:
        if self._disk:
            return translate("Pictures cannot be written ({why}).", why=self._disk)
        if self._fault:
            return translate("{path} cannot be used ({why}).", path=self._folder.path, why=self._fault)
        return self._unread.read()

    def close(self) -> None:
        """End the thread and the camera's process."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()

    def _work(self) -> None:
        try:
            while not self._ended.is_set():
                self._take_turn_or_wait()
        except Exception as error:
            self._bug = f"{type(error).__name__}: {error}"
            raise
        finally:
            self.camera.close()

    def _take_turn_or_wait(self) -> None:
        """Take a turn; what the system refuses is over in a while, and triggers have to come to something."""
        try:
            self._take_turn()
        except OSError as error:
            self._fault = explain_os_error(error)
            self._ended.wait(_TICK)
        else:
            self._fault = ""

    def _take_turn(self) -> None:
        self.camera.tend()
        self._empty_inbox()
        for shot in list(self._shots.values()):
            if not shot.is_asked:
                self._ask(shot)
            if shot.noted.is_set() and time.monotonic() >= shot.next_try:
                self._finish(shot)
        self._find_commands()  # last: where they cannot be listed, others are taken all the same

    def _empty_inbox(self) -> None:
        wait = _TICK
        while True:
            try:
                came = self._inbox.get(timeout=wait) if wait else self._inbox.get_nowait()
            except Empty:
                return
            wait = 0.0
            if isinstance(came, Shot):
                self._shots[came.note.name] = came
            else:
                self._take_word(came)

    def _take_word(self, heard: Heard) -> None:
        said = self.camera.note(heard)
        if isinstance(said, Rested):
            threading.Thread(target=self.fire, args=(self._change,), daemon=True).start()
        elif isinstance(said, Taken) and said.note.name in self._shots:
            shot = self._shots[said.note.name]
            shot.note, shot.data = said.note, said.data

    def _find_commands(self) -> None:
        """Take up what the command `station trigger` wrote."""
        for note in self._folder.list_triggers():
            if note.name not in self._known:
                asked = replace(self._note_unread(note), trigger=_COMMAND)
                shot = Shot(asked, time.monotonic() + self._within)
                self._add_noted(shot)
                self._ask(shot)

    def _note_unread(self, note: Note) -> Note:
        """Say that a trigger cannot be read, if so, and return what is known of it."""
        if note.why:
            self._unread.set(note.why)
        else:
            self._unread.clear()
        return replace(note, why="")

    def _add_noted(self, shot: Shot) -> None:
        self._known.add(shot.note.name)
        shot.noted.set()
        self._shots[shot.note.name] = shot

    def _ask(self, shot: Shot) -> None:
        shot.is_asked = True
        self.camera.take_picture(shot.note)

    def _finish(self, shot: Shot) -> None:
        """Write what came of a trigger, if anything has, or if it is too late."""
        if not shot.data and not shot.is_written and time.monotonic() < shot.until:
            return
        try:
            if not shot.is_written:
                self._write(shot)
                shot.is_written = True
            self._folder.settle(shot.note)
        except OSError as error:
            self._disk = explain_os_error(error)
            shot.next_try = time.monotonic() + _AGAIN
            self._spare_memory()
            return
        self._disk = ""
        del self._shots[shot.note.name]
        self._known.discard(shot.note.name)

    def _write(self, shot: Shot) -> None:
        if shot.data:
            self._folder.write_picture(shot.note, shot.data)
            self._missed.clear()
            return
        why = shot.note.why or translate("the camera gave no picture")
        self._folder.write_missed(replace(shot.note, why=why))
        self._missed.set(translate("A picture was asked for and did not come: {why}.", why=why))

    def _spare_memory(self) -> None:
        """Give up pictures that the disk does not take, where there are too many; each is missed then."""
        held = [one for one in self._shots.values() if one.data and not one.is_written]
        for shot in held[_MOST_HELD:]:
            shot.note = replace(shot.note, why=translate("the picture could not be written"))
            shot.data, shot.until = b"", float("-inf")
