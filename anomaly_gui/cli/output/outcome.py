"""How a command ends: the exit code, and what is said when something went wrong."""

from __future__ import annotations

import gc
import io
import os
import sys
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING, Any, TextIO, cast

from anomaly_gui.cli.options.option_words import describe_error
from anomaly_gui.errors import ReaderGoneError, UserError
from anomaly_gui.language import translate
from anomaly_gui.progress import CancelledError
from anomaly_gui.wording import explain_os_error

if TYPE_CHECKING:
    from collections.abc import Iterator

    import typer

MISTAKE, INTERRUPTED, READER_GONE = 2, 130, 141


def run_app(app: typer.Typer) -> None:
    """Run the app and exit: 0; 2 for a mistake of the user's; 1, with a traceback, for a bug of ours.

    Typer itself ends wrong options with 2 and Ctrl-C with 130; commands end with 3 themselves when some
    images could not be judged. 141, as the shell has it, when who read the output has gone.
    """
    try:
        _run_to_end(app)
    except UserError as error:
        _print_error(f"{describe_error(error)}\n")
        sys.exit(MISTAKE)
    except CancelledError:
        _print_error(translate("Cancelled.") + "\n")
        sys.exit(INTERRUPTED)
    except ReaderGoneError:
        sys.exit(READER_GONE)


def _run_to_end(app: typer.Typer) -> None:
    """Run the app; what is left is not looked through for cycles once more: at exit that takes 0.2 s."""
    try:
        app()
    finally:
        gc.freeze()


class GuardedStream:
    """A stream of text that tells who has gone from what is full, whatever writes to it."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Write; ReaderGoneError where nobody reads any more, UserError where there is no room."""
        if text == "":  # typer tries out streams so, and hears no errors
            return 0
        with self._translate_errors():
            return self._stream.write(text)

    def flush(self) -> None:
        """Flush; raises as `write`."""
        with self._translate_errors():
            self._stream.flush()

    @contextmanager
    def _translate_errors(self) -> Iterator[None]:
        try:
            yield
        except BrokenPipeError as error:
            _say_no_more(self._stream)
            raise ReaderGoneError from error
        except OSError as error:
            _say_no_more(self._stream)
            raise UserError(
                translate(
                    "The output cannot be written ({why}): send it elsewhere.", why=explain_os_error(error)
                )
            ) from error


def guard_streams() -> None:
    """Let stdout and stderr of this process be guarded, if they are its own."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # names of files need not fit the terminal
        sys.stdout = cast("TextIO", GuardedStream(sys.stdout))
    if isinstance(sys.stderr, io.TextIOWrapper):
        sys.stderr = cast("TextIO", GuardedStream(sys.stderr))


def _print_error(text: str) -> None:
    with suppress(UserError, ReaderGoneError):
        sys.stderr.write(text)
        sys.stderr.flush()


def _say_no_more(stream: IO[str]) -> None:
    """Send the rest of a stream nowhere: Python would try, and fail, to write what waits in it at its end."""
    try:
        number = stream.fileno()
    except (OSError, ValueError):  # no file, as in tests
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, number)
    os.close(nowhere)
