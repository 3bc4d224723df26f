"""One image: its picture, its verdict and score, the good parts most like it, and its label."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from anomaly_gui.gui.inspect.fact_list import FactList
from anomaly_gui.gui.inspect.image_map import show_image_map
from anomaly_gui.gui.inspect.map_view import MapView
from anomaly_gui.gui.inspect.nearest_parts import NearestParts
from anomaly_gui.gui.inspect.reconstruction_view import ReconstructionView
from anomaly_gui.gui.inspect.remark_fields import RemarkFields
from anomaly_gui.gui.inspect.wrong_question import WrongQuestion
from anomaly_gui.gui.state.image_table import ImageLabel, Origin
from anomaly_gui.gui.style.action_icons import ACTION_ICONS
from anomaly_gui.gui.style.icons import set_icon
from anomaly_gui.gui.widgets.flow_layout import FlowLayout
from anomaly_gui.gui.widgets.style import VERDICT_MARKS, set_role, verdict_colour

if TYPE_CHECKING:
    from collections.abc import Callable

    from anomaly_gui.gui.state.corrections import Corrections
    from anomaly_gui.gui.state.said.remarks import Remarks
    from anomaly_gui.gui.state.session import Session
    from anomaly_gui.gui.widgets.map_layer import MapSettings
    from anomaly_gui.gui.work.pictures.pictures import Pictures
    from anomaly_gui.gui.work.tasks import Task

_NEIGHBOUR_SIDE = 60  # pixels


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
        self._row = -1
        self.picture = MapView(map_settings)
        self.picture.picture.drawn_when_empty = "picture-empty-selection"
        self.verdict = QLabel()
        set_role(self.verdict, size=1.7, bold=True)
        self.why = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.facts = FactList(session)
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
        layout.addWidget(self.facts)
        layout.addWidget(self.neighbours)
        layout.addLayout(self._make_labels())
        layout.addWidget(self.remark_fields)
        layout.addLayout(self._make_corrections())
        layout.addWidget(self.question)

    def _connect_all(self) -> None:
        session = self._session
        session.selection_changed.connect(self.refresh)
        session.labels_changed.connect(self.refresh)
        session.map_added.connect(self._on_map_added)
        session.thresholds.changed.connect(self._on_threshold_changed)
        self._corrections.changed.connect(self.refresh)
        session.score_display.changed.connect(self.refresh)
        self._pictures.picture_ready.connect(self._on_picture_ready)

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

    def _make_corrections(self) -> FlowLayout:
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
        self.take_out_button = QPushButton(self.tr("Take out of the model"))
        set_icon(self.take_out_button, "image-minus")
        self.take_out_button.setToolTip(
            self.tr("Let the model forget the selected images at once, without a training (Shift+X)")
        )
        self.take_out_button.clicked.connect(self.take_out_requested)
        return FlowLayout(self.wrong_button, self.exclude_button, self.take_out_button)

    @Slot()
    def _on_label_clicked(self) -> None:
        for label, button in self.label_buttons.items():
            if button is self.sender():
                self.label_requested.emit(int(label))
        self.refresh()

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
            self._row = row
            self.picture.show_image(QImage())
            show_image_map(self.picture, self._session, row)
            if row >= 0:
                self._pictures.request_picture(str(self._session.table.paths[row]), self)
        self.reconstruction.show_row(row)
        self.facts.show_row(row)
        for widget in (*self.label_buttons.values(), self.wrong_button, self.exclude_button):
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

    def _show_image(self, row: int) -> None:
        one = self._session.table.read_row(row)
        verdict = self._session.find_verdict(row)
        colour = verdict_colour(verdict).name()
        self.verdict.setText(
            f'<span style="color:{colour}">{VERDICT_MARKS[verdict]} {verdict.told.upper()}</span>'
        )
        why = self._session.explain_verdict(row)
        self.why.setText(why)
        self.why.setVisible(bool(why))
        for label, button in self.label_buttons.items():
            button.setChecked(label == one.label)
        self.neighbours.show_parts(one.nearest)

    @Slot(str, QImage, str)
    def _on_picture_ready(self, path: str, image: QImage, reason: str) -> None:
        if self._row < 0 or path != str(self._session.table.paths[self._row]):
            return
        self.picture.show_image(image)
        if not image.isNull():
            self.facts.show_pixels(image.width(), image.height())
        if reason and not self.why.text():
            self.why.setText(reason)
            self.why.show()
