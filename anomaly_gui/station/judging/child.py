"""The process that decodes and judges: whatever a picture does to it, the station goes on.

It ends when its pipe is closed, so also when the station is no more.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing import connection, parent_process
from typing import TYPE_CHECKING, Any

from anomaly_gui.errors import UserError
from anomaly_gui.station.children import leave_signals_to_station
from anomaly_gui.station.judging.judge import Judge

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from multiprocessing.connection import Connection

    from anomaly_gui.station.judging.judged import Judged, JudgedBy

OpenJudge = Callable[[], Judge]
"""Opens a judge in the process: a function of a module, or a partial one."""

CHECK, JUDGE = "check", "judge"


@dataclass(frozen=True)
class Opened:
    """What the process says of its judge once it can judge: see `Judge`."""

    by: JudgedBy
    at_once: int
    seconds: float


@dataclass(frozen=True)
class Asked:
    """What to do: CHECK pairs of path and bytes, or JUDGE pictures; answers bear its number."""

    number: int
    what: str
    things: Sequence[Any]


def run_judging(open_judge: OpenJudge, pipe: Connection) -> None:
    """Answer what is asked, thing by thing and in order, until the pipe is closed at its other end."""
    leave_signals_to_station()
    threading.Thread(target=_end_with_station, daemon=True).start()
    try:
        judge = open_judge()
    except UserError as error:
        pipe.send(str(error))
        return
    pipe.send(Opened(judge.by, judge.at_once, judge.seconds))
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            asked: Asked = pipe.recv()
            for answer in _answer(judge, asked):
                pipe.send((asked.number, answer))


def _answer(judge: Judge, asked: Asked) -> Iterator[str | Judged]:
    if asked.what == JUDGE:
        for judged in judge.judge_pictures(asked.things):
            yield replace(judged, picture=replace(judged.picture, data=b""))  # the station has the bytes
    else:
        yield from judge.find_troubles(asked.things)


def _end_with_station() -> None:
    """End with the station, even where a picture keeps the process busy for ever."""
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(0)
