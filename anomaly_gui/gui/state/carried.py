"""What goes with a person from one model to the next: images that were judged, and labels that were given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.gui.state.image_table import ImageLabel, Origin

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from anomaly_gui.gui.state.image_table import ImageTable
    from anomaly_gui.worker.model_summary import ModelSummary


@dataclass(frozen=True)
class Carried:
    """What other models need to know.

    Parameters
    ----------
    judged : images that were judged for a person, or wait for it, with their labels
    relabelled : images that came with the model or as known defects, where a person gave another label
    own : images that the model was made of
    """

    judged: Mapping[Path, ImageLabel]
    relabelled: Mapping[Path, ImageLabel]
    own: frozenset[Path]

    @classmethod
    def collect(cls, table: ImageTable, waiting: Mapping[Path, ImageLabel]) -> Carried:
        """Return what is to be carried from a table."""
        dropped = table.origins == Origin.DROPPED
        expected = np.where(table.origins == Origin.KNOWN_DEFECTS, ImageLabel.DEFECT, ImageLabel.GOOD)
        relabelled = np.flatnonzero(~dropped & (table.labels != expected))
        own = np.flatnonzero(~dropped)
        return cls(
            {**_read_labels(table, np.flatnonzero(dropped)), **waiting},
            _read_labels(table, relabelled),
            frozenset(table.paths[row] for row in own.tolist()),
        )

    @property
    def labels(self) -> dict[Path, ImageLabel]:
        """Every label that a person gave."""
        return {**self.judged, **self.relabelled}

    def list_waiting(self, model: ModelSummary) -> dict[Path, ImageLabel]:
        """Return the images that a model has to judge: not those that it learned from, and others had not."""
        learned = {one.path for one in (*model.training.images, *model.training.calibration)} - self.own
        return {path: label for path, label in self.judged.items() if path not in learned}


def _read_labels(table: ImageTable, rows: np.ndarray) -> dict[Path, ImageLabel]:
    return {table.paths[row]: ImageLabel(int(table.labels[row])) for row in rows.tolist()}
