"""The command `compare`."""

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
from anomaly_gui.cli.options.setting_options import with_settings
from anomaly_gui.cli.output.claims import claim_files
from anomaly_gui.cli.output.columns import pad_left, pad_right
from anomaly_gui.cli.output.progress import TerminalProgress
from anomaly_gui.cli.output.report import (
    duplicates_to_json,
    end_command,
    estimate_to_json,
    expected_to_json,
    left_out_to_json,
    list_files,
    print_line,
    reasons_to_json,
)
from anomaly_gui.cli.output.result_files import check_result_files, keep_results_apart
from anomaly_gui.cluster.training.comparing import compare_on_cluster
from anomaly_gui.detection.candidates.request import (
    SIZES,
    CompareRequest,
    parse_backbones,
    parse_sizes,
)
from anomaly_gui.detection.comparison import compare
from anomaly_gui.detection.datasets.left_out_folders import not_learned_from
from anomaly_gui.detection.images.region_of_interest import RegionOfInterest, read_interest
from anomaly_gui.detection.settings.backbones import BACKBONES, find_backbone
from anomaly_gui.detection.settings.train_settings import SETTINGS, TrainSettings
from anomaly_gui.language import translate, translate_kept
from anomaly_gui.results import write_json
from anomaly_gui.wording import per_cent

if TYPE_CHECKING:
    from anomaly_gui.cli.commands.engine import Engine
    from anomaly_gui.cli.commands.on_cluster import ClusterOptions
    from anomaly_gui.detection.candidates.candidate import Candidate
    from anomaly_gui.detection.comparison import CompareResult
    from anomaly_gui.detection.runtimes.protocol import Runtime
    from anomaly_gui.progress import Progress

_DEFAULT_SIZES = ",".join(map(str, SIZES))
_DEFAULT_BACKBONES = ",".join(BACKBONES)
_COMPARED = tuple(name for name, declared in SETTINGS.items() if declared.in_comparison)

_Normal = Annotated[list[Path], typer.Option("--normal", metavar="DIR", help="Good images.")]
_Anomalous = Annotated[
    list[Path] | None,
    typer.Option("--anomalous", metavar="DIR", help="Known defects; without any, nothing is ranked."),
]
_Sizes = Annotated[str, typer.Option("--sizes", help="Sides of the network's input, with commas.")]
_Backbones = Annotated[str, typer.Option("--backbones", help="Backbones that are compared, with commas.")]
_Learned = Annotated[
    bool, typer.Option("--learned", help="Train and compare autoencoder and deep-svdd, too: takes minutes.")
]


@with_settings(_COMPARED)
def compare_command(
    normal: _Normal,
    settings: TrainSettings,
    anomalous: _Anomalous = None,
    sizes: _Sizes = _DEFAULT_SIZES,
    backbones: _Backbones = _DEFAULT_BACKBONES,
    learned: _Learned = False,
    interest: InterestFile = None,
    json: JsonFile = None,
    runtime: RuntimeName = None,
    no_cache: NoCache = False,
    cluster: ClusterAddress = None,
    certificates: CertificateFolder = None,
) -> None:
    """Compare every detector, backbone, layer and size on good images and known defects, and recommend one.

    Good images are judged by models they were left out of. Each backbone and size takes one pass, or two
    for parts in any direction. With --cluster, workers share them. Exit code 3: some files could not be read;
    they are listed.
    """
    images = (*normal, *(anomalous or ()))
    on = read_cluster_options(cluster, certificates, None, images)
    check_result_files(json, inputs=(*images, interest))
    region = read_interest(interest) if interest else RegionOfInterest()
    compared = tuple(normal), tuple(anomalous or ()), settings, parse_sizes(sizes), region, learned
    request = CompareRequest(*compared, backbones=parse_backbones(backbones))
    with (
        claim_files(json),
        TerminalProgress() as progress,
        set_up_engine(runtime, progress, no_cache=no_cache) as tools,
    ):
        result = _compare(on, request, progress, tools, runtime)
        if json:
            used = _name_runtimes(tools.runtime, result)
            write_json(json, {**_result_to_json(result, settings), "runtime": used})
    with keep_results_apart(json):
        _print_result(result, settings)
    end_command(bool(result.unreadable))


def _compare(
    on: ClusterOptions | None, request: CompareRequest, progress: Progress, tools: Engine, runtime: str | None
) -> CompareResult:
    if on is None:
        return compare(request, progress, tools.runtime, tools.cache)
    with use_engine(on) as (workers, _):
        return compare_on_cluster(request, workers, progress, runtime, tools.cache)


def _name_runtimes(runtime: Runtime, result: CompareResult) -> str:
    """Return the names of what ran the backbones, each once."""
    backbones = (one.backbone for one in result.candidates if one.backbone)
    return ", ".join(dict.fromkeys(runtime.for_backbone(find_backbone(name)).name for name in backbones))


def _result_to_json(result: CompareResult, settings: TrainSettings) -> dict[str, Any]:
    return {
        "n_normal": result.normal.count,
        "suspects": reasons_to_json(one.translate() for one in result.suspects),
        "n_anomalous": result.anomalous.count,
        "n_parts": result.groups.count,
        "grouped_by": result.groups.method,
        "parts_lie": result.placement.kind,
        "gain_of_place": result.placement.gain,
        "asked_false_alarm_rate": settings.false_alarm_rate,
        "recommended": result.recommended.choice,
        "recommendation": result.recommendation,
        "gain_by_choosing": None if result.choice is None else estimate_to_json(result.choice.gain),
        "candidates": [
            {**_candidate_to_json(one), "auroc_interval": interval}
            for one, interval in zip(result.candidates, _list_intervals(result), strict=True)
        ],
        "skipped": list(result.skipped),
        "unreadable": reasons_to_json(result.unreadable),
        "left_out_folders": left_out_to_json(result.left_out),
        "duplicates": duplicates_to_json((*result.normal.duplicates, *result.anomalous.duplicates)),
        "seconds": round(result.seconds, 3),
    }


def _list_intervals(result: CompareResult) -> list[list[float] | None]:
    """Return the interval of each candidate's AUROC; None where too few known defects tell."""
    if result.choice is None:
        return [None] * len(result.candidates)
    return [[one.low, one.high] for one in result.choice.aurocs]


def _candidate_to_json(one: Candidate) -> dict[str, Any]:
    return {
        **one.choice,
        "auroc": one.auroc,
        "average_precision": one.average_precision,
        "found": one.found.count if one.found else None,
        "found_rate": one.found.rate if one.found else None,
        "found_interval": [one.found.low, one.found.high] if one.found else None,
        "threshold": one.threshold.value,
        "promised_false_alarm_rate": one.threshold.promised_rate,
        "expected_false_alarms": expected_to_json(one.threshold.expected),
        "images_per_second": round(one.images_per_second, 2),
        "megabytes": round(one.megabytes, 3),
        "training_seconds": None if one.training_seconds is None else round(one.training_seconds, 1),
    }


def _print_result(result: CompareResult, settings: TrainSettings) -> None:
    print_line(
        translate(
            "{good:,} good images of {parts:,} parts, {defects:,} defects.",
            good=result.normal.count,
            parts=result.groups.count,
            defects=result.anomalous.count,
        )
    )
    print_line(_write_head(result, settings))
    for one in result.candidates:
        print_line(_write_row(one) + ("  *" if one is result.recommended else ""))
    print_line(result.recommendation)
    for sentence in (
        *not_learned_from(result.left_out),
        *(result.screening.warnings if result.screening else ()),
        *result.skipped,
        *map(translate_kept, result.candidates[0].threshold.warnings[:1]),
    ):
        print_line(sentence)
    list_files(translate("Could not be used"), result.unreadable)


def _write_head(result: CompareResult, settings: TrainSettings) -> str:
    found = translate("found at {rate}", rate=per_cent(f"{100 * settings.false_alarm_rate:g}"))
    has_learned = any(one.training_seconds for one in result.candidates)
    return "".join(
        [
            pad_right(translate("detector"), 13),
            pad_right(translate("backbone"), 19),
            pad_right(translate("layer"), 36),
            pad_left(translate("size"), 5),
            pad_left("AUROC", 7),
            pad_left(found, 20),
            pad_left(translate("images/s"), 10),
            pad_left("MB", 6),
            pad_left(translate("learning, s"), 13) if has_learned else "",
        ]
    )


def _write_row(one: Candidate) -> str:
    learned = "" if one.training_seconds is None else f"{one.training_seconds:>13.0f}"
    auroc = "-" if one.auroc is None else f"{one.auroc:.3f}"
    layers, found = ",".join(one.layers), pad_left(_count_found(one), 20)
    name = f"{one.detector:13}{one.backbone:19}{layers:36}{one.size:>5}"
    return f"{name}{auroc:>7}{found}{one.images_per_second:>10.1f}{one.megabytes:>6.0f}{learned}"


def _count_found(one: Candidate) -> str:
    if one.found is None:
        return "-"
    count, total, rate = one.found.count, one.found.total, one.higher_rate
    return translate("{count:,} of {total:,} {rate}", count=count, total=total, rate=rate).rstrip()
