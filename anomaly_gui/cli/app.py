"""The command `anomaly-gui`."""

from __future__ import annotations

import io
import sys

from anomaly_gui.cli.commands import app
from anomaly_gui.cli.outcome import run


def main() -> None:
    """Run the command line; the exit code says how it went (see `outcome`)."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # names of files need not fit the terminal
    run(app)
