"""The last parts of a station as a strip; a click shows one until the next comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QListWidgetItem

from anomaly_gui.gui.inspect.operator.part_strip import PartStrip
from anomaly_gui.gui.station.feed.moments import write_day
from anomaly_gui.gui.station.looks import MARKS, colour_of, mark_challenge
from anomaly_gui.gui.widgets.plain_text import escape_tooltip
from anomaly_gui.gui.work.pictures.pictures import fit_pixmap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anomaly_gui.gui.station.feed.snapshot import ShownPart
    from anomaly_gui.gui.work.pictures.pictures import Pictures

_PART = Qt.ItemDataRole.UserRole


class LastResults(PartStrip):
    """Newest first."""

    chosen = Signal(object)  # a ShownPart

    def __init__(self, pictures: Pictures) -> None:
        super().__init__()
        self._pictures = pictures
        self.itemClicked.connect(self._on_chosen)
        self.itemActivated.connect(self._on_chosen)
        pictures.thumbnail_ready.connect(self._on_thumbnail_ready)

    def show_parts(self, parts: Sequence[ShownPart]) -> None:
        """Show these, the newest first; what is there already stays as it is."""
        shown = {self.item(index).data(_PART).row.seq for index in range(self.count())}
        if not shown & {part.row.seq for part in parts}:
            self.clear()
        for part in reversed([part for part in parts if part.row.seq not in shown]):
            item = QListWidgetItem()
            self._fill_item(item, part)
            self.add_first(item)
        for index, part in enumerate(parts[: self.count()]):
            item = self.item(index)
            if item.data(_PART).picture != part.picture:  # it was moved meanwhile
                self._fill_item(item, part)
                item.setIcon(QIcon())
        self.fill_icons()

    def _fill_item(self, item: QListWidgetItem, part: ShownPart) -> None:
        row = part.row
        item.setData(_PART, part)
        item.setText(MARKS[row.verdict])
        item.setForeground(colour_of(row.verdict))
        verdict = mark_challenge(row, row.verdict.told)
        words = [verdict, *filter(None, (row.part, row.lot)), write_day(row.at)]
        item.setData(Qt.ItemDataRole.AccessibleTextRole, ", ".join(words))
        item.setToolTip(escape_tooltip("\n".join((str(row.image_path), *words))))

    def apply_colours(self) -> None:
        """Take the colours of the scheme."""
        for index in range(self.count()):
            self.item(index).setForeground(colour_of(self.item(index).data(_PART).row.verdict))

    @Slot(QListWidgetItem)
    def _on_chosen(self, item: QListWidgetItem) -> None:
        self.chosen.emit(item.data(_PART))

    @Slot(str)
    def _on_thumbnail_ready(self, path: str) -> None:  # noqa: ARG002 - the signal's signature
        self.fill_icons()

    def make_icon(self, item: QListWidgetItem) -> QIcon:
        picture = item.data(_PART).picture
        pixmap = None if picture is None else self._pictures.find_thumbnail(str(picture))
        if pixmap is None or pixmap.isNull():
            return QIcon()
        return QIcon(fit_pixmap(pixmap, self.iconSize()))
