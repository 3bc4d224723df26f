"""How a command ends: the exit code, and what is said when something went wrong."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from anomaly_gui.errors import UserError
from anomaly_gui.progress import CancelledError

if TYPE_CHECKING:
    import typer

MISTAKE, INTERRUPTED = 2, 130


def run(app: typer.Typer) -> None:
    """Run the app and exit: 0; 2 for a mistake of the user's; 1, with a traceback, for a bug of ours.

    Typer itself ends wrong options with 2 and Ctrl-C with 130; commands end with 3 themselves when some
    images could not be judged.
    """
    try:
        app()
    except UserError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(MISTAKE)
    except CancelledError:
        sys.stderr.write("Cancelled.\n")
        sys.exit(INTERRUPTED)
