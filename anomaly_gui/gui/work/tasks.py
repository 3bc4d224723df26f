"""Jobs for the worker's process as objects with signals, and the thread that listens to it."""

from __future__ import annotations

import importlib
from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThread, Signal, Slot

from anomaly_gui.worker.client import Worker
from anomaly_gui.worker.messages import (
    Advanced,
    Cancelled,
    Crashed,
    Failed,
    Finished,
    Learning,
    Scored,
    Stage,
    Warned,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from anomaly_gui.gui.widgets.job_progress import PlannedStage
    from anomaly_gui.worker.messages import Job, Message

_LISTENING = 0.1  # seconds until the listener looks whether it should end


class Task(QObject):
    """One job. Exactly one of `finished`, `failed`, `cancelled` and `crashed` comes, and then `ended`."""

    staged = Signal(str, int)  # name and steps; -1: unknown
    advanced = Signal(int)  # steps done in all
    learned = Signal(object)  # an Epoch
    warned = Signal(str)
    scored = Signal(object)  # a tuple of ImageResult
    finished = Signal(object)  # the job's answer
    failed = Signal(str)  # one sentence for the user
    cancelled = Signal()
    crashed = Signal(str)  # a report for the developers
    ended = Signal()

    def __init__(self, title: str, parent: QObject) -> None:
        super().__init__(parent)
        self.title = title
        self.plan: tuple[PlannedStage, ...] = ()  # where its stages are known beforehand
        self.number = 0

    def take_message(self, message: Message) -> bool:
        """Tell what a message says; return whether it was the last."""
        if isinstance(message, Stage):
            self.staged.emit(message.name, -1 if message.total is None else message.total)
        elif isinstance(message, Advanced):
            self.advanced.emit(message.done)
        elif isinstance(message, Learning):
            self.learned.emit(message.epoch)
        elif isinstance(message, Warned):
            self.warned.emit(message.text)
        elif isinstance(message, Scored):
            self.scored.emit(message.images)
        else:
            self._end_with(message)
            return True
        return False

    def _end_with(self, message: Message) -> None:
        if isinstance(message, Finished):
            self.finished.emit(message.answer)
        elif isinstance(message, Failed):
            self.failed.emit(message.sentence)
        elif isinstance(message, Cancelled):
            self.cancelled.emit()
        elif isinstance(message, Crashed):
            self.crashed.emit(message.report)
        self.ended.emit()


class _Listener(QThread):
    """Takes the worker's messages from the pipe, so that nothing on the window's thread waits for them."""

    received = Signal(int, object)

    def __init__(self, worker: Worker, parent: QObject) -> None:
        super().__init__(parent)
        self._worker = worker

    def run(self) -> None:
        # intervals of rates need it; imported here, its half a second is not the window's
        importlib.import_module("scipy.special")
        while not self.isInterruptionRequested():
            for number, message in self._worker.receive(_LISTENING):
                self.received.emit(number, message)
            if not self._worker.has_pipe:
                self.msleep(50)


class TaskRunner(QObject):
    """Runs jobs one after the other. Messages of a job that is not known any more are dropped."""

    changed = Signal()  # a task began or ended
    stopping = Signal()  # the end of every task was asked for

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker = Worker()
        self._tasks: dict[int, Task] = {}
        self._listener = _Listener(self._worker, self)
        self._listener.received.connect(self._on_received)
        self._is_closed = False
        self._held: list[tuple[int, Message]] | None = None

    @property
    def tasks(self) -> tuple[Task, ...]:
        """Return the tasks that have not ended; the first of them is at work."""
        return tuple(self._tasks.values())

    @Slot()
    def get_ready(self) -> None:
        """Start the worker's process and the thread that listens, so that the first job need not wait."""
        if self._is_closed:
            return
        self._worker.start()
        if not self._listener.isRunning():
            self._listener.start()

    def run_job(self, job: Job, title: str) -> Task:
        """Send a job to the worker. Connect to the task's signals before control goes back to Qt."""
        task = Task(title, self)
        task.number = self._worker.send(job)
        self._tasks[task.number] = task
        self.get_ready()
        self.changed.emit()
        return task

    def cancel(self, task: Task) -> None:
        """Ask for the end of a task."""
        if task.number in self._tasks:
            self._worker.cancel(task.number)

    @Slot()
    def stop_early(self) -> None:
        """Let the network of the task at work stop learning and keep the best so far."""
        if self._tasks:
            self._worker.stop_early(next(iter(self._tasks)))

    @Slot()
    def cancel_all(self) -> None:
        """Ask for the end of every task; what was there before stays."""
        for task in self.tasks:
            self.cancel(task)
        self.stopping.emit()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Let nothing of the tasks be known meanwhile: what an open question is about must not change."""
        if self._held is not None:
            yield
            return
        self._held = []
        try:
            yield
        finally:
            held, self._held = self._held, None
            for number, message in held:
                self._on_received(number, message)

    def forget_tasks(self) -> None:
        """End every task as cancelled, whatever becomes of its job."""
        for number, task in list(self._tasks.items()):
            self._worker.cancel(number)
            del self._tasks[number]
            task.take_message(Cancelled())
            task.deleteLater()
        self.changed.emit()

    @Slot(int, object)
    def _on_received(self, number: int, message: Message) -> None:
        if self._held is not None:
            self._held.append((number, message))
            return
        task = self._tasks.get(number)
        if task is None:
            return
        if task.take_message(message):
            del self._tasks[number]
            task.deleteLater()
            self.changed.emit()

    def close(self) -> None:
        """End the listener and the worker's process, in order."""
        self._is_closed = True
        self._tasks.clear()
        self._listener.requestInterruption()
        self._listener.wait()
        self._worker.close()
