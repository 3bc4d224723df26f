"""The command `anomaly-gui`, also as `python -m anomaly_gui`: the window, or one of the other commands.

Nothing is imported up here: the worker's process runs this file too, and the window should open at once.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

_MISTAKE = 2


def main() -> None:
    """Open the window when nothing else is asked for; run a command otherwise."""
    arguments = sys.argv[1:]
    if not opens_window(arguments):
        from anomaly_gui.cli.app import main as run_command

        run_command()
        return
    trouble = window_trouble()
    if trouble:
        sys.stderr.write(f"{trouble}\n")
        sys.exit(_MISTAKE)
    from anomaly_gui.gui.app import run

    if arguments == ["demo"]:
        sys.exit(run(sample=True))
    sys.exit(run([Path(argument) for argument in arguments]))


def opens_window(arguments: list[str]) -> bool:
    """Tell whether these arguments ask for a window: none, the demo, a model, a project, files of lines."""
    if arguments == ["demo"]:
        return has_display()
    if all(argument.endswith(".toml") for argument in arguments):
        return True
    return len(arguments) == 1 and arguments[0].endswith((".anomaly", ".anomalyproj"))


def has_display() -> bool:
    """Tell whether there is something to show a window on."""
    if sys.platform in ("win32", "darwin"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def window_trouble() -> str:
    """Return the sentence on what the window lacks on this machine, or an empty one.

    Said before Qt says it: it ends the process where its X11 plugin cannot be loaded, and pyqtgraph takes
    any failure for a missing PySide6.
    """
    from anomaly_gui.language import translate

    if not has_display():
        return translate(
            "There is no screen to show the window on: work with the commands, such as train and score; "
            "`anomaly-gui --help` lists them."
        )
    try:
        import PySide6

        folder = Path(PySide6.__file__).parent
        from PySide6 import QtWidgets  # noqa: F401 - only whether it can be
    except ModuleNotFoundError as error:
        return translate(
            "The window needs {package}, which is not installed: install anomaly-gui anew.",
            package=error.name,
        )
    except ImportError as error:
        return _find_missing_libraries(folder, str(error))
    if not uses_x11():
        return ""
    return _find_missing_libraries(folder, _plugin_trouble(folder)) or _screen_trouble()


def uses_x11() -> bool:
    """Tell whether Qt will take its X11 plugin."""
    asked, environment = os.environ.get("QT_QPA_PLATFORM", ""), os.environ
    by_default = not asked and environment.get("DISPLAY") and not environment.get("WAYLAND_DISPLAY")
    return sys.platform.startswith("linux") and bool(by_default or asked.startswith("xcb"))


def _find_missing_libraries(folder: Path, words: str) -> str:
    from anomaly_gui.language import translate
    from anomaly_gui.system_libraries import advice_on, missing_in, named_in

    if not words:
        return ""
    missing = missing_in(folder) | named_in(words)
    return (
        advice_on(missing, translate)
        if missing
        else translate("Qt cannot be loaded ({words}): install anomaly-gui anew.", words=words)
    )


def _plugin_trouble(folder: Path) -> str:
    """Return the loader's words on Qt's X11 plugin where it cannot be loaded."""
    import ctypes

    try:
        ctypes.CDLL(str(folder / "Qt" / "plugins" / "platforms" / "libqxcb.so"))
    except OSError as error:
        return str(error)
    return ""


def _screen_trouble() -> str:
    """Return a sentence where no X server answers: Qt would blame a library for it, and end the process."""
    import ctypes

    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:  # Qt's plugin found it elsewhere
        return ""
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(None, None))
    fails = bool(xcb.xcb_connection_has_error(connection))
    xcb.xcb_disconnect(connection)
    if not fails:
        return ""
    from anomaly_gui.language import translate

    display = os.environ.get("DISPLAY", "")
    return translate(
        "The screen {display!r} cannot be reached: check the variable DISPLAY, or work with the commands.",
        display=display,
    )


if __name__ == "__main__":
    main()
