"""The menu Help beside its pages: the guided first run, the key sheet, and details for a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QMainWindow, QMenu

from anomaly_gui.detection.judging.verdicts import Verdict
from anomaly_gui.gui.help.key_sheet import KeySheet
from anomaly_gui.gui.help.program_details import describe_program
from anomaly_gui.gui.help.tour import Tour, TourStep
from anomaly_gui.gui.state.image_table import Origin
from anomaly_gui.gui.state.mode import Mode
from anomaly_gui.gui.style.action_icons import give_icon

if TYPE_CHECKING:
    from collections.abc import Callable

    from anomaly_gui.gui.central_area import CentralArea
    from anomaly_gui.gui.docks import Docks
    from anomaly_gui.gui.work.window_services import WindowServices


class HelpActions(QObject):
    """Adds the tour, the key sheet and the details for a report to the menu Help."""

    sample_requested = Signal()
    mode_requested = Signal(object)  # a Mode
    said = Signal(str)

    def __init__(
        self, window: QMainWindow, services: WindowServices, center: CentralArea, docks: Docks, menu: QMenu
    ) -> None:
        super().__init__(window)
        self._window, self._services, self._center, self._docks = window, services, center, docks
        self.tour: Tour | None = None
        self.first_run = self._add_action(menu, self.tr("Guided first run"), self.start_tour)
        self.keys = self._add_action(menu, self.tr("Key sheet"), self.show_keys)
        self.copy = self._add_action(menu, self.tr("Copy details for a report"), self.copy_details)
        # in its own time: one job may lead to the next
        services.workshop.idle.connect(self._on_idle, Qt.ConnectionType.QueuedConnection)

    def _add_action(self, menu: QMenu, text: str, slot: Callable[[], None]) -> QAction:
        action = QAction(text, self)
        action.triggered.connect(slot)
        give_icon(action, slot.__qualname__)
        menu.insertAction(menu.actions()[-1], action)  # before what the program says of itself
        return action

    @Slot()
    def show_keys(self) -> None:
        """Show all keys."""
        KeySheet(self._window.menuBar(), self._window).show()

    @Slot()
    def copy_details(self) -> None:
        """Copy what a report of a problem should say of this computer and the model."""
        QGuiApplication.clipboard().setText(describe_program(self._services.session))
        self.said.emit(self.tr("Copied: paste it into your report. It names no files and holds no images."))

    @Slot()
    def start_tour(self) -> None:
        """Lead through the window; a second time begins anew."""
        if self.tour is not None:
            self.tour.leave_tour()
        self.tour = Tour(self._window, self._list_steps())
        self.tour.ended.connect(self._on_ended)

    @Slot()
    def _on_idle(self) -> None:
        if self.tour is not None and not self._services.workshop.is_busy:
            self.tour.try_again()

    @Slot()
    def _on_ended(self) -> None:
        self.tour = None

    def _list_steps(self) -> tuple[TourStep, ...]:
        return (self._make_first_step(), *self._list_tuning_steps(), self._make_last_step())

    def _make_first_step(self) -> TourStep:
        text = self.tr(
            "In the sample handwritten ones are the good parts, and sevens the defects. It learns the"
            " ones alone; that takes half a minute."
        )
        return TourStep(
            self.tr("Show it good parts"),
            text,
            lambda: self._center,
            self.tr("Open the sample"),
            act=self._open_sample,
            done=self._services.workshop.trained,
        )

    def _list_tuning_steps(self) -> tuple[TourStep, ...]:
        leads_on = self.tr("Next")
        drag = self.tr("Every dot is an image. What lies beyond the line is a defect: drag the line.")
        counts = self.tr(
            "Good parts rejected, defects missed, and what to expect of other parts. Every step can"
            " be undone with Ctrl+Z."
        )
        look = self.tr(
            "Click an image to see it large, beside the good parts most like it. “This was wrong”"
            " teaches the next training."
        )
        return (
            TourStep(
                self.tr("Move the line"),
                drag,
                lambda: self._center.tabs,
                leads_on,
                begin=lambda: self.mode_requested.emit(Mode.TUNE),
            ),
            TourStep(self.tr("Read the counts"), counts, lambda: self._center.threshold_bar, leads_on),
            TourStep(self.tr("Look at what is wrong"), look, lambda: self._docks.images_dock, leads_on),
        )

    def _make_last_step(self) -> TourStep:
        text = self.tr(
            "This page is for the line: drop an image, read the verdict. Lock it, and nothing is"
            " changed by accident."
        )
        return TourStep(
            self.tr("Inspect"),
            text,
            lambda: self._center.verdict_view.word,
            self.tr("Finish"),
            begin=self._begin_inspecting,
        )

    def _open_sample(self) -> bool:
        self.sample_requested.emit()
        return self._services.workshop.is_busy  # not where the model in use should stay

    def _begin_inspecting(self) -> None:
        session = self._services.session
        dropped = np.flatnonzero(session.table.origins == Origin.DROPPED).tolist()
        found = (row for row in dropped if session.find_verdict(row) is Verdict.DEFECT)
        session.select_rows(tuple(row for row in (next(found, None),) if row is not None))
        self.mode_requested.emit(Mode.INSPECT)
