"""The command `anomaly-gui`."""

from __future__ import annotations

from anomaly_gui.cli.commands import app
from anomaly_gui.cli.outcome import run


def main() -> None:
    """Run the command line; the exit code says how it went (see `outcome`)."""
    run(app)
