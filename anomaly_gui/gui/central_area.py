"""The middle of the window: the start page, the page Tune, and the page Inspect."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from anomaly_gui.gui.inspect.verdict_view import VerdictView
from anomaly_gui.gui.state.mode import Mode
from anomaly_gui.gui.tune.image_tooltip import describe_image
from anomaly_gui.gui.tune.plot_tools import PlotTools
from anomaly_gui.gui.tune.roc_view import RocView
from anomaly_gui.gui.tune.score_plot import ScorePlot
from anomaly_gui.gui.tune.threshold_bar import ThresholdBar
from anomaly_gui.gui.widgets.start_page import StartPage

if TYPE_CHECKING:
    from anomaly_gui.gui.work.window_services import WindowServices


class CentralArea(QStackedWidget):
    """Shows one page at a time; the page Train has its panel in a dock, and the plot in the middle."""

    def __init__(self, services: WindowServices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self.start_page = StartPage()
        self.verdict_view = VerdictView(
            services.session, services.pictures, services.badges, services.operator, services.shift
        )
        ignored = QSizePolicy.Policy.Ignored
        self.verdict_view.setSizePolicy(ignored, ignored)  # its size must not hold up the other pages
        for page in (self.start_page, self._make_tuning(), self.verdict_view):
            self.addWidget(page)

    def _make_tuning(self) -> QWidget:
        session, pictures = self._services.session, self._services.pictures
        self.plot = ScorePlot(session, partial(describe_image, session, pictures))
        self.roc = RocView(session)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self.plot, self.tr("Scatter"))
        self.tabs.addTab(self.roc, self.tr("ROC and counts"))
        self.plot_tools = PlotTools(self.plot.box, self.plot.fit_points)
        self.tabs.setCornerWidget(self.plot_tools)
        self.tabs.currentChanged.connect(self.plot_tools.show_for_tab)
        pictures.thumbnail_ready.connect(self.plot.on_thumbnail_ready)
        self.threshold_bar = ThresholdBar(session, self._services.watch)
        tuning = QWidget()
        layout = QVBoxLayout(tuning)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.tabs, 1)
        layout.addWidget(self.threshold_bar)
        return tuning

    def show_mode(self, mode: Mode) -> None:
        """Show what belongs into the middle of a page."""
        if mode is Mode.INSPECT:
            self.setCurrentIndex(2)
        else:
            self.setCurrentIndex(1 if self._services.session.model is not None else 0)

    def apply_colours(self) -> None:
        """Take the colours of the system's scheme."""
        self.plot.apply_colours()
        self.roc.apply_colours()
        self.verdict_view.apply_colours()
