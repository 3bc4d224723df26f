"""Pictures of results, as files: plain values in, figures out. Importing it loads no matplotlib."""

from anomaly_gui.figures.confusion_table import confusion_figure
from anomaly_gui.figures.curves import histogram_figure, roc_figure
from anomaly_gui.figures.failures import ClassPredictions, Thumbnail, failures_figure
from anomaly_gui.figures.scatter import scatter_figure
from anomaly_gui.figures.score_data import NamedThreshold, ScatterData
from anomaly_gui.figures.write import save_figure

__all__ = [
    "ClassPredictions",
    "NamedThreshold",
    "ScatterData",
    "Thumbnail",
    "confusion_figure",
    "failures_figure",
    "histogram_figure",
    "roc_figure",
    "save_figure",
    "scatter_figure",
]
