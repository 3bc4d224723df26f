"""Judging as the station sees it: a process that may end or hang, and is started again.

A picture that ended it twice, or kept it busy for too long, is an error; the others are judged.
"""

from __future__ import annotations

import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from anomaly_gui.errors import UserError
from anomaly_gui.language import translate
from anomaly_gui.station.children import start_child
from anomaly_gui.station.judging.child import CHECK, JUDGE, Asked, Opened, OpenJudge, run_judging
from anomaly_gui.station.judging.judged import Judged, make_fault
from anomaly_gui.wording import duration, explain_os_error

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess
    from pathlib import Path

    from anomaly_gui.station.capture.picture import Picture

_TO_OPEN = 300.0  # seconds
_LEAST, _BATCHES = 30.0, 20  # the default patience: seconds, and how often what a batch takes
_CHANCES = 2
_LOOK, _LEAVE = 0.2, 5.0  # seconds: between two looks whether the station ends; for an answer then


class JudgingError(UserError):
    """The process that judges cannot be started."""


class _EndedError(Exception):
    """The process is no more; `str(error)` says why."""


@dataclass(frozen=True)
class _Running:
    """A process, and what it is talked to by."""

    process: SpawnProcess
    pipe: Connection


class JudgeProcess:
    """A judge in a process of its own, which begins to start at once; `open` it before anything else.

    All calls come from one thread.

    Parameters
    ----------
    open_judge : opens the judge, in the process
    patience : seconds to wait for an answer; None: 30, or twenty times what a batch of pictures takes

    Attributes
    ----------
    by, at_once : as of a judge
    is_over : whether the station is to end: it waits for no judging that hangs, then

    Raises
    ------
    JudgingError : the process cannot be started: from every method that asks it
    """

    def __init__(self, open_judge: OpenJudge, patience: float | None = None) -> None:
        self._open_judge = open_judge
        self._sender = ThreadPoolExecutor(1, "ask")
        self._blamed: defaultdict[Hashable, list[str]] = defaultdict(list)
        self._running: _Running | None = None
        self._number = 0
        self._trouble = ""
        self.patience = patience or 0.0
        self.is_over: Callable[[], bool] = bool
        self._begin()

    def open(self) -> JudgeProcess:
        """Wait until it can judge."""
        opened = self._wait_until_open()
        self.by, self.at_once = opened.by, opened.at_once
        self.patience = self.patience or max(_LEAST, _BATCHES * opened.seconds * opened.at_once)
        return self

    @property
    def number(self) -> int | None:
        """The id of the process; None where it does not run."""
        return None if self._running is None else self._running.process.pid

    def judge_pictures(self, pictures: Sequence[Picture]) -> Iterator[Judged]:
        """Yield the verdict of each picture, in order, as soon as it is known; whatever fails is an error."""
        answers = self._ask(JUDGE, pictures, [picture.identity for picture in pictures])
        for picture, answer in zip(pictures, answers, strict=True):
            if isinstance(answer, str):
                yield make_fault(picture, self.by, answer)
            else:
                yield replace(answer, picture=picture)

    def find_troubles(self, files: Sequence[tuple[Path, bytes]]) -> list[str]:
        """Return of each picture's path and bytes why it is not whole, or ""."""
        return list(self._ask(CHECK, files, [(path, hash(data)) for path, data in files]))

    def take_trouble(self) -> str:
        """Return why the process was started anew since this was asked last; "" where it was not."""
        trouble, self._trouble = self._trouble, ""
        return trouble

    def close(self) -> None:
        """End the process: by asking, and by force after a while."""
        if self._running is not None:
            self._running.pipe.close()
            self._running.process.join(5)
            self._end()
        self._sender.shutdown()

    def _ask(self, what: str, things: Sequence[Any], names: Sequence[Hashable]) -> Iterator[Any]:
        """Yield the answer on each thing, in order: a sentence for one that ended the process twice."""
        at, is_alone = 0, False
        while at < len(things):
            why = self._blamed[names[at]]
            if len(why) >= _CHANCES:
                yield translate("judging it was tried twice: {why}", why=why[-1])
                at += 1
                continue
            asked = slice(at, at + 1 if is_alone else len(things))
            try:
                for answer in self._ask_once(what, things[asked]):
                    self._blamed.pop(names[at], None)
                    at += 1
                    yield answer
            except _EndedError as error:
                self._trouble, is_alone = str(error), True
                for name in names[at : asked.stop]:
                    self._blamed[name].append(self._trouble)
                if self.is_over():
                    told = translate("What was at hand was not judged; it is after the next start.")
                    raise JudgingError(told) from error

    def _ask_once(self, what: str, things: Sequence[Any]) -> Iterator[Any]:
        """Yield the answers of the process; _EndedError where it ends, or is ended, before the last."""
        if self._running is None:
            self._begin_again()
        assert self._running is not None
        self._number += 1
        sent = self._sender.submit(self._running.pipe.send, Asked(self._number, what, things))
        for _ in things:
            try:
                answer = self._receive(self._running)
            except (EOFError, OSError) as error:
                why = self._explain_end(error)
                self._end()
                sent.exception()  # it has come to its end, too
                raise _EndedError(why) from error
            yield answer

    def _receive(self, running: _Running) -> Any:
        """Return the next answer on what was asked last; what was asked before is of no use any more."""
        number, answer = 0, None
        while number != self._number:
            if not self._wait_for_word(running.pipe, self.patience):
                raise TimeoutError
            number, answer = running.pipe.recv()
        return answer

    def _wait_for_word(self, pipe: Connection, seconds: float) -> bool:
        """Tell whether the process says anything in time."""
        until = time.monotonic() + seconds
        while not pipe.poll(max(0.0, min(_LOOK, until - time.monotonic()))):
            now = time.monotonic()
            if now >= until:
                return False
            if self.is_over():
                until = min(until, now + _LEAVE)
        return True

    def _explain_end(self, error: Exception) -> str:
        if isinstance(error, TimeoutError):
            return translate(
                "Judging took longer than {duration}; it was ended and started again.",
                duration=duration(self.patience),
            )
        assert self._running is not None
        self._running.process.join(5)
        code = self._running.process.exitcode
        return translate("Judging ended with exit code {code}; it was started again.", code=code)

    def _begin(self) -> None:
        """Start the process, without waiting for it."""
        try:
            process, pipe = start_child(run_judging, self._open_judge, name="judging")
        except OSError as error:
            raise JudgingError(
                translate("Judging cannot be started ({why}).", why=explain_os_error(error))
            ) from error
        self._running = _Running(process, pipe)

    def _begin_again(self) -> None:
        self._begin()
        if self._wait_until_open().by != self.by:
            self._end()
            raise JudgingError(
                translate("The model file is another one than at the start: start the station again.")
            )

    def _wait_until_open(self) -> Opened:
        assert self._running is not None
        pipe = self._running.pipe
        try:
            is_there = self._wait_for_word(pipe, _TO_OPEN)
            said = pipe.recv() if is_there else translate("Judging does not start.")
        except (EOFError, OSError) as error:
            said = self._explain_end(error)
        if isinstance(said, Opened):
            return said
        self._end()
        raise JudgingError(said)

    def _end(self) -> None:
        """End the process at once."""
        if self._running is not None:
            self._running.process.kill()
            self._running.process.join()
            self._running.pipe.close()
        self._running = None
