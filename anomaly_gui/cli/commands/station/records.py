"""The commands `station export` and `station prune`: what becomes of records and pictures.

What needs the database is imported where it is used: other commands should not wait for it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from anomaly_gui.cli.commands.station.asking import From, Lot, To, read_time
from anomaly_gui.cli.output.report import print_line
from anomaly_gui.errors import UserError
from anomaly_gui.language import translate, translate_count
from anomaly_gui.station.judging.judged import StationVerdict
from anomaly_gui.station.settings.reading import read_settings
from anomaly_gui.wording import join_list

if TYPE_CHECKING:
    from anomaly_gui.station.ledger.reading import ResultFilter

_File = Annotated[Path, typer.Argument(metavar="LINE.toml", help="The settings of the station.")]
_Csv = Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="Write a table, for spreadsheets.")]
_Parquet = Annotated[Path | None, typer.Option("--parquet", metavar="FILE", help="Write a Parquet file.")]
_Report = Annotated[
    Path | None,
    typer.Option(
        "--report", metavar="FILE", help="Write a page (HTML): counts, yield, reasons, models, the last hash."
    ),
]
_Part = Annotated[str | None, typer.Option("--part", metavar="TEXT", help="Only results of this part.")]
_Verdicts = Annotated[
    list[StationVerdict] | None,
    typer.Option("--verdict", help="Only results with this verdict; may be given several times."),
]
_DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be removed, and remove nothing.")]


def export_command(
    settings: _File,
    csv: _Csv = None,
    parquet: _Parquet = None,
    report: _Report = None,
    since: From = None,
    until: To = None,
    part: _Part = None,
    lot: Lot = None,
    verdict: _Verdicts = None,
) -> None:
    """Write results as a table, or a report of them."""
    from anomaly_gui.station.ledger.exporting import export_csv, export_parquet
    from anomaly_gui.station.ledger.reading import ALL_VERDICTS, ResultFilter

    if csv is None and parquet is None and report is None:
        raise UserError(translate("Say where to: --csv FILE, --parquet FILE or --report FILE."))
    times = (read_time("--from", since), read_time("--to", until))
    wanted = ResultFilter(part, lot, *times, tuple(verdict or ALL_VERDICTS))
    ledger_file = read_settings(settings).ledger_file
    for file, export in ((csv, export_csv), (parquet, export_parquet), (report, _export_report)):
        if file is not None:
            count = export(ledger_file, wanted, file)
            told = translate_count("{count:,} result", "{count:,} results", count)
            print_line(translate("{path}: {results}.", path=file, results=told))


def _export_report(ledger_file: Path, wanted: ResultFilter, file: Path) -> int:
    from anomaly_gui.cli.output.station_report import write_report
    from anomaly_gui.station.ledger.summary import summarize_results

    summary = summarize_results(ledger_file, wanted)
    write_report(summary, _describe_filter(wanted), file)
    return summary.counts.total() + summary.challenges


def _describe_filter(wanted: ResultFilter) -> list[str]:
    """Return in words what is asked for; nothing where all is."""
    from anomaly_gui.station.ledger.reading import ALL_VERDICTS

    told = []
    if wanted.since is not None:
        told.append(translate("since {time}", time=wanted.since.isoformat()))
    if wanted.until is not None:
        told.append(translate("before {time}", time=wanted.until.isoformat()))
    if wanted.part is not None:
        told.append(translate("part {part}", part=wanted.part))
    if wanted.lot is not None:
        told.append(translate("lot {lot}", lot=wanted.lot))
    if set(wanted.verdicts) != set(ALL_VERDICTS):
        told.append(join_list(verdict.told for verdict in wanted.verdicts))
    return told


def prune_command(settings: _File, dry_run: _DryRun = False) -> None:
    """Remove the pictures that the settings do not keep, once all outputs and the server have their results.

    Rows stay. A picture that is not, byte for byte, the one that was recorded stays, too. The station does
    the same once an hour.
    """
    from anomaly_gui.station.pruning import foresee_pruning, prune_pictures

    asked = read_settings(settings)
    pruned = foresee_pruning(asked) if dry_run else prune_pictures(asked)
    for verdict in StationVerdict:
        print_line(
            translate(
                "{verdict}: {count:,} pictures, {megabytes:,.1f} MB",
                verdict=verdict.told,
                count=pruned.pictures[verdict],
                megabytes=pruned.bytes[verdict] / 1e6,
            )
        )
    if pruned.left:
        told = translate("{count:,} pictures are not those that were recorded, and stay.", count=pruned.left)
        print_line(told)
    if pruned.trouble:
        raise UserError(pruned.trouble)
    if dry_run:
        print_line(translate("Nothing was removed: --dry-run."))
