"""Keep quiet what libraries in C print by themselves, past Python's own streams."""

from __future__ import annotations

import ctypes
import os
import re
import sys
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_STDOUT, _STDERR = 1, 2
_ONE_AT_A_TIME = RLock()  # a second thread would take nowhere for what stdout was
_NOTE = re.compile(rb"[IW]\d{4} \d\d:|WARNING: All log messages before absl")
"""How lines of TensorFlow's log begin that tell of no error (https://abseil.io/docs/cpp/guides/logging)."""


@contextmanager
def silenced_stdout() -> Iterator[None]:
    """Throw away what C code prints: the results of a command are the only thing to stand on stdout."""
    libc = None if os.name == "nt" else ctypes.CDLL(None)
    if sys.stdout is not None:
        sys.stdout.flush()
    with (
        _ONE_AT_A_TIME,
        Path(os.devnull).open("wb") as nowhere,
        _redirect_descriptor(_STDOUT, nowhere.fileno()),
    ):
        yield
        if libc is not None:
            libc.fflush(None)  # what is still in C's buffers would follow later


@contextmanager
def without_start_up_notes() -> Iterator[None]:
    """Take TensorFlow's notes at its start out of stderr; its log level has no say in them."""
    with tempfile.TemporaryFile() as caught:
        try:
            with _redirect_descriptor(_STDERR, caught.fileno()):
                yield
        finally:
            caught.seek(0)
            with suppress(OSError):  # there is no stderr, as in a program without a console
                for line in caught:
                    if not _NOTE.match(line):
                        os.write(_STDERR, line)


@contextmanager
def _redirect_descriptor(descriptor: int, target: int) -> Iterator[None]:
    """Let what is written to a descriptor go elsewhere."""
    try:
        original = os.dup(descriptor)
    except OSError:  # there is none
        yield
        return
    try:
        os.dup2(target, descriptor)
        yield
    finally:
        os.dup2(original, descriptor)
        os.close(original)
