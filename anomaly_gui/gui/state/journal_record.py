"""What a journal says was there: read when a project is opened, and after a crash."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from anomaly_gui.detection.judging.thresholds import Threshold
from anomaly_gui.detection.model.model import ThresholdMove
from anomaly_gui.gui.state.image_columns import ImageColumns
from anomaly_gui.gui.state.image_table import ImageLabel, ImageTable, Row
from anomaly_gui.gui.state.part_tag import PartTag
from anomaly_gui.project.image_paths import ImagePaths
from anomaly_gui.project.journal_file import read_events


@dataclass
class JournalRecord:
    """What a journal says was there.

    Parameters
    ----------
    file : where the model was saved or opened; None for a new one
    is_new : whether the model is in no file yet
    saved, moves : the threshold in the file, and the moves that led to it
    threshold : as it was last
    images : those that do not come with the model, a part for each time some came
    labels : labels by row of the whole table
    waiting : images that another model had judged and this one has still to judge, with their labels
    parts : which part those show, where one is named
    """

    file: Path | None = None
    is_new: bool = True
    saved: Threshold | None = None
    threshold: Threshold | None = None
    moves: tuple[ThresholdMove, ...] = ()
    images: list[ImageColumns] = field(default_factory=list)
    labels: dict[int, ImageLabel] = field(default_factory=dict)
    waiting: dict[Path, ImageLabel] = field(default_factory=dict)
    parts: dict[Path, PartTag] = field(default_factory=dict)

    @property
    def rows(self) -> list[Row]:
        """The images, one by one."""
        table = ImageTable()
        for images in self.images:
            table.append_columns(images)
        return [table.read_row(row) for row in range(len(table))]


def read_journal(file: Path) -> JournalRecord:
    """Read what a journal says; a line that was not written to its end is left out."""
    record, paths = JournalRecord(), ImagePaths(file.parents[1])
    for event in read_events(file):
        with suppress(ValueError, KeyError, TypeError):
            _take_event(record, event, paths)
    if record.waiting:
        for row in record.rows:
            record.waiting.pop(row.path, None)
    return record


def _take_event(record: JournalRecord, event: dict[str, Any], paths: ImagePaths) -> None:
    if "model" in event:
        of = event["model"]
        record.file, record.is_new = None if of["file"] is None else Path(of["file"]), bool(of["is_new"])
        record.saved = None if of["saved"] is None else Threshold.from_values(of["saved"])
        record.moves = tuple(ThresholdMove(**move) for move in of["moves"])
    if event.get("threshold"):
        record.threshold = Threshold.from_values(event["threshold"])
    if event.get("rows"):
        record.images.append(ImageColumns.from_values(event["rows"], paths))
    if "marks" in event:
        record.labels.update(zip(event["marks"][0], map(ImageLabel, event["marks"][1]), strict=True))
    for text, label, *part in event.get("waiting", ()):
        path = paths.read_path(text)
        record.waiting[path] = ImageLabel(label)
        if part:
            record.parts[path] = PartTag(*part)
