"""The command `layers`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from anomaly_gui.cli.files import check_places
from anomaly_gui.cli.progress import TerminalProgress
from anomaly_gui.cli.report import duplicates_json, end, expected_json, list_files, reasons_json, say
from anomaly_gui.cli.setting_options import with_settings
from anomaly_gui.detection.layer_comparison import LayersRequest, compare_layers
from anomaly_gui.detection.settings import TrainSettings
from anomaly_gui.results import write_json

if TYPE_CHECKING:
    from anomaly_gui.detection.layer_comparison import LayersResult

_SETTINGS = (
    "size",
    "normalization",
    "density",
    "components",
    "covariance",
    "false_alarm_rate",
    "group_by",
    "pixel_limit",
)


@with_settings(_SETTINGS)
def layers_command(
    normal: Annotated[list[Path], typer.Option("--normal", metavar="DIR", help="Good images.")],
    anomalous: Annotated[list[Path], typer.Option("--anomalous", metavar="DIR", help="Known defects.")],
    settings: TrainSettings,
    json: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write the result as JSON.")
    ] = None,
) -> None:
    """Compare all layers of the network on good images and known defects, in one pass.

    Good images are judged by models they were left out of. Exit code 3: some files could not be read; they
    are listed.
    """
    check_places(json)
    with TerminalProgress() as progress:
        result = compare_layers(LayersRequest(tuple(normal), tuple(anomalous), settings), progress)
    if json:
        write_json(json, _json(result, settings))
    _print(result, settings)
    end(bool(result.unreadable))


def _json(result: LayersResult, settings: TrainSettings) -> dict[str, Any]:
    return {
        "n_normal": len(result.normal.images.records),
        "n_anomalous": len(result.anomalous.images.records),
        "n_parts": result.groups.count,
        "grouped_by": result.groups.method,
        "size": settings.size,
        "asked_false_alarm_rate": settings.false_alarm_rate,
        "best": ",".join(result.best.layers),
        "layers": [
            {
                "layer": ",".join(one.layers),
                "features": one.length,
                "auroc": one.auroc,
                "average_precision": one.average_precision,
                "threshold": one.threshold.value,
                "promised_false_alarm_rate": one.threshold.promised_rate,
                "expected_false_alarms": expected_json(one.threshold.expected),
                "miss_rate": one.miss.rate,
                "miss_interval": [one.miss.low, one.miss.high],
            }
            for one in result.layers
        ],
        "unreadable": reasons_json(result.unreadable),
        "duplicates": duplicates_json(
            (*result.normal.images.duplicates, *result.anomalous.images.duplicates)
        ),
        "seconds": round(result.seconds, 3),
    }


def _print(result: LayersResult, settings: TrainSettings) -> None:
    good, defects = len(result.normal.images.records), len(result.anomalous.images.records)
    say(f"{good:,} good images of {result.groups.count:,} parts, {defects:,} defects, {settings.size} px.")
    say(f"{'layer':36}{'features':>9}{'AUROC':>8}{f'missed at {100 * settings.false_alarm_rate:g} %':>16}")
    for one in result.layers:
        say(f"{','.join(one.layers):36}{one.length:>9}{one.auroc:>8.3f}{one.miss.count:>9} of {defects}")
    say(f"Highest AUROC: {','.join(result.best.layers)}. Judge it on images that had no part in this choice.")
    if result.layers[0].threshold.warnings:
        say(result.layers[0].threshold.warnings[0])
    list_files("Could not be used", result.unreadable)
