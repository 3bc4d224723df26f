"""What an empty window says: the products worked on last, and the ways to begin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from anomaly_gui.gui.widgets.style import set_role
from anomaly_gui.gui.work.projects.project_cards import ProjectCards

if TYPE_CHECKING:
    from anomaly_gui.gui.work.pictures import Pictures
    from anomaly_gui.gui.work.projects.recent_projects import RecentProject, RecentProjects


class StartPage(QWidget):
    """Cards of recent projects, and a button for each way to begin."""

    sample_requested = Signal()
    train_requested = Signal()
    new_requested = Signal()
    open_requested = Signal()

    def __init__(self, recent: RecentProjects, pictures: Pictures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = QVBoxLayout(self)
        layout.setSpacing(6)
        layout.addStretch(2)
        title = QLabel(self.tr("Show it good parts. It finds the bad ones."))
        set_role(title, size=1.8, bold=True)
        layout.addWidget(title, alignment=Qt.AlignmentFlag.AlignHCenter)
        hint = QLabel(
            self.tr("Drop a folder of images of good parts, a project, or a model, anywhere in this window.")
        )
        hint.setWordWrap(True)
        hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout.addWidget(hint)
        layout.addSpacing(24)
        self._add_projects(recent, pictures, layout)
        self.train = self._add_button(self.tr("Train from a folder of good images…"), layout)
        self.train.clicked.connect(self.train_requested)
        self._add_project_buttons(layout)
        self.sample = self._add_button(self.tr("Open the sample (ones and sevens)"), layout)
        self.sample.clicked.connect(self.sample_requested)
        note = QLabel(
            self.tr("The sample learns 800 handwritten ones and finds the sevens; it takes half a minute.")
        )
        set_role(note, faint=True)
        layout.addWidget(note, alignment=Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)

    def _add_projects(self, recent: RecentProjects, pictures: Pictures, layout: QVBoxLayout) -> None:
        self.recent_title = QLabel(self.tr("Go on with"))
        set_role(self.recent_title, bold=True)
        self.recent_title.hide()
        self.projects = ProjectCards(pictures)
        layout.addWidget(self.recent_title, alignment=Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self.projects, alignment=Qt.AlignmentFlag.AlignHCenter)
        layout.addSpacing(12)
        recent.found.connect(self._on_found)

    @Slot(object)
    def _on_found(self, projects: tuple[RecentProject, ...]) -> None:
        self.recent_title.setVisible(bool(projects))
        self.projects.show_projects(projects)

    def _add_project_buttons(self, layout: QVBoxLayout) -> None:
        self.new, self.open = QPushButton(self.tr("New project…")), QPushButton(self.tr("Open project…"))
        self.new.setToolTip(self.tr("One project for each product: nothing of one gets into another"))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        for button, signal in ((self.new, self.new_requested), (self.open, self.open_requested)):
            button.setMinimumSize(176, 44)
            button.clicked.connect(signal)
            row.addWidget(button)
        row.addStretch(1)
        layout.addLayout(row)

    def _add_button(self, text: str, layout: QVBoxLayout) -> QPushButton:
        button = QPushButton(text)
        button.setMinimumSize(360, 44)
        layout.addWidget(button, alignment=Qt.AlignmentFlag.AlignHCenter)
        return button
