"""The region of interest of the next training: a button that opens its editor, and how much counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from anomaly_gui.detection.images.region_of_interest import RegionOfInterest
from anomaly_gui.gui.interest.editor import RegionEditor
from anomaly_gui.gui.interest.region_share import format_share
from anomaly_gui.gui.style.icons import set_icon
from anomaly_gui.gui.style.parts import IconButton
from anomaly_gui.gui.widgets.style import fit_height, set_role

if TYPE_CHECKING:
    from anomaly_gui.gui.state.session import Session
    from anomaly_gui.gui.train.folder_field import FolderField
    from anomaly_gui.gui.work.pictures.pictures import Pictures


class RegionField(QWidget):
    """Has the region drawn on the first of the good images; `region` is what was drawn."""

    changed = Signal()

    def __init__(
        self, good: FolderField, session: Session, pictures: Pictures, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._good, self._session, self._pictures = good, session, pictures
        self._region, self._waits_for = RegionOfInterest(), ""
        self.editor: RegionEditor | None = None
        self.share, self.problem, self.of_model = QLabel(), QLabel(wordWrap=True), QLabel(wordWrap=True)
        self.draw_button = QToolButton()
        self.clear_button = IconButton("close", self.tr("Let the whole image count again"))
        self._lay_out()
        self.draw_button.clicked.connect(self._on_draw)
        self.clear_button.clicked.connect(self._on_clear)
        good.changed.connect(self._on_good_changed)
        pictures.picture_ready.connect(self._on_picture_ready)
        session.model_changed.connect(self._on_model_changed)
        self.set_region(self._region)
        self._on_model_changed()

    def _lay_out(self) -> None:
        title = QLabel(self.tr("Region of interest"))
        self.draw_button.setText(self.tr("Draw…"))
        set_icon(self.draw_button, "region")
        self.draw_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.draw_button.setToolTip(
            self.tr("Draw on a good image what counts, or what is ignored; the next training keeps to it")
        )
        top = QHBoxLayout()
        top.addWidget(title, 1)
        top.addWidget(self.draw_button)
        top.addWidget(self.clear_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        layout.addLayout(top)
        for label in (self.share, self.of_model, self.problem):
            set_role(label, size=0.92, faint=label is not self.problem)
            fit_height(label)
            layout.addWidget(label)

    @property
    def region(self) -> RegionOfInterest:
        """What counts in the next training."""
        return self._region

    def set_region(self, region: RegionOfInterest) -> None:
        """Take a region in place of another."""
        self._region = region
        self.share.setText(self._describe_region(region))
        self.clear_button.setVisible(bool(region))
        self._show_problem("")
        self.changed.emit()

    def _describe_region(self, region: RegionOfInterest) -> str:
        if not region:
            return self.tr("whole image")
        return self.tr("%1 of the image counts").replace("%1", format_share(region))

    def _show_problem(self, problem: str) -> None:
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))

    def show_hint(self, hint: str) -> None:
        """Say why a region should be drawn, beside the button that does it; nothing for no reason."""
        self._show_problem(hint)

    @Slot()
    def _on_clear(self) -> None:
        self.set_region(RegionOfInterest())

    @Slot()
    def _on_good_changed(self) -> None:
        self._show_problem("")  # what was said of other folders, or before they were read

    @Slot()
    def _on_draw(self) -> None:
        self._waits_for = ""
        if not self._good.paths:
            self._show_problem(
                self.tr("Choose a folder of good images first: the region is drawn on one of them.")
            )
        elif self._good.report is None:
            self._show_problem(
                self.tr("The folder of good images is still being read: try again in a moment.")
            )
        elif not self._good.report.listing.files:
            self._show_problem(self.tr("There is no image in the folder of good images."))
        else:
            self._show_problem("")
            self._waits_for = str(self._good.report.listing.files[0])
            self._pictures.request_picture(self._waits_for)

    @Slot(str, QImage, str)
    def _on_picture_ready(self, path: str, image: QImage, reason: str) -> None:
        if path != self._waits_for:
            return
        self._waits_for = ""
        if image.isNull():
            self._show_problem(f"{path}: {reason}")
            return
        self.editor = RegionEditor(image, self._region, self.window())
        self.editor.accepted.connect(self._on_drawn)
        self.editor.finished.connect(self._on_closed)
        self.editor.open()

    @Slot()
    def _on_drawn(self) -> None:
        if self.editor is not None:
            self.set_region(self.editor.read_region())

    @Slot()
    def _on_closed(self) -> None:
        if self.editor is not None:
            self.editor.deleteLater()  # its image may be large
            self.editor = None

    @Slot()
    def _on_model_changed(self) -> None:
        model = self._session.model
        words = self._describe_region(model.interest) if model is not None and model.interest else ""
        self.of_model.setText(self.tr("The model in use: %1").replace("%1", words))
        self.of_model.setVisible(bool(words))
