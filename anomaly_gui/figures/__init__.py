"""Pictures of results, as files: plain values in, figures out. Importing it loads no matplotlib."""

from anomaly_gui.figures.confusion_table import draw_confusion
from anomaly_gui.figures.curves import draw_histogram, draw_roc
from anomaly_gui.figures.failures import ClassPredictions, Thumbnail, draw_failures
from anomaly_gui.figures.scatter import draw_scatter
from anomaly_gui.figures.score_data import NamedThreshold, ScatterData
from anomaly_gui.figures.write import save_figure

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
    "save_figure",
]
