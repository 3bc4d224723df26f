"""Matplotlib, made quiet and independent of the user's own settings."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from anomaly_gui.figures.fonts import list_fonts, speak_drawable
from anomaly_gui.figures.style import SETTINGS

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@contextmanager
def set_up_drawing() -> Iterator[None]:
    """Draw with our settings and without matplotlib's remarks; put everything back afterwards.

    Every use of matplotlib happens inside, the first import too: without a writable home folder it would log
    where it keeps its font cache, and at the first run that it builds one.
    """
    with _let_errors_through(logging.getLogger("matplotlib")), warnings.catch_warnings():
        import matplotlib  # late: a second, and only commands that write pictures need it
        import matplotlib.backends.backend_agg
        import matplotlib.figure

        # A name in a script the font lacks shows as boxes; the picture is good all the same.
        warnings.filterwarnings("ignore", r"Glyph .* missing from", UserWarning)
        with matplotlib.rc_context(), speak_drawable():
            matplotlib.rcdefaults()
            matplotlib.rcParams.update(SETTINGS)
            matplotlib.rcParams["font.family"] = [*SETTINGS["font.family"], *list_fonts()]
            yield


def make_figure(width: float, height: float, layout: str = "constrained") -> "Figure":
    """Return an empty figure of a size in inches, with a canvas that needs no window."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout=layout)  # type: ignore[arg-type]
    FigureCanvasAgg(figure)
    return figure


@contextmanager
def _let_errors_through(logger: logging.Logger) -> Iterator[None]:
    """Let a logger and those below it pass on errors only."""
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)
