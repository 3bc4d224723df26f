"""The command `bench`."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from anomaly_gui.cli.options.common_options import JsonFile
from anomaly_gui.cli.output.bench_report import bench_to_json, print_bench
from anomaly_gui.cli.output.claims import claim_files
from anomaly_gui.cli.output.map_files import MapWriter
from anomaly_gui.cli.output.progress import TerminalProgress
from anomaly_gui.cli.output.result_files import check_result_files, keep_results_apart
from anomaly_gui.cli.output.score_files import describe_map, write_table
from anomaly_gui.detection.benchmarking.request import DEPTHS, SIZES, BenchRequest
from anomaly_gui.detection.candidates.request import parse_backbones, parse_sizes
from anomaly_gui.detection.runtimes.protocol import AUTOMATIC, RUNTIMES
from anomaly_gui.detection.settings.layers import parse_layers
from anomaly_gui.errors import ParameterError
from anomaly_gui.language import translate
from anomaly_gui.results import write_json
from anomaly_gui.wording import join_list

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from anomaly_gui.detection.model.image_result import ImageResult
    from anomaly_gui.detection.model.model import Model
    from anomaly_gui.detection.scoring_run import More, ScoringRun
    from anomaly_gui.progress import Progress

_BACKBONES = ",".join(BenchRequest.backbones)
_MEASURED = tuple(name for name in RUNTIMES if name != AUTOMATIC)

_Layers = Annotated[
    str | None,
    typer.Option(
        "--layers",
        help="Deepest layers that are computed, with commas, each by the backbones that have it. Where none "
        f"is named: {', '.join(DEPTHS)} of vgg16, the stages used by default of the others.",
    ),
]
_Runtimes = Annotated[
    str | None,
    typer.Option(
        "--runtimes",
        help=f"Runtimes, with commas, of {', '.join(_MEASURED)}. Where none is named: mnn and keras "
        "for vgg16, onnx and mnn for the others. The way of an image is measured with "
        "the one that scoring takes.",
    ),
]


_Rounds = Annotated[int, typer.Option("--rounds", min=1, max=100, help="How often each is timed.")]
_Images = Annotated[
    int,
    typer.Option("--images", min=4, max=10_000, help="Files of each kind; heavy backbones get a quarter."),
]
_Megapixels = Annotated[
    float, typer.Option("--megapixels", min=0.05, max=100, help="Size of each of these files.")
]


def bench_command(
    backbones: Annotated[str, typer.Option("--backbones", help="Backbones, with commas.")] = _BACKBONES,
    sizes: Annotated[
        str, typer.Option("--sizes", help="Sides of the network's input, with commas.")
    ] = ",".join(map(str, SIZES)),
    layers: _Layers = None,
    runtimes: _Runtimes = None,
    rounds: _Rounds = BenchRequest.rounds,
    images: _Images = BenchRequest.images,
    megapixels: _Megapixels = BenchRequest.megapixels,
    json: JsonFile = None,
) -> None:
    """Measure this machine: images per second by backbone, runtime, size and depth, and the way of an image.

    The way of an image is taken apart, for the detectors pooled and positional and for JPEG and PNG files,
    and a sentence says which part takes most of the time. Takes some minutes, fewer with --rounds 1; close
    other programs first.
    """
    from anomaly_gui.detection.benchmarking.measuring import bench  # late: only this command needs it

    check_result_files(json)
    request = BenchRequest(
        parse_backbones(backbones),
        parse_sizes(sizes),
        None if layers is None else parse_layers(layers),
        None if runtimes is None else _parse_runtimes(runtimes),
        rounds,
        images,
        megapixels,
    )
    with claim_files(json), TerminalProgress() as progress:
        result = bench(request, progress, _ScoreFiles(progress))
        if json:
            write_json(json, bench_to_json(result))
    with keep_results_apart(json):
        print_bench(result, request)


def _parse_runtimes(text: str) -> tuple[str, ...]:
    names = parse_layers(text)
    unknown = [name for name in names if name not in _MEASURED]
    if unknown or not names:
        raise ParameterError(
            translate(
                "--runtimes {text!r} is not known: take of {known}.", text=text, known=join_list(_MEASURED)
            )
        )
    return names


class _ScoreFiles:
    """Writes what `score` writes; see `ResultWriter`."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def open_maps(self, folder: Path | None, model: Model) -> Callable[[int, ImageResult], More]:
        depth = model.detector.settings.depth
        writer = MapWriter(folder, model.pixel_limit, self._progress, depth) if folder else None
        return partial(describe_map, writer=writer)

    def write_table(self, path: Path, run: ScoringRun) -> None:
        write_table(path, run)

    def list_score_words(self, model: Path, images: Sequence[Path], maps: Path) -> Sequence[str]:
        words = ("score", model, *images, "--maps", maps, "--csv", maps.with_suffix(".csv"), "--no-cache")
        return [sys.executable, "-m", "anomaly_gui", *map(str, words)]
