"""The command `evaluate`."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from anomaly_gui.cli.commands.engine import set_up_engine
from anomaly_gui.cli.commands.on_cluster import read_cluster_options, use_cluster
from anomaly_gui.cli.options.common_options import (
    CertificateFolder,
    ClusterAddress,
    JsonFile,
    NoCache,
    PartsPlace,
    RuntimeName,
)
from anomaly_gui.cli.output.claims import claim_files
from anomaly_gui.cli.output.columns import pad_right
from anomaly_gui.cli.output.evaluation_plots import save_plots
from anomaly_gui.cli.output.progress import TerminalProgress
from anomaly_gui.cli.output.report import (
    describe_rate,
    describe_threshold,
    end_command,
    left_out_to_json,
    list_files,
    outside_to_json,
    print_line,
    promise_to_json,
    reasons_to_json,
    regions_to_json,
    threshold_to_json,
)
from anomaly_gui.cli.output.result_files import check_result_files, keep_results_apart, make_folder
from anomaly_gui.cluster.scoring import evaluate_on_cluster
from anomaly_gui.detection.evaluating import EvaluateRequest, evaluate
from anomaly_gui.detection.judging.promise import BROKEN
from anomaly_gui.detection.model.model_file import digest_model
from anomaly_gui.detection.model.self_check import load_model
from anomaly_gui.detection.settings.detector_kinds import DETECTORS
from anomaly_gui.errors import UserError
from anomaly_gui.language import translate
from anomaly_gui.results import write_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from anomaly_gui.cli.commands.engine import Engine as Tools
    from anomaly_gui.cli.commands.on_cluster import ClusterOptions
    from anomaly_gui.detection.evaluating import EvaluateResult
    from anomaly_gui.detection.model.model import Model

_Model = Annotated[Path, typer.Argument(metavar="M.anomaly", help="The model to judge.")]
_Normal = Annotated[
    list[Path] | None, typer.Option("--normal", metavar="DIR", help="Good images, unseen in training.")
]
_Anomalous = Annotated[list[Path] | None, typer.Option("--anomalous", metavar="DIR", help="Known defects.")]
_Mvtec = Annotated[
    Path | None,
    typer.Option("--mvtec", metavar="DIR", help="A category of MVTec AD: test/good and test/DEFECT."),
]
_Masks = Annotated[
    Path | None,
    typer.Option(
        "--masks",
        metavar="DIR",
        help="Masks of the defects, DIR/DEFECT/NAME_mask.png, DIR/DEFECT/NAME/*.png or "
        "DIR/NAME_mask.png: judge the maps too.",
    ),
]
_Plots = Annotated[Path | None, typer.Option("--plots", metavar="DIR", help="Write pictures to this folder.")]


def evaluate_command(
    model: _Model,
    normal: _Normal = None,
    anomalous: _Anomalous = None,
    mvtec: _Mvtec = None,
    masks: _Masks = None,
    json: JsonFile = None,
    plots: _Plots = None,
    runtime: RuntimeName = None,
    no_cache: NoCache = False,
    cluster: ClusterAddress = None,
    certificates: CertificateFolder = None,
    parts: PartsPlace = None,
) -> None:
    """Say how well a model tells good images from known defects.

    Exit code 3: some images could not be judged, or some masks not be used; they are listed.
    """
    _check_sources(normal, anomalous, mvtec)
    on = read_cluster_options(cluster, certificates, parts, (*(normal or ()), *(anomalous or ())))
    check_result_files(json, inputs=(model, *(normal or ()), *(anomalous or ())))
    if plots:
        make_folder(plots)
    with (
        claim_files(json),
        TerminalProgress() as progress,
        set_up_engine(runtime, progress, no_cache=no_cache) as tools,
    ):
        request = _make_request(load_model(model, progress, tools.runtime), normal, anomalous, mvtec, masks)
        with _evaluate(request, on, model, json, tools, runtime, progress) as result:
            used = tools.describe_use(request.model)
            if plots:
                progress.stage(translate("Drawing"))
                depth = request.model.detector.plan.features.depth
                save_plots(result.evaluation, result.threshold, plots, progress, depth)
            if json:
                write_json(json, _result_to_json(model, result, used, progress.warnings))
    with keep_results_apart(json):
        _print_result(result)
    end_command(bool(result.not_judged or result.unusable_masks))


@contextmanager
def _evaluate(
    request: EvaluateRequest,
    on: ClusterOptions | None,
    model: Path,
    json: Path | None,
    tools: Tools,
    runtime: str | None,
    progress: TerminalProgress,
) -> Iterator[EvaluateResult]:
    """Evaluate here or on a cluster, of which what workers wrote is there as long as the result is used."""
    if on is None:
        yield evaluate(request, progress, tools.runtime, tools.cache)
        return
    with use_cluster(on, model, (json,), tools, runtime) as cluster:
        keep_parts = on.parts is not None
        with evaluate_on_cluster(request, cluster, progress, keep_parts=keep_parts) as result:
            yield result


def _check_sources(normal: list[Path] | None, anomalous: list[Path] | None, mvtec: Path | None) -> None:
    if (mvtec is None) == (not normal and not anomalous) or bool(normal) != bool(anomalous):
        raise UserError(translate("Give either both --normal DIR and --anomalous DIR, or --mvtec DIR."))


def _make_request(
    model: Model,
    normal: list[Path] | None,
    anomalous: list[Path] | None,
    mvtec: Path | None,
    masks: Path | None,
) -> EvaluateRequest:
    if masks is not None and not DETECTORS[model.detector.kind].has_map:
        raise UserError(
            translate("This model judges images as a whole and has no maps to compare with masks.")
        )
    if mvtec is not None:
        request = EvaluateRequest.of_mvtec(model, mvtec)
        return replace(request, masks=masks) if masks else request
    return EvaluateRequest(model, tuple(normal or ()), tuple(anomalous or ()), masks=masks)


def _result_to_json(
    model: Path, result: EvaluateResult, used: Mapping[str, str | None], warnings: tuple[str, ...]
) -> dict[str, Any]:
    found = result.evaluation
    return {
        "model": str(model),
        "model_sha256": digest_model(model),
        "auroc": found.auroc,
        "average_precision": found.average_precision,
        "pixel_auroc": result.pixels.auroc if result.pixels else None,
        "aupro": result.pixels.aupro if result.pixels else None,
        "n_masks": result.pixels.masks if result.pixels else 0,
        **threshold_to_json(result.threshold),
        "promise": result.promise.outcome if result.promise else None,
        "promise_told": promise_to_json(result.promise),
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
        "images": _images_to_json(result),
        "outside_part": outside_to_json(result.outside),
        "unreadable": reasons_to_json(result.unreadable),
        "unusable_masks": reasons_to_json(result.unusable_masks),
        "left_out_folders": left_out_to_json((*result.normal.left_out, *result.anomalous.left_out)),
        "warnings": list(warnings),
        **used,
    }


def _images_to_json(result: EvaluateResult) -> Iterator[dict[str, Any]]:
    for one, image in zip(result.evaluation.images, result.images, strict=True):
        yield {
            "path": str(one.path),
            "label": one.label,
            "score": one.score,
            "verdict": one.verdict,
            "reason": image.explanation,
            **regions_to_json(image),
        }


def _print_result(result: EvaluateResult) -> None:
    found = result.evaluation
    print_line(_line_up(translate("False alarms"), describe_rate(found.false_alarm)))
    print_line(_line_up(translate("Misses"), describe_rate(found.miss)))
    if len(result.misses_by_folder) > 1:
        for folder, rate in result.misses_by_folder.items():
            count, total = rate.count, rate.total
            print_line(
                translate("  {count:,} of {total:,} in {folder}", count=count, total=total, folder=folder)
            )
    if found.not_sure.normal or found.not_sure.anomalous:
        good, defects = found.not_sure.normal, found.not_sure.anomalous
        said = translate("{good} good, {defects} defects", good=good, defects=defects)
        print_line(_line_up(translate("Not sure"), said))
    _print_ranking(result)
    print_line(describe_threshold(result.threshold))
    _print_promise(result)
    for sentence in result.left_out_sentences:
        print_line(sentence)
    list_files(translate("Could not be judged"), result.not_judged)
    list_files(translate("Masks that could not be used"), result.unusable_masks)


def _print_ranking(result: EvaluateResult) -> None:
    found, pixels = result.evaluation, result.pixels
    if found.auroc is not None:
        print_line(
            translate(
                "AUROC {auroc:.4f}, average precision {precision:.4f}",
                auroc=found.auroc,
                precision=found.average_precision,
            )
        )
    if pixels is not None and pixels.auroc is not None:
        print_line(
            translate(
                "Pixels: AUROC {auroc:.4f}, AUPRO up to 30 % false positives {aupro:.4f} ({masks:,} masks)",
                auroc=pixels.auroc,
                aupro=pixels.aupro,
                masks=pixels.masks,
            )
        )


def _print_promise(result: EvaluateResult) -> None:
    if result.promise is None:
        return
    print_line(translate("Promise: {promise}", promise=result.promise))
    if result.promise.outcome == BROKEN:
        print_line(
            translate(
                "If these are good parts of another day, train again with their folder as --calibration."
            )
        )


def _line_up(name: str, said: str) -> str:
    return pad_right(name, 14) + said
