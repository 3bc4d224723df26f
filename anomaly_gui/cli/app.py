"""The command `anomaly-gui`."""

from __future__ import annotations

from anomaly_gui.cli.commands import app
from anomaly_gui.cli.outcome import guard_streams, run


def main() -> None:
    """Run the command line; the exit code says how it went (see `outcome`)."""
    guard_streams()
    run(app)
