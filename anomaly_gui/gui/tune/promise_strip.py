"""That a promise is broken, and the button that mends it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from anomaly_gui.detection.judging.promise import BROKEN
from anomaly_gui.gui.style.parts import make_notice
from anomaly_gui.gui.widgets.style import fit_height
from anomaly_gui.wording import join_sentences

if TYPE_CHECKING:
    from anomaly_gui.gui.work.promise_watch import PromiseWatch


class PromiseStrip(QFrame):
    """Says that a promise is broken, with a button that mends it; hidden while there is nothing to say."""

    mending_wanted = Signal()

    def __init__(self, watch: PromiseWatch, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._watch = watch
        make_notice(self)
        self.says = QLabel(wordWrap=True)
        fit_height(self.says)
        self.button = QPushButton(self.tr("&Use as good parts of another day"))
        tip = self.tr("Train again: the threshold then rests on these images, which are tested no more")
        self.button.setToolTip(f"{tip} ({self.button.shortcut().toString()})")
        self.button.clicked.connect(self.mending_wanted)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 4)
        layout.addWidget(self.says, 1)
        layout.addWidget(self.button)
        watch.changed.connect(self._show_promise)
        self._show_promise()

    @Slot()
    def _show_promise(self) -> None:
        promise = self._watch.promise
        is_broken = promise is not None and promise.outcome == BROKEN
        if is_broken:
            question = self.tr("Use them as good parts of another day?")
            self.says.setText(join_sentences(str(promise), question))
        self.setVisible(is_broken)
