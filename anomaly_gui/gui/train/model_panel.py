"""Where a model is made: folders of images, settings, and what became of a training."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QLabel, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from anomaly_gui.detection.datasets.train_request import TrainRequest
from anomaly_gui.detection.images.folders import Purpose
from anomaly_gui.detection.runtimes.protocol import explain_missing_tensorflow, is_installed
from anomaly_gui.errors import ParameterError
from anomaly_gui.gui.help.help_places import QUESTIONS, REGION_OF_INTEREST, WHICH_DETECTOR, set_help
from anomaly_gui.gui.style.parts import make_primary
from anomaly_gui.gui.train.detector_choice import DetectorAdvice, name_detector
from anomaly_gui.gui.train.folder_field import FolderField
from anomaly_gui.gui.train.learning_view import LearningView
from anomaly_gui.gui.train.region_field import RegionField
from anomaly_gui.gui.train.settings_form import SettingsForm
from anomaly_gui.gui.train.trained_text import describe_trained
from anomaly_gui.gui.train.training_questions import TrainingQuestions
from anomaly_gui.gui.widgets.style import set_role
from anomaly_gui.gui.work.busy_bar import BusyBar
from anomaly_gui.wording import join_list

if TYPE_CHECKING:
    from collections.abc import Mapping

    from anomaly_gui.gui.state.corrections import Corrections
    from anomaly_gui.gui.state.session import Session
    from anomaly_gui.gui.work.pictures.pictures import Pictures
    from anomaly_gui.worker.jobs.training import Trained

_LISTED = 20
_ROOM = 8  # pixels


class ModelPanel(QScrollArea):
    """Asks for a training; shows what the model in use rests on."""

    train_requested = Signal(object)  # a TrainRequest
    compare_requested = Signal()
    begun = Signal(bool)  # whether there are good images to learn from

    def __init__(
        self,
        session: Session,
        pictures: Pictures,
        corrections: Corrections,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._corrections = session, corrections
        self._make_fields(pictures)
        self.use_corrections = QCheckBox()
        self.use_corrections.setToolTip(
            self.tr("Images put aside as wrongly judged, and images to leave out, count in the next training")
        )
        corrections.changed.connect(self._show_corrections)
        self._show_corrections()
        self.region = RegionField(self.good, session, pictures)
        self.form = SettingsForm()
        self._make_buttons()
        self.busy = BusyBar()
        self.learning = LearningView()
        self.learning.appeared.connect(self._on_learning_appeared)
        self.advice = DetectorAdvice()
        self.advice.taken.connect(self._on_advice_taken)
        self.questions = TrainingQuestions(session, pictures)
        self._settling = QTimer(self, singleShot=True, interval=500)  # layouts take a few turns
        self.verticalScrollBar().rangeChanged.connect(self._scroll_to_questions)
        self.message = _make_message()
        self.message.hide()
        self._lay_out()
        for widget, address in (
            (self.region, REGION_OF_INTEREST),
            (self.form, WHICH_DETECTOR),
            (self.questions, QUESTIONS),
        ):
            set_help(widget, address)
        self._on_folders_changed()

    def _make_fields(self, pictures: Pictures) -> None:
        self.good = FolderField(
            self.tr("Good images"),
            self.tr("Drop a folder of images of good parts here: 20 work, 100 or more are to be relied on."),
            pictures,
        )
        self.calibration = FolderField(
            self.tr("Good, another day"),
            self.tr(
                "Calibration images: parts of another day, shift or light look a little different. "
                "Give some to be sure."
            ),
            pictures,
        )
        self.defects = FolderField(
            self.tr("Known defects"),
            self.tr("Optional: makes misses countable, and lets detectors be compared."),
            pictures,
            purpose=Purpose.DEFECT,
        )
        self._fields = (self.good, self.calibration, self.defects)
        for field in self._fields:
            field.changed.connect(self._on_folders_changed)

    def _make_buttons(self) -> None:
        self.train_button = QPushButton(self.tr("Train"))
        self.train_button.setShortcut("Ctrl+T")
        self.train_button.setToolTip(self.tr("Learn what good parts look like (Ctrl+T)"))
        make_primary(self.train_button)
        self._session.model_changed.connect(self._on_model_changed)
        self.train_button.clicked.connect(self.start_training)
        self.compare_button = QPushButton(self.tr("Compare detectors"))
        self.compare_button.setToolTip(
            self.tr(
                "Try every detector, backbone, layer and size on good images and known defects, if there "
                "are any"
            )
        )
        self.compare_button.clicked.connect(self.compare_requested)
        self.compare_learned = QCheckBox(self.tr("Compare learned features, too"))
        self._can_learn = is_installed("tensorflow")
        self.compare_learned.setToolTip(
            self.tr("Train an autoencoder and Deep SVDD as well: each takes minutes")
            if self._can_learn
            else explain_missing_tensorflow(self.tr("Learning features"))
        )

    def _lay_out(self) -> None:
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(8)
        self.form.expert.add_widget(self.compare_button)
        self.form.expert.add_widget(self.compare_learned)
        for widget in (
            self.good,
            self.calibration,
            self.defects,
            self.region,
            self.use_corrections,
            self.train_button,
            self.busy,
            self.learning,
            self.questions,
            self.advice,
            self.message,
            self.form,
        ):
            layout.addWidget(widget)
        layout.addStretch(1)
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumWidth(290)

    @Slot()
    def _on_model_changed(self) -> None:
        """Stand back behind the next step, as soon as there is one."""
        make_primary(self.train_button, is_on=self._session.model is None)

    @Slot()
    def _on_folders_changed(self) -> None:
        report = self.good.report
        has_images = bool(self.good.paths) and (report is None or bool(report.listing.files))
        self.begun.emit(bool(self.good.paths))
        ready = has_images and self.busy.isHidden()
        self.train_button.setEnabled(ready)
        self.compare_button.setEnabled(ready)
        self.compare_learned.setEnabled(ready and self._can_learn)

    def set_busy(self, busy: bool) -> None:
        """Show or hide the progress."""
        self.busy.setVisible(busy)
        if not busy and self.questions.is_open:
            self.show_questions()
        for field in self._fields:
            field.survey.hold_reading(busy)
        self._on_folders_changed()

    def show_questions(self) -> None:
        """Bring the questions into sight, and keep them there while layouts settle."""
        self._settling.start()
        self._scroll_to_questions()

    @Slot()
    def _on_learning_appeared(self) -> None:
        QTimer.singleShot(0, self._scroll_to_learning)  # when the layout has made room for it

    @Slot()
    def _scroll_to_questions(self) -> None:
        """Bring what is asked into sight: its answers, and its beginning first of all."""
        if self._settling.isActive():
            top, bar = self.questions.y() - _ROOM, self.verticalScrollBar()
            bar.setValue(min(top + self.questions.height() + 2 * _ROOM - self.viewport().height(), top))

    @Slot()
    def _scroll_to_learning(self) -> None:
        self.ensureWidgetVisible(self.learning, 0, 8)

    @Slot()
    def _show_corrections(self) -> None:
        now = self._corrections.now
        parts = []
        if now.good:
            parts.append(self.tr("%n good", "", len(now.good)))
        if now.defects:
            parts.append(self.tr("%n defect(s)", "", len(now.defects)))
        if now.excluded:
            parts.append(self.tr("%n left out", "", len(now.excluded)))
        self.use_corrections.setVisible(bool(parts))
        self.use_corrections.setChecked(True)
        self.use_corrections.setText(self.tr("Corrections: %1").replace("%1", join_list(parts)))

    def add_corrections(self, request: TrainRequest) -> TrainRequest:
        """Return a request with the corrections, if they are wanted."""
        wanted = not self.use_corrections.isHidden() and self.use_corrections.isChecked()
        return self._corrections.add_to_request(request) if wanted else request

    def close_folders(self) -> None:
        """Stop reading folders."""
        for field in self._fields:
            field.survey.close()

    def make_request(self) -> TrainRequest | None:
        """Return what the panel asks for; None, and a sentence, where a setting is impossible."""
        try:
            settings = self.form.read_settings()
        except ParameterError as error:
            self.show_message(str(error), is_problem=True)
            return None
        return TrainRequest(
            normal=self.good.paths,
            calibration=self.calibration.paths,
            anomalous=self.defects.paths,
            settings=settings,
            interest=self.region.region,
        )

    @Slot(object)
    def _on_advice_taken(self, choice: Mapping[str, Any]) -> None:
        self.form.set_values(choice)
        if self.train_button.isEnabled():
            self.start_training()
            return
        text = self.tr("“%1” (%2) is taken for the next training.")
        name = str(choice["detector"])
        self.show_message(text.replace("%1", name_detector(name)).replace("%2", name))

    @Slot()
    def train_from_folder(self) -> None:
        """Ask for a folder of good images, and then for their training."""
        if self.good.choose_folder():
            self.start_training()

    @Slot()
    def start_training(self) -> None:
        """Ask for a training of what the panel shows."""
        request = self.make_request()
        if request is not None:
            self.train_requested.emit(request)

    def show_message(self, text: str, *, is_problem: bool = False) -> None:
        """Show a sentence below the button."""
        set_role(self.message, bold=is_problem)
        self.message.setText(text)
        self.message.setVisible(bool(text))

    def show_trained(self, result: Trained) -> None:
        """Say what became of a training."""
        self.region.show_hint(str(result.findings.of_defects.outside or ""))
        choice = result.findings.of_defects.advice.choice
        self.advice.show_advice(
            result.findings.advice, None if choice is None else str(choice["detector"]), choice
        )
        self.show_message(describe_trained(result))


def _make_message() -> QLabel:
    label = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    return label
