"""Run other programs for the bootstrap, and put what they fail of into a sentence."""

# An old Python has to get as far as saying that it is too old: no syntax or keyword newer than 3.6.
# ruff: noqa: UP006, UP035, UP045

import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, Callable, List, Optional, Sequence, Tuple

ROOT = Path(__file__).resolve().parent.parent
WINDOWS = os.name == "nt"

REASONS = (
    (
        r"No space left on device|not enough space on the disk|Disk quota exceeded|Errno 28\b|WinError 112\b",
        "The disk is full: setting up needs about 3 GB free, in {root} and in the temporary folder.",
    ),
    (
        r"Permission denied|Read-only file system|Access is denied|Errno (?:13|30)\b|WinError 5\b",
        "No permission to write in {root}: run this as the owner of the folder, or copy it to one of yours.",
    ),
    (
        r"CERTIFICATE_VERIFY_FAILED|certificate verify failed",
        "The package index shows a certificate that is not trusted here: "
        "if your network has one of its own, name its file in the variable PIP_CERT.",
    ),
    (
        r"after connection broken by|Failed to establish a new connection|Max retries exceeded"
        r"|name resolution|getaddrinfo failed|Network is unreachable|Cannot connect to proxy"
        r"|Read timed out|Connection aborted|IncompleteRead|incomplete-download"
        # Every index has these two; where pip's retries are switched off, it says no more than this.
        r"|requirement (?:pip|hatchling)\S* \(from versions: none\)",
        "The package index cannot be reached: check the network (and the proxy, if there is one), "
        "then run the same command again.",
    ),
)


class SetupError(Exception):
    """What keeps the project from being set up, in a sentence for the person at the keyboard."""


def say(line: str) -> None:
    """Print a line of ours on stderr: stdout is for the command's own output."""
    print(line, file=sys.stderr, flush=True)


def ended_with_us(child: "subprocess.Popen[Any]") -> None:
    """Have a program told to end when this one is."""

    def end(*_: object) -> None:
        if child.poll() is not None:
            sys.exit(128 + signal.SIGTERM)
        child.terminate()

    signal.signal(signal.SIGTERM, end)


def passed_on(command: Sequence[str], folder: Optional[Path] = None) -> int:
    """Run a program in our place and return its exit code."""
    child = subprocess.Popen(command, cwd=None if folder is None else str(folder))
    ended_with_us(child)
    while True:
        try:
            code = child.wait()
        except KeyboardInterrupt:  # the child got it too, and ends when it has cleaned up
            continue
        return code if WINDOWS or code >= 0 else 128 - code


def listened_to(command: Sequence[str]) -> "subprocess.Popen[str]":
    """Start a program whose output comes to us, both streams as one."""
    settings = dict(os.environ, PYTHONUNBUFFERED="1", PYTHONIOENCODING="utf-8", PIP_USER="0")
    child = subprocess.Popen(
        command,
        cwd=str(ROOT),
        env=settings,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    ended_with_us(child)
    return child


def quietly(
    command: Sequence[str], log: Optional[Path] = None, heard: Optional[Callable[[str], None]] = None
) -> Tuple[int, List[str]]:
    """Run a program unseen and return its exit code and lines; `heard` gets each line as it comes."""
    lines = []  # type: List[str]
    with (log or Path(os.devnull)).open("a", encoding="utf-8") as record, listened_to(command) as child:
        for line in child.stdout or ():
            record.write(line)
            lines.append(line.rstrip())
            if heard is not None:
                heard(lines[-1])
    return child.wait(), lines


def reason_for(lines: Sequence[str]) -> str:
    """Return the sentence for a failure that a program's output tells of, "" for an unknown one."""
    text = "\n".join(lines)
    return next((reason.format(root=ROOT) for signs, reason in REASONS if re.search(signs, text)), "")


def last_of(lines: Sequence[str], count: int = 20) -> str:
    """Return the last lines of an output, indented, without the addresses of package indexes."""
    told = [line for line in lines if line.strip() and "Looking in " not in line]
    return "\n".join("  " + re.sub(r"\b(https?|file)://\S+", r"\1://...", line) for line in told[-count:])


def failure(what: str, lines: Sequence[str], log: Optional[Path] = None) -> SetupError:
    """Return the error for a program that failed: the known reason, or what it printed last."""
    sentence = reason_for(lines) or f"{what} failed; the last it said:\n{last_of(lines)}"
    return SetupError(sentence if log is None else f"{sentence}\nAll that {what} said is in {log}")
