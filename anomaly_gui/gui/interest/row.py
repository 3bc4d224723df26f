"""The region of interest of the next training: a button that opens its editor, and how much counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from anomaly_gui.detection.images.region_of_interest import RegionOfInterest
from anomaly_gui.gui.interest.editor import InterestEditor
from anomaly_gui.gui.train.detector_choice import fit_height
from anomaly_gui.gui.widgets.style import set_role
from anomaly_gui.wording import percent

if TYPE_CHECKING:
    from anomaly_gui.gui.state.session import Session
    from anomaly_gui.gui.train.folder_field import FolderField
    from anomaly_gui.gui.work.pictures import Pictures

_RASTER = 400  # pixels a side, to reckon the share that counts


class InterestRow(QWidget):
    """Has the region drawn on the first of the good images; `interest` is what was drawn."""

    changed = Signal()

    def __init__(
        self, good: FolderField, session: Session, pictures: Pictures, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._good, self._session, self._pictures = good, session, pictures
        self._interest, self._waits_for = RegionOfInterest(), ""
        self.editor: InterestEditor | None = None
        self.share, self.problem, self.of_model = QLabel(), QLabel(wordWrap=True), QLabel(wordWrap=True)
        self.draw_button, self.clear_button = QToolButton(), QToolButton()
        self._lay_out()
        self.draw_button.clicked.connect(self._on_draw)
        self.clear_button.clicked.connect(self._on_clear)
        good.changed.connect(self._on_good_changed)
        pictures.picture_ready.connect(self._on_picture_ready)
        session.model_changed.connect(self._on_model_changed)
        self.set_interest(self._interest)
        self._on_model_changed()

    def _lay_out(self) -> None:
        title = QLabel(self.tr("Region of interest"))
        self.draw_button.setText(self.tr("Draw…"))
        self.draw_button.setToolTip(
            self.tr("Draw on a good image what counts, or what is ignored; the next training keeps to it")
        )
        self.clear_button.setText("✕")
        self.clear_button.setToolTip(self.tr("Let the whole image count again"))
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
    def interest(self) -> RegionOfInterest:
        """What counts in the next training."""
        return self._interest

    def set_interest(self, interest: RegionOfInterest) -> None:
        """Take a region in place of another."""
        self._interest = interest
        self.share.setText(self._in_words(interest))
        self.clear_button.setVisible(bool(interest))
        self._say("")
        self.changed.emit()

    def _in_words(self, interest: RegionOfInterest) -> str:
        if not interest:
            return self.tr("whole image")
        share = float(interest.draw_mask(_RASTER, _RASTER).mean())
        decimals = 0 if 0.1 <= share <= 0.99 or share == 1 else 1
        return self.tr("%1 of the image counts").replace("%1", percent(share, decimals))

    def _say(self, problem: str) -> None:
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))

    @Slot()
    def _on_clear(self) -> None:
        self.set_interest(RegionOfInterest())

    @Slot()
    def _on_good_changed(self) -> None:
        self._say("")  # what was said of other folders, or before they were read

    @Slot()
    def _on_draw(self) -> None:
        self._waits_for = ""
        if not self._good.paths:
            self._say(self.tr("Choose a folder of good images first: the region is drawn on one of them."))
        elif self._good.report is None:
            self._say(self.tr("The folder of good images is still being read: try again in a moment."))
        elif not self._good.report.listing.files:
            self._say(self.tr("There is no image in the folder of good images."))
        else:
            self._say("")
            self._waits_for = str(self._good.report.listing.files[0])
            self._pictures.request_picture(self._waits_for)

    @Slot(str, QImage, str)
    def _on_picture_ready(self, path: str, image: QImage, reason: str) -> None:
        if path != self._waits_for:
            return
        self._waits_for = ""
        if image.isNull():
            self._say(f"{path}: {reason}")
            return
        self.editor = InterestEditor(image, self._interest, self.window())
        self.editor.accepted.connect(self._on_drawn)
        self.editor.finished.connect(self._on_closed)
        self.editor.open()

    @Slot()
    def _on_drawn(self) -> None:
        if self.editor is not None:
            self.set_interest(self.editor.interest())

    @Slot()
    def _on_closed(self) -> None:
        if self.editor is not None:
            self.editor.deleteLater()  # its image may be large
            self.editor = None

    @Slot()
    def _on_model_changed(self) -> None:
        view = self._session.view
        words = self._in_words(view.interest) if view is not None and view.interest else ""
        self.of_model.setText(self.tr("The model in use: %1").replace("%1", words))
        self.of_model.setVisible(bool(words))
