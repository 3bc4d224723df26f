#!/usr/bin/env python3
"""Set the project up from nothing and run it.

usage: python3 packaging/bootstrap.py COMMAND [ARGS...]

  demo [ARGS]  run the worked example; ARGS go to `anomaly-gui demo`
  run [ARGS]   pass ARGS on to `anomaly-gui`; without any, it opens the window
  test [ARGS]  run all tests, most in four processes, or what ARGS say to pytest;
               those of MQTT are skipped without mosquitto, those of a server without PostgreSQL,
               those of shared folders without Samba, those of Chinese windows without a font
               (apt-get install mosquitto postgresql samba fonts-wqy-microhei), those of RTSP
               without GStreamer's server (gir1.2-gst-rtsp-server-1.0 python3-gi
               gstreamer1.0-plugins-good gstreamer1.0-plugins-ugly)
  check        lint, formatting, types and import contracts
  tensorflow   install TensorFlow too: for a GPU, and for features that are learned

The first run makes .venv in the project's folder and installs what is missing: 0.2 GB to download,
0.8 GB on disk (for the tests: 0.9 and 3.4 GB), some minutes. Later runs start at once. To begin
again, delete .venv.
"""

# An old Python has to get as far as saying that it is too old: no syntax or keyword newer than 3.6,
# here and in the modules beside this one, and nothing but the standard library.
# ruff: noqa: UP006, UP035

import os
import shutil
import sys
from pathlib import Path
from typing import List, Sequence, Tuple

from environment import lack_of_qt, program, set_up
from processes import ROOT, WINDOWS, SetupError, passed_on, quietly, reason_for, say
from system_packages import qt_starts

OLDEST, NEWEST = (3, 10), (3, 13)  # as requires-python in pyproject.toml
COMMANDS = ("demo", "run", "test", "check", "tensorflow")
ALONE = ("check", "tensorflow")  # take no arguments
TESTS = {"dev", "s3", "smb", "tensorflow"}  # `s3` brings `cluster`
NEEDED = {"test": TESTS, "check": TESTS, "tensorflow": {"tensorflow"}}
# files of tests beside each other, more than there are cores since many wait; then those that measure time
ALL_TESTS = (("-n", "4", "--dist", "loadfile", "-m", "not slow and not alone"), ("-m", "alone"))
CHECKS = (["ruff", "check"], ["ruff", "format", "--check"], ["mypy"], ["lint-imports"])


def suitable(version: Tuple[int, ...]) -> bool:
    """Tell whether a Python of this version (major, minor) can run the project."""
    return OLDEST <= version <= NEWEST


def version_of(command: Sequence[str]) -> Tuple[int, ...]:
    """Return another Python's version, (0, 0) where none is behind the command (as with pyenv's shims)."""
    try:
        code, lines = quietly([*command, "-c", "import sys; print(*sys.version_info[:2])"])
    except OSError:
        return (0, 0)
    numbers = lines[-1].split() if code == 0 and lines else []
    return tuple(int(number) for number in numbers) if len(numbers) == 2 else (0, 0)


def candidates() -> List[List[str]]:
    """Return the commands by which suitable Pythons are usually called, newest first."""
    minors = range(NEWEST[1], OLDEST[1] - 1, -1)
    if WINDOWS:
        return [["py", f"-3.{minor}"] for minor in minors] if shutil.which("py") else []
    names = [f"python3.{minor}" for minor in minors] + ["python3"]
    paths = [shutil.which(name, path=folder) for name in names for folder in os.get_exec_path()]
    return [[path] for path in paths if path]


def in_another_python(arguments: Sequence[str]) -> int:
    """Run this script again in a suitable Python of this machine."""
    mine = "{}.{}".format(*sys.version_info[:2])
    for command in candidates():
        version = version_of(command)
        if suitable(version):
            say("This is Python {}: going on with Python {}.{}.".format(mine, *version))
            return passed_on([*command, str(Path(__file__).resolve()), *arguments])
    raise SetupError(
        "Python {}.{} to {}.{} is needed; this is Python {}, and no other was found: install one of them, "
        "from python.org or your system's packages, and run this again.".format(*OLDEST + NEWEST, mine)
    )


def check() -> int:
    """Run every check; return 1 if one of them fails."""
    failed = []
    for words in CHECKS:
        say("$ " + " ".join(words))
        if passed_on([program(words[0]), *words[1:]], ROOT) != 0:
            failed.append(" ".join(words))
    say("Failed: {}.".format(", ".join(failed)) if failed else "All checks pass.")
    return 1 if failed else 0


def opens_window(command: str, arguments: Sequence[str]) -> bool:
    """Tell whether the command may open the window."""
    if command == "demo":
        return not {"--headless", "--help", "-h"} & set(arguments)
    return command == "run" and not arguments


def window_can_open(lack: str) -> bool:
    """Tell whether a window can open although something is lacking: Wayland does without X11's libraries."""
    return not lack or ("WAYLAND_DISPLAY" in os.environ and qt_starts(program("python")))


def run_gui(command: str, arguments: Sequence[str]) -> int:
    """Run anomaly-gui; the demo does without its window where that cannot open."""
    words = ["demo", *arguments] if command == "demo" else list(arguments)
    if opens_window(command, arguments):
        lack = lack_of_qt()
        if not window_can_open(lack):
            if command == "run":
                raise SetupError(lack)
            say(f"{lack} The demo runs without the window.")
            words.append("--headless")
    return passed_on([program("anomaly-gui"), *words])


def run_tests(arguments: Sequence[str]) -> int:
    """Run the tests; those of the window need Qt, but no screen."""
    lack = lack_of_qt()
    if lack:
        say(lack)
    pytest = [program("python"), "-m", "pytest"]
    if arguments:
        return passed_on([*pytest, *arguments], ROOT)
    return max(passed_on([*pytest, *words], ROOT) for words in ALL_TESTS)


def carry_out(command: str, arguments: Sequence[str]) -> int:
    """Set up what a command needs, run it, and return its exit code."""
    if command in ALONE and arguments:
        raise SetupError(f"`{command}` takes no arguments.")
    set_up(NEEDED.get(command, set()))
    if command == "tensorflow":
        say("TensorFlow is installed.")
        return 0
    if command == "check":
        return check()
    return run_tests(arguments) if command == "test" else run_gui(command, arguments)


def main(arguments: List[str]) -> int:
    """Run the command line and return its exit code: 2 where the set-up fails, else the command's own."""
    if not arguments or arguments[0] not in COMMANDS:
        asked = arguments[:1] in (["--help"], ["-h"], ["help"])
        print((__doc__ or "").strip(), file=sys.stdout if asked else sys.stderr)
        return 0 if asked else 2
    try:
        if not suitable(sys.version_info[:2]):
            return in_another_python(arguments)
        return carry_out(arguments[0], arguments[1:])
    except SetupError as error:
        say(f"Error: {error}")
    except OSError as error:
        say(f"Error: {reason_for([str(error)]) or error}")
    except KeyboardInterrupt:
        say("Stopped.")
        return 130
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
