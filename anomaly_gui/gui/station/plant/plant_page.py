"""The page of a plant: its stations, their lots, and how the yield went."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QItemSelection, Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QSplitter,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from anomaly_gui.gui.station.engineer.table_parts import prepare_table
from anomaly_gui.gui.station.feed.health import Level
from anomaly_gui.gui.station.feed.moments import write_clock
from anomaly_gui.gui.station.plant.plant_bar import PlantBar
from anomaly_gui.gui.station.plant.plant_feed import PlantFeed
from anomaly_gui.gui.station.plant.plant_model import PlantModel
from anomaly_gui.gui.station.plant.plant_rows import (
    describe_filter,
    name_lot_columns,
    name_station_columns,
    show_lot,
    show_station,
)
from anomaly_gui.gui.station.plant.yield_plot import YieldPlot
from anomaly_gui.gui.station.tasks import Tasks
from anomaly_gui.gui.style.icons import set_icon
from anomaly_gui.gui.style.tokens import NARROW
from anomaly_gui.gui.widgets.style import set_role
from anomaly_gui.station.server.plant_tables import PlantBy, export_plant

if TYPE_CHECKING:
    from anomaly_gui.station.server.plant import Plant, StationName
    from anomaly_gui.station.settings.postgresql_settings import PostgresqlSettings

_STATION_WIDTHS = {
    0: "Plant 1, Line 1, Station 1 and lamp",
    1: "10,000,000",
    2: "99.99 % (99.99 % to 99.99 %)",
    **dict.fromkeys(range(3, 7), "100,000"),
    7: "00-00 00:00",
}
_LOT_WIDTHS = {
    0: "lot 26-000",
    2: "1,000,000",
    3: "100.00 %",
    **dict.fromkeys(range(4, 8), "100,000"),
    8: "00-00 00:00",
}


class PlantPage(QWidget):
    """Follows a server while it is shown; where that is away, what was known last stays.

    Parameters
    ----------
    file : what it was opened by
    """

    said = Signal(str)
    level_changed = Signal()

    def __init__(self, file: Path, settings: PostgresqlSettings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.file, self.settings, self.level = file, settings, Level.OFF
        self.plant: Plant | None = None
        self.bar, self.as_of, self.trouble = PlantBar(), QLabel(), QLabel(wordWrap=True)
        self.trouble.setTextFormat(Qt.TextFormat.PlainText)
        self.trouble.hide()
        self.stations = PlantModel(name_station_columns(), range(1, 7), self)
        self.lots = PlantModel(name_lot_columns(), range(2, 8), self)
        self.station_table, self.lot_table, self.plot = QTableView(), QTableView(), YieldPlot()
        self._prepare_tables()
        self.export = self._make_export()
        self.more = QLabel(self.tr("There are older lots, too: choose a shorter time, or one lot."))
        self.more.hide()
        self._lay_out()
        self._tasks, self.feed = Tasks(self), PlantFeed(settings, self.bar.make_filter, self)
        self.feed.changed.connect(self._on_changed)
        self.feed.failed.connect(self._on_failed)
        self.bar.changed.connect(self._on_asked)

    def _prepare_tables(self) -> None:
        self.station_table.setModel(self.stations)
        self.lot_table.setModel(self.lots)
        prepare_table(self.station_table, self.tr("Stations of the plant"), _STATION_WIDTHS, 8)
        prepare_table(self.lot_table, self.tr("Lots of the chosen stations"), _LOT_WIDTHS, 1)
        self.station_table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.station_table.selectionModel().selectionChanged.connect(self._on_chosen)

    def _make_export(self) -> QPushButton:
        button, menu = QPushButton(self.tr("Export")), QMenu(self)
        button.setToolTip(self.tr("Write what is shown as a table (CSV)"))
        set_icon(button, "table")
        for text, by in (
            (self.tr("Stations…"), PlantBy.STATION),
            (self.tr("Lots…"), PlantBy.LOT),
            (self.tr("Hours or days…"), PlantBy.DAY),
        ):
            menu.addAction(text).triggered.connect(lambda *_, by=by: self.ask_for_export(by))
        button.setMenu(menu)
        button.setEnabled(False)
        return button

    def _lay_out(self) -> None:
        whole, head = QVBoxLayout(self), QHBoxLayout()
        whole.setContentsMargins(NARROW, NARROW, NARROW, NARROW)
        whole.setSpacing(NARROW)
        set_role(self.as_of, faint=True)
        set_role(self.trouble, bold=True)
        set_role(self.more, size=0.92, faint=True)
        head.addWidget(self.bar, 1)
        head.addWidget(self.as_of)
        head.addWidget(self.export)
        whole.addLayout(head)
        whole.addWidget(self.trouble)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.lot_table, 1)
        column.addWidget(self.more)
        below, halves = QSplitter(Qt.Orientation.Horizontal), QSplitter(Qt.Orientation.Vertical)
        for splitter, widgets, sizes in (
            (below, (left, self.plot), (930, 410)),
            (halves, (self.station_table, below), (300, 340)),
        ):
            for widget in widgets:
                splitter.addWidget(widget)
            splitter.setChildrenCollapsible(False)
            splitter.setSizes(list(sizes))
        whole.addWidget(halves, 1)

    @property
    def title(self) -> str:
        """What the plant is called."""
        return self.tr("Plant %1").replace("%1", self.settings.name)

    # What was read

    @Slot()
    def _on_asked(self) -> None:
        """Read what the fields say; until that is there, the figures are not of it."""
        self.as_of.setText(self.tr("reading…"))
        self.export.setEnabled(False)
        self.feed.look()

    @Slot(object)
    def _on_changed(self, plant: Plant) -> None:
        self.plant = plant
        self.trouble.hide()
        self._say_moment()
        self.export.setEnabled(True)
        self.bar.show_names(plant.names)
        now = plant.at.timestamp()
        self.stations.show_rows([show_station(one, now) for one in plant.stations])
        self._show_chosen()
        self._set_level(max((row.level or Level.OFF for row in self.stations.rows), default=Level.OFF))

    @Slot(str)
    def _on_failed(self, sentence: str) -> None:
        """Say why nothing could be read; figures that are shown stay, and what they are of is said."""
        self.trouble.setText(f"{sentence.rstrip('.')}. {self._describe_known()}".strip())
        self.trouble.show()
        self._say_moment()
        self.export.setEnabled(self._is_asked_for)
        self._set_level(Level.FAULT)

    @property
    def _is_asked_for(self) -> bool:
        """Whether the figures that are shown are those that are asked for."""
        return self.plant is not None and self.plant.wanted == self.bar.make_filter()

    def _describe_known(self) -> str:
        """Return what the figures are that are shown."""
        if self.plant is None:
            return ""
        if self._is_asked_for:
            return self.tr("The figures are the last that are known.")
        text = self.tr("The figures are still those of %1.")
        return text.replace("%1", describe_filter(self.plant.wanted))

    def _say_moment(self) -> None:
        text = self.tr("as of %1").replace("%1", write_clock(self.plant.at)) if self.plant else ""
        self.as_of.setText(text)

    def _set_level(self, level: Level) -> None:
        level = level if self.feed.is_followed else Level.OFF  # nobody looks, so nothing is known
        if level != self.level:
            self.level = level
            self.level_changed.emit()

    @property
    def chosen(self) -> list[StationName]:
        """The stations that are chosen; none where all are looked at."""
        rows = self.station_table.selectionModel().selectedRows()
        return [self.stations.rows[index.row()].station for index in rows]

    @Slot(QItemSelection, QItemSelection)
    def _on_chosen(self, *_: QItemSelection) -> None:
        self._show_chosen()

    def _show_chosen(self) -> None:
        """Show the lots, and how the yield went, of what is chosen."""
        if self.plant is not None:
            narrowed = self.plant.narrow(self.chosen)
            self.lots.show_rows([show_lot(lot) for lot in narrowed.lots])
            self.more.setVisible(self.plant.has_more_lots)
            self.plot.show_plant(narrowed)

    # What is written

    def ask_for_export(self, by: PlantBy) -> None:
        """Ask for a file and write a table of what is shown."""
        if self.plant is None:
            return
        plant = self.plant.narrow(self.chosen)
        title = self.tr("Plant") + f" {datetime.now():%Y-%m-%d}.csv"
        name, _ = QFileDialog.getSaveFileName(self, self.tr("Export"), title, "CSV (*.csv)")
        if name:
            file = Path(name) if Path(name).suffix else Path(name).with_suffix(".csv")
            self._tasks.start(
                partial(export_plant, plant, by, file), partial(self._on_exported, file), self.said.emit
            )

    def _on_exported(self, file: Path, count: int) -> None:
        text = self.tr("%1: %n row(s).", "", count)
        self.said.emit(text.replace("%1", str(file)))

    # Its life

    def show_lock(self, is_locked: bool) -> None:
        """Offer nothing that leads out of the window while that is locked."""
        self.export.setVisible(not is_locked)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.feed.begin()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.feed.pause()
        self._set_level(Level.OFF)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "plot"):
            self.plot.apply_colours()

    def close_all(self) -> None:
        """End what reads, and wait for what writes."""
        self.feed.close()
        self._tasks.close()
