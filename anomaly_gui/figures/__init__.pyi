from .canvas import set_up_drawing
from .confusion_table import draw_confusion
from .curves import draw_histogram, draw_roc
from .failures import ClassPredictions, Thumbnail, draw_failures
from .scatter import draw_scatter, draw_scatters
from .score_data import NamedThreshold, ScatterData
from .write import save_figure

__all__ = [
    "ClassPredictions",
    "NamedThreshold",
    "ScatterData",
    "Thumbnail",
    "draw_confusion",
    "draw_failures",
    "draw_histogram",
    "draw_roc",
    "draw_scatter",
    "draw_scatters",
    "save_figure",
    "set_up_drawing",
]
