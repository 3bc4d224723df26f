"""What only a person can tell of the images of a training, asked in the panel and never twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from anomaly_gui.detection.settings.choices import AUTOMATIC, INDEPENDENT, KEEP, LEAVE_OUT, ONE
from anomaly_gui.gui.style.parts import make_notice
from anomaly_gui.gui.train.picture_tiles import Picture, PictureTiles
from anomaly_gui.gui.widgets.style import fit_height, set_role
from anomaly_gui.language import translate_kept
from anomaly_gui.wording import count_images, count_parts, join_sentences

if TYPE_CHECKING:
    from collections.abc import Mapping

    from anomaly_gui.gui.state.session import Session
    from anomaly_gui.gui.work.pictures.pictures import Pictures
    from anomaly_gui.worker.jobs.training import Trained

_KINDS = "kinds"  # an answer that is no setting
_PAIRS, _SUSPECTS, _OF_KIND = 2, 4, 2  # so many are shown


class Question(QFrame):
    """A sentence, the images it is about, and a button for each answer; hidden until it is asked."""

    answered = Signal(int)  # the number of the button

    def __init__(self, session: Session, pictures: Pictures, answers: tuple[tuple[str, str], ...]) -> None:
        """Make a question. `answers` are the texts of the buttons, each with what it does."""
        super().__init__()
        make_notice(self)
        self.says = QLabel(wordWrap=True)
        set_role(self.says, bold=True)
        fit_height(self.says)
        self.tiles = PictureTiles(session, pictures)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 6)
        layout.addWidget(self.says)
        layout.addWidget(self.tiles)
        row = QHBoxLayout()
        self.buttons = [QPushButton(text) for text, _ in answers]
        for button, (_, tip) in zip(self.buttons, answers, strict=True):
            button.setToolTip(f"{tip} ({button.shortcut().toString()})")
            button.clicked.connect(self._on_clicked)
            row.addWidget(button)
        layout.addLayout(row)
        self.hide()

    def show_question(self, sentence: str, shown: list[Picture], tip: str = "") -> None:
        """Show the question."""
        self.says.setText(sentence)
        self.says.setToolTip(tip)
        self.tiles.show_pictures(shown)
        self.show()

    @Slot()
    def _on_clicked(self) -> None:
        for number, button in enumerate(self.buttons):
            if button is self.sender():
                self.hide()
                self.answered.emit(number)


class TrainingQuestions(QWidget):
    """Asks which images show one part, and whether images unlike the others belong to the good ones."""

    answered = Signal(object)  # answers by name that change nothing
    open_changed = Signal(bool)  # whether something is asked
    retraining_wanted = Signal(object)  # settings by name, to train again with

    def __init__(self, session: Session, pictures: Pictures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._confirms = False
        self.near_duplicates = Question(
            session,
            pictures,
            (
                (self.tr("&One part"), self.tr("They show one part: they are judged together")),
                (self.tr("&Different parts"), self.tr("Every image shows a part of its own: train again so")),
            ),
        )
        self.suspects = Question(
            session,
            pictures,
            (
                (self.tr("&Leave out"), self.tr("They are no good parts, and are not learned from")),
                (self.tr("&Keep"), self.tr("They are good parts as well: train again with them")),
            ),
        )
        self.kinds = Question(
            session, pictures, ((self.tr("&All are good"), self.tr("Learn all kinds of parts together")),)
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for question in (self.suspects, self.near_duplicates, self.kinds):
            layout.addWidget(question)
        self.near_duplicates.answered.connect(self._on_near_duplicates_answered)
        self.suspects.answered.connect(self._on_suspects_answered)
        self.kinds.answered.connect(self._on_kinds_answered)
        for question in (self.near_duplicates, self.suspects, self.kinds):
            question.answered.connect(self._on_answered)
        self._are_left_out = True

    @property
    def is_open(self) -> bool:
        """Tell whether there is something to answer."""
        return not (self.near_duplicates.isHidden() and self.suspects.isHidden() and self.kinds.isHidden())

    def clear_questions(self) -> None:
        """Ask nothing."""
        for question in (self.near_duplicates, self.suspects, self.kinds):
            question.hide()
        self.open_changed.emit(False)

    def ask_about(self, result: Trained, known: Mapping[str, str]) -> None:
        """Ask what is open after a training; `known` are settings that were answered for before."""
        self.clear_questions()
        if result.request.settings.group_by == AUTOMATIC and "group_by" not in known:
            self._ask_about_near_duplicates(result)
        if result.findings.suspects and (
            not result.findings.suspects_left_out or known.get("suspects") != LEAVE_OUT
        ):
            self._ask_about_suspects(result)
        if result.findings.kinds and _KINDS not in known:
            self._show_kinds(result)
        self.open_changed.emit(self.is_open)

    def _ask_about_near_duplicates(self, result: Trained) -> None:
        sizes = np.unique(result.view.training.groups, return_counts=True)[1]
        images, joined = int(sizes.sum()), sizes[sizes > 1]
        shown = [Picture(path) for pair in result.findings.alleged_copies[:_PAIRS] for path in pair]
        if not shown:
            return
        self._confirms = 1 < len(sizes) < images
        if len(sizes) == 1:
            text = self.tr("All %1 seem to show one part.").replace("%1", count_images(images))
        elif len(joined):
            text = self.tr("%1 were taken to show %2, such as these:")
            text = text.replace("%1", count_images(int(joined.sum())))
            text = text.replace("%2", count_parts(len(joined)))
        else:
            text = self.tr("It can't be told from the images whether they show one part or several.")
        self.near_duplicates.show_question(text, shown, translate_kept(result.view.training.grouped_by))

    def _ask_about_suspects(self, result: Trained) -> None:
        self._are_left_out, count = result.findings.suspects_left_out, len(result.findings.suspects)
        others = len(result.view.training.images) + len(result.view.training.calibration)
        others -= 0 if self._are_left_out else count
        text = self.tr("%n image(s) unlike the other %1:", "", count).replace("%1", f"{others:,}")
        if not self._are_left_out:
            text = join_sentences(text, self.tr("learned from all the same."))
        self.suspects.buttons[1].setVisible(self._are_left_out)
        suspects = [one.translate() for one in result.findings.suspects]
        shown = [Picture(one.path, one.reason) for one in suspects[:_SUSPECTS]]
        self.suspects.show_question(text, shown, "\n".join(f"{one.path}: {one.reason}" for one in suspects))

    def _show_kinds(self, result: Trained) -> None:
        shown = [
            Picture(path, self.tr("one of %n like it", "", len(kind.paths)))
            for kind in result.findings.kinds
            for path in kind.paths[:_OF_KIND]
        ]
        text = self.tr("The good images seem to show several kinds of parts. A model of each finds more:")
        self.kinds.show_question(text, shown)

    @Slot()
    def _on_answered(self) -> None:
        self.open_changed.emit(self.is_open)

    @Slot(int)
    def _on_near_duplicates_answered(self, answer: int) -> None:
        if answer == 1:
            self.retraining_wanted.emit({"group_by": INDEPENDENT})
        elif self._confirms:
            self.answered.emit({"group_by": AUTOMATIC})
        else:
            self.retraining_wanted.emit({"group_by": ONE})

    @Slot(int)
    def _on_suspects_answered(self, answer: int) -> None:
        if answer == 1:
            self.retraining_wanted.emit({"suspects": KEEP})
        elif self._are_left_out:
            self.answered.emit({"suspects": LEAVE_OUT})
        else:
            self.retraining_wanted.emit({"suspects": LEAVE_OUT})

    @Slot(int)
    def _on_kinds_answered(self, answer: int) -> None:  # noqa: ARG002 - the signal's signature
        self.answered.emit({_KINDS: KEEP})
