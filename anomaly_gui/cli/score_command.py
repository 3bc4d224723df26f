"""The command `score`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from anomaly_gui.cli.files import check_places
from anomaly_gui.cli.map_files import check_maps, write_maps
from anomaly_gui.cli.options import JsonFile
from anomaly_gui.cli.progress import TerminalProgress
from anomaly_gui.cli.report import (
    end,
    image_json,
    list_files,
    passed_over_text,
    reasons_json,
    say,
    threshold_json,
    threshold_text,
)
from anomaly_gui.detection.evaluation import VERDICTS
from anomaly_gui.detection.runtimes import default_runtime
from anomaly_gui.detection.scoring import ScoreRequest, score
from anomaly_gui.detection.self_check import load_model
from anomaly_gui.results import write_csv, write_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from anomaly_gui.detection.scoring import ScoreResult


def score_command(
    model: Annotated[Path, typer.Argument(metavar="M.anomaly", help="The model that judges.")],
    paths: Annotated[list[Path], typer.Argument(metavar="PATH", help="Images, and folders of images.")],
    csv: Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="Write a table.")] = None,
    json: JsonFile = None,
    threshold: Annotated[
        float | None, typer.Option("--threshold", help="In place of the model's own threshold.")
    ] = None,
    maps: Annotated[
        Path | None,
        typer.Option(
            "--maps",
            metavar="DIR",
            help="Write where each image is unlike good ones: a picture, and the map itself (npy).",
        ),
    ] = None,
) -> None:
    """Judge images: good, defect, not sure or cannot judge.

    Prints what is not good, lowest score first. Exit code 3: some images could not be judged, or some maps
    not be written; they are listed.
    """
    check_places(csv, json)
    runtime = default_runtime()
    with TerminalProgress() as progress:
        request = ScoreRequest(load_model(model, progress, runtime), tuple(paths), threshold)
        if maps:
            check_maps(request.model, maps, paths)
        result = score(request, progress, runtime)
        written = write_maps(result.images, maps, request.model.pixel_limit, progress) if maps else {}
    if csv:
        rows = ((one.path, one.score, one.verdict, one.reason) for one in result.images)
        write_csv(csv, ("path", "score", "verdict", "reason"), rows)
    if json:
        write_json(json, _json(model, result, runtime.name, progress.warnings, written))
    _print(result)
    without_file = sum(image.map is not None for image in result.images) - len(written) if maps else 0
    end(bool(result.not_judged) or without_file > 0)


def _json(
    model: Path,
    result: ScoreResult,
    runtime: str,
    warnings: tuple[str, ...],
    maps: Mapping[Path, dict[str, Any]],
) -> dict[str, Any]:
    return {
        "model": str(model),
        **threshold_json(result.threshold),
        "images": [{**image_json(image), **maps.get(image.path, {})} for image in result.images],
        "unreadable": reasons_json(result.unreadable),
        "passed_over": result.passed_over,
        "hidden": result.hidden,
        "warnings": list(warnings),
        "runtime": runtime,
    }


def _print(result: ScoreResult) -> None:
    scored = [image for image in result.images if image.score is not None and image.verdict != "good"]
    for image in sorted(scored, key=lambda one: one.score or 0.0):
        say(f"{image.verdict:8}  {image.score:12.6g}  {image.path}")
    counts = Counter(image.verdict for image in result.images)
    say(", ".join(f"{verdict}: {counts[verdict]:,}" for verdict in VERDICTS) + ".")
    say(threshold_text(result.threshold))
    if passed_over := passed_over_text(result.passed_over, result.hidden):
        say(passed_over)
    list_files("Could not be judged", result.not_judged)
