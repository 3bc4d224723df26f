"""Find the system libraries that Qt needs on Linux, and install them through apt where that is allowed."""

# No syntax or keyword newer than Python 3.6, see processes.py.
# ruff: noqa: UP006, UP035, UP045

import importlib.util
import os
import shutil
from pathlib import Path
from typing import Any, Iterable, List, Optional, Sequence, Set

from processes import last_of, quietly, say


def _shared() -> Any:
    """Load what the product knows of Qt's libraries, by its path: nothing is installed yet."""
    place = Path(__file__).resolve().parent.parent / "anomaly_gui" / "system_libraries.py"
    told = importlib.util.spec_from_file_location("system_libraries", str(place))
    module = importlib.util.module_from_spec(told)
    told.loader.exec_module(module)
    return module


libraries = _shared()
names_here, packages_for = libraries.names_here, libraries.packages_for


def has_apt() -> bool:
    """Tell whether this system has apt-get."""
    return shutil.which("apt-get") is not None


def privilege() -> Optional[List[str]]:
    """Return what to put before a command to run it as root, None where that takes a password."""
    if getattr(os, "geteuid", lambda: -1)() == 0:
        return []
    sudo = ["sudo", "-n"]
    return sudo if shutil.which("sudo") and quietly([*sudo, "true"])[0] == 0 else None


def apt_install(packages: Sequence[str]) -> bool:
    """Install packages of the system where that can be done unasked; tell whether it was."""
    prefix = privilege() if packages and has_apt() else None
    if prefix is None:
        return False
    say("Installing with apt-get: {} ...".format(" ".join(packages)))
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-y", "-o", "DPkg::Lock::Timeout=120"]
    quietly([*apt, "update"])  # if one of several sources is broken, that need not matter
    code, lines = quietly([*apt, "install", "--no-install-recommends", *names_here(packages)])
    if code != 0:
        say("apt-get failed; the last it said:\n" + last_of(lines))
    return code == 0


def missing_libraries(venv: Path) -> Set[str]:
    """Return the system libraries that Qt's widgets or its X11 plugin lack."""
    folders = venv.glob("lib/python*/site-packages/PySide6")
    return {library for folder in folders for library in libraries.missing_in(folder)}


def qt_starts(python: str) -> bool:
    """Tell whether Qt's widgets can be used without a screen."""
    code = "import os; os.environ['QT_QPA_PLATFORM'] = 'offscreen'\n"
    code += "from PySide6.QtWidgets import QApplication; QApplication([])"
    return quietly([python, "-c", code])[0] == 0


def advice_on(missing: Iterable[str]) -> str:
    """Return the sentence that says what Qt lacks and how to get it."""
    if not missing:
        return (
            "Qt does not start on this machine: `import PySide6.QtWidgets` in the Python of .venv says why."
        )
    return str(libraries.advice_on(missing))
