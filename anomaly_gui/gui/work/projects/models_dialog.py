"""Every model of a project: when it came, from whom, of what; two compared, and an earlier one taken."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QDateTime, QLocale, Qt, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from anomaly_gui.gui.state.image_table import ImageLabel, Origin
from anomaly_gui.gui.state.project.model_figures import compare_models
from anomaly_gui.gui.widgets.style import fit_height, set_role

if TYPE_CHECKING:
    from pathlib import Path

    from anomaly_gui.detection.judging.metrics import Rate
    from anomaly_gui.gui.state.project.model_figures import ModelFigures
    from anomaly_gui.gui.state.project.project_state import ProjectState
    from anomaly_gui.gui.state.session import Session
    from anomaly_gui.gui.work.projects.opening import Projects
    from anomaly_gui.project.document import ModelEntry

_NOTE = 7
_ENTRY = Qt.ItemDataRole.UserRole


class ProjectModels(QDialog):
    """One row a model, the newest first; the one in use is bold, and notes are written into their cells."""

    def __init__(self, session: Session, project: ProjectState, projects: Projects, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._project, self._projects = session, project, projects
        self.setWindowTitle(self.tr("Models of the project"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(860, 420)
        self.table = QTableWidget()
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.verticalHeader().hide()
        self.table.setAlternatingRowColors(True)
        self.hint = QLabel(wordWrap=True)
        self.figures = QTableWidget()
        self.figures.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.figures.setMaximumHeight(150)
        self.use_button = QPushButton(self.tr("Use this one"))
        self.compare_button = QPushButton(self.tr("Compare two"))
        self._lay_out()
        self.table.itemSelectionChanged.connect(self._on_selected)
        self.table.itemChanged.connect(self._on_item_changed)
        self.use_button.clicked.connect(self._on_use)
        self.compare_button.clicked.connect(self._on_compare)
        self._project.changed.connect(self.show_models)
        self.show_models()

    def _lay_out(self) -> None:
        self.table.setAccessibleName(self.tr("Models of the project"))
        self.figures.setAccessibleName(self.tr("Two models compared"))
        set_role(self.hint, faint=True)
        fit_height(self.hint)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        buttons.addButton(self.use_button, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(self.compare_button, QDialogButtonBox.ButtonRole.ActionRole)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(8)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.hint)
        layout.addWidget(self.figures)
        layout.addWidget(buttons)
        self.figures.hide()

    # The list

    @Slot()
    def show_models(self) -> None:
        """Show the list as it is now."""
        titles = (
            self.tr("Date"),
            self.tr("Who"),
            self.tr("How"),
            self.tr("Detector"),
            self.tr("Good"),
            self.tr("Calibration"),
            self.tr("Defects"),
            self.tr("Note"),
        )
        models = self._project.document.models[::-1]
        self.table.blockSignals(True)
        self.table.setColumnCount(len(titles))
        self.table.setHorizontalHeaderLabels(titles)
        self.table.setRowCount(len(models))
        for row, entry in enumerate(models):
            self._show_entry(row, entry)
        self.table.blockSignals(False)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(_NOTE, QHeaderView.ResizeMode.Stretch)
        self._on_selected()

    def _show_entry(self, row: int, entry: ModelEntry) -> None:
        counts = (entry.good, entry.calibration, entry.defects)
        numbers = ["–" if count is None else f"{count:,}" for count in counts]
        texts = (
            _word_date(entry.when),
            entry.who,
            self._word_origin(entry),
            entry.detector,
            *numbers,
            entry.note,
        )
        for column, text in enumerate(texts):
            item = QTableWidgetItem(text)
            item.setData(_ENTRY, entry.name)
            if column != _NOTE:
                item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEditable)
            if column in (4, 5, 6):
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            font = item.font()
            font.setBold(entry.name == self._project.document.current)
            item.setFont(font)
            self.table.setItem(row, column, item)

    def _word_origin(self, entry: ModelEntry) -> str:
        words = {"trained": self.tr("trained"), "updated": self.tr("updated"), "opened": self.tr("opened")}
        how = words.get(entry.how, entry.how)
        if entry.name == self._project.document.current:
            return self.tr("%1, in use").replace("%1", how)
        return how

    @Slot(QTableWidgetItem)
    def _on_item_changed(self, item: QTableWidgetItem) -> None:
        if item.column() == _NOTE:
            self._projects.set_note(str(item.data(_ENTRY)), item.text())

    def _list_chosen(self) -> list[str]:
        rows = sorted(index.row() for index in self.table.selectionModel().selectedRows())
        items = (self.table.item(row, 0) for row in rows)
        return [str(item.data(_ENTRY)) for item in items if item is not None]

    @Slot()
    def _on_selected(self) -> None:
        chosen, current = self._list_chosen(), self._project.document.current
        self.use_button.setEnabled(len(chosen) == 1 and chosen[0] != current)
        self.compare_button.setEnabled(len(chosen) == 2)
        if not self._project.document.models:
            self.hint.setText(self.tr("There is no model yet: train one."))
        else:
            self.hint.setText(
                self.tr("Choose one to use it again, or two (Ctrl and click) to compare. Notes can be typed.")
            )

    @Slot()
    def _on_use(self) -> None:
        for name in self._list_chosen()[:1]:
            self._projects.use_model(name)

    # Two compared

    @Slot()
    def _on_compare(self) -> None:
        newer, older = self._list_chosen()
        folder = self._project.folder
        journals = folder.find_journal_file(older), folder.find_journal_file(newer)
        try:
            found = compare_models(journals, self._read_labels())
        except OSError as error:
            self.hint.setText(self.tr("They cannot be compared: %1.").replace("%1", str(error)))
            return
        self._show_figures((older, newer), found)

    def _read_labels(self) -> dict[Path, ImageLabel]:
        table = self._session.table
        return {
            path: ImageLabel(label)
            for path, label, origin in zip(
                table.paths, table.labels.tolist(), table.origins.tolist(), strict=True
            )
            if origin in (Origin.DROPPED, Origin.KNOWN_DEFECTS)
        }

    def _show_figures(self, names: tuple[str, str], found: tuple[ModelFigures, ModelFigures]) -> None:
        if not found[0].images:
            self.figures.hide()
            self.hint.setText(
                self.tr("Both have judged no labelled image: score some of known good parts and defects.")
            )
            return
        self.hint.setText(
            self.tr(
                "On the %n labelled image(s) that both judged, each by its own threshold:",
                "",
                found[0].images,
            )
        )
        self.figures.setColumnCount(2)
        self.figures.setHorizontalHeaderLabels([self._word_name(name) for name in names])
        rows = (self.tr("False alarms"), self.tr("Misses"), "AUROC", self.tr("Threshold"))
        self.figures.setRowCount(len(rows))
        self.figures.setVerticalHeaderLabels(rows)
        for column, one in enumerate(found):
            for row, text in enumerate(_word_figures(one)):
                self.figures.setItem(row, column, QTableWidgetItem(text))
        self.figures.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.figures.show()

    def _word_name(self, name: str) -> str:
        entry = self._project.document.find_model(name)
        return name if entry is None else f"{_word_date(entry.when)}  {entry.note}".strip()


def _word_figures(figures: ModelFigures) -> tuple[str, ...]:
    threshold = figures.threshold
    return (
        _word_rate(figures.false_alarms),
        _word_rate(figures.misses),
        "–" if figures.auroc is None else f"{figures.auroc:.3f}",
        "–" if threshold is None else f"{threshold.value:.1f}",
    )


def _word_rate(rate: Rate) -> str:
    return f"{rate.count:,} / {rate.total:,}" if rate.total else "–"


def _word_date(when: str) -> str:
    """Return a date as people here write it, in their own time."""
    try:
        seconds = datetime.fromisoformat(when).timestamp()
    except ValueError:  # of an earlier version, which did not note it
        return "–"
    moment = QDateTime.fromSecsSinceEpoch(int(seconds))
    return QLocale().toString(moment, QLocale.FormatType.ShortFormat)
