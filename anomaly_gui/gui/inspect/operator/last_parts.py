"""The last images that were judged, as a strip: picture, mark and colour of the verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QListWidgetItem

from anomaly_gui.gui.inspect.operator.part_strip import LAST, PartStrip
from anomaly_gui.gui.widgets.plain_text import escape_tooltip
from anomaly_gui.gui.widgets.style import VERDICT_MARKS, verdict_colour
from anomaly_gui.gui.work.pictures.pictures import fit_pixmap

if TYPE_CHECKING:
    from anomaly_gui.gui.state.session import Session
    from anomaly_gui.gui.work.pictures.badges import Badges
    from anomaly_gui.gui.work.pictures.pictures import Pictures


class LastParts(PartStrip):
    """Newest first; a click selects the image."""

    def __init__(self, session: Session, pictures: Pictures, badges: Badges) -> None:
        super().__init__()
        self._session, self._pictures, self._badges = session, pictures, badges
        self.itemClicked.connect(self._on_clicked)
        session.images_added.connect(self._on_images_added)
        session.images_replaced.connect(self.clear)
        session.thresholds.changed.connect(self.show_verdicts)
        pictures.thumbnail_ready.connect(self._on_thumbnail_ready)
        badges.changed.connect(self._on_badges_changed)

    @Slot(int, int)
    def _on_images_added(self, first: int, count: int) -> None:
        for row in range(max(first, first + count - LAST), first + count):
            item = QListWidgetItem()
            item.setData(Qt.ItemDataRole.UserRole, row)
            self._show_verdict(item)
            self.add_first(item)
        self.fill_icons()

    @Slot()
    def show_verdicts(self) -> None:
        """Show the verdicts as they are now."""
        for index in range(self.count()):
            self._show_verdict(self.item(index))

    def _show_verdict(self, item: QListWidgetItem) -> None:
        row = int(item.data(Qt.ItemDataRole.UserRole))
        verdict, table = self._session.find_verdict(row), self._session.table
        item.setText(VERDICT_MARKS[verdict])
        item.setForeground(verdict_colour(verdict))
        number = table.parts[row].number
        said = filter(None, (str(table.paths[row]), number, verdict.told))
        item.setToolTip(escape_tooltip("\n".join(said)))

    @Slot(QListWidgetItem)
    def _on_clicked(self, item: QListWidgetItem) -> None:
        self._session.select_rows((int(item.data(Qt.ItemDataRole.UserRole)),))

    @Slot(str)
    def _on_thumbnail_ready(self, path: str) -> None:  # noqa: ARG002 - the signal's signature
        self.fill_icons()

    @Slot()
    def _on_badges_changed(self) -> None:
        self.renew_icons()

    def make_icon(self, item: QListWidgetItem) -> QIcon:
        row = int(item.data(Qt.ItemDataRole.UserRole))
        pixmap = self._pictures.find_thumbnail(str(self._session.table.paths[row]))
        if pixmap is None or pixmap.isNull():
            return QIcon()
        return QIcon(
            fit_pixmap(self._badges.draw_badge(pixmap, self._session.table.maps[row]), self.iconSize())
        )
