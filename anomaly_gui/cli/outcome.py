"""How a command ends: the exit code, and what is said when something went wrong."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from anomaly_gui.errors import UserError
from anomaly_gui.progress import CancelledError

if TYPE_CHECKING:
    import typer

SUCCESS, MISTAKE, INTERRUPTED = 0, 2, 130


def run(app: typer.Typer) -> None:
    """Run the app and exit: 0; 2 for a mistake of the user's; 1, with a traceback, for a bug of ours."""
    try:
        code = app(standalone_mode=False)
    except UserError as error:
        code = _say(str(error), MISTAKE)
    except click.ClickException as error:
        code = _say(error.format_message(), MISTAKE)
    except (CancelledError, KeyboardInterrupt, click.Abort):
        code = _say("Cancelled.", INTERRUPTED)
    sys.exit(code if isinstance(code, int) else SUCCESS)


def _say(sentence: str, code: int) -> int:
    sys.stderr.write(f"{sentence}\n")
    return code
