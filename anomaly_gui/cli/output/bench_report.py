"""What a benchmark says, in tables and sentences, and the same as JSON."""

from __future__ import annotations

from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING, Any

from anomaly_gui.cli.output.columns import pad_left, pad_right
from anomaly_gui.cli.output.report import print_line
from anomaly_gui.detection.settings.backbones import find_backbone
from anomaly_gui.language import mark, translate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anomaly_gui.detection.benchmarking.measuring import BenchResult
    from anomaly_gui.detection.benchmarking.network_speed import NetworkSpeed
    from anomaly_gui.detection.benchmarking.request import BenchRequest
    from anomaly_gui.detection.benchmarking.uses import UseSpeed
    from anomaly_gui.detection.benchmarking.whole_way import WaySpeed

_GIGA = 1e9
_WHOLE = mark("the whole way")


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
    print_line(
        translate(
            "{cores} cores; matrix product {speed:,.0f} GFLOP/s.",
            cores=result.cores,
            speed=result.peak / _GIGA,
        )
    )
    print_line()
    _print_networks(result.network)
    uses = {(use.backbone, use.detector): use for use in result.uses}
    for names, ways in groupby(result.ways, lambda way: (way.backbone, way.detector)):
        _print_ways(list(ways), uses[names], request.megapixels)
    for sentence in result.skipped:
        print_line(sentence)


def _print_networks(network: Sequence[NetworkSpeed]) -> None:
    where = pad_right(translate("backbone"), 20) + pad_right(translate("runtime"), 34) + pad_left("px", 5)
    what = "  " + pad_right(translate("layer"), 14) + pad_left(translate("batch"), 6)
    print_line(where + what + pad_left(translate("images/s"), 10) + pad_left(translate("share of peak"), 15))
    for one in network:
        print_line(
            f"{one.backbone:20}{one.runtime:34}{one.size:>5}  {one.layer:14}{one.batch:>6}"
            f"{one.images_per_second:>10,.1f}{100 * one.share_of_peak:>13,.0f} %"
        )
    print_line()


def _print_ways(ways: Sequence[WaySpeed], use: UseSpeed, megapixels: float) -> None:
    """Print what an image takes with a backbone and a detector, and where the time goes; a column a way."""
    title = find_backbone(use.backbone).title
    print_line(
        translate(
            "{backbone} by {runtime}, detector {detector}: {megapixels:g} megapixels, 224 px.",
            backbone=title,
            runtime=use.runtime,
            detector=use.detector,
            megapixels=megapixels,
        )
    )
    print_line(translate("Milliseconds an image, and the share of all cores' time:"))
    print_line(" " * 26 + "".join(pad_left(_title_way(way), 22) for way in ways))
    longest = max(ways, key=lambda way: len(way.parts))
    for name in [part.part for part in longest.parts]:
        print_line(pad_right(translate(name), 26) + "".join(_write_cell(way, name) for way in ways))
    whole = "".join(f"{way.milliseconds:>14.1f}{'':8}" for way in ways)
    print_line(pad_right(translate(_WHOLE), 26) + whole)
    for way in ways:
        print_line(translate("{way}: {sentence}", way=_title_way(way), sentence=way.bottleneck.sentence))
    _print_use(use)
    print_line()


def _print_use(use: UseSpeed) -> None:
    took = use.one_image_milliseconds
    print_line(translate("One image, the model open: {took:.0f} ms from file to verdict.", took=took))
    if use.peak_megabytes is not None:
        print_line(
            translate(
                "Memory while a folder is scored with --maps: {peak:,.0f} MB at most.",
                peak=use.peak_megabytes,
            )
        )


def _title_way(way: WaySpeed) -> str:
    return translate("{kind} with --maps", kind=way.kind) if way.writes_maps else way.kind


def _write_cell(way: WaySpeed, name: str) -> str:
    for part in way.parts:
        if part.part == name:
            return f"{part.milliseconds:>14.1f}{100 * part.share:>6.0f} %"
    return f"{'':22}"
