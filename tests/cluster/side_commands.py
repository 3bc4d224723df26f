"""Commands of the product that run beside a test."""

import contextlib
import os
import subprocess
import sys


@contextlib.contextmanager
def started(*arguments, says):
    """Run a command in a process of its own, once it has said something."""
    command = [sys.executable, "-m", "anomaly_gui", *map(str, arguments)]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    try:
        for line in process.stdout:
            if says in line:
                break
        else:
            raise AssertionError(f"it ended without a word of {says!r}")
        yield process
    finally:
        process.terminate()
        process.wait(20)
        process.stdout.close()
