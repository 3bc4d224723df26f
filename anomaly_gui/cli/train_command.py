"""The command `train`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from anomaly_gui.cli.claims import claimed
from anomaly_gui.cli.engine import engine
from anomaly_gui.cli.files import check_places, results_apart
from anomaly_gui.cli.option_words import with_options
from anomaly_gui.cli.options import InterestFile, JsonFile, NoCache, RuntimeName
from anomaly_gui.cli.progress import TerminalProgress
from anomaly_gui.cli.report import (
    duplicates_json,
    end,
    left_out_json,
    list_files,
    passed_over_text,
    promise_json,
    reasons_json,
    say,
    threshold_json,
    threshold_text,
)
from anomaly_gui.cli.setting_options import with_settings
from anomaly_gui.detection.datasets.exclusions import check_exclusions
from anomaly_gui.detection.datasets.left_out_folders import not_learned_from
from anomaly_gui.detection.datasets.screening import list_kinds
from anomaly_gui.detection.datasets.training_sets import TrainRequest
from anomaly_gui.detection.images.bit_depth import describe_bit_depth
from anomaly_gui.detection.images.region_of_interest import RegionOfInterest, read_interest
from anomaly_gui.detection.model.model_file import save_model
from anomaly_gui.detection.settings.train_settings import TrainSettings
from anomaly_gui.detection.training import train
from anomaly_gui.results import write_json
from anomaly_gui.wording import counted

if TYPE_CHECKING:
    from anomaly_gui.detection.training import TrainResult


@with_settings()
def train_command(
    normal: Annotated[list[Path], typer.Argument(metavar="DIR", help="Folders (or files) of good images.")],
    out: Annotated[Path, typer.Option("--out", metavar="M.anomaly", help="The model file to write.")],
    settings: TrainSettings,
    calibration: Annotated[
        list[Path] | None,
        typer.Option("--calibration", metavar="DIR", help="Good images of another day: set the threshold."),
    ] = None,
    anomalous: Annotated[
        list[Path] | None,
        typer.Option("--anomalous", metavar="DIR", help="Known defects, for the rule best-f1."),
    ] = None,
    exclude: Annotated[
        list[Path] | None,
        typer.Option("--exclude", metavar="PATH", help="An image, or a folder of images, not to learn from."),
    ] = None,
    interest: InterestFile = None,
    json: JsonFile = None,
    runtime: RuntimeName = None,
    no_cache: NoCache = False,
) -> None:
    """Learn what good parts look like, from folders of good images.

    Folders are searched with their subfolders, and never written to; folders in them whose names say that
    they hold no good parts (test, ground_truth, NG, scratch, ...) are left out, unless they are named
    themselves. Good images unlike all others are left out and named. Features of images are kept, so that
    training again on the same images takes seconds, and one that was cut off goes on where it was. Exit code
    3: the model was made, but some files could not be read; they are listed.
    """
    given = (*normal, *(calibration or ()), *(anomalous or ()), *(exclude or ()))
    check_places(out, json, inputs=(*given, interest))
    request = TrainRequest(
        tuple(normal),
        tuple(calibration or ()),
        tuple(anomalous or ()),
        settings,
        tuple(exclude or ()),
        read_interest(interest) if interest else RegionOfInterest(),
    )
    check_exclusions(request.excluded, request.listings() if exclude else ())
    with (
        claimed(out, json),
        TerminalProgress() as progress,
        engine(runtime, progress, no_cache=no_cache) as tools,
    ):
        result = train(request, progress, tools.runtime, tools.cache)
        save_model(result.model, out)
        if json:
            write_json(json, _json(result))
    with results_apart(out, json):
        _print(result)
        say(f"Saved to {out}.")
    end(bool(result.unreadable))


def _json(result: TrainResult) -> dict[str, Any]:
    training = result.model.training
    return {
        "n_images": len(training.images),
        "n_parts": len(set(training.groups.tolist())),
        "grouped_by": training.grouped_by,
        "detector": result.model.detector.kind,
        "parts_lie": result.lying.kind,
        "gain_of_place": result.lying.gain,
        "gain_of_place_once_turned": result.lying.turned_gain,
        "depth_of_16_bit_files": result.model.detector.plan.features.depth,
        "recommended_detector": result.lying.recommended,
        "n_calibration": len(training.calibration),
        "suspects": reasons_json(result.suspects),
        "suspects_left_out": result.suspects_left_out,
        "kinds_of_parts": list_kinds(result.kinds),
        "alleged_copies": [[str(path) for path in pair] for pair in result.alleged_copies],
        "promise_on_another_day": promise_json(result.other_day),
        **threshold_json(result.model.threshold),
        "unreadable": reasons_json(result.unreadable),
        "duplicates": duplicates_json(result.duplicates),
        "notes": [{"path": str(path), "note": note} for path, note in result.notes],
        "passed_over": result.passed_over,
        "hidden": result.hidden,
        "left_out_folders": left_out_json(result.left_out),
        "given_more_than_once": result.seen_before,
        "warnings": [with_options(warning) for warning in result.warnings],
        "runtime": result.model.versions["runtime"],
        "reused": result.reused,
        "seconds": round(result.seconds, 3),
    }


def _print(result: TrainResult) -> None:
    training = result.model.training
    parts = len(set(training.groups.tolist()))
    images = counted(len(training.images), "image")
    say(f"Learned from {images} of {counted(parts, 'part')} ({training.grouped_by}).")
    if parts == 1 or result.in_doubt:
        say("If these images show different parts: --group-by none. If they show one part: --group-by one.")
    if training.calibration:
        say(f"Calibrated on {len(training.calibration):,} good images of another day.")
    if result.other_day is not None:
        say(f"By the first day's threshold alone: {result.other_day}")
    say(threshold_text(result.model.threshold))
    depth = result.model.detector.plan.features.depth
    if depth is not None:
        say(describe_bit_depth(depth))
    if result.reused:
        say(f"Features of {counted(result.reused, 'image')} were known from before.")
    say(f"Network: {result.model.versions['runtime']}.")
    _print_suspects(result)
    _print_files(result)


def _print_suspects(result: TrainResult) -> None:
    if not result.suspects:
        return
    what = "Left out, as unlike the other good images" if result.suspects_left_out else "Unlike the others"
    hint = " (--suspects keep learns from them)" if result.suspects_left_out else ""
    say(f"{what}{hint}: {len(result.suspects):,}.")
    for suspect in result.suspects:
        say(f"  {suspect.path}: {suspect.reason}")


def _print_files(result: TrainResult) -> None:
    if passed_over := passed_over_text(result.passed_over, result.hidden):
        say(passed_over)
    for sentence in not_learned_from(result.left_out):
        say(sentence)
    if result.seen_before:
        names = counted(result.seen_before, "name or link", "names and links")
        say(f"Given more than once, and used once: {names}.")
    if result.duplicates:
        say(f"Copies of others, used once ({len(result.duplicates):,}):")
        for copy, first in result.duplicates:
            say(f"  {copy} is {first}")
    if result.notes:
        say(f"Remarks ({len(result.notes):,}):")
        for path, note in result.notes:
            say(f"  {path}: {note}")
    list_files("Could not be used", result.unreadable)
