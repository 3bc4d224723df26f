"""What there is to know of one image: its file, its score, and how it ranks among good ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QDateTime, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLabel, QSizePolicy, QWidget

from anomaly_gui.detection.judging.verdicts import is_anomalous
from anomaly_gui.figures.style import format_score
from anomaly_gui.gui.style.parts import IconButton
from anomaly_gui.gui.widgets.plain_text import escape_tooltip
from anomaly_gui.gui.widgets.style import set_role

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtGui import QResizeEvent

    from anomaly_gui.gui.state.session import Session


class FactList(QWidget):
    """A line for each fact, and a button that opens the folder.

    Attributes
    ----------
    values : the labels by the names of the facts
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._row, self._pixels = session, -1, ""
        self._texts: dict[str, str] = {}
        names = {
            "name": self.tr("File"),
            "score": self.tr("Score"),
            "rank": self.tr("Rank"),
            "size": self.tr("Size"),
            "date": self.tr("Date"),
            "folder": self.tr("Folder"),
        }
        self.values = {name: QLabel(textFormat=Qt.TextFormat.PlainText) for name in names}
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(2)
        for key, name in names.items():
            value = self.values[key]
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            value.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            title = QLabel(name)
            set_role(title, faint=True)
            form.addRow(title, self._lay_beside(value) if key == "folder" else value)

    def _lay_beside(self, value: QLabel) -> QHBoxLayout:
        """Lay the button that opens a folder beside its name: the picture has the height."""
        self.folder_button = IconButton("folder-open", self.tr("Open folder"))
        self.folder_button.clicked.connect(self._on_folder_clicked)
        row = QHBoxLayout()
        row.addWidget(value, 1)
        row.addWidget(self.folder_button)
        return row

    @Slot()
    def _on_folder_clicked(self) -> None:
        if self._row >= 0:
            folder = self._session.table.paths[self._row].absolute().parent
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    def show_row(self, row: int) -> None:
        """Show what is known of an image; -1 for none."""
        if row != self._row:
            self._row, self._pixels = row, ""
        self.folder_button.setEnabled(row >= 0)
        if row < 0:
            self._texts.clear()
            for value in self.values.values():
                value.setText("")
            return
        one = self._session.table.read_row(row)
        self._show_fact("score", self._describe_score(one.score))
        self._show_fact("rank", self._describe_rank(one.score))
        self._show_fact("name", one.path.name)
        self._show_fact("folder", str(one.path.parent))
        self._show_file(one.path)

    def show_pixels(self, width: int, height: int) -> None:
        """Show how large the image is, as soon as that is known."""
        self._pixels = f"{width:,} × {height:,} px"
        self._show_file(self._session.table.paths[self._row])

    def _describe_score(self, score: float | None) -> str:
        """Return a score against the threshold; as read by people with the log-likelihood behind."""
        display, threshold = self._session.score_display, self._session.threshold
        if score is None or threshold is None:
            return "–"
        sign = "<" if is_anomalous(score, threshold.value) else "≥"
        raw = f"{format_score(score)} {sign} {format_score(threshold.value)}"
        return f"{display.write_score(score)}  ({raw})" if display.is_relative else raw

    def _show_fact(self, fact: str, text: str) -> None:
        self._texts[fact] = text
        self.values[fact].setToolTip(escape_tooltip(text))
        self._fit_fact(fact)

    def _fit_fact(self, fact: str) -> None:
        value = self.values[fact]  # of a folder, the end tells which it is
        fitted = value.fontMetrics().elidedText(self._texts[fact], Qt.TextElideMode.ElideLeft, value.width())
        value.setText(fitted)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for fact in self._texts:
            self._fit_fact(fact)

    def _describe_rank(self, score: float | None) -> str:
        good = self._session.thresholds.good
        if score is None or good is None:
            return "–"
        below, count = int(np.sum(good.scores < score)), len(good.scores)
        return self.tr("above %1 of %2 good images").replace("%1", f"{below:,}").replace("%2", f"{count:,}")

    def _show_file(self, path: Path) -> None:
        try:
            status = path.stat()
        except OSError:
            self._show_fact("size", self.tr("the file is gone"))
            self._show_fact("date", "–")
            return
        size = status.st_size
        in_bytes = f"{size:,} B" if size < 1000 else f"{size / 1000:,.0f} kB"
        self._show_fact("size", ", ".join(filter(None, (self._pixels, in_bytes))))
        changed = QDateTime.fromSecsSinceEpoch(int(status.st_mtime))
        self._show_fact("date", changed.toString("yyyy-MM-dd HH:mm"))
