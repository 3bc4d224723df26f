"""Signing in and out at a station, and signing for what it waits for."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from anomaly_gui.gui.station.access.sign_dialog import SignDialog
from anomaly_gui.gui.station.access.signing import (
    Signature,
    approve_files,
    sign_in_person,
    sign_out_person,
    unlock_station,
)
from anomaly_gui.gui.station.feed.snapshot import Remedy
from anomaly_gui.gui.station.tasks import Tasks

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from anomaly_gui.gui.station.feed.people import People
    from anomaly_gui.gui.station.feed.place import StationPlace


class AccessDesk(QObject):
    """Asks, and lets it be done in a thread."""

    said = Signal(str)
    done = Signal()

    def __init__(self, place: StationPlace, window: QWidget) -> None:
        super().__init__(window)
        self._place, self._window, self._tasks = place, window, Tasks(self)
        self.people: People | None = None

    @property
    def _line(self) -> Path | None:
        return None if self._place.settings is None else self._place.settings.file

    @property
    def _name(self) -> str:
        session = None if self.people is None else self.people.session
        return "" if session is None else session.name

    @Slot()
    def ask_to_sign_in(self) -> None:
        """Ask who is there."""
        sentence = self.tr(
            "Results name who is signed in at %1. Five wrong passwords lock a person for a time."
        )
        words = (self.tr("Sign in"), sentence.replace("%1", self._place.title), self.tr("Sign in"))
        self._ask(sign_in_person, words, needs_why=False)

    @Slot()
    def sign_out(self) -> None:
        """Let nobody be signed in."""
        if self._line is not None:
            self._tasks.start(partial(sign_out_person, self._line), self._on_done, self.said.emit)

    @Slot(object)
    def ask_for_remedy(self, remedy: Remedy) -> None:
        """Ask an engineer to sign for what a locked station waits for."""
        if remedy == Remedy.UNLOCK:
            lock = "" if self.people is None else self.people.lock
            sentence = self.tr("An engineer who found out why signs that %1 goes on. It was locked: %2")
            sentence = sentence.replace("%1", self._place.title).replace("%2", lock)
            words = (self.tr("Unlock the station"), sentence, self.tr("Unlock"))
            self._ask(unlock_station, words, needs_why=True)
            return
        sentence = self.tr(
            "An engineer approves the settings, the model with its threshold and region of interest, and the"
            " outputs of %1, as they are now. It judges with nothing else."
        )
        words = (self.tr("Approve"), sentence.replace("%1", self._place.title), self.tr("Approve"))
        self._ask(approve_files, words, needs_why=True)

    def _ask(
        self, work: Callable[[Path, Signature], str], words: tuple[str, str, str], *, needs_why: bool
    ) -> None:
        if self._line is None:
            return
        dialog = SignDialog(
            self._tasks,
            partial(work, self._line),
            words,
            self._name,
            needs_why=needs_why,
            parent=self._window.window(),
        )
        if dialog.exec():
            self._on_done(dialog.told)
        dialog.deleteLater()

    def _on_done(self, told: str) -> None:
        self.said.emit(told.replace("\n", " "))
        self.done.emit()

    def close(self) -> None:
        """Wait for what is being done."""
        self._tasks.close()
