"""One image: its picture, its verdict and score, the good parts most like it, and its label."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QDateTime, Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QImage
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from anomaly_gui.detection.judging.verdicts import is_anomalous
from anomaly_gui.figures.style import format_score
from anomaly_gui.gui.inspect.image_map import show_image_map
from anomaly_gui.gui.inspect.map_view import MapView
from anomaly_gui.gui.inspect.nearest_parts import NearestParts
from anomaly_gui.gui.inspect.reconstruction_view import ReconstructionView
from anomaly_gui.gui.inspect.remark_fields import RemarkFields
from anomaly_gui.gui.inspect.wrong_question import WrongQuestion
from anomaly_gui.gui.state.image_table import ImageLabel, Origin
from anomaly_gui.gui.style.action_icons import ACTION_ICONS
from anomaly_gui.gui.style.icons import set_icon
from anomaly_gui.gui.style.parts import IconButton
from anomaly_gui.gui.widgets.plain_text import escape_tooltip
from anomaly_gui.gui.widgets.style import VERDICT_MARKS, set_role, verdict_colour, verdict_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from anomaly_gui.detection.judging.thresholds import Threshold
    from anomaly_gui.gui.state.corrections import Corrections
    from anomaly_gui.gui.state.said.remarks import Remarks
    from anomaly_gui.gui.state.session import Session
    from anomaly_gui.gui.widgets.map_layer import MapSettings
    from anomaly_gui.gui.work.pictures import Pictures
    from anomaly_gui.gui.work.tasks import Task

_FACT_WIDTH = 130  # pixels
_NEIGHBOUR_SIDE = 60


class Inspector(QWidget):
    """Shows the first of the session's selected images."""

    label_requested = Signal(int)  # a value of `ImageLabel`
    wrong_requested = Signal()
    exclude_requested = Signal()
    take_out_requested = Signal()

    def __init__(
        self,
        session: Session,
        pictures: Pictures,
        corrections: Corrections,
        map_settings: MapSettings,
        reconstruct: Callable[[Path], Task | None],
        remarks: Remarks,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._pictures, self._corrections = session, pictures, corrections
        self._row, self._pixels = -1, ""
        self.picture = MapView(map_settings)
        self.picture.picture.drawn_when_empty = "picture-empty-selection"
        self.verdict = QLabel()
        set_role(self.verdict, size=1.7, bold=True)
        self.why = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._facts = {
            name: QLabel(textFormat=Qt.TextFormat.PlainText)
            for name in ("name", "score", "rank", "size", "date", "folder")
        }
        self.reconstruction = ReconstructionView(session, reconstruct)
        self.neighbours = NearestParts(session, pictures, _NEIGHBOUR_SIDE, in_a_row=True)
        self.remark_fields = RemarkFields(session, remarks)
        self.question = WrongQuestion(session, corrections)
        self._lay_out()
        self._connect_all()
        self.refresh()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 8, 6, 8)
        layout.addWidget(self.picture, 1)
        layout.addWidget(self.reconstruction)
        layout.addWidget(self.verdict)
        layout.addWidget(self.why)
        layout.addLayout(self._make_facts())
        layout.addWidget(self.neighbours)
        layout.addLayout(self._make_labels())
        layout.addWidget(self.remark_fields)
        layout.addLayout(self._make_corrections())
        layout.addWidget(self.question)
        layout.addWidget(self.take_out_button)

    def _connect_all(self) -> None:
        session = self._session
        session.selection_changed.connect(self.refresh)
        session.labels_changed.connect(self.refresh)
        session.map_added.connect(self._on_map_added)
        session.thresholds.changed.connect(self._on_threshold_changed)
        self._corrections.changed.connect(self.refresh)
        session.score_display.changed.connect(self.refresh)
        self._pictures.picture_ready.connect(self._on_picture_ready)

    def _make_facts(self) -> QFormLayout:
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(2)
        names = {
            "name": self.tr("File"),
            "score": self.tr("Score"),
            "rank": self.tr("Rank"),
            "size": self.tr("Size"),
            "date": self.tr("Date"),
            "folder": self.tr("Folder"),
        }
        for key, name in names.items():
            value = self._facts[key]
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            value.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            title = QLabel(name)
            set_role(title, faint=True)
            form.addRow(title, self._lay_beside(value) if key == "folder" else value)
        return form

    def _lay_beside(self, value: QLabel) -> QHBoxLayout:
        """Lay the button that opens a folder beside its name: the picture has the height."""
        self.folder_button = IconButton("folder-open", self.tr("Open folder"))
        self.folder_button.clicked.connect(self._on_folder_clicked)
        row = QHBoxLayout()
        row.addWidget(value, 1)
        row.addWidget(self.folder_button)
        return row

    def _make_labels(self) -> QHBoxLayout:
        row = QHBoxLayout()
        texts = {
            ImageLabel.GOOD: self.tr("1 good"),
            ImageLabel.DEFECT: self.tr("2 defect"),
            ImageLabel.NONE: self.tr("0 none"),
        }
        self.label_buttons: dict[ImageLabel, QPushButton] = {}
        for label, text in texts.items():
            button = QPushButton(text)
            button.setCheckable(True)
            set_icon(button, ACTION_ICONS[label.name])
            button.setToolTip(self.tr("Label the selected images (key %1)").replace("%1", text[0]))
            button.clicked.connect(self._on_label_clicked)
            self.label_buttons[label] = button
            row.addWidget(button)
        return row

    def _make_corrections(self) -> QHBoxLayout:
        self.wrong_button = QPushButton(self.tr("This was wrong"))
        set_icon(self.wrong_button, "flag")
        self.wrong_button.setToolTip(
            self.tr("Label it as what it is, and put a copy aside for the next training (W)")
        )
        self.wrong_button.clicked.connect(self.wrong_requested)
        self.exclude_button = QPushButton(self.tr("Exclude from training"))
        self.exclude_button.setCheckable(True)
        set_icon(self.exclude_button, "exclude")
        self.exclude_button.setToolTip(self.tr("Leave the selected images out of the next training (X)"))
        self.exclude_button.clicked.connect(self.exclude_requested)
        row = QHBoxLayout()
        row.addWidget(self.wrong_button)
        row.addWidget(self.exclude_button)
        self.take_out_button = QPushButton(self.tr("Take out of the model"))
        set_icon(self.take_out_button, "image-minus")
        self.take_out_button.setToolTip(
            self.tr("Let the model forget the selected images at once, without a training (Shift+X)")
        )
        self.take_out_button.clicked.connect(self.take_out_requested)
        return row

    @Slot()
    def _on_label_clicked(self) -> None:
        for label, button in self.label_buttons.items():
            if button is self.sender():
                self.label_requested.emit(int(label))
        self.refresh()

    @Slot()
    def _on_folder_clicked(self) -> None:
        if self._row >= 0:
            folder = self._session.table.paths[self._row].absolute().parent
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    @Slot(int)
    def _on_map_added(self, row: int) -> None:
        if row == self._row:
            self._on_threshold_changed()

    @Slot()
    def _on_threshold_changed(self) -> None:
        """Mark what is to be marked by another threshold."""
        show_image_map(self.picture, self._session, self._row)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show the selected image as it is now."""
        selection = self._session.selection
        row = selection[0] if selection else -1
        if row != self._row:
            self._row, self._pixels = row, ""
            self.picture.show_image(QImage())
            show_image_map(self.picture, self._session, row)
            if row >= 0:
                self._pictures.request_picture(str(self._session.table.paths[row]))
        self.reconstruction.show_row(row)
        buttons = (*self.label_buttons.values(), self.folder_button, self.wrong_button, self.exclude_button)
        for widget in buttons:
            widget.setEnabled(row >= 0)
        self.take_out_button.setVisible(
            row >= 0 and bool(self._session.table.origins[row] == Origin.TRAINING)
        )
        self.exclude_button.setChecked(row >= 0 and self._corrections.is_excluded(row))
        if row < 0:
            self._show_nothing()
        else:
            self._show_image(row)

    def _show_nothing(self) -> None:
        self.verdict.setText("")
        self.why.setText(self.tr("Click a point or a thumbnail to look at an image."))
        self.neighbours.show_parts(())
        for value in self._facts.values():
            value.setText("")

    def _show_image(self, row: int) -> None:
        one, threshold = self._session.table.read_row(row), self._session.threshold
        verdict = self._session.find_verdict(row)
        colour = verdict_colour(verdict).name()
        self.verdict.setText(
            f'<span style="color:{colour}">{VERDICT_MARKS[verdict]} {verdict_name(verdict).upper()}</span>'
        )
        why = self._session.explain_verdict(row)
        self.why.setText(why)
        self.why.setVisible(bool(why))
        if one.score is not None and threshold is not None:
            self._set_fact("score", self._describe_score(one.score, threshold))
        else:
            self._set_fact("score", "–")
        self._set_fact("rank", self._describe_rank(one.score))
        self._set_fact("name", one.path.name)
        self._set_fact("folder", str(one.path.parent))
        self._show_file(one.path)
        for label, button in self.label_buttons.items():
            button.setChecked(label == one.label)
        self.neighbours.show_parts(one.nearest)

    def _describe_score(self, score: float, threshold: Threshold) -> str:
        """Return a score against the threshold; as read by people with the log-likelihood behind."""
        display = self._session.score_display
        sign = "<" if is_anomalous(score, threshold.value) else "≥"
        raw = f"{format_score(score)} {sign} {format_score(threshold.value)}"
        return f"{display.write_score(score)}  ({raw})" if display.is_relative else raw

    def _set_fact(self, fact: str, text: str) -> None:
        value = self._facts[fact]
        room = max(value.width(), _FACT_WIDTH)  # of a folder, the end tells which it is
        value.setText(value.fontMetrics().elidedText(text, Qt.TextElideMode.ElideLeft, room))
        value.setToolTip(escape_tooltip(text))

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
            self._set_fact("size", self.tr("the file is gone"))
            self._set_fact("date", "–")
            return
        size = status.st_size
        in_bytes = f"{size:,} B" if size < 1000 else f"{size / 1000:,.0f} kB"
        self._set_fact("size", ", ".join(filter(None, (self._pixels, in_bytes))))
        changed = QDateTime.fromSecsSinceEpoch(int(status.st_mtime))
        self._set_fact("date", changed.toString("yyyy-MM-dd HH:mm"))

    @Slot(str, QImage, str)
    def _on_picture_ready(self, path: str, image: QImage, reason: str) -> None:
        if self._row < 0 or path != str(self._session.table.paths[self._row]):
            return
        self.picture.show_image(image)
        if not image.isNull():
            self._pixels = f"{image.width():,} × {image.height():,} px"
            self._show_file(self._session.table.paths[self._row])
        if reason and not self.why.text():
            self.why.setText(reason)
            self.why.show()
