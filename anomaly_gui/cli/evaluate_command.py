"""The command `evaluate`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from anomaly_gui.cli.claims import claimed
from anomaly_gui.cli.engine import engine
from anomaly_gui.cli.evaluation_plots import save_plots
from anomaly_gui.cli.files import check_places, make_folder, results_apart
from anomaly_gui.cli.options import JsonFile, NoCache, RuntimeName
from anomaly_gui.cli.progress import TerminalProgress
from anomaly_gui.cli.report import (
    end,
    left_out_json,
    list_files,
    promise_json,
    rate_text,
    reasons_json,
    say,
    threshold_json,
    threshold_text,
)
from anomaly_gui.detection.evaluating import EvaluateRequest, evaluate
from anomaly_gui.detection.judging.promise import BROKEN
from anomaly_gui.detection.model.self_check import load_model
from anomaly_gui.detection.settings.detector_kinds import DETECTORS
from anomaly_gui.errors import UserError
from anomaly_gui.results import write_json

if TYPE_CHECKING:
    from anomaly_gui.detection.evaluating import EvaluateResult
    from anomaly_gui.detection.model.model import Model


def evaluate_command(
    model: Annotated[Path, typer.Argument(metavar="M.anomaly", help="The model to judge.")],
    normal: Annotated[
        list[Path] | None, typer.Option("--normal", metavar="DIR", help="Good images, unseen in training.")
    ] = None,
    anomalous: Annotated[
        list[Path] | None, typer.Option("--anomalous", metavar="DIR", help="Known defects.")
    ] = None,
    mvtec: Annotated[
        Path | None,
        typer.Option("--mvtec", metavar="DIR", help="A category of MVTec AD: test/good and test/DEFECT."),
    ] = None,
    masks: Annotated[
        Path | None,
        typer.Option(
            "--masks",
            metavar="DIR",
            help="Masks of the defects, DIR/DEFECT/NAME_mask.png, DIR/DEFECT/NAME/*.png or "
            "DIR/NAME_mask.png: judge the maps too.",
        ),
    ] = None,
    json: JsonFile = None,
    plots: Annotated[
        Path | None, typer.Option("--plots", metavar="DIR", help="Write pictures to this folder.")
    ] = None,
    runtime: RuntimeName = None,
    no_cache: NoCache = False,
) -> None:
    """Say how well a model tells good images from known defects.

    Exit code 3: some images could not be judged, or some masks not be used; they are listed.
    """
    _check_sources(normal, anomalous, mvtec)
    check_places(json, inputs=(model, *(normal or ()), *(anomalous or ())))
    if plots:
        make_folder(plots)
    with (
        claimed(json),
        TerminalProgress() as progress,
        engine(runtime, progress, no_cache=no_cache) as tools,
    ):
        request = _request(load_model(model, progress, tools.runtime), normal, anomalous, mvtec, masks)
        result = evaluate(request, progress, tools.runtime, tools.cache)
        used = request.model.detector.plan.runs_on(tools.runtime)
        if plots:
            progress.stage("Drawing")
            depth = request.model.detector.plan.features.depth
            save_plots(result.evaluation, result.threshold, plots, progress, depth)
        if json:
            write_json(json, _json(model, result, used, progress.warnings))
    with results_apart(json):
        _print(result)
    end(bool(result.not_judged or result.unusable_masks))


def _check_sources(normal: list[Path] | None, anomalous: list[Path] | None, mvtec: Path | None) -> None:
    if (mvtec is None) == (not normal and not anomalous) or bool(normal) != bool(anomalous):
        raise UserError("Give either both --normal DIR and --anomalous DIR, or --mvtec DIR.")


def _request(
    model: Model,
    normal: list[Path] | None,
    anomalous: list[Path] | None,
    mvtec: Path | None,
    masks: Path | None,
) -> EvaluateRequest:
    if masks is not None and not DETECTORS[model.detector.kind].has_map:
        raise UserError("This model judges images as a whole and has no maps to compare with masks.")
    if mvtec is not None:
        request = EvaluateRequest.of_mvtec(model, mvtec)
        return replace(request, masks=masks) if masks else request
    return EvaluateRequest(model, tuple(normal or ()), tuple(anomalous or ()), masks=masks)


def _json(model: Path, result: EvaluateResult, runtime: str, warnings: tuple[str, ...]) -> dict[str, Any]:
    found = result.evaluation
    reasons = {image.path: image.reason for image in (*result.normal.images, *result.anomalous.images)}
    return {
        "model": str(model),
        "auroc": found.auroc,
        "average_precision": found.average_precision,
        "pixel_auroc": result.pixels.auroc if result.pixels else None,
        "aupro": result.pixels.aupro if result.pixels else None,
        "n_masks": result.pixels.masks if result.pixels else 0,
        **threshold_json(result.threshold),
        "promise": result.promise.outcome if result.promise else None,
        "promise_told": promise_json(result.promise),
        "false_alarm_rate": found.false_alarm.rate,
        "false_alarm_interval": [found.false_alarm.low, found.false_alarm.high],
        "false_alarms": found.false_alarm.count,
        "miss_rate": found.miss.rate,
        "miss_interval": [found.miss.low, found.miss.high],
        "misses": found.miss.count,
        "misses_by_folder": {
            folder: {"misses": rate.count, "of": rate.total}
            for folder, rate in result.misses_by_folder.items()
        },
        "n_normal": found.false_alarm.total,
        "n_anomalous": found.miss.total,
        "n_not_sure": found.not_sure.normal + found.not_sure.anomalous,
        "n_not_judged": found.not_judged.normal + found.not_judged.anomalous,
        "images": [
            {
                "path": str(one.path),
                "label": one.label,
                "score": one.score,
                "verdict": one.verdict,
                "reason": reasons[one.path],
            }
            for one in found.images
        ],
        "unreadable": reasons_json(result.unreadable),
        "unusable_masks": reasons_json(result.unusable_masks),
        "left_out_folders": left_out_json((*result.normal.left_out, *result.anomalous.left_out)),
        "warnings": list(warnings),
        "runtime": runtime,
    }


def _print(result: EvaluateResult) -> None:
    found = result.evaluation
    say(f"False alarms  {rate_text(found.false_alarm)}")
    say(f"Misses        {rate_text(found.miss)}")
    if len(result.misses_by_folder) > 1:
        for folder, rate in result.misses_by_folder.items():
            say(f"  {rate.count:,} of {rate.total:,} in {folder}")
    if found.not_sure.normal or found.not_sure.anomalous:
        say(f"Not sure      {found.not_sure.normal} good, {found.not_sure.anomalous} defects")
    if found.auroc is not None:
        say(f"AUROC {found.auroc:.4f}, average precision {found.average_precision:.4f}")
    if result.pixels is not None and result.pixels.auroc is not None:
        say(
            f"Pixels: AUROC {result.pixels.auroc:.4f}, AUPRO up to 30 % false positives "
            f"{result.pixels.aupro:.4f} ({result.pixels.masks:,} masks)"
        )
    say(threshold_text(result.threshold))
    if result.promise is not None:
        say(f"Promise: {result.promise}")
    if result.promise is not None and result.promise.outcome == BROKEN:
        say("If these are good parts of another day, train again with their folder as --calibration.")
    for sentence in result.left_out_sentences:
        say(sentence)
    list_files("Could not be judged", result.not_judged)
    list_files("Masks that could not be used", result.unusable_masks)
