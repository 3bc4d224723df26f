"""What a study that is filled in tells: one sentence, and the numbers below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QFrame, QLabel, QTextBrowser, QVBoxLayout, QWidget

from anomaly_gui.gui.station.study.study_report import describe_numbers
from anomaly_gui.gui.style.parts import make_notice
from anomaly_gui.gui.style.scheme import current_scheme
from anomaly_gui.gui.style.tokens import NARROW, ROOM
from anomaly_gui.gui.widgets.style import fit_height, set_role
from anomaly_gui.station.watching.study.agreement import Rating

if TYPE_CHECKING:
    from anomaly_gui.station.watching.study.agreement import Study
    from anomaly_gui.station.watching.study.words import StudyPage

_MARKS = {Rating.ACCEPTABLE: "✓", Rating.MARGINAL: "?", Rating.UNACCEPTABLE: "✕"}
_COLOURS = {Rating.ACCEPTABLE: "good", Rating.MARGINAL: "not_sure", Rating.UNACCEPTABLE: "defect"}


class ReportView(QWidget):
    """Shows the page of a study."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._page: StudyPage | None = None
        self._rating = Rating.ACCEPTABLE
        self.conclusion, self.numbers = QLabel(wordWrap=True), QTextBrowser()
        set_role(self.conclusion, size=1.4, bold=True)
        fit_height(self.conclusion)
        self.numbers.setAccessibleName(self.tr("The numbers of the study"))
        self.numbers.setFrameShape(QFrame.Shape.NoFrame)
        self.numbers.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        notice = QFrame()
        make_notice(notice)
        inside, column = QVBoxLayout(notice), QVBoxLayout(self)
        inside.setContentsMargins(ROOM, NARROW, ROOM, NARROW)
        inside.addWidget(self.conclusion)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(NARROW)
        column.addWidget(notice)
        column.addWidget(self.numbers, 1)

    def show_page(self, study: Study, page: StudyPage) -> None:
        """Show what was counted."""
        self._page, self._rating = page, study.rating
        self.conclusion.setText(f"{_MARKS[study.rating]} {page.conclusion}")
        self.apply_colours()

    def apply_colours(self) -> None:
        """Take the colours of the scheme."""
        scheme, palette = current_scheme(), self.conclusion.palette()
        colour = QColor(getattr(scheme, _COLOURS[self._rating]))
        palette.setColor(QPalette.ColorRole.WindowText, colour)
        self.conclusion.setPalette(palette)
        if self._page is None:
            return
        self.numbers.document().setDefaultStyleSheet(
            f"h2 {{ font-size: large; }} td.name, th {{ color: {scheme.faint}; }}"
            f" table.lines {{ border-collapse: collapse; border-color: {scheme.edge}; }}"
            f" table.lines td, table.lines th {{ border: 1px solid {scheme.edge}; padding: 4px; }}"
        )
        self.numbers.setHtml(describe_numbers(self._page))
