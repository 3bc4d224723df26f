"""What a scoring writes of each image: its line of the table, and its map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anomaly_gui.cli.output.report import regions_to_json
from anomaly_gui.detection.scoring_run import More
from anomaly_gui.results import write_csv

if TYPE_CHECKING:
    from pathlib import Path

    from anomaly_gui.cli.output.map_files import MapWriter
    from anomaly_gui.detection.judging.relative_scores import RelativeScale
    from anomaly_gui.detection.model.image_result import ImageResult
    from anomaly_gui.detection.scoring_run import ScoringRun


def describe_map(index: int, image: ImageResult, writer: MapWriter | None) -> More:
    """Write an image's map, if asked to; one that is lost is tried again when the scoring goes on."""
    if image.map is None:
        return More({})
    files = writer.write_map(index, image) if writer else {}
    return More({**regions_to_json(image), **files}, is_whole=bool(files) or writer is None)


def write_table(path: Path, run: ScoringRun, scale: RelativeScale | None = None) -> None:
    """Write the results of a run as CSV; with a scale, scores relative to the threshold beside."""
    rows = (
        (one.path, one.score, one.verdict, one.reason, _relate_score(one.score, scale))
        for one in run.read_rows()
    )
    write_csv(path, ("path", "score", "verdict", "reason", "relative_score"), rows)


def _relate_score(score: float | None, scale: RelativeScale | None) -> float | None:
    return None if score is None or scale is None else scale.relate(score)
