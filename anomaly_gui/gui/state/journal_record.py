"""What a journal says was there: read after a crash."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from anomaly_gui.detection.images.look import Look
from anomaly_gui.detection.judging.thresholds import Threshold
from anomaly_gui.detection.model.model import ThresholdMove
from anomaly_gui.gui.state.image_table import ImageLabel, Origin, Row
from anomaly_gui.gui.state.part_tag import PartTag


@dataclass
class JournalRecord:
    """What a journal says was there.

    Parameters
    ----------
    file : where the model was saved or opened; None for a new one
    is_new : whether the model is in no file yet
    saved, moves : the threshold in the file, and the moves that led to it
    threshold : as it was last
    rows : the images that do not come with the model
    labels : labels by row of the whole table
    """

    file: Path | None = None
    is_new: bool = True
    saved: Threshold | None = None
    threshold: Threshold | None = None
    moves: tuple[ThresholdMove, ...] = ()
    rows: list[Row] = field(default_factory=list)
    labels: dict[int, ImageLabel] = field(default_factory=dict)


def read_journal(file: Path) -> JournalRecord:
    """Read what a journal says; a line that was not written to its end, and what follows it, is left out."""
    record = JournalRecord()
    with file.open(encoding="ascii") as lines, suppress(ValueError, KeyError, TypeError):
        for line in lines:
            _take_event(record, json.loads(line, parse_constant=_refuse_constant))
    return record


def _refuse_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is no score or threshold")


def _take_event(record: JournalRecord, event: dict[str, Any]) -> None:
    if "model" in event:
        of = event["model"]
        record.file, record.is_new = None if of["file"] is None else Path(of["file"]), bool(of["is_new"])
        record.saved = None if of["saved"] is None else Threshold.from_values(of["saved"])
        record.moves = tuple(ThresholdMove(**move) for move in of["moves"])
    if event.get("threshold"):
        record.threshold = Threshold.from_values(event["threshold"])
    for path, score, label, origin, reason, nearest, sha256, look, *part in event.get("rows", ()):
        seen = None if look is None else Look(*look)
        record.rows.append(
            Row(
                Path(path),
                score,
                ImageLabel(label),
                Origin(origin),
                reason,
                tuple(nearest),
                None,
                sha256,
                seen,
                PartTag(*part),  # earlier versions wrote none
            )
        )
    if "marks" in event:
        record.labels.update(zip(event["marks"][0], map(ImageLabel, event["marks"][1]), strict=True))
