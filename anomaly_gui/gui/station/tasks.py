"""What takes time, done in a thread: files and passwords; the window goes on with what came of it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal, Slot

from anomaly_gui.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class Tasks(QObject):
    """Does one after the other, in the order they were given."""

    done = Signal(object)  # what is to be called in the window's thread

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._is_closed = False
        self.done.connect(self._go_on)

    def start(self, work: Callable[[], T], then: Callable[[T], None], fail: Callable[[str], None]) -> None:
        """Do it, and call `then` with its result, or `fail` with the sentence of what went wrong."""
        self._pool.start(_Task(self, work, then, fail))

    @Slot(object)
    def _go_on(self, call: Callable[[], None]) -> None:
        if not self._is_closed:
            call()

    def drop_waiting(self) -> None:
        """Do nothing of what was not begun."""
        self._pool.clear()

    def close(self) -> None:
        """Wait for all that was given; nobody hears how it went."""
        self._is_closed = True
        self._pool.waitForDone()


class _Task(QRunnable):
    def __init__(
        self, owner: Tasks, work: Callable[[], T], then: Callable[[T], None], fail: Callable[[str], None]
    ) -> None:
        super().__init__()
        self._owner, self._work, self._then, self._fail = owner, work, then, fail

    def run(self) -> None:
        try:
            call = partial(self._then, self._work())
        except UserError as error:
            call = partial(self._fail, str(error))
        except Exception as error:
            self._owner.done.emit(partial(self._fail, repr(error)))
            raise
        self._owner.done.emit(call)
