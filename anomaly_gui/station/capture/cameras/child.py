"""The process that holds a camera: it may be killed at any time, and writes nothing.

It ends when it is told to or the station is no more, even while the camera's driver hangs.
"""

from __future__ import annotations

import io
import multiprocessing
import os
import signal
import threading
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from multiprocessing.connection import wait
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from anomaly_gui.language import translate
from anomaly_gui.station.capture.cameras.registry import open_source
from anomaly_gui.station.capture.cameras.rest import RestWatch, View
from anomaly_gui.station.capture.cameras.source import CameraError
from anomaly_gui.station.capture.notes import KEYWORD, Note
from anomaly_gui.station.times import read_moment

if TYPE_CHECKING:
    from concurrent.futures import Future
    from multiprocessing.connection import Connection

    from anomaly_gui.station.capture.cameras.source import Frame, Source
    from anomaly_gui.station.settings.camera_settings import CameraSettings
    from anomaly_gui.station.settings.trigger_settings import ChangeTrigger

_TELL_EVERY = 0.2  # seconds
_TRY_EVERY = 0.5  # seconds between two attempts to open a camera
_BACKGROUND_EVERY = 10.0  # seconds


@dataclass(frozen=True)
class CameraJob:
    """What the process is given.

    Parameters
    ----------
    change : when something in view lets it ask for a picture; None: never
    background : what an earlier process saw without a part; None for none
    """

    settings: CameraSettings
    change: ChangeTrigger | None = None
    background: View | None = None


@dataclass(frozen=True)
class Ask:
    """Take a picture; `note` is written into it."""

    note: Note


@dataclass(frozen=True)
class Opening:
    """The process is about to open the camera."""


@dataclass(frozen=True)
class Alive:
    """A frame came.

    Parameters
    ----------
    width, height : of it, in pixels
    is_new : whether frames since the last word differ
    """

    width: int
    height: int
    is_new: bool


@dataclass(frozen=True)
class Fault:
    """The camera cannot be opened, or gives no more; `is_frozen`: it gives the same frame all the time."""

    text: str
    is_frozen: bool = False


@dataclass(frozen=True)
class Taken:
    """A picture: the bytes of a PNG file."""

    note: Note
    data: bytes


@dataclass(frozen=True)
class Rested:
    """Something came into view and is at rest."""


@dataclass(frozen=True)
class Background:
    """What the view is without a part."""

    view: View


Told = Opening | Alive | Fault | Taken | Rested | Background


class FrozenError(CameraError):
    """A camera gives the same frame all the time."""


def run_camera(job: CameraJob, pipe: Connection) -> None:
    """Hold a camera until the pipe says that it ends; what goes wrong is told, and tried again."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the station, which ends its children itself
    threading.Thread(target=_end_with_parent, daemon=True).start()
    watch = RestWatch(job.change, job.background) if job.change is not None else None
    voice = _Voice(pipe)
    try:
        while True:
            _hold_camera(job, voice, pipe, watch)
            until = time.monotonic() + _TRY_EVERY
            while pipe.poll(max(0.0, until - time.monotonic())):
                _hear_ask(pipe)  # nobody can answer it: who asked notices
    except (EOFError, OSError):
        return


def _hear_ask(pipe: Connection) -> Ask:
    """Return what is asked; EOFError where the process is to end."""
    asked: Ask | None = pipe.recv()
    if asked is None:
        raise EOFError
    return asked


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


class _Voice:
    """Tells the station, from any thread of this process."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe, self._lock = pipe, threading.Lock()

    def tell(self, what: Told) -> None:
        with self._lock:
            self._pipe.send(what)


def _hold_camera(job: CameraJob, voice: _Voice, pipe: Connection, watch: RestWatch | None) -> None:
    voice.tell(Opening())
    try:
        with closing(open_source(job.settings.source)) as source:
            _Sitting(job, voice, watch).serve(source, pipe)
    except CameraError as error:
        voice.tell(Fault(str(error), isinstance(error, FrozenError)))


class _Sitting:
    """One camera, from its opening to its first fault."""

    def __init__(self, job: CameraJob, voice: _Voice, watch: RestWatch | None) -> None:
        self._settings, self._voice, self._watch = job.settings, voice, watch
        self._before: Frame | None = None
        self._changed = time.monotonic()
        self._told = self._background_told = float("-inf")
        self._was_new = False
        self._asked: list[tuple[Ask, int]] = []
        self._answers: deque[Future[None]] = deque()

    def serve(self, source: Source, pipe: Connection) -> None:
        """Read frames and answer with them; raises CameraError, EOFError where nobody listens."""
        with ThreadPoolExecutor(1, "write") as writer:  # frames are read on meanwhile, or old ones pile up
            while True:
                while pipe.poll():
                    self._asked.append((_hear_ask(pipe), self._settings.skip))
                frame = source.read_frame()
                is_new = self._check_new(frame)
                self._tell_alive(frame, is_new)
                self._tell_rest(frame)
                for ask in self._choose_asks(is_new):
                    self._answers.append(writer.submit(self._answer, ask, frame))
                while self._answers and self._answers[0].done():
                    self._answers.popleft().result()  # what went wrong ends the process, which is seen

    def _check_new(self, frame: Frame) -> bool:
        """Tell whether a frame differs from the one before; raises FrozenError where none does for long."""
        before, self._before = self._before, frame
        is_new = before is not None and frame is not before and not np.array_equal(frame, before)
        limit, now = self._settings.frozen_after, time.monotonic()
        if is_new or before is None:
            self._changed = now
        elif limit and now - self._changed >= limit:
            raise FrozenError(translate("The camera gives the very same frame all the time."))
        return is_new

    def _choose_asks(self, is_new: bool) -> list[Ask]:
        """Return what this frame answers: no frame that may be an old one."""
        if self._settings.frozen_after and not is_new:
            return []
        due = [ask for ask, skip in self._asked if skip <= 0]
        self._asked = [(ask, skip - 1) for ask, skip in self._asked if skip > 0]
        return due

    def _tell_alive(self, frame: Frame, is_new: bool) -> None:
        self._was_new = self._was_new or is_new
        if time.monotonic() - self._told >= _TELL_EVERY:
            self._voice.tell(Alive(frame.shape[1], frame.shape[0], self._was_new))
            self._told, self._was_new = time.monotonic(), False

    def _tell_rest(self, frame: Frame) -> None:
        if self._watch is None:
            return
        if self._watch.see_frame(frame):
            self._voice.tell(Rested())
        is_due = time.monotonic() - self._background_told >= _BACKGROUND_EVERY
        if is_due and self._watch.background is not None:
            self._background_told = time.monotonic()
            self._voice.tell(Background(self._watch.background))

    def _answer(self, ask: Ask, frame: Frame) -> None:
        waited = round(1000 * (time.time() - read_moment(ask.note.at)), 2) if ask.note.at else 0.0
        note = replace(ask.note, waited=waited, is_simulated=self._settings.is_simulated)
        self._voice.tell(Taken(note, encode_png(frame, note)))


def encode_png(frame: Frame, note: Note) -> bytes:
    """Return a frame as the bytes of a PNG file, without loss, with a note in it."""
    told = PngInfo()
    told.add_itxt(KEYWORD, note.write())
    buffer = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(frame)).save(buffer, "PNG", pnginfo=told, compress_level=1)
    return buffer.getvalue()
