"""Reports in the menu File: as PDF, or printed; the window never waits for the pictures in them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from anomaly_gui.errors import UserError
from anomaly_gui.gui.report.pages import make_documents, paint_documents, prepare_page
from anomaly_gui.gui.report.report_fonts import explain_missing_font
from anomaly_gui.gui.report.validation_report import describe_validation
from anomaly_gui.gui.report.verdict_report import describe_verdicts, list_images, list_shift
from anomaly_gui.gui.report.writing import (
    fill_in_digest,
    read_pictures,
    write_pdf,
)
from anomaly_gui.gui.style.action_icons import give_icon
from anomaly_gui.wording import explain_os_error

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QImage

    from anomaly_gui.gui.report.page_parts import Report
    from anomaly_gui.gui.work.window_services import WindowServices

_ENDING = ".pdf"


class ReportActions(QObject):
    """Fills the menu of reports."""

    said = Signal(str)
    problem_met = Signal(str)
    written = Signal(object)  # the Path
    read = Signal(object, object)  # Report, and its pictures by name

    def __init__(self, window: QWidget, services: WindowServices, menu: QMenu) -> None:
        super().__init__(window)
        self._window, self._services = window, services
        self._pool = QThreadPool(self)
        self.menu = menu
        self.validation = self._add_action(self.tr("Validation as PDF…"), self.ask_for_validation)
        self.verdicts = self._add_action(self.tr("Verdicts as PDF…"), self.ask_for_verdicts)
        self.menu.addSeparator()
        self.print_validation = self._add_action(
            self.tr("Print the validation…"), self.print_validation_report
        )
        self.print_verdicts = self._add_action(self.tr("Print the verdicts…"), self.print_verdict_report)
        self.written.connect(self._on_written)
        self.read.connect(self._on_read)
        services.session.model_changed.connect(self._on_model_changed)
        self._on_model_changed()

    def _add_action(self, text: str, slot: Callable[[], None]) -> QAction:
        action = self.menu.addAction(text)
        action.triggered.connect(slot)
        give_icon(action, slot.__qualname__)
        return action

    @Slot()
    def _on_model_changed(self) -> None:
        self.menu.setEnabled(self._services.session.model is not None)

    # What is reported

    def _describe_validation(self) -> Report:
        services = self._services
        return describe_validation(
            services.session, services.remarks, services.documents.name, self._find_file()
        )

    def _describe_verdicts(self) -> Report:
        services = self._services
        since = ""
        if services.operator.is_inspecting:
            lines = list_shift(services.shift, services.session, services.remarks)
            since = f"{services.shift.since:%Y-%m-%d %H:%M}"
        else:
            lines = list_images(services.session, services.remarks)
        return describe_verdicts(services.session, lines, since, services.documents.name, self._find_file())

    def _find_file(self) -> Path | None:
        """Return the file of the model: that of the project, or one that has it as it is in use."""
        services, model = self._services, self._services.session.model
        if model is not None and not services.project.is_untitled:
            return model.file
        return None if services.session.is_unsaved else services.documents.file

    # As PDF

    @Slot()
    def ask_for_validation(self) -> None:
        """Ask for a file and write the report of the validation."""
        self._ask_and_write(self._describe_validation())

    @Slot()
    def ask_for_verdicts(self) -> None:
        """Ask for a file and write the report of the shift, of the selection, or of all that was judged."""
        self._ask_and_write(self._describe_verdicts())

    def _ask_and_write(self, report: Report) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self._window, self.tr("Write the report"), f"{report.title}{_ENDING}", "PDF (*.pdf)"
        )
        if name:
            self.write_report(report, Path(name))

    def write_report(self, report: Report, file: Path) -> None:
        """Write a report; `written` or `problem_met` says how it went."""
        file = file if file.suffix else file.with_suffix(_ENDING)
        self._warn_about_fonts(report)
        self._pool.start(_Writing(self, report, file))

    def _warn_about_fonts(self, report: Report) -> None:
        missing = explain_missing_font(report.title + "".join(report.sections))
        if missing:
            self.problem_met.emit(missing)

    @Slot(object)
    def _on_written(self, file: Path) -> None:
        self.said.emit(self.tr("Saved to %1.").replace("%1", str(file)))

    # On paper

    @Slot()
    def print_validation_report(self) -> None:
        """Print the report of the validation."""
        self._pool.start(_Reading(self, self._describe_validation()))

    @Slot()
    def print_verdict_report(self) -> None:
        """Print the report of the verdicts."""
        self._pool.start(_Reading(self, self._describe_verdicts()))

    @Slot(object, object)
    def _on_read(self, report: Report, pictures: dict[str, QImage]) -> None:
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter  # late: it asks the system for its printers

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(report.title)
        prepare_page(printer)
        if QPrintDialog(printer, self._window).exec():
            self._warn_about_fonts(report)
            paint_documents(make_documents(report, pictures), printer, report.footer)
            self.said.emit(self.tr("Sent to the printer %1.").replace("%1", printer.printerName()))

    def close(self) -> None:
        """Wait for reports that are being written."""
        self._pool.waitForDone()


class _Writing(QRunnable):
    def __init__(self, owner: ReportActions, report: Report, file: Path) -> None:
        super().__init__()
        self._owner, self._report, self._file = owner, report, file

    def run(self) -> None:
        try:
            write_pdf(self._report, self._file)
        except UserError as error:
            self._owner.problem_met.emit(str(error))
        else:
            self._owner.written.emit(self._file)


class _Reading(QRunnable):
    def __init__(self, owner: ReportActions, report: Report) -> None:
        super().__init__()
        self._owner, self._report = owner, report

    def run(self) -> None:
        try:
            report = fill_in_digest(self._report)
        except OSError as error:
            self._owner.problem_met.emit(f"{self._report.model}: {explain_os_error(error)}")
        else:
            self._owner.read.emit(report, read_pictures(report))
