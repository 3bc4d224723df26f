"""What takes time, done in a thread: files and passwords; the window goes on with what came of it."""

from __future__ import annotations

import sys
from collections import deque
from dataclasses import dataclass
from functools import partial
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Signal, Slot

from anomaly_gui.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class _Work:
    """What is to be done, and whether that is of no use once nobody hears of it."""

    do: Callable[[], object]
    may_be_left: bool


@dataclass(frozen=True, eq=False)
class _Outcome:
    """What came of a task: its result, or the sentence why there is none."""

    result: object = None
    why: str | None = None


class Tasks(QObject):
    """Does one after the other, in the order they were given.

    A disk or a server that does not answer may hold its thread for ever: nobody waits for what may be left.
    """

    done = Signal(object)  # the outcome of the task that was given first

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        # the thread has nothing of the window's in its hands: it may end after that is gone
        self._works: deque[_Work] = deque()
        self._listeners: deque[tuple[Callable[[Any], None], Callable[[str], None]]] = deque()
        self._thread: Thread | None = None
        self._is_closed, self._guard = False, Lock()
        self._due, self._reported = 0, ""  # how many have to be done, whoever hears of them
        self.done.connect(self._go_on)

    def start(
        self,
        work: Callable[[], T],
        then: Callable[[T], None],
        fail: Callable[[str], None],
        *,
        may_be_left: bool = False,
    ) -> None:
        """Do it, and call `then` with its result, or `fail` with the sentence of what went wrong.

        Parameters
        ----------
        may_be_left : whether it is of no use once nobody hears of it, such as reading
        """
        self._listeners.append((then, fail))
        with self._guard:
            self._works.append(_Work(work, may_be_left))
            self._due += not may_be_left
            if self._thread is None:
                self._thread = Thread(target=self._do_all, name="tasks", daemon=True)
                self._thread.start()

    def _do_all(self) -> None:
        while (work := self._take_work()) is not None:
            outcome = self._try_work(work.do)
            with self._guard:
                self._due -= not work.may_be_left
                if not self._is_closed:
                    self.done.emit(outcome)

    def _take_work(self) -> _Work | None:
        """Return what is to be done next; None ends the thread."""
        with self._guard:
            if self._works:
                return self._works.popleft()
            self._thread = None
            return None

    def _try_work(self, do: Callable[[], object]) -> _Outcome:
        try:
            return _Outcome(do())
        except UserError as error:
            return _Outcome(why=str(error))
        except Exception as error:  # noqa: BLE001 - a bug of ours: reported, and no reason to wait for ever
            self._report(error)
            return _Outcome(why=repr(error))

    def _report(self, error: Exception) -> None:
        """Report a bug as any other, once while it comes again and again."""
        if repr(error) != self._reported:
            self._reported = repr(error)
            sys.excepthook(type(error), error, error.__traceback__)

    @Slot(object)
    def _go_on(self, outcome: _Outcome) -> None:
        if self._is_closed:
            return
        then, fail = self._listeners.popleft()
        if outcome.why is None:
            then(outcome.result)
        else:
            fail(outcome.why)

    def close(self) -> None:
        """Wait for all that has to be done; nobody hears how it went."""
        self._listeners.clear()
        with self._guard:
            self._is_closed = True
            self._works = deque(work for work in self._works if not work.may_be_left)
            thread = self._thread if self._due else None
        if thread is not None:
            thread.join()


class Question(QObject):
    """Asks one thing at a time; only what was asked for last is told."""

    answered = Signal(object)
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks, self._is_reading = Tasks(self), False
        self._asked: Callable[[], object] | None = None

    @property
    def is_open(self) -> bool:
        """Whether an answer is on its way."""
        return self._asked is not None

    def ask(self, read: Callable[[], object]) -> None:
        """Read this, in place of all that waits."""
        self._asked = read
        if not self._is_reading:
            self._start()

    def _start(self) -> None:
        read = self._asked
        assert read is not None
        self._is_reading = True
        then, fail = (partial(self._tell, read, how) for how in (self.answered, self.failed))
        self._tasks.start(read, then, fail, may_be_left=True)

    def _tell(self, read: Callable[[], object], how: Any, found: object) -> None:
        """Tell an answer by a signal, unless something else was asked for meanwhile: then read that."""
        self._is_reading = False
        if read is not self._asked:
            self._start()
            return
        self._asked = None
        how.emit(found)

    def close(self) -> None:
        """Tell nothing any more."""
        self._tasks.close()
