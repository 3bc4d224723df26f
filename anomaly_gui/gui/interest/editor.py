"""A dialog in which the region of interest is drawn on a training image."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, Slot
from PySide6.QtGui import QImage, QKeyEvent, QPalette, QUndoCommand, QUndoStack
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from anomaly_gui.detection.images.region_of_interest import MOST_SHAPES, RegionOfInterest, Shape
from anomaly_gui.detection.judging.verdicts import Verdict
from anomaly_gui.errors import ParameterError
from anomaly_gui.gui.help.help_places import REGION_OF_INTEREST, give_help
from anomaly_gui.gui.interest.region_share import format_share
from anomaly_gui.gui.interest.tools import RegionTools
from anomaly_gui.gui.interest.view import RegionView
from anomaly_gui.gui.widgets.style import set_role, text_colour, verdict_colour
from anomaly_gui.wording import join_sentences

if TYPE_CHECKING:
    from anomaly_gui.detection.images.region_of_interest import Point


class RegionEditor(QDialog):
    """Draws shapes to keep and to ignore, and knows what was drawn before it is closed, too."""

    def __init__(
        self, image: QImage, region: RegionOfInterest | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Region of interest"))
        self.resize(960, 720)
        self._region = region or RegionOfInterest()
        self._words = ""
        self.undo_stack = QUndoStack(self)
        self.view = RegionView(image)
        self.view.setAccessibleName(self.tr("Image with the region of interest"))
        self.tools = RegionTools()
        self.says = QLabel()
        self._hint = QLabel(self.tools.describe_tool())
        self._lay_out()
        self._connect_parts()
        self.show_region(self._region)
        self.view.setFocus()
        give_help(self, REGION_OF_INTEREST)

    def read_region(self) -> RegionOfInterest:
        """Return what was drawn."""
        return self._region

    def show_region(self, region: RegionOfInterest, selected: int = -1) -> None:
        """Show a region without a trace in the undo stack."""
        self._region = region
        self._words = self._describe_region()
        self.view.show_shapes(region.shapes, selected)
        self._show_problem()

    def _connect_parts(self) -> None:
        view, tools = self.view, self.tools
        view.drawn.connect(self._on_drawn)
        view.changed.connect(self._replace_shape)
        view.problem_met.connect(self._show_problem)
        view.selection_changed.connect(self._on_selection_changed)
        view.drawing_changed.connect(self._on_drawing_changed)
        tools.tool_chosen.connect(self._on_tool_chosen)
        tools.keep_chosen.connect(self._on_keep_chosen)
        tools.undo.triggered.connect(self._on_undo)
        tools.redo.triggered.connect(self.undo_stack.redo)
        tools.remove.triggered.connect(self._on_remove)
        tools.clear.triggered.connect(self._on_clear)
        tools.fit.triggered.connect(view.fit_picture)
        self.undo_stack.indexChanged.connect(self._enable_steps)

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
        self._hint.setText(self.tools.describe_tool())

    @Slot(bool)
    def _on_keep_chosen(self, keep: bool) -> None:
        self.view.keep = keep
        self.view.viewport().update()
        number = self.view.selected
        if number >= 0 and self._region.shapes[number].keep != keep:
            self._replace_shape(number, replace(self._region.shapes[number], keep=keep))

    @Slot(str, object)
    def _on_drawn(self, kind: str, points: tuple[Point, ...]) -> None:
        try:
            shape = Shape(kind, points, self.tools.keep)
        except ParameterError:
            self._show_problem(self.tr("What was drawn has no area, so it was not taken."))
        else:
            self._propose_shapes((*self._region.shapes, shape))

    @Slot()
    def _on_remove(self) -> None:
        shapes, number = self._region.shapes, self.view.selected
        if number >= 0:
            self._propose_shapes((*shapes[:number], *shapes[number + 1 :]))

    @Slot()
    def _on_clear(self) -> None:
        self._propose_shapes(())

    @Slot()
    def _on_undo(self) -> None:
        if self.view.is_drawing:
            self.view.drop_corner()
        else:
            self.undo_stack.undo()

    @Slot()
    def _on_selection_changed(self) -> None:
        if self.view.selected >= 0:
            self.view.keep = self._region.shapes[self.view.selected].keep
            self.tools.show_keep(self.view.keep)
        self._enable_steps()

    @Slot()
    def _on_drawing_changed(self) -> None:
        self._show_problem()
        self._enable_steps()

    @Slot()
    def _enable_steps(self) -> None:
        is_drawing, stack = self.view.is_drawing, self.undo_stack
        self.tools.enable_steps(
            undo=stack.canUndo() or is_drawing,
            redo=stack.canRedo() and not is_drawing,
            remove=self.view.selected >= 0,
            clear=bool(self._region) and not is_drawing,
        )

    @Slot(int, object)
    def _replace_shape(self, number: int, shape: Shape) -> None:
        shapes = self._region.shapes
        self._propose_shapes((*shapes[:number], shape, *shapes[number + 1 :]), number)

    def _propose_shapes(self, shapes: tuple[Shape, ...], selected: int = -1) -> None:
        """Take shapes as a step that can be undone, or say why they cannot be taken."""
        try:
            new = RegionOfInterest(shapes)
        except ParameterError:
            self.show_region(self._region, self.view.selected)
            self._show_problem(_explain_refusal(len(shapes)))
        else:
            self.undo_stack.push(_Step(self, new, selected))

    @Slot(str)
    def _show_problem(self, problem: str = "") -> None:
        palette = self.says.palette()
        colour = verdict_colour(Verdict.DEFECT) if problem else text_colour()
        palette.setColor(QPalette.ColorRole.WindowText, colour)
        self.says.setPalette(palette)
        self.says.setText(join_sentences(problem, self._words))

    def _describe_region(self) -> str:
        if not self._region:
            return self.tr(
                "Draw what counts, or what is to be ignored. Nothing drawn: the whole image counts."
            )
        return self.tr("Counts: %1 of the image.").replace("%1", format_share(self._region))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_escape = event.key() == Qt.Key.Key_Escape
        if is_escape and self.view.is_drawing:
            self.view.drop_corner()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.view.is_drawing:
            self.view.finish_shape()
        elif is_escape and not self.undo_stack.isClean():  # one Esc too many must not cost the drawing
            self._show_problem(self.tr("Esc does not drop what you drew: press Cancel to do so."))
        else:
            super().keyPressEvent(event)

    def accept(self) -> None:
        """Close with what was drawn, unless a polygon is still open."""
        if self.view.is_drawing:
            self._show_problem(
                self.tr("The polygon is not closed: double-click to close it, or Esc to drop it.")
            )
        else:
            super().accept()


def _explain_refusal(count: int) -> str:
    """Say why so many shapes cannot be taken."""
    if count <= MOST_SHAPES:
        return QCoreApplication.translate(
            "RegionEditor", "Nothing would be left that counts, so this was not taken."
        )
    full = QCoreApplication.translate(
        "RegionEditor", "There can be no more than %1 shapes: remove one first."
    )
    return full.replace("%1", str(MOST_SHAPES))


class _Step(QUndoCommand):
    def __init__(self, editor: RegionEditor, new: RegionOfInterest, selected: int) -> None:
        super().__init__()
        self._editor, self._old, self._new, self._selected = editor, editor.read_region(), new, selected

    def redo(self) -> None:
        self._editor.show_region(self._new, self._selected)

    def undo(self) -> None:
        self._editor.show_region(self._old, self._selected)
