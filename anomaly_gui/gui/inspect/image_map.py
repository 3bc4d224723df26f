"""The map of one of the session's images over its picture, or why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from anomaly_gui.detection.model.image_result import mark_places
from anomaly_gui.detection.settings.detector_kinds import DETECTORS

if TYPE_CHECKING:
    from anomaly_gui.gui.inspect.map_view import MapView
    from anomaly_gui.gui.state.session import Session


def show_image_map(view: MapView, session: Session, row: int) -> None:
    """Lay the map of an image over its picture, or say why there is none; -1 for no image."""
    found = session.table.maps[row] if row >= 0 else None
    if found is None:
        view.show_map(None, why=_explain_no_map(session, row))
    else:
        view.show_map(found.values, mark_places(found, session.find_verdict(row)))


def _explain_no_map(session: Session, row: int) -> str:
    if row < 0 or session.model is None:
        return ""
    if not DETECTORS[session.model.detector].has_map:
        return QCoreApplication.translate(
            "ImageMap",
            "No map: this model judges the image as a whole. Train with the detector auto to see where.",
        )
    if session.table.read_row(row).score is None:
        return QCoreApplication.translate("ImageMap", "No map: this image could not be judged.")
    return QCoreApplication.translate(
        "ImageMap", "No map was kept of this image: score it again to see where."
    )
