"""What the operator's page is set to: the part and the lot at hand, and whether it is locked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from anomaly_gui.gui.state.operator.pin import OperatorPin
from anomaly_gui.gui.state.part_tag import PartTag

if TYPE_CHECKING:
    from anomaly_gui.gui.state.preferences import Preferences
    from anomaly_gui.gui.state.project.project_state import ProjectState

LOT = "lot"
"""What a project keeps the lot under."""
_LOCKED = "operator/locked"


class OperatorState(QObject):
    """One window's. The lot is kept with the product, PIN and lock with the machine.

    Attributes
    ----------
    is_inspecting : whether what is dropped now is judged for the operator
    is_locked : whether nothing but judging is possible until the PIN is typed
    """

    part_changed = Signal()
    lock_changed = Signal()
    refused = Signal(str)  # a sentence: why something is not done

    def __init__(
        self, preferences: Preferences, project: ProjectState, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._preferences, self._project = preferences, project
        self._pin = OperatorPin(preferences)
        self.part = PartTag()
        self.is_inspecting = self.is_locked = False
        project.opened.connect(self._on_project_opened)

    @Slot()
    def _on_project_opened(self) -> None:
        """Know the lot of this product; a number that was scanned was of another one."""
        self._set_part(PartTag(lot=str(self._project.document.more.get(LOT, ""))))

    # The part

    @Slot(str)
    def set_number(self, number: str) -> None:
        """Name the part that is judged next."""
        self._set_part(PartTag(number.strip(), self.part.lot))

    @Slot(str)
    def set_lot(self, lot: str) -> None:
        """Name the lot of all parts from now on."""
        self._set_part(PartTag(self.part.number, lot.strip()))
        self._project.update(more={**self._project.document.more, LOT: self.part.lot})

    def take_part(self) -> PartTag | None:
        """Return the part that what comes now shows, and forget its number; None while nobody inspects.

        A number that stayed would be given to the next part, which nobody scanned.
        """
        if not self.is_inspecting:
            return None
        part = self.part
        self._set_part(PartTag(lot=part.lot))
        return part

    def _set_part(self, part: PartTag) -> None:
        if part != self.part:
            self.part = part
            self.part_changed.emit()

    # The lock

    @property
    def has_pin(self) -> bool:
        """Tell whether a PIN was set."""
        return self._pin.is_set

    @property
    def was_locked(self) -> bool:
        """Tell whether the program ended while it was locked."""
        return self._preferences.is_on(_LOCKED, default=False)

    def set_pin(self, pin: str) -> None:
        """Set the PIN that unlocks."""
        self._pin.set_pin(pin)

    def lock_page(self) -> None:
        """Lock, until `unlock_page` has the PIN; also after a restart."""
        self._set_locked(True)

    def unlock_page(self, pin: str) -> bool:
        """Unlock if this is the PIN; return whether it was."""
        if not self._pin.is_right(pin):
            return False
        self._set_locked(False)
        return True

    def _set_locked(self, locked: bool) -> None:
        self._preferences.set_on(_LOCKED, locked)
        if locked != self.is_locked:
            self.is_locked = locked
            self.lock_changed.emit()
