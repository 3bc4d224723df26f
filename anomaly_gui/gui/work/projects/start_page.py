"""What an empty window says: the products worked on last, and the ways to begin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from anomaly_gui.gui.style.icons import draw_picture, set_icon
from anomaly_gui.gui.style.parts import make_primary
from anomaly_gui.gui.style.scheme import current_scheme
from anomaly_gui.gui.style.tokens import AIR, NARROW, ROOM
from anomaly_gui.gui.widgets.style import set_role
from anomaly_gui.gui.work.projects.project_cards import ProjectCards

if TYPE_CHECKING:
    from anomaly_gui.gui.work.pictures.pictures import Pictures
    from anomaly_gui.gui.work.projects.recent_projects import RecentProject, RecentProjects

_PICTURE = QSize(240, 150)  # pixels


class StartPage(QWidget):
    """Cards of recent projects, and a button for each way to begin."""

    sample_requested = Signal()
    train_requested = Signal()
    new_requested = Signal()
    open_requested = Signal()
    station_requested = Signal()

    def __init__(self, recent: RecentProjects, pictures: Pictures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._recent: tuple[RecentProject, ...] = ()
        self._is_begun = False
        layout = QVBoxLayout(self)
        layout.setSpacing(NARROW)
        layout.addStretch(2)
        self._drawing = QLabel()
        layout.addWidget(self._drawing, alignment=Qt.AlignmentFlag.AlignHCenter)
        title = QLabel(self.tr("Show it good parts. It finds the bad ones."))
        set_role(title, size=1.8, bold=True)
        layout.addWidget(title, alignment=Qt.AlignmentFlag.AlignHCenter)
        self.hint = QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignCenter)
        layout.addWidget(self.hint)
        layout.addSpacing(AIR)
        self._add_projects(recent, pictures, layout)
        self.train = self._add_button(self.tr("Train from a folder of good images…"), "folder-good", layout)
        make_primary(self.train)
        self.train.clicked.connect(self.train_requested)
        self._add_project_buttons(layout)
        self.sample = self._add_button(self.tr("Open the sample (ones and sevens)"), "sample", layout)
        self.sample.clicked.connect(self.sample_requested)
        self._note = QLabel(
            self.tr("The sample learns 800 handwritten ones and finds the sevens; it takes half a minute.")
        )
        set_role(self._note, faint=True)
        layout.addWidget(self._note, alignment=Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)
        self._draw()
        self._is_working = False
        self.show_begun(is_begun=False)

    @Slot(bool)
    def show_begun(self, is_begun: bool) -> None:
        """Lead on to the panel where images have been chosen, in place of offering other beginnings."""
        text = self.tr(
            "Drop a folder of images of good parts, a project, or a model, anywhere in this window."
        )
        self.hint.setText(text)
        for widget in (self.train, self.new, self.open, self.station, self.sample, self._note):
            widget.setVisible(not is_begun)
        self._is_begun = is_begun
        self.show_work(is_working=self._is_working)
        self._show_recent()

    @Slot(bool)
    def show_work(self, is_working: bool) -> None:
        """Say what is done, or to be done, with the images that have been chosen."""
        self._is_working = is_working
        if self._is_begun:
            working = self.tr("It learns what good parts look like: the bar at the left says how far it is.")
            waiting = self.tr("Press Train, at the left: nothing else has to be chosen.")
            self.hint.setText(working if is_working else waiting)

    def _show_recent(self) -> None:
        """Show the projects used last, or a drawing where there are none: their own pictures say more."""
        has_recent = bool(self._recent) and not self._is_begun
        self.recent_title.setVisible(has_recent)
        self.projects.setVisible(has_recent)
        self._drawing.setVisible(not has_recent)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_drawing"):
            self._draw()

    def _draw(self) -> None:
        colour, scale = current_scheme().faint, self.devicePixelRatioF()
        self._drawing.setPixmap(draw_picture("picture-start", _PICTURE, colour, scale))

    def _add_projects(self, recent: RecentProjects, pictures: Pictures, layout: QVBoxLayout) -> None:
        self.recent_title = QLabel(self.tr("Go on with"))
        set_role(self.recent_title, bold=True)
        self.recent_title.hide()
        self.projects = ProjectCards(pictures)
        layout.addWidget(self.recent_title, alignment=Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self.projects, alignment=Qt.AlignmentFlag.AlignHCenter)
        layout.addSpacing(ROOM)
        recent.found.connect(self._on_found)

    @Slot(object)
    def _on_found(self, projects: tuple[RecentProject, ...]) -> None:
        self._recent = projects
        self.projects.show_projects(projects)
        self._show_recent()

    def _add_project_buttons(self, layout: QVBoxLayout) -> None:
        self.new, self.open = QPushButton(self.tr("New project…")), QPushButton(self.tr("Open project…"))
        self.station = QPushButton(self.tr("Open a station…"))
        self.station.setToolTip(self.tr("Watch a line that judges by itself, and look up what it judged"))
        self.new.setToolTip(self.tr("One project for each product: nothing of one gets into another"))
        row = QHBoxLayout()
        row.setSpacing(NARROW)
        row.addStretch(1)
        for button, signal, icon in (
            (self.new, self.new_requested, "project"),
            (self.open, self.open_requested, "folder-open"),
            (self.station, self.station_requested, "camera"),
        ):
            set_icon(button, icon)
            button.setMinimumSize(176, 44)
            button.clicked.connect(signal)
            row.addWidget(button)
        row.addStretch(1)
        layout.addLayout(row)

    def _add_button(self, text: str, icon: str, layout: QVBoxLayout) -> QPushButton:
        button = QPushButton(text)
        set_icon(button, icon)
        button.setMinimumSize(360, 44)
        layout.addWidget(button, alignment=Qt.AlignmentFlag.AlignHCenter)
        return button
