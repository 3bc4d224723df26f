"""Training once more by one click; what was judged before is judged again afterwards."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Slot

from anomaly_gui.detection.settings.train_settings import SETTINGS, TrainSettings
from anomaly_gui.gui.state.image_table import Marked, Origin
from anomaly_gui.gui.state.mode import Mode

if TYPE_CHECKING:
    from pathlib import Path

    from anomaly_gui.detection.datasets.training_sets import TrainRequest
    from anomaly_gui.gui.main_window import MainWindow
    from anomaly_gui.worker.jobs.training import Trained

_Images = dict[Marked, tuple["Path", ...]]


class Retraining(QObject):
    """Trains again with what a person answered, and remembers the answers for the same folders."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._panel, self._session = window, window.panel, window.session
        self._workshop, self._watch, self._corrections = window.workshop, window.watch, window.corrections
        self._answers: dict[tuple[Path, ...], dict[str, str]] = {}
        self._folders: tuple[Path, ...] = self._panel.good.paths
        self._last: Trained | None = None
        self._judged: tuple[TrainRequest, _Images] | None = None
        self._panel.good.changed.connect(self._on_folders_changed)
        self._panel.questions.answered.connect(self._on_answered)
        self._panel.questions.retraining_wanted.connect(self._on_retraining_wanted)
        window.threshold_bar.promise.mending_wanted.connect(self.use_as_another_day)
        self._session.model_changed.connect(self._on_model_changed)

    # Questions

    @Slot(object)
    def _on_answered(self, answers: dict[str, str]) -> None:
        if self._last is not None:
            self._answers.setdefault(self._plain(self._last.request).normal, {}).update(answers)

    @Slot(object)
    def _on_retraining_wanted(self, settings: dict[str, str]) -> None:
        if self._last is None:
            return
        if not self._may_train():
            self._ask(self._last)
            return
        self._on_answered(settings)
        self._panel.form.set_values(settings)
        request = self._plain(self._last.request)
        values = {**vars(request.settings), **settings}
        self._train(replace(request, settings=TrainSettings(**values)), self._judged_images())

    def _ask(self, result: Trained) -> None:
        self._panel.questions.ask(result, self._answers.get(self._plain(result.request).normal, {}))

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

    def _plain(self, request: TrainRequest) -> TrainRequest:
        """Return a request without the corrections that were added to it: they are added anew."""
        now = self._corrections.now
        return replace(
            request,
            normal=tuple(path for path in request.normal if path not in now.good),
            anomalous=tuple(path for path in request.anomalous if path not in now.defects),
            excluded=tuple(path for path in request.excluded if path not in now.excluded),
        )

    # Another day

    @Slot()
    def use_as_another_day(self) -> None:
        """Let the good images that were judged set the threshold."""
        files = self._watch.paths
        if self._last is None:
            self._panel.other_day.add_paths(files)
            self._window.set_mode(Mode.TRAIN)
            self._window.say(
                self.tr("Choose the good images that this model learned from, and train: these are added.")
            )
        elif self._may_train():
            self._panel.other_day.add_paths(files)
            request = self._plain(self._last.request)
            changed = replace(request, calibration=(*request.calibration, *files))
            self._train(changed, self._judged_images(frozenset(files)))

    # Training

    def _may_train(self) -> bool:
        """Ask only where a threshold that a person set would go: the model itself is but made better."""
        session = self._session
        return session.threshold == session.saved_threshold or self._window.documents.may_replace_model()

    def _judged_images(self, without: frozenset[Path] = frozenset()) -> _Images:
        """Return the images that were judged for a person, by their labels."""
        table = self._session.table
        found: _Images = {}
        for mark in Marked:
            rows = np.flatnonzero((table.origins == Origin.DROPPED) & (table.marks == mark))
            paths = (table.paths[row] for row in rows.tolist())
            found[mark] = tuple(path for path in paths if path not in without)
        return found

    def _train(self, request: TrainRequest, judged: _Images) -> None:
        wanted = self._panel.corrected(request)
        self._judged = wanted, judged
        self._workshop.train(wanted)

    @Slot(object)
    def on_trained(self, result: Trained) -> None:
        """Ask what is open, and judge again what the training took away."""
        self._last = result
        self._ask(result)
        if self._judged is not None and self._judged[0] == result.request:
            for mark, paths in self._judged[1].items():
                if paths:
                    self._workshop.score(paths, mark)
        self._judged = None

    @Slot()
    def _on_model_changed(self) -> None:
        """Forget the training: a model that was opened is of another, and of this one `on_trained` tells."""
        self._last = None
        self._panel.questions.clear()
