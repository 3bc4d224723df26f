"""The engineer's page of a station: history and audit, and what is written of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFileDialog, QTabWidget, QVBoxLayout, QWidget

from anomaly_gui.gui.station.engineer.audit_page import AuditPage
from anomaly_gui.gui.station.engineer.drift_page import DriftPage
from anomaly_gui.gui.station.engineer.history_page import HistoryPage
from anomaly_gui.gui.station.engineer.writing import Writing
from anomaly_gui.gui.station.report.shift_facts import describe_span
from anomaly_gui.gui.station.study.study_page import StudyPage

if TYPE_CHECKING:
    from anomaly_gui.gui.station.feed.place import StationPlace
    from anomaly_gui.gui.station.feed.station_feed import StationFeed
    from anomaly_gui.gui.station.rejudging import Rejudging
    from anomaly_gui.gui.work.pictures.pictures import Pictures
    from anomaly_gui.station.ledger.reading import ResultFilter


class EngineerPage(QWidget):
    """History, drift, audit and studies in tabs."""

    said = Signal(str)

    def __init__(
        self,
        place: StationPlace,
        feed: StationFeed,
        pictures: Pictures,
        rejudging: Rejudging,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._place, self._feed = place, feed
        models = () if place.settings is None else (place.settings.model,)
        self.history = HistoryPage(place.ledger_file, feed, pictures, rejudging, models)
        self.audit = AuditPage(place.ledger_file, feed)
        self.drift = DriftPage(place.ledger_file, feed)
        self.study = StudyPage(place, pictures)
        self.writing = Writing(place, self)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self.history, self.tr("History"))
        self.tabs.addTab(self.drift, self.tr("Drift"))
        self.tabs.addTab(self.audit, self.tr("Alarms and audit"))
        self.tabs.addTab(self.study, self.tr("How people judge"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.tabs)
        self.history.export_wanted.connect(self.ask_for_export)
        self.history.report_wanted.connect(self.ask_for_report)
        self.writing.said.connect(self.said)
        self.study.said.connect(self.said)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.history.start_search()

    @Slot(object)
    def ask_for_export(self, wanted: ResultFilter) -> None:
        """Ask for a file and write what is searched for."""
        name, _ = QFileDialog.getSaveFileName(
            self, self.tr("Export results"), f"{self._place.title}.csv", "CSV (*.csv)"
        )
        if name:
            self.writing.export_results(wanted, Path(name))

    @Slot(object)
    def ask_for_report(self, wanted: ResultFilter) -> None:
        """Ask for a file and write the report of the time that is chosen, or else of the shift."""
        span = describe_span(wanted, self._feed.since)
        title = self.tr("Shift report of %1").replace("%1", self._place.title)
        name, _ = QFileDialog.getSaveFileName(
            self, self.tr("Write the report"), f"{title} {span.since:%Y-%m-%d %H-%M}.pdf", "PDF (*.pdf)"
        )
        if name:
            self.writing.write_report(span, Path(name))

    def apply_colours(self) -> None:
        """Take the colours of the scheme."""
        self.audit.alarms.apply_colours()
        self.drift.apply_colours()
        self.study.apply_colours()

    def close_all(self) -> None:
        """End what reads, and wait for what writes."""
        self.history.search.close()
        self.history.part.show_row(None)  # what is judged for it, too
        self.audit.close_all()
        self.drift.close_all()
        self.study.close_all()
        self.writing.close()
