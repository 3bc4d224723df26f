"""The command `update`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from anomaly_gui.cli.commands.engine import set_up_engine
from anomaly_gui.cli.options.common_options import JsonFile, NoCache, RuntimeName
from anomaly_gui.cli.options.option_words import with_options
from anomaly_gui.cli.output.claims import claim_files
from anomaly_gui.cli.output.progress import TerminalProgress
from anomaly_gui.cli.output.report import (
    describe_file,
    describe_suspects,
    describe_threshold,
    duplicates_to_json,
    end_command,
    list_files,
    print_line,
    reasons_to_json,
    threshold_to_json,
)
from anomaly_gui.cli.output.result_files import check_result_files, keep_results_apart
from anomaly_gui.detection.datasets.exclusions import check_exclusions
from anomaly_gui.detection.datasets.updates.update_request import UpdateRequest
from anomaly_gui.detection.images.folders import list_images
from anomaly_gui.detection.model.model_file import save_model
from anomaly_gui.detection.model.self_check import load_model
from anomaly_gui.detection.settings.choices import SUSPECT_CHOICES
from anomaly_gui.detection.updating import update_model
from anomaly_gui.errors import ParameterError
from anomaly_gui.language import translate, translate_kept
from anomaly_gui.results import write_json
from anomaly_gui.wording import count_images, count_parts, join_list

if TYPE_CHECKING:
    from anomaly_gui.detection.updating import UpdateResult

_Model = Annotated[Path, typer.Argument(metavar="M.anomaly", help="The model to begin with; it stays.")]
_Out = Annotated[Path, typer.Option("--out", metavar="N.anomaly", help="The model file to write.")]
_Add = Annotated[
    list[Path] | None,
    typer.Option("--add", metavar="DIR", help="Folders (or files) of further good images."),
]
_Without = Annotated[
    list[Path] | None,
    typer.Option(
        "--without", metavar="PATH", help="An image that was learned from, or a folder of such: take it out."
    ),
]
_Exclude = Annotated[
    list[Path] | None,
    typer.Option("--exclude", metavar="PATH", help="An image, or a folder of images, not to add."),
]
_Suspects = Annotated[
    str | None,
    typer.Option(
        "--suspects",
        metavar="|".join(SUSPECT_CHOICES),
        help="What becomes of further images unlike all others; where nothing is said, as in training.",
    ),
]


def update_command(
    model: _Model,
    out: _Out,
    add: _Add = None,
    without: _Without = None,
    exclude: _Exclude = None,
    suspects: _Suspects = None,
    json: JsonFile = None,
    runtime: RuntimeName = None,
    no_cache: NoCache = False,
) -> None:
    """Add good images to a model, or take some out, without reading the others again.

    The model keeps the sums that were fitted to its images: these need not exist any more. Near-duplicates of
    images learned before are found, files with the same bytes as a learned one are left out, and so are
    images unlike all others, which are named. The threshold is set anew from the scores of all images, by the
    rule of the training. An image can be taken out while its file is where it was, or its features are
    cached. Exit code 3: the model was made, but some files could not be read; they are listed.
    """
    check_result_files(out, json, inputs=(model, *(add or ()), *(without or ())))
    request = _make_request(add, without, exclude, suspects)
    with (
        claim_files(out, json),
        TerminalProgress() as progress,
        set_up_engine(runtime, progress, no_cache=no_cache) as tools,
    ):
        opened = load_model(model, progress, tools.runtime)
        result = update_model(opened, request, progress, tools.runtime, tools.cache)
        save_model(result.model, out)
        if json:
            write_json(json, _result_to_json(result))
    with keep_results_apart(out, json):
        _print_result(result)
        print_line(translate("Saved to {out}.", out=out))
    end_command(bool(result.findings.unreadable))


def _make_request(
    add: list[Path] | None, without: list[Path] | None, exclude: list[Path] | None, suspects: str | None
) -> UpdateRequest:
    if suspects is not None and suspects not in SUSPECT_CHOICES:
        raise ParameterError(
            translate(
                "--suspects cannot be {suspects!r}: take {known}.",
                suspects=suspects,
                known=join_list(SUSPECT_CHOICES),
            )
        )
    request = UpdateRequest(tuple(add or ()), tuple(without or ()), tuple(exclude or ()), suspects)
    if exclude:
        check_exclusions(request.excluded, [list_images(request.added)])
    return request


def _result_to_json(result: UpdateResult) -> dict[str, Any]:
    found, training = result.findings, result.model.training
    return {
        "n_images": len(training.images),
        "n_parts": len(set(training.groups.tolist())),
        "grouped_by": training.grouped_by,
        "detector": result.model.detector.kind,
        "added": [str(path) for path in found.added],
        "taken_out": [str(path) for path in found.removed],
        "n_added_of_known_parts": found.joined,
        "n_added_rejected_before": found.rejected,
        "threshold_before": found.before.value,
        **threshold_to_json(result.model.threshold),
        "suspects": reasons_to_json(found.suspects),
        "suspects_left_out": found.suspects_left_out,
        "unreadable": reasons_to_json(found.unreadable),
        "duplicates": duplicates_to_json(found.copies),
        "warnings": [with_options(warning) for warning in found.warnings],
        "seconds": round(found.seconds, 3),
    }


def _print_result(result: UpdateResult) -> None:
    found, training = result.findings, result.model.training
    print_line(
        translate(
            "Added {images}, took out {removed:,}.",
            images=count_images(len(found.added)),
            removed=len(found.removed),
        )
    )
    parts = count_parts(len(set(training.groups.tolist())))
    print_line(
        translate(
            "Learned from {images} of {parts} ({how}).",
            images=count_images(len(training.images)),
            parts=parts,
            how=translate_kept(training.grouped_by),
        )
    )
    if found.joined:
        print_line(
            translate(
                "Of parts that were learned before: {images} of those added.",
                images=count_images(found.joined),
            )
        )
    print_line(describe_threshold(result.model.threshold))
    print_line(translate("Threshold before: {value:.6g}.", value=found.before.value))
    if found.suspects:
        print_line(describe_suspects(len(found.suspects), left_out=found.suspects_left_out))
        for suspect in found.suspects:
            print_line(describe_file(suspect))
    if found.copies:
        print_line(translate("Copies of others, not added ({count:,}):", count=len(found.copies)))
        for copy, first in found.copies:
            print_line(translate("  {copy} is {first}", copy=copy, first=first))
    list_files(translate("Could not be used"), found.unreadable)
