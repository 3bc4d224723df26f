"""Training once more by one click."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from anomaly_gui.detection.settings.train_settings import SETTINGS, TrainSettings
from anomaly_gui.gui.state.mode import Mode

if TYPE_CHECKING:
    from pathlib import Path

    from anomaly_gui.detection.datasets.train_request import TrainRequest
    from anomaly_gui.gui.train.model_panel import ModelPanel
    from anomaly_gui.gui.work.window_services import WindowServices
    from anomaly_gui.worker.jobs.training import Trained


class Retraining(QObject):
    """Trains again with what a person answered, and remembers the answers for the same folders.

    `last` is what became of the training of the model in use; None where it came from elsewhere.
    """

    mode_requested = Signal(object)  # a Mode
    said = Signal(str)

    def __init__(self, panel: ModelPanel, services: WindowServices, parent: QObject) -> None:
        super().__init__(parent)
        self._panel, self._session, self._documents = panel, services.session, services.documents
        self._workshop, self._watch, self._corrections = (
            services.workshop,
            services.watch,
            services.corrections,
        )
        self._updates = services.updates
        self._answers: dict[tuple[Path, ...], dict[str, str]] = {}
        self._folders: tuple[Path, ...] = self._panel.good.paths
        self.last: Trained | None = None
        self._panel.good.changed.connect(self._on_folders_changed)
        self._panel.questions.answered.connect(self._on_answered)
        self._panel.questions.retraining_wanted.connect(self._on_retraining_wanted)
        self._session.model_changed.connect(self._on_model_changed)
        self._project = services.project
        self._project.opened.connect(self._on_project_opened)

    @Slot()
    def _on_project_opened(self) -> None:
        """Know the answers that were given in this project, and no others."""
        document = self._project.document
        self._folders = document.good
        self._answers = {document.good: dict(document.answers)}

    # Questions

    @Slot(object)
    def _on_answered(self, answers: dict[str, str]) -> None:
        if self.last is not None:
            normal = self._without_corrections(self.last.request).normal
            self._answers.setdefault(normal, {}).update(answers)
            self._project.update(answers=dict(self._answers[normal]))

    @Slot(object)
    def _on_retraining_wanted(self, settings: dict[str, str]) -> None:
        if self.last is None:
            return
        if not self._may_train():
            self._ask_questions(self.last)
            return
        self._on_answered(settings)
        self._panel.form.set_values(settings)
        request = self._without_corrections(self.last.request)
        values = {**vars(request.settings), **settings}
        self._train_again(replace(request, settings=TrainSettings(**values)))

    def _ask_questions(self, result: Trained) -> None:
        self._panel.questions.ask_about(
            result, self._answers.get(self._without_corrections(result.request).normal, {})
        )

    @Slot()
    def _on_folders_changed(self) -> None:
        """Let others begin with the defaults, or with their own answers: an answer belongs to its folders."""
        folders = self._panel.good.paths
        if folders == self._folders:
            return
        old, new = self._answers.get(self._folders, {}), self._answers.get(folders, {})
        self._folders = folders
        defaults = {name: SETTINGS[name].default for name in old if name in SETTINGS}
        self._panel.form.set_values({**defaults, **new})

    def _without_corrections(self, request: TrainRequest) -> TrainRequest:
        """Return a request without the corrections that were added to it: they are added anew."""
        now = self._corrections.now
        return replace(
            request,
            normal=tuple(path for path in request.normal if path not in now.good),
            anomalous=tuple(path for path in request.anomalous if path not in now.defects),
            excluded=tuple(path for path in request.excluded if path not in now.excluded),
        )

    # Calibration images

    @Slot()
    def use_as_calibration(self) -> None:
        """Let the good images that were judged set the threshold."""
        files = self._watch.paths
        if self.last is None:
            self._panel.calibration.add_paths(files)
            self.mode_requested.emit(Mode.TRAIN)
            self.said.emit(
                self.tr("Choose the good images that this model learned from, and train: these are added.")
            )
        elif self._may_train():
            self._panel.calibration.add_paths(files)
            request = self._without_corrections(self.last.request)
            changed = replace(request, calibration=(*request.calibration, *files))
            self._train_again(changed)

    @Slot()
    def learn_too(self) -> None:
        """Let the good images that were judged be learned: from all again, or by adding to the model."""
        files = self._watch.paths
        if self.last is None:
            self._updates.add_images(files)
            return
        if not self._may_train():
            return
        request, answers = self._without_corrections(self.last.request), self._answers
        values = {**vars(request.settings), **answers.get(request.normal, {})}
        normal = tuple(dict.fromkeys((*request.normal, *files)))
        answers[normal] = dict(answers.get(request.normal, {}))
        self._panel.good.set_paths(normal)
        settings = TrainSettings(**{name: value for name, value in values.items() if name in SETTINGS})
        changed = replace(request, normal=normal, settings=settings)
        self._train_again(changed)

    # Training

    def _may_train(self) -> bool:
        """Ask only where a threshold that a person set would go: the model itself is but made better."""
        session = self._session
        return session.threshold == session.saved_threshold or self._documents.may_replace_model()

    def _train_again(self, request: TrainRequest) -> None:
        self._workshop.train_model(self._panel.add_corrections(request))

    @Slot(object)
    def on_trained(self, result: Trained) -> None:
        """Ask what is open."""
        self.last = result
        self._ask_questions(result)

    @Slot()
    def _on_model_changed(self) -> None:
        """Forget the training: a model that was opened is of another, and of this one `on_trained` tells."""
        self.last = None
        self._panel.questions.clear_questions()
