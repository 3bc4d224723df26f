"""The command `anomaly-gui`, put together of its commands."""

from __future__ import annotations

from typing import Annotated

import typer

import anomaly_gui
from anomaly_gui.cli.commands.bench import bench_command
from anomaly_gui.cli.commands.cache import cache_command
from anomaly_gui.cli.commands.cluster import certificates_command, scheduler_command, worker_command
from anomaly_gui.cli.commands.compare import compare_command
from anomaly_gui.cli.commands.demo import demo_command
from anomaly_gui.cli.commands.evaluate import evaluate_command
from anomaly_gui.cli.commands.info import info_command
from anomaly_gui.cli.commands.score import score_command
from anomaly_gui.cli.commands.station.group import STATION_HELP, station
from anomaly_gui.cli.commands.train import train_command
from anomaly_gui.cli.commands.update import update_command
from anomaly_gui.cli.options.groups import add_commands, make_group
from anomaly_gui.cli.options.help_words import WordedGroup, translate_typer
from anomaly_gui.cli.output.outcome import guard_streams, run_app
from anomaly_gui.language import find_language, mark, use_language

app = typer.Typer(
    cls=WordedGroup,
    help="One-class visual inspection: shown only good parts, it finds the bad ones.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"anomaly-gui {anomaly_gui.__version__}")
        raise typer.Exit


@app.callback()
def take_common_options(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """One-class visual inspection: shown only good parts, it finds the bad ones."""


add_commands(
    app,
    {
        "train": train_command,
        "update": update_command,
        "score": score_command,
        "evaluate": evaluate_command,
        "compare": compare_command,
        "info": info_command,
        "demo": demo_command,
        "bench": bench_command,
        "cache": cache_command,
    },
)
app.add_typer(station, name="station", help=STATION_HELP)
app.add_typer(
    make_group(
        {
            "certificates": certificates_command,
            "scheduler": scheduler_command,
            "worker": worker_command,
        }
    ),
    name="cluster",
    help=mark("Set up a cluster of machines."),
)


def main() -> None:
    """Run the command line; the exit code says how it went (see `outcome`)."""
    use_language(find_language())  # by the one name that what it starts knows, too
    translate_typer()
    guard_streams()
    run_app(app)
