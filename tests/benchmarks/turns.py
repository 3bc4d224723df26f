"""What benchmarks of whole commands share: ways that take turns, time and memory of a process, medians."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

Found = TypeVar("Found")

# A small process starts the command: what is told of a child's memory is never less than its parent's.
_LAUNCHER = """
import json, os, subprocess, sys, time
began = time.perf_counter()
child = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
_, status, usage = os.wait4(child.pid, 0)
child.returncode = os.waitstatus_to_exitcode(status)
print(json.dumps([time.perf_counter() - began, usage.ru_maxrss, child.returncode]))
"""
_KILOBYTE, _MEGA = 1024, 1e6  # ru_maxrss counts kilobytes on Linux


@dataclass(frozen=True)
class Usage:
    """What a process took.

    Parameters
    ----------
    seconds : from its start to its end
    peak_mb : most resident memory, in millions of bytes
    """

    seconds: float
    peak_mb: float


def measure_command(
    command: Sequence[object],
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
    accepted: tuple[int, ...] = (0,),
) -> Usage:
    """Run a command as a process of its own; stop if it ends with any other code than those accepted.

    Parameters
    ----------
    environment : variables beside those of this process
    folder : where it is run
    """
    words = [sys.executable, "-I", "-S", "-c", _LAUNCHER, *map(str, command)]
    whole = {**os.environ, **(environment or {})}
    ran = subprocess.run(words, capture_output=True, text=True, env=whole, cwd=folder, check=False)
    seconds, kilobytes, code = json.loads(ran.stdout) if ran.stdout else (0.0, 0, ran.returncode)
    if code not in accepted:
        raise SystemExit(f"{' '.join(map(str, command))}\n{ran.stderr}")
    return Usage(seconds, kilobytes * _KILOBYTE / _MEGA)


def run_in_turns(ways: Mapping[str, Callable[[], Found]], rounds: int) -> list[dict[str, Found]]:
    """Run every way in each round; each round begins with another one."""
    names, found = list(ways), []
    for turn in range(rounds):
        first = turn % len(names)
        found.append({name: ways[name]() for name in names[first:] + names[:first]})
        print(f"round {turn + 1} of {rounds}: {found[-1]}", file=sys.stderr, flush=True)
    return found


def describe_median(values: Sequence[float], digits: int = 2) -> str:
    """Return median and range.

    >>> describe_median([3, 1, 2])
    '2.00 (1.00 to 3.00)'
    """
    low, median, high = (f"{of(values):.{digits}f}" for of in (np.min, np.median, np.max))
    return f"{median} ({low} to {high})"
