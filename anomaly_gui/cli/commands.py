"""The commands: each maps its options to a request of the library's and prints the result."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import anomaly_gui
from anomaly_gui.cli.demo import demo_report
from anomaly_gui.cli.progress import TerminalProgress

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


@app.command()
def demo(
    headless: Annotated[bool, typer.Option("--headless", help="Write pictures, open no window.")] = False,
    out: Annotated[Path, typer.Option(help="Folder for the pictures and scores.")] = Path("demo-output"),
) -> None:
    """Tell handwritten ones (good) from sevens (defects): the worked example."""
    if not headless:
        typer.echo("This version has no window yet; pictures are written instead.", err=True)
    with TerminalProgress() as progress:
        report = demo_report(out, progress)
    typer.echo(report)
