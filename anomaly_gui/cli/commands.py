"""The commands: each maps its options to a request of the library's and prints the result."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Annotated

import typer

import anomaly_gui
from anomaly_gui.cli.bench_command import bench_command
from anomaly_gui.cli.cache_command import cache_command
from anomaly_gui.cli.compare_command import compare_command
from anomaly_gui.cli.demo import demo_command
from anomaly_gui.cli.evaluate_command import evaluate_command
from anomaly_gui.cli.info_command import info_command
from anomaly_gui.cli.score_command import score_command
from anomaly_gui.cli.train_command import train_command

if TYPE_CHECKING:
    from collections.abc import Callable

app = typer.Typer(
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
def common(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """One-class visual inspection: shown only good parts, it finds the bad ones."""


def _help(command: Callable[..., None]) -> str:
    """Return a docstring's paragraphs, each on one line: the terminal's width is not the source's."""
    paragraphs = inspect.cleandoc(command.__doc__ or "").split("\n\n")
    return "\n\n".join(" ".join(text.split()) for text in paragraphs)


for _name, _command in (
    ("train", train_command),
    ("score", score_command),
    ("evaluate", evaluate_command),
    ("compare", compare_command),
    ("info", info_command),
    ("demo", demo_command),
    ("bench", bench_command),
    ("cache", cache_command),
):
    app.command(_name, help=_help(_command))(_command)
