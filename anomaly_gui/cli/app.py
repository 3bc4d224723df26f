"""The command `anomaly-gui`, put together of its commands."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Annotated

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
from anomaly_gui.cli.commands.train import train_command
from anomaly_gui.cli.commands.update import update_command
from anomaly_gui.cli.options.help_words import WordedCommand, WordedGroup, translate_typer
from anomaly_gui.cli.output.outcome import guard_streams, run_app
from anomaly_gui.language import find_language, mark, use_language

if TYPE_CHECKING:
    from collections.abc import Callable

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


def _unwrap_help(command: Callable[..., None]) -> str:
    """Return a docstring's paragraphs, each on one line: the terminal's width is not the source's."""
    paragraphs = inspect.cleandoc(command.__doc__ or "").split("\n\n")
    return "\n\n".join(" ".join(text.split()) for text in paragraphs)


for _name, _command in (
    ("train", train_command),
    ("update", update_command),
    ("score", score_command),
    ("evaluate", evaluate_command),
    ("compare", compare_command),
    ("info", info_command),
    ("demo", demo_command),
    ("bench", bench_command),
    ("cache", cache_command),
):
    app.command(_name, cls=WordedCommand, help=_unwrap_help(_command))(_command)

cluster_app = typer.Typer(cls=WordedGroup, no_args_is_help=True, add_completion=False)
for _name, _command in (
    ("certificates", certificates_command),
    ("scheduler", scheduler_command),
    ("worker", worker_command),
):
    cluster_app.command(_name, cls=WordedCommand, help=_unwrap_help(_command))(_command)
app.add_typer(cluster_app, name="cluster", help=mark("Set up a cluster of machines."))


def main() -> None:
    """Run the command line; the exit code says how it went (see `outcome`)."""
    use_language(find_language())  # by the one name that what it starts knows, too
    translate_typer()
    guard_streams()
    run_app(app)
