"""The colour of each label. Blue and pink stay apart for colour-blind eyes."""

from __future__ import annotations

from PySide6.QtGui import QColor

from anomaly_gui.gui.state.image_table import ImageLabel
from anomaly_gui.gui.style.scheme import current_scheme


def label_colour(label: ImageLabel) -> QColor:
    """Return the colour of images with this label."""
    scheme = current_scheme()
    colours = {
        ImageLabel.GOOD: scheme.normal,
        ImageLabel.DEFECT: scheme.anomalous,
        ImageLabel.NONE: scheme.unlabelled,
    }
    return QColor(colours[label])
