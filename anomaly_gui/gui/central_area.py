"""The middle of the window: the start page, the page Tune, and the page Inspect."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from anomaly_gui.gui.inspect.verdict_view import VerdictView
from anomaly_gui.gui.lead.next_step import NextSteps
from anomaly_gui.gui.lead.next_step_strip import NextStepStrip
from anomaly_gui.gui.state.mode import Mode
from anomaly_gui.gui.style.page_fade import PageFade, fade_from
from anomaly_gui.gui.style.tokens import NARROW, TIGHT
from anomaly_gui.gui.tune.image_tooltip import describe_image
from anomaly_gui.gui.tune.plot_tools import PlotTools
from anomaly_gui.gui.tune.roc_view import RocView
from anomaly_gui.gui.tune.score_plot import ScorePlot
from anomaly_gui.gui.tune.threshold_bar import ThresholdBar
from anomaly_gui.gui.work.projects.start_page import StartPage

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from anomaly_gui.gui.work.window_services import WindowServices

_SMALLEST = 290, 200  # pixels: beside both docks of a screen of 1,920 x 1,080 at twice the scale
_LOW, _NARROW = 310, 520  # pixels below which the rules, and the words of the tools, are left out


class CentralArea(QStackedWidget):
    """Shows one page at a time; the page Train has its panel in a dock, and the plot in the middle."""

    def __init__(self, services: WindowServices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services, self._has_rules = services, False
        self.setMinimumSize(*_SMALLEST)
        self.start_page = StartPage(services.recent, services.pictures)
        self.verdict_view = VerdictView(
            services.session, services.pictures, services.badges, services.operator, services.shift
        )
        ignored = QSizePolicy.Policy.Ignored
        for beside in (self.start_page, self.verdict_view):
            beside.setSizePolicy(ignored, ignored)  # their size must not hold up the other pages
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
        self.threshold_bar = ThresholdBar(session, self._services.watch, self._services.remarks)
        self.next_step = NextStepStrip(NextSteps(session, self._services.watch, self))
        tuning = QWidget()
        layout = QVBoxLayout(tuning)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        above = QVBoxLayout()
        above.setContentsMargins(NARROW, TIGHT, NARROW, TIGHT)
        above.addWidget(self.next_step)
        layout.addLayout(above)
        layout.addWidget(self.tabs, 1)
        layout.addWidget(self.threshold_bar)
        return tuning

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_into_room()

    def _fit_into_room(self) -> None:
        """Leave out what there is no room for: the plot comes first."""
        is_low = self.height() < _LOW
        self.threshold_bar.setVisible(self._has_rules or not is_low)  # the sentence above has the counts, too
        self.threshold_bar.show_rules(are_shown=self._has_rules and not is_low)
        self.plot_tools.show_texts(are_shown=self.width() >= _NARROW)

    def show_mode(self, mode: Mode) -> None:
        """Show what belongs into the middle of a page."""
        self._has_rules = mode is not Mode.TRAIN
        self._fit_into_room()
        page = 2 if mode is Mode.INSPECT else 1 if self._services.session.model is not None else 0
        if page != self.currentIndex():
            before = fade_from(self)
            self.setCurrentIndex(page)
            if before is not None:
                PageFade(self, before)

    def apply_colours(self) -> None:
        """Take the colours of the system's scheme."""
        self.plot.apply_colours()
        self.roc.apply_colours()
        self.verdict_view.apply_colours()
