"""Whether good parts that were judged keep what the threshold promises, and what to do where they don't."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from anomaly_gui.detection.judging.promise import BROKEN, Promise, describe_difference, examine_promise
from anomaly_gui.gui.detector_choice import fit_height

if TYPE_CHECKING:
    from pathlib import Path

    from anomaly_gui.gui.session import Session

_SETTLED = 150  # milliseconds without a change: results come in many small portions


class PromiseWatch(QObject):
    """Tests the threshold's promise on good images that the model was not made of, once they have settled."""

    changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.promise: Promise | None = None
        self._timer = QTimer(self, singleShot=True, interval=_SETTLED)
        self._timer.timeout.connect(self.examine)
        for signal in (session.images_added, session.labels_changed, session.threshold_changed):
            signal.connect(self._timer.start)
        session.images_replaced.connect(self._forget)

    @property
    def paths(self) -> tuple[Path, ...]:
        """The good images that are tested."""
        table = self._session.table
        return tuple(table.paths[row] for row in table.unseen_good.tolist())

    @Slot()
    def examine(self) -> None:
        """Test the promise now."""
        threshold, view, table = self._session.threshold, self._session.view, self._session.table
        rows = table.unseen_good
        if threshold is None or view is None:
            self.promise = None
        else:
            rejected = table.scores[rows] < threshold.value
            self.promise = examine_promise(threshold, rejected, np.ones(len(rows)))
        if view is not None and self.promise is not None and self.promise.outcome == BROKEN:
            looks = table.looks[rows]
            looks = looks[~np.isnan(looks).any(axis=1)]
            learned = looks[:0] if view.training.looks is None else view.training.looks
            self.promise = replace(self.promise, difference=describe_difference(learned, looks))
        self.changed.emit()

    @Slot()
    def _forget(self) -> None:
        """Say nothing of images that are gone, until what came in their place has settled."""
        self.promise = None
        self.changed.emit()
        self._timer.start()


class PromiseStrip(QFrame):
    """Says that a promise is broken, with a button that mends it; hidden while there is nothing to say."""

    mending_wanted = Signal()

    def __init__(self, watch: PromiseWatch, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._watch = watch
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.says = QLabel(wordWrap=True)
        fit_height(self.says)
        self.button = QPushButton(self.tr("Use as good parts of another day"))
        self.button.setToolTip(
            self.tr("Train again: the threshold then rests on these images, which are tested no more")
        )
        self.button.clicked.connect(self.mending_wanted)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 4)
        layout.addWidget(self.says, 1)
        layout.addWidget(self.button)
        watch.changed.connect(self._show)
        self._show()

    @Slot()
    def _show(self) -> None:
        promise = self._watch.promise
        is_broken = promise is not None and promise.outcome == BROKEN
        if is_broken:
            question = self.tr("Use them as good parts of another day?")
            self.says.setText(f"{promise} {question}")
        self.setVisible(is_broken)
