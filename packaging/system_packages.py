"""Find the system libraries that Qt needs on Linux, and install them through apt where that is allowed."""

# No syntax or keyword newer than Python 3.6, see processes.py.
# ruff: noqa: UP006, UP035, UP045

import os
import re
import shutil
from pathlib import Path
from typing import Iterable, List, Optional, Sequence, Set

from processes import last_of, quietly, say

# Debian's and Ubuntu's packages for the libraries that Qt's widgets and its X11 plugin are linked against.
PACKAGES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libX11.so.6": "libx11-6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xinerama.so.0": "libxcb-xinerama0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb.so.1": "libxcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libz.so.1": "zlib1g",
    "libzstd.so.1": "libzstd1",
}


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


def names_here(packages: Iterable[str]) -> List[str]:
    """Return packages under the names that this release of Debian or Ubuntu gives them."""
    names = set(packages)
    # Renamed in Debian 13 and Ubuntu 24.04, with the move to 64-bit times.
    if "libglib2.0-0" in names and quietly(["apt-cache", "show", "libglib2.0-0t64"])[0] == 0:
        names = (names - {"libglib2.0-0"}) | {"libglib2.0-0t64"}
    return sorted(names)


def packages_for(libraries: Iterable[str]) -> List[str]:
    """Return the Debian packages that hold these libraries."""
    return sorted({PACKAGES[library] for library in libraries if library in PACKAGES})


def not_found(listing: str) -> Set[str]:
    """Return the libraries that ldd did not find."""
    return set(re.findall(r"^\s*(\S+) => not found", listing, flags=re.MULTILINE))


def missing_libraries(venv: Path) -> Set[str]:
    """Return the system libraries that Qt's widgets or its X11 plugin lack."""
    if not shutil.which("ldd"):
        return set()
    names = ("QtWidgets.abi3.so", "Qt/plugins/platforms/libqxcb.so")
    folders = list(venv.glob("lib/python*/site-packages/PySide6"))
    files = [str(folder / name) for folder in folders for name in names]
    return not_found("\n".join(quietly(["ldd", *files])[1])) if files else set()


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
    packages = names_here(packages_for(missing)) if has_apt() else []
    how = (
        "type `sudo apt-get install {}`".format(" ".join(packages)) if packages else "install their packages"
    )
    return "The window needs system libraries that are not there ({}): {}.".format(
        ", ".join(sorted(missing)), how
    )
