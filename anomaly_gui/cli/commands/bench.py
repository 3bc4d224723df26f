"""The command `bench`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from anomaly_gui.cli.options.common_options import JsonFile
from anomaly_gui.cli.output.claims import claim_files
from anomaly_gui.cli.output.progress import TerminalProgress
from anomaly_gui.cli.output.report import print_line
from anomaly_gui.cli.output.result_files import check_result_files, keep_results_apart
from anomaly_gui.detection.benchmarking import DEPTHS, SIZES, BenchRequest, bench
from anomaly_gui.detection.candidates.request import parse_sizes
from anomaly_gui.detection.runtimes.protocol import AUTOMATIC, RUNTIMES
from anomaly_gui.detection.settings.feature_settings import FeatureSettings
from anomaly_gui.detection.settings.layers import parse_layers
from anomaly_gui.errors import ParameterError
from anomaly_gui.results import write_json

if TYPE_CHECKING:
    from anomaly_gui.detection.benchmarking import BenchResult

_GIGA = 1e9
_MEASURED = tuple(name for name in RUNTIMES if name != AUTOMATIC)


def bench_command(
    sizes: Annotated[
        str, typer.Option("--sizes", help="Sides of the network's input, with commas.")
    ] = ",".join(map(str, SIZES)),
    layers: Annotated[
        str, typer.Option("--layers", help="Deepest layers that are computed, with commas.")
    ] = ",".join(DEPTHS),
    runtimes: Annotated[str, typer.Option("--runtimes", help="Runtimes, with commas.")] = ",".join(
        BenchRequest.runtimes
    ),
    rounds: Annotated[int, typer.Option("--rounds", min=1, max=100, help="How often each is timed.")] = 5,
    json: JsonFile = None,
) -> None:
    """Measure this machine: images per second by runtime, size and depth, and the parts of the way.

    Takes some minutes; close other programs first.
    """
    check_result_files(json)
    request = BenchRequest(parse_sizes(sizes), parse_layers(layers), _parse_runtimes(runtimes), rounds)
    _ = FeatureSettings(request.layers)
    with claim_files(json), TerminalProgress() as progress:
        result = bench(request, progress)
        if json:
            write_json(json, _result_to_json(result))
    with keep_results_apart(json):
        _print_result(result)


def _parse_runtimes(text: str) -> tuple[str, ...]:
    names = parse_layers(text)
    unknown = [name for name in names if name not in _MEASURED]
    if unknown or not names:
        raise ParameterError(f"--runtimes {text!r} is not known: take of {', '.join(_MEASURED)}.")
    return names


def _result_to_json(result: BenchResult) -> dict[str, Any]:
    return {
        "cores": result.cores,
        "peak_gflops": round(result.peak / _GIGA, 1),
        "network": [asdict(one) for one in result.network],
        "parts": [asdict(one) for one in result.parts],
        "skipped": list(result.skipped),
    }


def _print_result(result: BenchResult) -> None:
    print_line(f"{result.cores} cores; matrix product {result.peak / _GIGA:,.0f} GFLOP/s.")
    print_line()
    print_line(f"{'runtime':32}{'px':>5}  {'layer':14}{'batch':>6}{'images/s':>10}{'share of peak':>15}")
    for one in result.network:
        print_line(
            f"{one.runtime:32}{one.size:>5}  {one.layer:14}{one.batch:>6}{one.images_per_second:>10,.1f}"
            f"{100 * one.share_of_peak:>13,.0f} %"
        )
    print_line()
    print_line(f"{'2 megapixels, 224 px':25}{'ms an image':>12}")
    for part in result.parts:
        print_line(f"{part.kind:5} {part.part:19}{part.milliseconds:>12.1f}")
    for sentence in result.skipped:
        print_line(sentence)
