"""A past part: its picture, its map by the very model that judged it, and what the records say of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QFormLayout,
    QLabel,
    QScrollArea,
    QSplitter,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from anomaly_gui.detection.model.image_result import mark_places
from anomaly_gui.gui.inspect.map_view import MapView
from anomaly_gui.gui.station.engineer.part_facts import list_facts
from anomaly_gui.gui.station.recorded_region import list_regions
from anomaly_gui.gui.style.parts import ElidedLabel, EmptyState
from anomaly_gui.gui.style.tokens import NARROW, TIGHT
from anomaly_gui.gui.widgets.style import fit_height, set_role
from anomaly_gui.station.judging.judged import StationVerdict

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from anomaly_gui.gui.station.rejudging import Rejudged, Rejudging
    from anomaly_gui.gui.work.pictures.pictures import Pictures
    from anomaly_gui.station.ledger.reading import ResultRow

_MOST_FACTS = 15


class PartView(QWidget):
    """Shows one row of the records."""

    def __init__(
        self,
        pictures: Pictures,
        rejudging: Rejudging,
        models: Sequence[Path],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._pictures, self._rejudging, self._models = pictures, rejudging, tuple(models)
        self.row: ResultRow | None = None
        self.picture, self.says = MapView(), QLabel(wordWrap=True)
        self.picture.picture.setAccessibleName(self.tr("The part"))
        self.picture.setMinimumHeight(160)
        self.picture.picture.drawn_when_empty = "picture-empty-images"
        set_role(self.says, size=0.92)
        fit_height(self.says)
        self._names = [QLabel() for _ in range(_MOST_FACTS)]
        self.values = [ElidedLabel() for _ in range(_MOST_FACTS)]
        self._pages = QStackedLayout(self)
        self._pages.addWidget(EmptyState("empty-selection", self.tr("Choose a part in the table.")))
        self._pages.addWidget(self._make_page())
        pictures.picture_ready.connect(self._on_picture_ready)
        rejudging.judged.connect(self._on_judged)

    def _make_page(self) -> QWidget:
        above, facts = QWidget(), QWidget()
        column = QVBoxLayout(above)
        column.setContentsMargins(NARROW, 0, 0, 0)
        column.setSpacing(TIGHT)
        column.addWidget(self.picture, 1)
        column.addWidget(self.says)
        form = QFormLayout(facts)
        form.setContentsMargins(NARROW, NARROW, NARROW, 0)
        form.setVerticalSpacing(2)
        for name, value in zip(self._names, self.values, strict=True):
            set_role(name, faint=True)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            form.addRow(name, value)
        area = QScrollArea()
        area.setWidget(facts)
        area.setWidgetResizable(True)
        area.setAccessibleName(self.tr("What the records say"))
        halves = QSplitter(Qt.Orientation.Vertical)
        halves.addWidget(above)
        halves.addWidget(area)
        halves.setStretchFactor(0, 3)
        halves.setStretchFactor(1, 1)
        halves.setChildrenCollapsible(False)
        return halves

    def show_row(self, row: ResultRow | None) -> None:
        """Show a part; None for none."""
        if row == self.row:
            return
        if self.row is not None:
            self._rejudging.forget_part(self.row)
        self.row = row
        self._pages.setCurrentIndex(0 if row is None else 1)
        self.picture.show_image(QImage())
        if row is None:
            return
        self._show_facts(row)
        self._show_recorded(row, self.tr("The map is being made…"))
        self._pictures.request_picture(str(row.image_path), self)
        if row.verdict == StationVerdict.ERROR:
            self._show_recorded(row, self.tr("No map: it was not judged."))
        else:
            self._rejudging.judge_part(row, self._models)

    def _show_facts(self, row: ResultRow) -> None:
        facts = list_facts(row)
        for index, (name, value) in enumerate(zip(self._names, self.values, strict=True)):
            is_there = index < len(facts)
            name.setVisible(is_there)
            value.setVisible(is_there)
            if is_there:
                name.setText(facts[index][0])
                value.setText(facts[index][1])

    def _show_recorded(self, row: ResultRow, why: str) -> None:
        regions = list_regions(row)
        self.picture.show_map(None, regions, outlined=len(regions))
        self.says.setText(why)
        self.says.setVisible(bool(why))

    @Slot(str, QImage, str)
    def _on_picture_ready(self, path: str, image: QImage, reason: str) -> None:  # noqa: ARG002
        if self.row is not None and path == str(self.row.image_path) and not image.isNull():
            self.picture.show_image(image)

    @Slot(object)
    def _on_judged(self, rejudged: Rejudged) -> None:
        row, result = rejudged.row, rejudged.result
        if row is not self.row:
            return
        if result is None or result.map is None or rejudged.differs:
            self._show_recorded(row, rejudged.why)
            return
        regions = mark_places(result.map, result.verdict)
        is_defect = row.verdict == StationVerdict.DEFECT
        self.picture.show_map(result.map.values, regions, outlined=int(is_defect))
        self.says.setText(self.tr("Map by the very model that judged it."))
        self.says.show()
