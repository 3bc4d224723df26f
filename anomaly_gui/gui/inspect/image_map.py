"""The map of one of the session's images over its picture, or why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from anomaly_gui.detection.detectors.anomaly_maps import find_regions
from anomaly_gui.detection.judging.verdicts import Verdict
from anomaly_gui.detection.model.image_result import mark_places
from anomaly_gui.detection.settings.detector_kinds import DETECTORS

if TYPE_CHECKING:
    from anomaly_gui.detection.detectors.anomaly_maps import AnomalyMap, Region
    from anomaly_gui.gui.inspect.map_view import MapView
    from anomaly_gui.gui.state.session import Session

_HOTTEST = 0.8  # of the highest value: around it lies the place to look at


def show_image_map(view: MapView, session: Session, row: int) -> None:
    """Lay the map of an image over its picture, or say why there is none; -1 for no image."""
    found = session.table.maps[row] if row >= 0 else None
    if found is None:
        view.show_map(None, why=_explain_no_map(session, row))
    else:
        verdict = session.find_verdict(row)
        places = mark_places(found, verdict)
        is_defect = verdict == Verdict.DEFECT
        if is_defect and not places:
            places = _find_hottest(found)
        view.show_map(found.values, places, outlined=int(is_defect))


def _find_hottest(found: AnomalyMap) -> tuple[Region, ...]:
    """Return the one place to look at first, however little it stands out; none in a map without heat."""
    highest = float(found.values.max())
    if highest <= 0:
        return ()
    return find_regions(found.values, found.width, found.height, level=_HOTTEST * highest)[:1]


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
        "ImageMap", "No map was kept of this image; it is made when nothing else is at work."
    )
