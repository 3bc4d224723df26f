"""Figures into files."""

from pathlib import Path
from typing import TYPE_CHECKING

from anomaly_gui.errors import UserError
from anomaly_gui.figures.canvas import drawing
from anomaly_gui.paths import atomic_write

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_DOTS_PER_INCH = 150


def save_figure(figure: "Figure", path: Path) -> None:
    """Write a figure as PNG at 150 dots per inch; the same figure gives the same bytes.

    An older file stays whole until the new one is complete. Raises UserError when it cannot be written.
    """
    try:
        with drawing(), atomic_write(path) as file:
            # Without this, matplotlib's version would be in the file.
            figure.savefig(file, format="png", dpi=_DOTS_PER_INCH, metadata={"Software": None})
    except OSError as error:
        raise UserError(f"{path} cannot be written: {error.strerror}; choose another folder.") from error
