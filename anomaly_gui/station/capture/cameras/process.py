"""The process of a camera as the station sees it: started, watched, killed and started again."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from anomaly_gui.language import translate
from anomaly_gui.station.capture.cameras.child import (
    Alive,
    Ask,
    Background,
    CameraJob,
    Fault,
    Opening,
    Taken,
    run_camera,
)
from anomaly_gui.station.children import start_child
from anomaly_gui.wording import explain_os_error

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess

    from anomaly_gui.station.capture.cameras.child import Told
    from anomaly_gui.station.capture.notes import Note

_REST = 0.5  # seconds between the end of a process and the next
_BEGIN = 10.0  # seconds that a process may take to begin, on a machine that is busy
_MOST_ASKS = 50  # unanswered: a pipe that is full would let the station wait
_END = 2.0  # seconds for one that is asked to end


class Ended:
    """A process is no more."""


Heard = tuple[int, "Told | Ended"]
"""Which process said it, and what it said."""


class CameraProcess:
    """The process of one camera. All calls come from one thread, and none waits but `close`.

    Parameters
    ----------
    hear : called, by another thread, with what processes say: to be given to `note` by the one thread

    Attributes
    ----------
    trouble : why the camera gives no pictures; "" where it does
    size : width and height of its frames; None before the first
    """

    def __init__(self, job: CameraJob, hear: Callable[[Heard], None]) -> None:
        self._job, self._hear = job, hear
        self._process: SpawnProcess | None = None
        self._pipe: Connection | None = None
        self._count = self._asks = 0
        self._is_open = self._is_frozen = False
        self._heard = self._frame = self._due = time.monotonic()
        self._limit = _BEGIN
        self.trouble, self.size = "", None

    trouble: str
    size: tuple[int, int] | None

    @property
    def number(self) -> int | None:
        """The id of the process, None where it does not run."""
        return self._process.pid if self._process is not None else None

    def tend(self) -> None:
        """Start the process where it does not run, and kill one that is silent: call it often."""
        now, settings = time.monotonic(), self._job.settings
        patience = settings.dead_after if self._is_open else _BEGIN
        if not self.trouble and now - self._frame > patience:
            self.trouble = translate("The camera gives no frames.")
        if self._process is None and now >= self._due:
            self._start()
        elif self._process is not None and now - self._heard > self._limit:
            self._end(translate("The camera gives no frames."))

    def take_picture(self, note: Note) -> None:
        """Ask for a picture; nothing comes of it where the camera is dead."""
        if self._asks < _MOST_ASKS:
            self._asks += 1
            self._send(Ask(note))

    def _send(self, what: Ask | None) -> None:
        if self._pipe is not None:
            with suppress(OSError):  # of one that has ended: who listens to it says so
                self._pipe.send(what)

    def note(self, heard: Heard) -> Told | None:
        """Note what a process said; return what is not for here, None otherwise."""
        count, what = heard
        if count != self._count:
            return None  # of a process that was killed
        self._heard = time.monotonic()
        if isinstance(what, Ended):
            self._end(translate("The process of the camera has ended; it is started again."))
        elif isinstance(what, Opening):
            self._limit, self._asks = self._job.settings.open_within, 0
        elif isinstance(what, Alive):
            self._note_alive(what)
        elif isinstance(what, Fault):
            self.trouble, self._is_frozen = what.text, what.is_frozen
        elif isinstance(what, Background):
            self._job = replace(self._job, background=what.view)
        else:
            self._asks -= isinstance(what, Taken)
            return what
        return None

    def _note_alive(self, alive: Alive) -> None:
        self._frame, self._is_open = self._heard, True
        self._limit = self._job.settings.dead_after
        self.size = alive.width, alive.height
        if alive.is_new or not self._is_frozen:
            self.trouble, self._is_frozen = "", False

    def _start(self) -> None:
        try:
            self._process, self._pipe = start_child(run_camera, self._job, name="camera")
        except OSError as error:
            self.trouble = translate(
                "The process of the camera cannot be started ({why}); it is tried again.",
                why=explain_os_error(error),
            )
            self._due = time.monotonic() + _REST
            return
        self._count, self._asks = self._count + 1, 0
        self._heard, self._limit = time.monotonic(), _BEGIN
        threading.Thread(target=_listen, args=(self._pipe, self._count, self._hear), daemon=True).start()

    def _end(self, why: str) -> None:
        """Kill the process; the next one begins after a rest."""
        self.trouble = self.trouble or why
        self.close(0.0)
        self._due = time.monotonic() + _REST

    def close(self, seconds: float = _END) -> None:
        """End the process: by asking, and by force after a while."""
        if self._process is not None:
            if seconds:
                self._send(None)
                self._process.join(seconds)
            if self._process.is_alive():
                self._process.kill()
                self._process.join()
        self._process = self._pipe = None


def _listen(pipe: Connection, count: int, hear: Callable[[Heard], None]) -> None:
    """Pass on what a process says; it may stop in the middle of a word without anyone waiting for it."""
    try:
        while True:
            hear((count, pipe.recv()))
    except (EOFError, OSError):
        hear((count, Ended()))
    finally:
        pipe.close()  # not before: its number might be that of the next one
