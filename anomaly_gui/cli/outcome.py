"""How a command ends: the exit code, and what is said when something went wrong."""

from __future__ import annotations

import os
import sys
from typing import IO, TYPE_CHECKING

from anomaly_gui.errors import ReaderGoneError, UserError
from anomaly_gui.progress import CancelledError

if TYPE_CHECKING:
    import typer

MISTAKE, INTERRUPTED, READER_GONE = 2, 130, 141


def run(app: typer.Typer) -> None:
    """Run the app and exit: 0; 2 for a mistake of the user's; 1, with a traceback, for a bug of ours.

    Typer itself ends wrong options with 2 and Ctrl-C with 130; commands end with 3 themselves when some
    images could not be judged. 141, as the shell has it, when who read the output has gone.
    """
    try:
        app()
    except UserError as error:
        _tell(f"{error}\n")
        sys.exit(MISTAKE)
    except CancelledError:
        _tell("Cancelled.\n")
        sys.exit(INTERRUPTED)
    except ReaderGoneError:
        _say_no_more(sys.stdout)
        sys.exit(READER_GONE)


def write_out(text: str, stream: IO[str]) -> None:
    """Print; ReaderGoneError where nobody listens any more, UserError where the output is full."""
    try:
        stream.write(text)
        stream.flush()
    except BrokenPipeError as error:
        raise ReaderGoneError from error
    except OSError as error:
        _say_no_more(stream)
        raise UserError(f"The output cannot be written ({error.strerror}): send it elsewhere.") from error


def _tell(text: str) -> None:
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except OSError:
        _say_no_more(sys.stderr)


def _say_no_more(stream: IO[str]) -> None:
    """Send the rest of a stream nowhere: Python would try, and fail, to write what waits in it at its end."""
    try:
        number = stream.fileno()
    except (OSError, ValueError):  # no file, as in tests
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, number)
    os.close(nowhere)
