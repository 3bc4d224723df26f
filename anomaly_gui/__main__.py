"""The command `anomaly-gui`, also as `python -m anomaly_gui`: the window, or one of the other commands.

Nothing is imported up here: the worker's process runs this file too, and the window should open at once.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path


def main() -> None:
    """Open the window when nothing else is asked for; run a command otherwise."""
    arguments = sys.argv[1:]
    if not opens_window(arguments):
        from anomaly_gui.cli.app import main as run_command

        run_command()
        return
    from anomaly_gui.gui.app import run

    if arguments == ["demo"]:
        sys.exit(run(sample=True))
    sys.exit(run([Path(argument) for argument in arguments]))


def opens_window(arguments: list[str]) -> bool:
    """Tell whether these arguments ask for the window: none, the demo with a display, or a model file."""
    if arguments == ["demo"]:
        return has_display()
    return not arguments or (len(arguments) == 1 and arguments[0].endswith(".anomaly"))


def has_display() -> bool:
    """Tell whether there is something to show a window on."""
    if sys.platform in ("win32", "darwin"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


if __name__ == "__main__":
    main()
