"""Figures into files."""

from pathlib import Path
from typing import TYPE_CHECKING

from anomaly_gui.errors import UserError
from anomaly_gui.figures.canvas import set_up_drawing
from anomaly_gui.language import translate
from anomaly_gui.paths import atomic_write
from anomaly_gui.wording import explain_os_error

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_DOTS_PER_INCH = 150


def save_figure(figure: "Figure", path: Path) -> None:
    """Write a figure as SVG when the name ends so, else as PNG at 150 dots per inch.

    The same figure gives the same bytes.

    An older file stays whole until the new one is complete. Raises UserError when it cannot be written.
    """
    kind = "svg" if path.suffix.lower() == ".svg" else "png"
    # without this, matplotlib's version and the time would be in the file
    unsaid = {"png": {"Software": None}, "svg": {"Creator": None, "Date": None}}[kind]
    try:
        with set_up_drawing(), atomic_write(path) as file:
            figure.savefig(file, format=kind, dpi=_DOTS_PER_INCH, metadata=unsaid)
    except OSError as error:
        raise UserError(
            translate(
                "{path} cannot be written: {why}; choose another folder.",
                path=path,
                why=explain_os_error(error),
            )
        ) from error
