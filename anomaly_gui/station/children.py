"""Start the processes that a station has beside its own."""

from __future__ import annotations

import multiprocessing
import signal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess


def start_child(run: Callable[..., None], *arguments: Any, name: str) -> tuple[SpawnProcess, Connection]:
    """Start a process; return it, and a pipe whose other end is the last of its arguments.

    Raises
    ------
    OSError : it cannot be started, as where memory or open files run out; nothing stays open then
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=run, args=(*arguments, theirs), name=name, daemon=True)
    with theirs:
        try:
            process.start()
        except OSError:
            ours.close()
            raise
    return process, ours


def leave_signals_to_station() -> None:
    """Let this process go on where all of a station get a signal to end: the station ends it itself."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
