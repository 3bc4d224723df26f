"""The colour of each label. Blue and pink stay apart for colour-blind eyes."""

from __future__ import annotations

from PySide6.QtGui import QColor

from anomaly_gui.figures.style import ANOMALOUS, NORMAL, UNLABELLED
from anomaly_gui.gui.state.image_table import ImageLabel
from anomaly_gui.gui.widgets.style import is_dark

_ON_LIGHT = {ImageLabel.GOOD: NORMAL, ImageLabel.DEFECT: ANOMALOUS, ImageLabel.NONE: UNLABELLED}
_ON_DARK = {ImageLabel.GOOD: "#6ea8fe", ImageLabel.DEFECT: "#f77fb8", ImageLabel.NONE: "#a8a8a8"}


def label_colour(label: ImageLabel) -> QColor:
    """Return the colour of images with this label."""
    return QColor((_ON_DARK if is_dark() else _ON_LIGHT)[label])
