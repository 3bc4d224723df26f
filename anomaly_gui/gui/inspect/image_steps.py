"""Going from image to image, and labelling them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction

from anomaly_gui.gui.state.image_table import ImageLabel

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from anomaly_gui.gui.state.corrections import Corrections
    from anomaly_gui.gui.state.session import Session


class ImageSteps(QObject):
    """Selects the next image. `list_rows` returns the rows of the table in the order they are shown."""

    def __init__(
        self,
        session: Session,
        list_rows: Callable[[], Sequence[int]],
        corrections: Corrections,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._session, self._list_rows, self._corrections = session, list_rows, corrections

    @Slot()
    def go_to_next(self) -> None:
        """Select the next image."""
        self._step_to_image(1)

    @Slot()
    def go_to_previous(self) -> None:
        """Select the previous image."""
        self._step_to_image(-1)

    @Slot()
    def go_to_next_wrong(self) -> None:
        """Select the next image whose verdict differs from its label."""
        self._step_to_image(1, wrong_only=True)

    def _step_to_image(self, by: int, *, wrong_only: bool = False) -> None:
        order, threshold = list(self._list_rows()), self._session.threshold
        if wrong_only and threshold is not None:
            wrong = self._session.table.find_wrong(threshold.value, threshold.unsure)
            order = [row for row in order if wrong[row]]
        if not order:
            return
        here = self._session.selection[0] if self._session.selection else None
        index = order.index(here) + by if here in order else 0
        self._session.select_rows((order[index % len(order)],))

    @Slot()
    def label_by_action(self) -> None:
        """Give the selected images the label of the menu's entry."""
        action = self.sender()
        if isinstance(action, QAction):
            self.label_selected(int(action.data()))

    @Slot(int)
    def label_selected(self, label: int) -> None:
        """Give the selected images a label."""
        self._session.label_rows(self._session.selection, ImageLabel(label))

    @Slot()
    def report_wrong(self) -> None:
        """Say that the selected images were judged wrongly."""
        if self._session.selection:
            self._corrections.put_aside(self._session.selection)

    @Slot()
    def toggle_excluded(self) -> None:
        """Leave the selected images out of the next training; take them in again where all are left out."""
        rows = self._session.selection
        self._corrections.exclude_rows(rows, not all(map(self._corrections.is_excluded, rows)))
