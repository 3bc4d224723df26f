"""What goes with a person from one model to the next: images that were judged, and labels that were given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.gui.state.image_table import ImageLabel, Origin
from anomaly_gui.gui.state.part_tag import NO_PART

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from anomaly_gui.gui.state.image_table import ImageTable
    from anomaly_gui.gui.state.part_tag import PartTag
    from anomaly_gui.worker.model_summary import ModelSummary


@dataclass(frozen=True)
class Carried:
    """What other models need to know.

    Parameters
    ----------
    judged : images that were judged for a person, or wait for it, with their labels
    relabelled : images that came with the model or as known defects, where a person gave another label
    own : images that the model was made of
    parts : which part images show, where one is named
    """

    judged: Mapping[Path, ImageLabel]
    relabelled: Mapping[Path, ImageLabel]
    own: frozenset[Path]
    parts: Mapping[Path, PartTag]

    @classmethod
    def collect(
        cls, table: ImageTable, waiting: Mapping[Path, ImageLabel], parts: Mapping[Path, PartTag]
    ) -> Carried:
        """Return what is to be carried from a table, and of images that still wait for their verdicts."""
        dropped = table.origins == Origin.DROPPED
        expected = np.where(table.origins == Origin.KNOWN_DEFECTS, ImageLabel.DEFECT, ImageLabel.GOOD)
        relabelled = np.flatnonzero(~dropped & (table.labels != expected))
        own = np.flatnonzero(~dropped)
        return cls(
            {**_read_labels(table, np.flatnonzero(dropped)), **waiting},
            _read_labels(table, relabelled),
            frozenset(table.paths[row] for row in own.tolist()),
            {**{table.paths[row]: part for row, part in enumerate(table.parts) if part != NO_PART}, **parts},
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
