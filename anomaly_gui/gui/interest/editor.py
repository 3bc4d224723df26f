"""A dialog in which the region of interest is drawn on a training image."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QImage, QKeyEvent, QPalette, QUndoCommand, QUndoStack
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from anomaly_gui.detection.images.region_of_interest import MOST_SHAPES, RegionOfInterest, Shape
from anomaly_gui.detection.judging.verdicts import Verdict
from anomaly_gui.errors import ParameterError
from anomaly_gui.gui.help.help_places import REGION_OF_INTEREST, give_help
from anomaly_gui.gui.interest.tools import InterestTools
from anomaly_gui.gui.interest.view import InterestView
from anomaly_gui.gui.widgets.style import set_role, text_colour, verdict_colour
from anomaly_gui.wording import percent

if TYPE_CHECKING:
    from anomaly_gui.detection.images.region_of_interest import Point

_RASTER = 400  # pixels a side, to reckon the share that counts


class InterestEditor(QDialog):
    """Draws shapes to keep and to ignore; `interest` is what was drawn, also before the dialog is closed."""

    def __init__(
        self, image: QImage, interest: RegionOfInterest | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Region of interest"))
        self.resize(960, 720)
        self._interest = interest or RegionOfInterest()
        self._words = ""
        self.undo_stack = QUndoStack(self)
        self.view = InterestView(image)
        self.view.setAccessibleName(self.tr("Image with the region of interest"))
        self.tools = InterestTools()
        self.says = QLabel()
        self._hint = QLabel(self.tools.hint())
        self._lay_out()
        self._connect()
        self.take(self._interest)
        self.view.setFocus()
        give_help(self, REGION_OF_INTEREST)

    def interest(self) -> RegionOfInterest:
        """Return what was drawn."""
        return self._interest

    def take(self, interest: RegionOfInterest, selected: int = -1) -> None:
        """Show a region without a trace in the undo stack."""
        self._interest = interest
        self._words = self._in_words()
        self.view.show_shapes(interest.shapes, selected)
        self._say()

    def _connect(self) -> None:
        view, tools = self.view, self.tools
        view.drawn.connect(self._on_drawn)
        view.changed.connect(self._on_changed)
        view.problem_met.connect(self._say)
        view.selection_changed.connect(self._on_selection_changed)
        view.drawing_changed.connect(self._on_drawing_changed)
        tools.tool_chosen.connect(self._on_tool_chosen)
        tools.keep_chosen.connect(self._on_keep_chosen)
        tools.undo.triggered.connect(self._on_undo)
        tools.redo.triggered.connect(self.undo_stack.redo)
        tools.remove.triggered.connect(self._on_remove)
        tools.clear.triggered.connect(self._on_clear)
        tools.fit.triggered.connect(view.fit)
        self.undo_stack.indexChanged.connect(self._on_steps_changed)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self.tools)
        row.addWidget(self.view, 1)
        layout = QVBoxLayout(self)
        layout.addLayout(row, 1)
        for label in (self.says, self._hint):
            label.setWordWrap(True)
            layout.addWidget(label)
        set_role(self._hint, faint=True)
        standard = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(standard.Ok | standard.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)

    @Slot(str)
    def _on_tool_chosen(self, tool: str) -> None:
        self.view.set_tool(tool)
        self._hint.setText(self.tools.hint())

    @Slot(bool)
    def _on_keep_chosen(self, keep: bool) -> None:
        self.view.keep = keep
        self.view.viewport().update()
        number = self.view.selected
        if number >= 0 and self._interest.shapes[number].keep != keep:
            self._replace(number, replace(self._interest.shapes[number], keep=keep))

    @Slot(str, object)
    def _on_drawn(self, kind: str, points: tuple[Point, ...]) -> None:
        try:
            shape = Shape(kind, points, self.tools.keep)
        except ParameterError:
            self._say(self.tr("What was drawn has no area, so it was not taken."))
        else:
            self._propose((*self._interest.shapes, shape))

    @Slot(int, object)
    def _on_changed(self, number: int, shape: Shape) -> None:
        self._replace(number, shape)

    @Slot()
    def _on_remove(self) -> None:
        shapes, number = self._interest.shapes, self.view.selected
        if number >= 0:
            self._propose((*shapes[:number], *shapes[number + 1 :]))

    @Slot()
    def _on_clear(self) -> None:
        self._propose(())

    @Slot()
    def _on_undo(self) -> None:
        if self.view.is_drawing:
            self.view.drop_corner()
        else:
            self.undo_stack.undo()

    @Slot()
    def _on_selection_changed(self) -> None:
        if self.view.selected >= 0:
            self.view.keep = self._interest.shapes[self.view.selected].keep
            self.tools.show_keep(self.view.keep)
        self._enable_steps()

    @Slot()
    def _on_drawing_changed(self) -> None:
        self._say()
        self._enable_steps()

    @Slot()
    def _on_steps_changed(self) -> None:
        self._enable_steps()

    def _enable_steps(self) -> None:
        is_drawing, stack = self.view.is_drawing, self.undo_stack
        self.tools.enable_steps(
            undo=stack.canUndo() or is_drawing,
            redo=stack.canRedo() and not is_drawing,
            remove=self.view.selected >= 0,
            clear=bool(self._interest) and not is_drawing,
        )

    def _replace(self, number: int, shape: Shape) -> None:
        shapes = self._interest.shapes
        self._propose((*shapes[:number], shape, *shapes[number + 1 :]), number)

    def _propose(self, shapes: tuple[Shape, ...], selected: int = -1) -> None:
        """Take shapes as a step that can be undone, or say why they cannot be taken."""
        try:
            new = RegionOfInterest(shapes)
        except ParameterError:
            self.take(self._interest, self.view.selected)
            self._say(self._why_not(len(shapes)))
        else:
            self.undo_stack.push(_Step(self, new, selected))

    def _why_not(self, count: int) -> str:
        if count <= MOST_SHAPES:
            return self.tr("Nothing would be left that counts, so this was not taken.")
        full = self.tr("There can be no more than %1 shapes: remove one first.")
        return full.replace("%1", str(MOST_SHAPES))

    @Slot(str)
    def _say(self, problem: str = "") -> None:
        palette = self.says.palette()
        colour = verdict_colour(Verdict.DEFECT) if problem else text_colour()
        palette.setColor(QPalette.ColorRole.WindowText, colour)
        self.says.setPalette(palette)
        self.says.setText(f"{problem} {self._words}".strip())

    def _in_words(self) -> str:
        if not self._interest:
            return self.tr(
                "Draw what counts, or what is to be ignored. Nothing drawn: the whole image counts."
            )
        share = float(self._interest.draw_mask(_RASTER, _RASTER).mean())
        decimals = 0 if 0.1 <= share <= 0.99 or share == 1 else 1
        return self.tr("Counts: %1 of the image.").replace("%1", percent(share, decimals))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_escape = event.key() == Qt.Key.Key_Escape
        if is_escape and self.view.is_drawing:
            self.view.drop_corner()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.view.is_drawing:
            self.view.finish()
        elif is_escape and not self.undo_stack.isClean():  # one Esc too many must not cost the drawing
            self._say(self.tr("Esc does not drop what you drew: press Cancel to do so."))
        else:
            super().keyPressEvent(event)

    def accept(self) -> None:
        """Close with what was drawn, unless a polygon is still open."""
        if self.view.is_drawing:
            self._say(self.tr("The polygon is not closed: double-click to close it, or Esc to drop it."))
        else:
            super().accept()


class _Step(QUndoCommand):
    def __init__(self, editor: InterestEditor, new: RegionOfInterest, selected: int) -> None:
        super().__init__()
        self._editor, self._old, self._new, self._selected = editor, editor.interest(), new, selected

    def redo(self) -> None:
        self._editor.take(self._new, self._selected)

    def undo(self) -> None:
        self._editor.take(self._old, self._selected)
