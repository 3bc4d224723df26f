"""Who is signed in at the station that is looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from anomaly_gui.gui.style.icons import set_icon
from anomaly_gui.gui.widgets.plain_text import escape_title

if TYPE_CHECKING:
    from anomaly_gui.gui.station.feed.people import People


class PersonButton(QToolButton):
    """Says who; a click signs in, or offers to sign out. Hidden where a station keeps no people."""

    sign_in_wanted = Signal()
    sign_out_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._people: People | None = None
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        set_icon(self, "user")
        self.choices = QMenu(self)
        again = self.choices.addAction(self.tr("Sign in as somebody else…"))
        again.triggered.connect(self.sign_in_wanted)
        self.choices.addAction(self.tr("Sign out")).triggered.connect(self.sign_out_wanted)
        self.clicked.connect(self._on_clicked)
        self.hide()

    def show_people(self, people: People | None) -> None:
        """Show who is there."""
        self.setVisible(people is not None and people.is_kept)
        if people is None or people == self._people:
            return
        self._people, session = people, people.session
        if session is None:
            text, tip = self.tr("Sign in…"), self.tr("Nobody is signed in")
        else:
            text = f"{session.name} ({session.role.told})"
            tip = self.tr("%1 is signed in").replace("%1", session.name)
        if session is not None and session.is_locked:
            tip = self.tr("%1 was idle for a while: changes ask for the password").replace("%1", session.name)
        self.setText(escape_title(text))
        self.setToolTip(tip)
        self.setAccessibleName(f"{text}. {tip}")

    def _on_clicked(self) -> None:
        if self._people is not None and self._people.session is None:
            self.sign_in_wanted.emit()
        else:
            self.choices.popup(self.mapToGlobal(QPoint(0, self.height())))
