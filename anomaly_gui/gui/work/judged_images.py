"""The images of one job that judges: their labels, and what to say of them when it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from anomaly_gui.gui.state.folder_labels import label_by_folder
from anomaly_gui.gui.state.image_table import ImageLabel
from anomaly_gui.wording import join_list

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from anomaly_gui.detection.model.image_result import ImageResult
    from anomaly_gui.gui.state.part_tag import PartTag

_NAMED = 3  # folders


class JudgedImages(QObject):
    """What is known of the images of one job.

    Parameters
    ----------
    model : file of the model that judges them
    paths : what was given
    label : of all of them; None for what their folders say
    part : which they show; None for images that no operator waits for

    Attributes
    ----------
    labelled : how many their folder told the label of
    count : how many were judged, or could not be
    refused : those without a score
    """

    def __init__(
        self,
        model: Path,
        paths: tuple[Path, ...],
        label: ImageLabel | None,
        part: PartTag | None,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self.model, self.paths, self.label, self.part = model, paths, label, part
        self.labelled = self.count = 0
        self.refused: list[ImageResult] = []

    def take_results(self, images: Sequence[ImageResult]) -> list[ImageLabel]:
        """Count some results; return their labels."""
        self.count += len(images)
        self.refused += [image for image in images if image.score is None]
        return [self._label_of(image.path) for image in images]

    def _label_of(self, path: Path) -> ImageLabel:
        if self.label is not None:
            return self.label
        label = label_by_folder(path, self.paths)
        self.labelled += label != ImageLabel.NONE
        return label

    def describe(self) -> list[str]:
        """Say in sentences what nobody would see otherwise, such as that there was nothing to judge."""
        if not self.count:
            text = self.tr("There is no image in %1: choose a folder with images.")
            return [text.replace("%1", join_list(path.name for path in self.paths[:_NAMED]))]
        said = []
        if self.refused:
            first, count = self.refused[0], len(self.refused)
            text = self.tr("%n file(s) cannot be judged, such as %1: %2.", "", count)
            said.append(text.replace("%1", first.path.name).replace("%2", first.reason.rstrip(".。")))
        if self.labelled:
            text = self.tr("%n image(s) labelled by the name of their folder.", "", self.labelled)
            said.append(text)
        return said
