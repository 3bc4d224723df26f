"""Exports and reports of records, written in a thread."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal, Slot

from anomaly_gui.errors import UserError
from anomaly_gui.gui.report.report_fonts import explain_missing_font
from anomaly_gui.gui.report.writing import write_pdf
from anomaly_gui.gui.station.report.shift_facts import read_shift
from anomaly_gui.gui.station.report.shift_report import describe_shift
from anomaly_gui.station.ledger.exporting import export_csv

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from anomaly_gui.gui.station.feed.place import StationPlace
    from anomaly_gui.gui.station.report.shift_facts import Span
    from anomaly_gui.station.ledger.reading import ResultFilter


class Writing(QObject):
    """Writes one after the other, and says how each went."""

    said = Signal(str)
    exported = Signal(object, int)  # the Path, and how many rows
    written = Signal(object)  # the Path

    def __init__(self, place: StationPlace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.place = place
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self.exported.connect(self._on_exported)
        self.written.connect(self._on_written)

    def export_results(self, wanted: ResultFilter, file: Path) -> None:
        """Write what is searched for as a table; `exported` or `said` tells how it went."""
        self._pool.start(_Job(self, partial(self._export, wanted, _end_name(file, ".csv"))))

    def _export(self, wanted: ResultFilter, file: Path) -> None:
        self.exported.emit(file, export_csv(self.place.ledger_file, wanted, file))

    def write_report(self, span: Span, file: Path) -> None:
        """Write the report of a shift; `written` or `said` tells how it went."""
        self._pool.start(_Job(self, partial(self._report, span, _end_name(file, ".pdf"))))

    def _report(self, span: Span, file: Path) -> None:
        report = describe_shift(self.place.title, read_shift(self.place, span))
        write_pdf(report, file)
        self.written.emit(file)
        if missing := explain_missing_font("".join(report.sections)):
            self.said.emit(missing)

    @Slot(object, int)
    def _on_exported(self, file: Path, count: int) -> None:
        text = self.tr("%1: %n result(s).", "", count)
        self.said.emit(text.replace("%1", str(file)))

    @Slot(object)
    def _on_written(self, file: Path) -> None:
        self.said.emit(self.tr("Saved to %1.").replace("%1", str(file)))

    def close(self) -> None:
        """Wait for what is being written."""
        self._pool.waitForDone()


class _Job(QRunnable):
    def __init__(self, owner: Writing, write: Callable[[], None]) -> None:
        super().__init__()
        self._owner, self._write = owner, write

    def run(self) -> None:
        try:
            self._write()
        except UserError as error:
            self._owner.said.emit(str(error))


def _end_name(file: Path, ending: str) -> Path:
    return file if file.suffix else file.with_suffix(ending)
