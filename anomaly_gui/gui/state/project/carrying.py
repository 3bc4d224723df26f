"""What a person did with one model, taken over to the next: labels, and images to be judged by it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.gui.state.carried import Carried
from anomaly_gui.gui.state.image_table import Origin

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from anomaly_gui.gui.state.image_table import ImageLabel
    from anomaly_gui.gui.state.session import Session


def carry_over(session: Session) -> Carried:
    """Return what a person's work on a session's images is for another model."""
    return Carried.collect(session.table, session.waiting, session.waiting_parts)


def has_judged(session: Session) -> bool:
    """Tell whether there is work of a person's beside the model: images judged, or labels given."""
    carried = carry_over(session)
    return bool(carried.judged or carried.relabelled)


def take_labels(session: Session, labels: Mapping[Path, ImageLabel]) -> None:
    """Label images by their paths, where another label is wanted; without a trace in the undo stack."""
    rows, wanted = session.table.find_other_labels(labels)
    if len(rows):
        session.apply_labels(rows, wanted)


def take_carried(session: Session, carried: Carried) -> None:
    """Take the labels that came while another model was in use; what this one has not judged waits."""
    if session.model is None:
        return
    take_labels(session, carried.labels)
    own, table = (Origin.TRAINING, Origin.CALIBRATION), session.table
    judged = {table.paths[row] for row in np.flatnonzero(~np.isin(table.origins, own)).tolist()}
    waiting = carried.list_waiting(session.model).items()
    session.waiting = {path: label for path, label in waiting if path not in judged}
    session.waiting_parts = dict(carried.parts)


def move_model(session: Session, file: Path) -> None:
    """Note that the worker finds the model in another file now."""
    if session.model is not None:
        session.model = replace(session.model, file=file)
