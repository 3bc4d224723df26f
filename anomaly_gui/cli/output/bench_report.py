"""What a benchmark says, in tables and sentences, and the same as JSON."""

from __future__ import annotations

from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING, Any

from anomaly_gui.cli.output.report import print_line
from anomaly_gui.detection.settings.backbones import find_backbone

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anomaly_gui.detection.benchmarking.measuring import BenchResult
    from anomaly_gui.detection.benchmarking.network_speed import NetworkSpeed
    from anomaly_gui.detection.benchmarking.request import BenchRequest
    from anomaly_gui.detection.benchmarking.uses import UseSpeed
    from anomaly_gui.detection.benchmarking.whole_way import WaySpeed

_GIGA = 1e9
_WHOLE = "the whole way"


def bench_to_json(result: BenchResult) -> dict[str, Any]:
    """Return the result as values."""
    return {
        "cores": result.cores,
        "peak_gflops": round(result.peak / _GIGA, 1),
        "network": [asdict(one) for one in result.network],
        "parts": [part for way in result.ways for part in _list_parts(way, result.cores)],
        "bottlenecks": [{**_name_way(way), **asdict(way.bottleneck)} for way in result.ways],
        "uses": [asdict(one) for one in result.uses],
        "skipped": list(result.skipped),
    }


def _name_way(way: WaySpeed) -> dict[str, Any]:
    return {
        "backbone": way.backbone,
        "runtime": way.runtime,
        "detector": way.detector,
        "kind": way.kind,
        "map_files": way.writes_maps,
    }


def _list_parts(way: WaySpeed, cores: int) -> list[dict[str, Any]]:
    whole = {
        "part": _WHOLE,
        "milliseconds": way.milliseconds,
        "core_milliseconds": cores * way.milliseconds,
        "share": 1.0 - way.other_programs,
    }
    return [{**_name_way(way), **part} for part in (*map(asdict, way.parts), whole)]


def print_bench(result: BenchResult, request: BenchRequest) -> None:
    """Print the result."""
    print_line(f"{result.cores} cores; matrix product {result.peak / _GIGA:,.0f} GFLOP/s.")
    print_line()
    _print_networks(result.network)
    uses = {(use.backbone, use.detector): use for use in result.uses}
    for names, ways in groupby(result.ways, lambda way: (way.backbone, way.detector)):
        _print_ways(list(ways), uses[names], request.megapixels)
    for sentence in result.skipped:
        print_line(sentence)


def _print_networks(network: Sequence[NetworkSpeed]) -> None:
    where = f"{'backbone':20}{'runtime':34}{'px':>5}  {'layer':14}{'batch':>6}"
    print_line(f"{where}{'images/s':>10}{'share of peak':>15}")
    for one in network:
        print_line(
            f"{one.backbone:20}{one.runtime:34}{one.size:>5}  {one.layer:14}{one.batch:>6}"
            f"{one.images_per_second:>10,.1f}{100 * one.share_of_peak:>13,.0f} %"
        )
    print_line()


def _print_ways(ways: Sequence[WaySpeed], use: UseSpeed, megapixels: float) -> None:
    """Print what an image takes with a backbone and a detector, and where the time goes; a column a way."""
    title = find_backbone(use.backbone).title
    print_line(f"{title} by {use.runtime}, detector {use.detector}: {megapixels:g} megapixels, 224 px.")
    print_line("Milliseconds an image, and the share of all cores' time:")
    print_line(f"{'':26}" + "".join(f"{_title_way(way):>22}" for way in ways))
    longest = max(ways, key=lambda way: len(way.parts))
    for name in [part.part for part in longest.parts]:
        print_line(f"{name:26}" + "".join(_write_cell(way, name) for way in ways))
    print_line(f"{_WHOLE:26}" + "".join(f"{way.milliseconds:>14.1f}{'':8}" for way in ways))
    for way in ways:
        print_line(f"{_title_way(way)}: {way.bottleneck.sentence}")
    print_line(f"One image, the model open: {use.one_image_milliseconds:.0f} ms from file to verdict.")
    if use.peak_megabytes is not None:
        print_line(f"Memory while a folder is scored with --maps: {use.peak_megabytes:,.0f} MB at most.")
    print_line()


def _title_way(way: WaySpeed) -> str:
    return way.kind + (" with --maps" if way.writes_maps else "")


def _write_cell(way: WaySpeed, name: str) -> str:
    for part in way.parts:
        if part.part == name:
            return f"{part.milliseconds:>14.1f}{100 * part.share:>6.0f} %"
    return f"{'':22}"
