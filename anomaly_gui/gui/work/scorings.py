"""What is known of the images of one job of scoring."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from anomaly_gui.gui.state.folder_labels import label_by_folder
from anomaly_gui.gui.state.image_table import ImageLabel

if TYPE_CHECKING:
    from pathlib import Path


@dataclass
class Scoring:
    """What is known of the images of one job; `labelled` counts those whose folder told the label."""

    model: Path
    paths: tuple[Path, ...]
    label: ImageLabel | None
    labelled: int = 0

    def label_of(self, path: Path) -> ImageLabel:
        if self.label is not None:
            return self.label
        label = label_by_folder(path, self.paths)
        self.labelled += label != ImageLabel.NONE
        return label
