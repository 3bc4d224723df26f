"""Reads folders beside the window: which images are in them, and what about them will make trouble."""

from __future__ import annotations

import time
from dataclasses import dataclass
from threading import Event
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal, Slot

from anomaly_gui.detection.datasets.left_out_folders import not_learned_from
from anomaly_gui.detection.images.decoding.kinds import describe_passed_over
from anomaly_gui.detection.images.folders import ImageListing, Purpose, list_images
from anomaly_gui.detection.images.survey import Survey

if TYPE_CHECKING:
    from pathlib import Path

_EVERY = 0.3  # seconds between two reports


@dataclass(frozen=True)
class SurveyReport:
    """What is known of folders so far; `looked_at` reaches the number of files when all is read."""

    listing: ImageListing
    looked_at: int
    warnings: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """Tell whether every file was looked at."""
        return self.looked_at == len(self.listing.files)


class _Stopped(Exception):  # noqa: N818 - no error: other folders were chosen
    pass


class _Reading(QRunnable):
    """One reading of folders, which can be held up while more urgent work is done, and stopped."""

    def __init__(self, owner: FolderSurvey, number: int, paths: tuple[Path, ...], may_go_on: Event) -> None:
        super().__init__()
        self._owner, self._number, self._paths, self._may_go_on = owner, number, paths, may_go_on
        self._purpose = owner.purpose
        self.is_stopped = Event()

    def run(self) -> None:
        try:
            self._read_folders()
        except _Stopped:
            return

    def _read_folders(self) -> None:
        listing, survey = list_images(self._paths, self._purpose), Survey()
        self._report_progress(listing, survey)
        said = time.monotonic()
        for file in listing.files:
            survey.look_at(file)
            self._wait_if_held()
            if time.monotonic() - said > _EVERY:
                said = time.monotonic()
                self._report_progress(listing, survey)
        self._report_progress(listing, survey)

    def _wait_if_held(self) -> None:
        while not self._may_go_on.wait(_EVERY):
            if self.is_stopped.is_set():
                break
        if self.is_stopped.is_set():
            raise _Stopped

    def _report_progress(self, listing: ImageListing, survey: Survey) -> None:
        if self.is_stopped.is_set():
            raise _Stopped
        others = describe_passed_over(listing.others)
        left_out = not_learned_from(listing.left_out)
        warnings = (*left_out, *survey.list_warnings(), *([others] if others else []))
        self._owner.read.emit(self._number, SurveyReport(listing, survey.looked_at, warnings))


class FolderSurvey(QObject):
    """Reads one set of folders at a time; a report on folders that were replaced meanwhile is dropped."""

    reported = Signal(object)  # a SurveyReport
    read = Signal(int, object)  # from the thread

    def __init__(self, parent: QObject | None = None, purpose: Purpose = Purpose.GOOD) -> None:
        super().__init__(parent)
        self.purpose = purpose
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._number = 0
        self._reading: _Reading | None = None
        self._may_go_on = Event()
        self._may_go_on.set()
        self.read.connect(self._on_read)

    def start_reading(self, paths: tuple[Path, ...]) -> None:
        """Read these folders and files in place of others."""
        self.stop_reading()
        if paths:
            self._reading = _Reading(self, self._number, paths, self._may_go_on)
            self._pool.start(self._reading)

    def stop_reading(self) -> None:
        """Read no further."""
        self._number += 1
        if self._reading is not None:
            self._reading.is_stopped.set()
        self._reading = None

    def hold_reading(self, held: bool) -> None:
        """Hold the reading up, or let it go on: training needs the same disk and processor."""
        if held:
            self._may_go_on.clear()
        else:
            self._may_go_on.set()

    def close(self) -> None:
        """Stop, and wait for the thread."""
        self.stop_reading()
        self._pool.waitForDone()

    @Slot(int, object)
    def _on_read(self, number: int, report: SurveyReport) -> None:
        if number == self._number:
            self.reported.emit(report)
