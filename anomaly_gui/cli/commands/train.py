"""The command `train`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from anomaly_gui.cli.commands.engine import set_up_engine
from anomaly_gui.cli.commands.on_cluster import read_cluster_options, use_engine
from anomaly_gui.cli.options.common_options import (
    CertificateFolder,
    ClusterAddress,
    InterestFile,
    JsonFile,
    NoCache,
    RuntimeName,
)
from anomaly_gui.cli.options.option_words import with_options
from anomaly_gui.cli.options.setting_options import with_settings
from anomaly_gui.cli.output.claims import claim_files
from anomaly_gui.cli.output.progress import TerminalProgress
from anomaly_gui.cli.output.report import (
    defects_to_json,
    describe_file,
    describe_network,
    describe_passed_over,
    describe_suspects,
    describe_threshold,
    duplicates_to_json,
    end_command,
    left_out_to_json,
    list_files,
    outside_to_json,
    print_line,
    promise_to_json,
    reasons_to_json,
    threshold_to_json,
)
from anomaly_gui.cli.output.result_files import check_result_files, keep_results_apart
from anomaly_gui.cluster.training.offered import check_offered
from anomaly_gui.cluster.training.training import remove_parts, train_on_cluster
from anomaly_gui.detection.datasets.exclusions import check_exclusions
from anomaly_gui.detection.datasets.left_out_folders import not_learned_from
from anomaly_gui.detection.datasets.screening import list_kinds
from anomaly_gui.detection.datasets.train_request import TrainRequest
from anomaly_gui.detection.images.bit_depth import describe_bit_depth
from anomaly_gui.detection.images.region_of_interest import RegionOfInterest, read_interest
from anomaly_gui.detection.model.model_file import save_model
from anomaly_gui.detection.settings.train_settings import TrainSettings
from anomaly_gui.detection.training import train
from anomaly_gui.language import translate, translate_count, translate_kept
from anomaly_gui.results import write_json
from anomaly_gui.wording import count_images, count_parts

if TYPE_CHECKING:
    from anomaly_gui.cli.commands.engine import Engine
    from anomaly_gui.cli.commands.on_cluster import ClusterOptions
    from anomaly_gui.detection.training import TrainResult
    from anomaly_gui.progress import Progress

_Normal = Annotated[list[Path], typer.Argument(metavar="DIR", help="Folders (or files) of good images.")]
_Out = Annotated[Path, typer.Option("--out", metavar="M.anomaly", help="The model file to write.")]
_Calibration = Annotated[
    list[Path] | None,
    typer.Option("--calibration", metavar="DIR", help="Good images of another day: set the threshold."),
]
_Anomalous = Annotated[
    list[Path] | None,
    typer.Option(
        "--anomalous", metavar="DIR", help="Known defects: tell how good the model is, and what counts."
    ),
]
_Exclude = Annotated[
    list[Path] | None,
    typer.Option("--exclude", metavar="PATH", help="An image, or a folder of images, not to learn from."),
]

_Parts = Annotated[
    str | None,
    typer.Option(
        "--parts",
        metavar="DIR",
        help="Where workers keep features, to stay there: a folder that all of them can reach.",
    ),
]


@with_settings()
def train_command(
    normal: _Normal,
    out: _Out,
    settings: TrainSettings,
    calibration: _Calibration = None,
    anomalous: _Anomalous = None,
    exclude: _Exclude = None,
    interest: InterestFile = None,
    json: JsonFile = None,
    runtime: RuntimeName = None,
    no_cache: NoCache = False,
    cluster: ClusterAddress = None,
    certificates: CertificateFolder = None,
    parts: _Parts = None,
) -> None:
    """Learn what good parts look like, from folders of good images.

    Folders are searched with their subfolders, and never written to; folders in them whose names say that
    they hold no good parts (test, ground_truth, NG, scratch, ...) are left out, unless they are named
    themselves. Good images unlike all others are left out and named. Features of images are cached, so that
    training again on the same images takes seconds, and one that was cut off goes on where it was. With
    --cluster, the detectors pooled and positional are trained in parts, wherever workers are; the model is
    the same, to the byte, whoever works on which. Exit code 3: the model was made, but some files could not
    be read; they are listed.
    """
    images = (*normal, *(calibration or ()), *(anomalous or ()))
    on = read_cluster_options(cluster, certificates, parts, images)
    check_result_files(out, json, inputs=(*images, *(exclude or ()), interest))
    request = _make_request(normal, calibration, anomalous, exclude, interest, settings)
    with (
        claim_files(out, json),
        TerminalProgress() as progress,
        set_up_engine(runtime, progress, no_cache=no_cache) as tools,
    ):
        result = _train(on, request, out, progress, tools, runtime)
        if json:
            write_json(json, _result_to_json(result))
    with keep_results_apart(out, json):
        _print_result(result, out)
    end_command(bool(result.findings.unreadable))


def _train(
    on: ClusterOptions | None,
    request: TrainRequest,
    out: Path,
    progress: Progress,
    tools: Engine,
    runtime: str | None,
) -> TrainResult:
    """Train and save the model; what workers of a cluster kept goes then, unless a place was named for it."""
    if on is None:
        result = train(request, progress, tools.runtime, tools.cache)
        save_model(result.model, out)
        return result
    check_offered(request.settings)
    with use_engine(on, out) as (engine, folder):
        result = train_on_cluster(request, engine, folder, progress, runtime)
        save_model(result.model, out)
    if on.parts is None:
        remove_parts(folder)  # once no worker reads there any more
    return result


def _make_request(
    normal: list[Path],
    calibration: list[Path] | None,
    anomalous: list[Path] | None,
    exclude: list[Path] | None,
    interest: Path | None,
    settings: TrainSettings,
) -> TrainRequest:
    request = TrainRequest(
        tuple(normal),
        tuple(calibration or ()),
        tuple(anomalous or ()),
        settings,
        tuple(exclude or ()),
        read_interest(interest) if interest else RegionOfInterest(),
    )
    check_exclusions(request.excluded, request.listings() if exclude else ())
    return request


def _result_to_json(result: TrainResult) -> dict[str, Any]:
    found = result.findings
    training = result.model.training
    return {
        "n_images": training.count,
        "n_parts": len(set(training.groups.tolist())),
        "grouped_by": training.grouped_by,
        "detector": result.model.detector.kind,
        "backbone": result.model.detector.plan.backbone,
        "parts_lie": found.placement.kind,
        "gain_of_place": found.placement.gain,
        "gain_of_place_once_turned": found.placement.turned_gain,
        "depth_of_16_bit_files": result.model.detector.plan.features.depth,
        "recommended_detector": (found.of_defects.advice.choice or {}).get("detector"),
        "recommended": found.of_defects.advice.choice,
        "known_defects": defects_to_json(found.of_defects),
        "approach": found.approach,
        "images_per_second": None if found.rate is None else round(found.rate.images_per_second, 2),
        "n_calibration": len(training.calibration),
        "suspects": reasons_to_json(found.suspects),
        "suspects_left_out": found.suspects_left_out,
        "kinds_of_parts": list_kinds(found.kinds),
        "alleged_copies": [[str(path) for path in pair] for pair in found.alleged_copies],
        "promise_on_another_day": promise_to_json(found.calibration),
        **threshold_to_json(result.model.threshold),
        "unreadable": reasons_to_json(found.unreadable),
        "duplicates": duplicates_to_json(found.duplicates),
        "notes": [{"path": str(path), "note": note} for path, note in found.notes],
        "outside_part": outside_to_json(found.of_defects.outside),
        "passed_over": found.passed_over,
        "hidden": found.hidden,
        "left_out_folders": left_out_to_json(found.left_out),
        "given_more_than_once": found.seen_before,
        "warnings": [with_options(warning) for warning in found.warnings],
        "runtime": result.model.versions["runtime"],
        "reused": found.reused,
        "seconds": round(found.seconds, 3),
    }


def _print_result(result: TrainResult, out: Path) -> None:
    found, training = result.findings, result.model.training
    parts = len(set(training.groups.tolist()))
    print_line(
        translate(
            "Learned from {images} of {parts} ({how}).",
            images=count_images(training.count),
            parts=count_parts(parts),
            how=translate_kept(training.grouped_by),
        )
    )
    for sentence in (found.approach, found.of_defects.measured, found.rate):
        if sentence:
            print_line(str(sentence))
    if parts == 1 or found.in_doubt:
        print_line(
            translate(
                "If these images show different parts: --group-by none. If they show one part: "
                "--group-by one."
            )
        )
    _print_threshold(result)
    if found.reused:
        images = count_images(found.reused)
        print_line(translate("Features of {images} were known from before.", images=images))
    network = describe_network(result.model, result.model.versions["runtime"])
    print_line(translate("Network: {network}.", network=network))
    _print_suspects(result)
    _print_files(result)
    print_line(translate("Saved to {out}.", out=out))


def _print_threshold(result: TrainResult) -> None:
    found, calibration = result.findings, result.model.training.calibration
    if calibration:
        print_line(translate("Calibrated on {count:,} good images of another day.", count=len(calibration)))
    if found.calibration is not None:
        print_line(translate("By the first day's threshold alone: {promise}", promise=found.calibration))
    print_line(describe_threshold(result.model.threshold))
    depth = result.model.detector.plan.features.depth
    if depth is not None:
        print_line(describe_bit_depth(depth))


def _print_suspects(result: TrainResult) -> None:
    found = result.findings
    if not found.suspects:
        return
    print_line(describe_suspects(len(found.suspects), left_out=found.suspects_left_out))
    for suspect in found.suspects:
        print_line(describe_file(suspect))


def _print_files(result: TrainResult) -> None:
    found = result.findings
    if passed_over := describe_passed_over(found.passed_over, found.hidden):
        print_line(passed_over)
    for sentence in not_learned_from(found.left_out):
        print_line(sentence)
    if found.seen_before:
        names = translate_count("{count:,} name or link", "{count:,} names and links", found.seen_before)
        print_line(translate("Given more than once, and used once: {names}.", names=names))
    if found.duplicates:
        print_line(translate("Copies of others, used once ({count:,}):", count=len(found.duplicates)))
        for copy, first in found.duplicates:
            print_line(translate("  {copy} is {first}", copy=copy, first=first))
    if found.notes:
        print_line(translate("Remarks ({count:,}):", count=len(found.notes)))
        for path, note in found.notes:
            print_line(translate("  {path}: {note}", path=path, note=note))
    list_files(translate("Could not be used"), found.unreadable)
