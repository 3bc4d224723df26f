"""Commands as they are typed, for tests: in this process, or in one of their own."""

import contextlib
import io
import subprocess
import sys
from typing import NamedTuple

import pytest

from anomaly_gui.cli.app import main

SETTINGS = ["--detector", "pooled", "--layer", "block2_pool", "--size", "32", "--false-alarm-rate", "0.1"]


class Ran(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


def run(*arguments):
    """Run a command in this process."""
    out, err = io.StringIO(), io.StringIO()
    with (
        pytest.MonkeyPatch.context() as patch,
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        pytest.raises(SystemExit) as end,
    ):
        patch.setattr(sys, "argv", ["anomaly-gui", *map(str, arguments)])
        main()
    return Ran(end.value.code or 0, out.getvalue(), err.getvalue())


def typed(*arguments):
    """Return the words that start a command in a process of its own."""
    return [sys.executable, "-m", "anomaly_gui", *map(str, arguments)]


def run_alone(*arguments, **options):
    """Run a command in a process of its own."""
    return subprocess.run(typed(*arguments), **{"capture_output": True, "text": True, **options})
