"""Whether good parts that were judged keep what the threshold promises, and what to do where they don't."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from anomaly_gui.detection.judging.promise import BROKEN, Promise, describe_difference, examine_promise
from anomaly_gui.detection.judging.verdicts import is_anomalous
from anomaly_gui.gui.work.tasks import Task

if TYPE_CHECKING:
    from pathlib import Path

    from anomaly_gui.detection.arrays.kinds import FloatArray, IntArray
    from anomaly_gui.gui.state.session import Session
    from anomaly_gui.gui.work.workshop import Workshop
    from anomaly_gui.worker.model_summary import ModelSummary

_SETTLED = 150  # milliseconds without a change: results come in many small portions
_MOST_COMPARED = 2000  # images; of more, a few shots of one part change little


class PromiseWatch(QObject):
    """Tests the threshold's promise on good images that the model was not made of, once they have settled.

    Shots of one part count as one: before a promise is called broken the worker tells which images are such.
    """

    changed = Signal()

    def __init__(self, session: Session, workshop: Workshop, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._workshop = session, workshop
        self.promise: Promise | None = None
        self._requested: dict[Task, tuple[Path, ...]] = {}
        self._known: tuple[tuple[Path, ...], IntArray] = (), np.empty(0, np.int64)
        self._timer = QTimer(self, singleShot=True, interval=_SETTLED)
        self._timer.timeout.connect(self.check_promise)
        for signal in (session.images_added, session.labels_changed, session.thresholds.changed):
            signal.connect(self._check_soon)
        session.images_replaced.connect(self._forget_promise)

    @property
    def paths(self) -> tuple[Path, ...]:
        """The good images that are tested."""
        table = self._session.table
        return tuple(table.paths[row] for row in table.unseen_good.tolist())

    @Slot()
    def _check_soon(self) -> None:
        self._timer.start()  # not connected itself: it would take the rows of images for milliseconds

    @Slot()
    def check_promise(self) -> None:
        """Test the promise now, or as soon as it is known which images show one part."""
        threshold, model, table = self._session.threshold, self._session.model, self._session.table
        self.promise = None
        if threshold is not None and model is not None:
            rows = table.unseen_good
            rejected = is_anomalous(table.scores[rows], threshold.value)
            self.promise = examine_promise(threshold, rejected, np.ones(len(rows)))
            if self._is_broken and len(rows) <= _MOST_COMPARED:
                numbers = self._find_part_numbers(model)
                weights = None if numbers is None else 1 / np.bincount(numbers)[numbers]
                self.promise = None if weights is None else examine_promise(threshold, rejected, weights)
            if self.promise is not None and self._is_broken:
                self.promise = replace(self.promise, difference=_describe_looks(model, table.looks[rows]))
        self.changed.emit()

    @property
    def _is_broken(self) -> bool:
        return self.promise is not None and self.promise.outcome == BROKEN

    def _find_part_numbers(self, model: ModelSummary) -> IntArray | None:
        """Return which images show one part, or None, and ask the worker, where that is not known."""
        paths = self.paths
        if paths == self._known[0]:
            return self._known[1]
        if paths not in self._requested.values():
            task = self._workshop.find_parts(model, paths)
            self._requested[task] = paths
            task.finished.connect(self._on_parts_found)
            task.ended.connect(self._on_ended)
        return None

    @Slot(object)
    def _on_parts_found(self, numbers: tuple[int, ...]) -> None:
        task = self.sender()
        if isinstance(task, Task):
            self._known = self._requested[task], np.array(numbers)

    @Slot()
    def _on_ended(self) -> None:
        """Test with what was found; where that was stopped, every image counts as a part of its own."""
        task = self.sender()
        if isinstance(task, Task):
            paths = self._requested.pop(task)
            if self._known[0] != paths:
                self._known = paths, np.arange(len(paths))
            self._timer.start()

    @Slot()
    def _forget_promise(self) -> None:
        """Say nothing of images that are gone, until what came in their place has settled."""
        self.promise = None
        self.changed.emit()
        self._timer.start()


def _describe_looks(model: ModelSummary, looks: FloatArray) -> str:
    """Say how images look beside those that were learned from, by (images, 4) looks."""
    known = looks[~np.isnan(looks).any(axis=1)]
    return describe_difference(known[:0] if model.training.looks is None else model.training.looks, known)
