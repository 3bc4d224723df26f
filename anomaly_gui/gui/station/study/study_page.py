"""The page of attribute agreement studies: those there are, filling one in, and what it tells."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from anomaly_gui.gui.report.report_fonts import explain_missing_font
from anomaly_gui.gui.report.writing import write_pdf
from anomaly_gui.gui.station.study.judging_view import JudgingView
from anomaly_gui.gui.station.study.plan_dialog import PlanDialog
from anomaly_gui.gui.station.study.report_view import ReportView
from anomaly_gui.gui.station.study.study_report import describe_report
from anomaly_gui.gui.station.study.turn_list import TurnList
from anomaly_gui.gui.station.tasks import Tasks
from anomaly_gui.gui.style.icons import set_icon
from anomaly_gui.gui.style.parts import EmptyState
from anomaly_gui.gui.style.tokens import NARROW
from anomaly_gui.gui.widgets.style import fit_height
from anomaly_gui.station.watching.study.sheet import list_sheets, make_sheet, open_sheet
from anomaly_gui.station.watching.study.words import describe_study

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anomaly_gui.gui.station.feed.place import StationPlace
    from anomaly_gui.gui.work.pictures.pictures import Pictures
    from anomaly_gui.station.watching.study.agreement import Study
    from anomaly_gui.station.watching.study.sheet import Sheet
    from anomaly_gui.station.watching.study.words import StudyPage as Words


class StudyPage(QWidget):
    """Shows one study at a time."""

    said = Signal(str)

    def __init__(self, place: StationPlace, pictures: Pictures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._place, self.tasks = place, Tasks(self)
        self.sheet: Sheet | None = None
        self._words: Words | None = None
        self._asked: int | None = None  # the question that is shown
        self._is_unsaved = False
        self.empty = EmptyState(
            "empty-images",
            self.tr("Do people judge alike, and rightly? Several judge the same parts several times."),
            self.tr("Plan a study…"),
        )
        self.turns, self.judging, self.report = TurnList(), JudgingView(pictures), ReportView()
        self.choice = QComboBox()
        self.choice.setAccessibleName(self.tr("Which study"))
        self.choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.plan = QPushButton(self.tr("Plan a study…"))
        set_icon(self.plan, "plus")
        self.save = QPushButton(self.tr("Report as PDF…"))
        set_icon(self.save, "report")
        self.trouble = QLabel(wordWrap=True)
        fit_height(self.trouble)
        self._lay_out()
        self._connect()
        self._say_trouble("")
        self._show(self.empty)

    def _lay_out(self) -> None:
        self.head, self.stack = QWidget(), QStackedWidget()
        row, column = QHBoxLayout(self.head), QVBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.choice)
        row.addWidget(self.plan)
        row.addStretch(1)
        row.addWidget(self.save)
        pages: tuple[QWidget, ...] = (self.empty, self.turns, self.judging, self.report)
        for page in pages:
            self.stack.addWidget(page)
        column.setContentsMargins(NARROW, NARROW, NARROW, NARROW)
        column.setSpacing(NARROW)
        column.addWidget(self.head)
        column.addWidget(self.trouble)
        column.addWidget(self.stack, 1)

    def _connect(self) -> None:
        assert self.empty.button is not None
        for button in (self.empty.button, self.plan):
            button.clicked.connect(self.ask_for_plan)
        self.save.clicked.connect(self.ask_for_report)
        self.choice.activated.connect(self._on_chosen)
        self.turns.begun.connect(self.begin_turn)
        self.judging.answered.connect(self._on_answered)
        self.judging.taken_back.connect(self._on_taken_back)
        self.judging.stopped.connect(self._on_stopped)

    def _show(self, widget: QWidget) -> None:
        self.stack.setCurrentWidget(widget)
        self.head.setVisible(widget is not self.judging and self.choice.count() > 0)
        self.save.setVisible(widget is self.report)

    def _say_trouble(self, why: str) -> None:
        self.trouble.setText(why)
        self.trouble.setVisible(bool(why))

    # Which study

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._is_unsaved and self.stack.currentWidget() is not self.judging:
            self.list_studies()

    def list_studies(self) -> None:
        """Look for studies, and open the one that was shown, or else the newest."""
        work = partial(list_sheets, self._place.records)
        self.tasks.start(work, self._on_listed, self._say_trouble, may_be_left=True)

    def _on_listed(self, folders: Sequence[Path]) -> None:
        shown = self.sheet.folder if self.sheet is not None else None
        self.choice.clear()
        for folder in folders:
            self.choice.addItem(_name_study(folder), str(folder))
        if not folders:
            self.sheet = None
            self._show(self.empty)
            return
        folder = shown if shown is not None and shown in folders else folders[0]
        self.choice.setCurrentIndex(list(folders).index(folder))
        self.open_study(folder)

    @Slot()
    def _on_chosen(self) -> None:
        self.open_study(Path(str(self.choice.currentData())))

    def open_study(self, folder: Path) -> None:
        """Show a study as far as it is filled in."""
        work = partial(open_sheet, folder)
        self.tasks.start(work, self._show_sheet, self._on_not_opened, may_be_left=True)

    def _on_not_opened(self, why: str) -> None:
        self.sheet = None
        self._show(self.empty)
        self._say_trouble(why)

    def _show_sheet(self, sheet: Sheet, remark: str = "") -> None:
        self.sheet, self._asked = sheet, None
        if not self._is_unsaved:
            self._say_trouble("")
        if sheet.is_complete:
            work = partial(_count, sheet)
            self.tasks.start(work, self._on_counted, self._say_trouble, may_be_left=True)
        if not sheet.is_complete or self.stack.currentWidget() is self.judging:
            self.turns.show_sheet(sheet, remark)
            self._show(self.turns)

    def _on_counted(self, counted: tuple[Study, Words]) -> None:
        study, self._words = counted
        self._say_trouble("")
        self.report.show_page(study, self._words)
        self._show(self.report)

    @Slot()
    def ask_for_plan(self) -> None:
        """Ask for parts and operators, and plan a study of them."""
        dialog = PlanDialog(self.tasks, self)
        if dialog.exec():
            plan = dialog.plan
            make = partial(
                make_sheet, self._place.records, plan.parts, plan.operators, plan.trials, plan.seed
            )
            self.tasks.start(make, self._on_planned, self._say_trouble)
        dialog.deleteLater()

    def _on_planned(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.list_studies()

    # Filling it in

    @Slot(str)
    def begin_turn(self, operator: str) -> None:
        """Ask an operator, from the first question on that has no answer."""
        place = self.sheet.find_next(operator) if self.sheet is not None else None
        if place is not None:
            self._ask(place)

    def _ask(self, place: int) -> None:
        assert self.sheet is not None
        self._asked = place
        self._show(self.judging)
        self.judging.show_question(self.sheet, place)
        self.judging.setFocus()

    @Slot(bool)
    def _on_answered(self, is_defect: bool) -> None:
        if self.sheet is None or self._asked is None:
            return
        turn, place = self.sheet.list_turn(self._asked), self._asked
        self._keep(self.sheet.set_answer(place, is_defect))
        left = [each for each in turn if self.sheet.questions[each].answer is None]
        if left:
            self._ask(left[0])
            return
        done = self.sheet.questions[place]
        text = self.tr("%1 has judged all of trial %2.").replace("%2", done.trial)
        self._show_sheet(self.sheet, text.replace("%1", done.operator))

    @Slot()
    def _on_taken_back(self) -> None:
        if self.sheet is None or self._asked is None:
            return
        turn = self.sheet.list_turn(self._asked)
        before = turn[: turn.index(self._asked)]
        if before:
            self._keep(self.sheet.set_answer(before[-1], None))
            self._ask(before[-1])

    def _keep(self, sheet: Sheet) -> None:
        """Write the answers; those of a time when that failed are written with the next."""
        self.sheet = sheet
        self.tasks.start(sheet.save, self._on_kept, self._on_not_kept)

    def _on_kept(self, _: None) -> None:
        self._is_unsaved = False
        self._say_trouble("")

    def _on_not_kept(self, why: str) -> None:
        self._is_unsaved = True
        self._say_trouble(why)

    @Slot()
    def _on_stopped(self) -> None:
        if self.sheet is not None:
            self._show_sheet(self.sheet)

    # Its report

    @Slot()
    def ask_for_report(self) -> None:
        """Ask for a file and write the report."""
        if self.sheet is None or self._words is None:
            return
        planned = _name_study(self.sheet.folder)
        title = f"{self._words.title} {planned.replace(':', '-')}.pdf"
        name, _ = QFileDialog.getSaveFileName(self, self.tr("Write the report"), title, "PDF (*.pdf)")
        if name:
            self.write_report(Path(name), planned)

    def write_report(self, file: Path, planned: str) -> None:
        """Write the report; `said` tells how it went."""
        assert self._words is not None
        file = file if file.suffix else file.with_suffix(".pdf")
        report = describe_report(self._words, self._place.title, planned)
        text = self.tr("Saved to %1.").replace("%1", str(file))
        missing = explain_missing_font("".join(report.sections))
        self.tasks.start(
            partial(write_pdf, report, file), lambda _: self.said.emit(missing or text), self.said.emit
        )

    def apply_colours(self) -> None:
        """Take the colours of the scheme."""
        self.report.apply_colours()

    def close_all(self) -> None:
        """Wait for answers that are being written."""
        self.tasks.close()


def _name_study(folder: Path) -> str:
    """Return when a study was planned, which its folder is named by.

    >>> _name_study(Path("records/studies/2026-11-26 18-40-07"))
    '2026-11-26 18:40'
    """
    day, _, moment = folder.name.partition(" ")
    return f"{day} {':'.join(moment.split('-')[:2])}".strip()


def _count(sheet: Sheet) -> tuple[Study, Words]:
    study = sheet.measure_agreement()
    return study, describe_study(study)
