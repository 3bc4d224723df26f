"""Planning a study: which parts, who judges, how often."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from anomaly_gui.gui.style.icons import set_icon
from anomaly_gui.gui.style.parts import ElidedLabel, make_primary
from anomaly_gui.gui.style.tokens import NARROW, ROOM
from anomaly_gui.gui.widgets.style import fit_height, set_role
from anomaly_gui.station.watching.study.sheet import find_parts

if TYPE_CHECKING:
    from anomaly_gui.gui.station.tasks import Tasks
    from anomaly_gui.station.watching.study.files import StudyPart

_MOST_TRIALS, _TRIALS = 20, 3
_SEPARATORS = ",;，；、"  # those of Chinese keyboards as well
_WIDTH = 560


@dataclass(frozen=True)
class Plan:
    """What a study is planned from."""

    parts: tuple[StudyPart, ...]
    operators: tuple[str, ...]
    trials: int
    seed: int


class PlanDialog(QDialog):
    """Asks for all there is to a study; what was found is said at once."""

    def __init__(self, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._parts: tuple[StudyPart, ...] = ()
        self._wanted: Path | None = None  # where parts are looked for
        self._seed = secrets.randbelow(2**31)
        self.setWindowTitle(self.tr("Plan a study"))
        self.setMinimumWidth(_WIDTH)
        self.source = ElidedLabel()
        self.source.setText(self.tr("None yet"))
        self.folder = QPushButton(self.tr("Folder of pictures…"))
        self.table = QPushButton(self.tr("Table…"))
        set_icon(self.folder, "folder-open")
        set_icon(self.table, "table")
        for button in (self.folder, self.table):
            button.setAutoDefault(False)  # Enter plans
        self.operators, self.trials = QLineEdit(), QSpinBox()
        self.operators.setPlaceholderText(self.tr("Names, with commas between them"))
        self.trials.setRange(1, _MOST_TRIALS)
        self.trials.setValue(_TRIALS)
        self.says = QLabel(wordWrap=True)
        fit_height(self.says)
        self._lay_out()
        self.folder.clicked.connect(self.ask_for_folder)
        self.table.clicked.connect(self.ask_for_table)
        self.operators.textChanged.connect(self._on_changed)
        self.trials.valueChanged.connect(self._on_changed)
        self.finished.connect(self._forget_source)
        self._on_changed()

    def _lay_out(self) -> None:
        column, form = QVBoxLayout(self), QFormLayout()
        column.setSpacing(ROOM)
        column.addWidget(self._make_advice())
        source, buttons = QVBoxLayout(), QHBoxLayout()
        source.setSpacing(NARROW)
        source.addWidget(self.source)
        for button in (self.folder, self.table):
            buttons.addWidget(button)
        buttons.addStretch(1)
        source.addLayout(buttons)
        form.addRow(self.tr("Parts"), source)
        form.addRow(self.tr("Operators"), self.operators)
        form.addRow(self.tr("Trials"), self.trials)
        column.addLayout(form)
        column.addWidget(self.says)
        kinds = QDialogButtonBox.StandardButton
        box = QDialogButtonBox(kinds.Cancel)
        self.plan_button = box.addButton(self.tr("Plan"), QDialogButtonBox.ButtonRole.AcceptRole)
        make_primary(self.plan_button)
        self.plan_button.setDefault(True)
        box.button(QDialogButtonBox.StandardButton.Cancel).setAutoDefault(False)  # Enter is not for it
        box.accepted.connect(self.accept)
        box.rejected.connect(self.reject)
        column.addWidget(box)

    def _make_advice(self) -> QLabel:
        advice = QLabel(
            self.tr(
                "Take 30 to 50 parts, a third of them defects and some near the limit. Pictures are in the"
                " folders good and defect; a table has the columns part and standard (good or defect), and"
                " may have a column picture."
            ),
            wordWrap=True,
        )
        set_role(advice, faint=True)
        fit_height(advice)
        return advice

    @Slot()
    def ask_for_folder(self) -> None:
        """Ask for the folder of pictures."""
        name = QFileDialog.getExistingDirectory(self, self.tr("Pictures of the study"))
        if name:
            self.take_source(Path(name))

    @Slot()
    def ask_for_table(self) -> None:
        """Ask for the table of parts."""
        name, _ = QFileDialog.getOpenFileName(self, self.tr("Parts of the study"), "", "CSV (*.csv)")
        if name:
            self.take_source(Path(name))

    def take_source(self, source: Path) -> None:
        """Look for parts there."""
        self._parts, self._wanted = (), source
        self.source.setText(str(source))
        self._on_changed()
        self._tasks.start(
            partial(find_parts, source, self._seed),
            partial(self._on_found, source),
            partial(self._on_not_found, source),
            may_be_left=True,
        )

    def _on_found(self, source: Path, parts: tuple[StudyPart, ...]) -> None:
        if source == self._wanted:
            self._parts = parts
            self._on_changed()

    def _on_not_found(self, source: Path, why: str) -> None:
        if source == self._wanted:
            self._on_changed()
            self.says.setText(why)

    @Slot()
    def _forget_source(self) -> None:
        """Hear of no parts any more: the dialog is about to go."""
        self._wanted = None

    @property
    def plan(self) -> Plan:
        """What was chosen."""
        text = self.operators.text()
        for separator in _SEPARATORS[1:]:
            text = text.replace(separator, _SEPARATORS[0])
        names = tuple(filter(None, map(str.strip, text.split(_SEPARATORS[0]))))
        return Plan(self._parts, names, self.trials.value(), self._seed)

    @Slot()
    def _on_changed(self) -> None:
        plan = self.plan
        is_doubled = len(set(plan.operators)) < len(plan.operators)
        self.plan_button.setEnabled(bool(plan.parts and plan.operators) and not is_doubled)
        self.says.setText(self.tr("Name each operator once.") if is_doubled else self._count(plan))

    def _count(self, plan: Plan) -> str:
        if not plan.parts:
            return self.tr("Choose the parts.")
        found = self.tr("%1 parts, %2 of them defects.").replace("%1", f"{len(plan.parts):,}")
        found = found.replace("%2", f"{sum(part.is_defect for part in plan.parts):,}")
        asked = len(plan.parts) * len(plan.operators) * plan.trials
        rest = self.tr("%n answer(s) will be asked for.", "", asked) if asked else self.tr("Who judges?")
        return f"{found} {rest}"
