"""What would be lost by leaving a project that has no place of its own, and the question about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMessageBox, QWidget

from anomaly_gui.gui.state.project.carrying import has_judged
from anomaly_gui.gui.state.said.remarks import REMARKS

if TYPE_CHECKING:
    from collections.abc import Callable

    from anomaly_gui.gui.state.project.project_state import ProjectState
    from anomaly_gui.gui.state.session import Session
    from anomaly_gui.gui.work.tasks import TaskRunner

SAVE, DISCARD, CANCEL = (
    QMessageBox.StandardButton.Save,
    QMessageBox.StandardButton.Discard,
    QMessageBox.StandardButton.Cancel,
)


class Leaving(QObject):
    """Asks before a person's work goes. A project with a place of its own keeps it, and nothing is asked."""

    def __init__(
        self,
        window: QWidget,
        session: Session,
        project: ProjectState,
        runner: TaskRunner,
        save_project: Callable[[], bool],
    ) -> None:
        """Make it. `save_project` gives the project a place; it tells whether that was done."""
        super().__init__(window)
        self._window, self._session, self._project = window, session, project
        self._runner, self.save_project = runner, save_project

    @property
    def is_at_risk(self) -> bool:
        """Tell whether there is something that leaving would lose."""
        if not self._project.is_untitled:
            return False
        document = self._project.document
        said = document.region or document.more.get(REMARKS)
        return self._session.is_unsaved or has_judged(self._session) or bool(said)

    def may_leave(self) -> bool:
        """Ask about what would be lost; tell whether the project may be left, saved if that was wanted."""
        if not self.is_at_risk:
            return True
        with self._runner.held():
            answer = self.ask_what_to_do()
            return answer == DISCARD or (answer == SAVE and self.save_project())

    def ask_what_to_do(self) -> QMessageBox.StandardButton:
        """Ask whether to save the project, to let it go, or to stay."""
        return QMessageBox.question(
            self._window,
            self.tr("The project is not saved"),
            self.tr("Model, labels and scored images are in no project yet. Save them?"),
            SAVE | DISCARD | CANCEL,
            SAVE,
        )
