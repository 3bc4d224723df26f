"""The command `score`."""

from __future__ import annotations

import hashlib
import json as json_text
import os
import tempfile
from contextlib import contextmanager
from functools import partial
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
from anomaly_gui.cli.output.map_files import MapWriter, check_maps
from anomaly_gui.cli.output.progress import TerminalProgress
from anomaly_gui.cli.output.report import (
    describe_passed_over,
    describe_repeats,
    describe_threshold,
    end_command,
    left_out_to_json,
    list_files,
    print_line,
    reasons_to_json,
    threshold_to_json,
)
from anomaly_gui.cli.output.result_files import check_result_files, keep_results_apart
from anomaly_gui.cli.output.score_files import describe_map, write_table
from anomaly_gui.cluster.places.url_paths import as_path
from anomaly_gui.cluster.scoring import score_into_on_cluster
from anomaly_gui.detection.datasets.left_out_folders import not_looked_into
from anomaly_gui.detection.judging.relative_scores import make_scale
from anomaly_gui.detection.judging.thresholds import check_threshold
from anomaly_gui.detection.judging.verdicts import VERDICTS
from anomaly_gui.detection.model.self_check import load_model
from anomaly_gui.detection.scoring import ScoreRequest
from anomaly_gui.detection.scoring_run import ScoringRun, score_into
from anomaly_gui.errors import ReaderGoneError, UserError
from anomaly_gui.language import translate
from anomaly_gui.paths import is_special
from anomaly_gui.results import write_json
from anomaly_gui.wording import count_images, explain_os_error, join_list

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from anomaly_gui.cli.commands.engine import Engine as Tools
    from anomaly_gui.cli.commands.on_cluster import ClusterOptions
    from anomaly_gui.detection.judging.thresholds import Threshold
    from anomaly_gui.detection.model.model import Model
    from anomaly_gui.detection.scoring_run import RunRow
    from anomaly_gui.progress import Progress

UNFINISHED = ".unfinished"
"""What is added to the name of the first result file while its scoring goes on."""


_Model = Annotated[Path, typer.Argument(metavar="M.anomaly", help="The model that judges.")]
_Paths = Annotated[list[Path], typer.Argument(metavar="PATH", help="Images, and folders of images.")]
_Csv = Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="Write a table, for spreadsheets.")]
_Threshold = Annotated[
    float | None, typer.Option("--threshold", help="In place of the model's own threshold.")
]
_Maps = Annotated[
    Path | None,
    typer.Option(
        "--maps",
        metavar="DIR",
        help="Write where each image is unlike good ones: a picture, and the map itself (npy).",
    ),
]


def score_command(
    model: _Model,
    paths: _Paths,
    csv: _Csv = None,
    json: JsonFile = None,
    threshold: _Threshold = None,
    maps: _Maps = None,
    runtime: RuntimeName = None,
    no_cache: NoCache = False,
    cluster: ClusterAddress = None,
    certificates: CertificateFolder = None,
    parts: PartsPlace = None,
) -> None:
    """Judge images: good, defect, not sure or cannot judge.

    Prints what is not good, lowest score first. With --csv or --json, a scoring that was cut off goes on
    where it was when the same command is given again. With --cluster, images may lie at addresses such as
    s3://BUCKET/FOLDER, too. Exit code 3: some images could not be judged, or some maps not be written; they
    are listed.
    """
    on = read_cluster_options(cluster, certificates, parts, paths)
    check_result_files(csv, json, inputs=(model, *paths))
    check_threshold(threshold)
    with (
        claim_files(csv, json),
        TerminalProgress() as progress,
        set_up_engine(runtime, progress, no_cache=no_cache) as tools,
    ):
        opened = load_model(model, progress, tools.runtime)
        request = ScoreRequest(opened, tuple(paths), threshold)
        writer, at = _make_map_writer(maps, opened, paths, progress), request.used_threshold
        with _open_run((csv, json), _digest_inputs(model, request, tools, maps)) as run:
            with _judge(run, request, on, model, (csv, json), tools, runtime, progress, writer):
                if csv:
                    write_table(csv, run, make_scale(at.value, opened.training))
                if json:
                    _write_json(json, model, run, request, tools, progress.warnings)
            with keep_results_apart(csv, json):
                incomplete = _print_result(run, at)
    end_command(incomplete or (writer is not None and writer.lost > 0))


@contextmanager
def _judge(
    run: ScoringRun,
    request: ScoreRequest,
    on: ClusterOptions | None,
    model: Path,
    results: tuple[Path | None, ...],
    tools: Tools,
    runtime: str | None,
    progress: Progress,
    writer: MapWriter | None,
) -> Iterator[None]:
    """Judge here or on a cluster; what workers wrote beside the results stays until those are whole."""
    more_of = partial(describe_map, writer=writer)
    if on is None:
        score_into(run, request, progress, tools.runtime, tools.cache, more_of)
        yield
        return
    with use_cluster(on, model, results, tools, runtime) as cluster:
        judged = score_into_on_cluster(run, request, cluster, progress, more_of)
        yield
        if on.parts is None:
            judged.remove_results()


def _make_map_writer(
    folder: Path | None, model: Model, scored: list[Path], progress: Progress
) -> MapWriter | None:
    if folder is None:
        return None
    check_maps(model, folder, scored)
    return MapWriter(folder, model.pixel_limit, progress, model.detector.plan.features.depth)


@contextmanager
def _open_run(results: tuple[Path | None, ...], identity: str) -> Iterator[ScoringRun]:
    """Open a run beside the first result file, to be gone on with should it be cut off; or a passing one."""
    files = (Path(os.path.realpath(path)) for path in results if path is not None and not is_special(path))
    first = next(files, None)
    with tempfile.TemporaryDirectory(prefix="anomaly-gui-") as passing:
        path = first.with_name(first.name + UNFINISHED) if first else Path(passing, "run")
        run = ScoringRun(path, identity, as_path)
        whole = False
        try:
            yield run
            whole = True
        except ReaderGoneError:  # the results had been written before anything was said
            whole = True
            raise
        finally:
            run.close(delete=whole or first is None)


def _digest_inputs(model: Path, request: ScoreRequest, tools: Tools, maps: Path | None) -> str:
    """Return what results depend on beside the images."""
    try:
        content = _digest_file(model)
    except OSError as error:
        raise UserError(
            translate(
                "{model} is gone while it was read ({why}): open it again.",
                model=model,
                why=explain_os_error(error),
            )
        ) from error
    used = request.model.detector.plan.runs_on(tools.runtime)
    return json_text.dumps([content, request.threshold, used, str(maps)])


def _digest_file(path: Path) -> str:
    """Return a file's SHA-256, without holding it whole: models have 50 MB and more."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for block in iter(partial(file.read, 1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def _write_json(
    path: Path,
    model: Path,
    run: ScoringRun,
    request: ScoreRequest,
    tools: Tools,
    warnings: tuple[str, ...],
) -> None:
    used = tools.describe_use(request.model)
    write_json(path, _result_to_json(model, run, request.used_threshold, used, warnings))


def _result_to_json(
    model: Path,
    run: ScoringRun,
    threshold: Threshold,
    used: Mapping[str, str | None],
    warnings: tuple[str, ...],
) -> dict[str, Any]:
    return {
        "model": str(model),
        **threshold_to_json(threshold),
        "images": map(_image_to_json, run.read_rows()),
        "unreadable": reasons_to_json(run.read_unreadable()),
        "passed_over": run.passed_over,
        "hidden": run.hidden,
        "left_out_folders": left_out_to_json(run.left_out),
        "given_more_than_once": run.seen_before,
        "warnings": list(warnings),
        **used,
        "taken_over": run.taken_over,
    }


def _image_to_json(row: RunRow) -> dict[str, Any]:
    judged = {"path": str(row.path), "score": row.score, "verdict": row.verdict, "reason": row.reason}
    return {**judged, **row.more}


def _print_result(run: ScoringRun, threshold: Threshold) -> bool:
    """Print the results; return whether some images have no verdict."""
    for image in run.read_suspicious():
        print_line(f"{pad_right(image.verdict.told, 8)}  {image.score:12.6g}  {image.path}")
    counts = run.count_verdicts()
    told = [translate("{verdict}: {count:,}", verdict=one.told, count=counts[one]) for one in VERDICTS]
    print_line(translate("{counts}.", counts=join_list(told)))
    print_line(describe_threshold(threshold))
    if run.taken_over:
        print_line(
            translate(
                "Of these, {images} had been judged before the scoring was cut off.",
                images=count_images(run.taken_over),
            )
        )
    if passed_over := describe_passed_over(run.passed_over, run.hidden):
        print_line(passed_over)
    for sentence in (*not_looked_into(run.left_out), describe_repeats(run.seen_before)):
        if sentence:
            print_line(sentence)
    not_judged = list(run.read_not_judged())
    list_files(translate("Could not be judged"), not_judged)
    return bool(not_judged)
