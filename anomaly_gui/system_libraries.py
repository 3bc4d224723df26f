"""The system libraries that Qt needs on Linux: which are missing, and the packages that hold them.

The bootstrap loads this file by its path, before anything is installed: no syntax or keyword newer than
Python 3.6, and no imports of other files.
"""

# ruff: noqa: UP006, UP035, UP045

import re
import shutil
import subprocess
from pathlib import Path
from typing import Callable, Dict, Iterable, List, Optional, Set, Tuple

# What Qt's widgets and its X11 plugin are linked against: packages of Debian and Ubuntu, of Fedora and kin.
PACKAGES: Dict[str, Tuple[str, str]] = {
    "libEGL.so.1": ("libegl1", "libglvnd-egl"),
    "libGL.so.1": ("libgl1", "libglvnd-glx"),
    "libX11-xcb.so.1": ("libx11-xcb1", "libX11-xcb"),
    "libX11.so.6": ("libx11-6", "libX11"),
    "libdbus-1.so.3": ("libdbus-1-3", "dbus-libs"),
    "libfontconfig.so.1": ("libfontconfig1", "fontconfig"),
    "libfreetype.so.6": ("libfreetype6", "freetype"),
    "libglib-2.0.so.0": ("libglib2.0-0", "glib2"),
    "libgthread-2.0.so.0": ("libglib2.0-0", "glib2"),
    "libxcb-cursor.so.0": ("libxcb-cursor0", "xcb-util-cursor"),
    "libxcb-icccm.so.4": ("libxcb-icccm4", "xcb-util-wm"),
    "libxcb-image.so.0": ("libxcb-image0", "xcb-util-image"),
    "libxcb-keysyms.so.1": ("libxcb-keysyms1", "xcb-util-keysyms"),
    "libxcb-randr.so.0": ("libxcb-randr0", "libxcb"),
    "libxcb-render-util.so.0": ("libxcb-render-util0", "xcb-util-renderutil"),
    "libxcb-render.so.0": ("libxcb-render0", "libxcb"),
    "libxcb-shape.so.0": ("libxcb-shape0", "libxcb"),
    "libxcb-shm.so.0": ("libxcb-shm0", "libxcb"),
    "libxcb-sync.so.1": ("libxcb-sync1", "libxcb"),
    "libxcb-util.so.1": ("libxcb-util1", "xcb-util"),
    "libxcb-xfixes.so.0": ("libxcb-xfixes0", "libxcb"),
    "libxcb-xinerama.so.0": ("libxcb-xinerama0", "libxcb"),
    "libxcb-xkb.so.1": ("libxcb-xkb1", "libxcb"),
    "libxcb.so.1": ("libxcb1", "libxcb"),
    "libxkbcommon-x11.so.0": ("libxkbcommon-x11-0", "libxkbcommon-x11"),
    "libxkbcommon.so.0": ("libxkbcommon0", "libxkbcommon"),
    "libz.so.1": ("zlib1g", "zlib"),
    "libzstd.so.1": ("libzstd1", "libzstd"),
}

_DEBIAN, _FEDORA = 0, 1
_MANAGERS = (("apt-get", _DEBIAN), ("dnf", _FEDORA), ("yum", _FEDORA))
_FILES = ("QtWidgets.abi3.so", "Qt/plugins/platforms/libqxcb.so")
_SECONDS = 60


def not_found(listing: str) -> Set[str]:
    """Return the libraries that ldd did not find."""
    return set(re.findall(r"^\s*(\S+) => not found", listing, flags=re.MULTILINE))


def named_in(message: str) -> Set[str]:
    """Return the library that the loader's words on a failed import name.

    >>> named_in("libEGL.so.1: cannot open shared object file: No such file or directory")
    {'libEGL.so.1'}
    """
    return set(re.findall(r"(?:^|[\s:])([^\s/:]+\.so[.\d]*): cannot open shared object file", message))


def missing_in(pyside: Path) -> Set[str]:
    """Return the system libraries that Qt's widgets or its X11 plugin lack, by the folder of PySide6."""
    ldd = shutil.which("ldd")
    if ldd is None:
        return set()
    command = [ldd] + [str(pyside / name) for name in _FILES]
    try:
        listed = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=_SECONDS)
    except (OSError, subprocess.SubprocessError):
        return set()
    return not_found(listed.stdout.decode("utf-8", "replace"))


def packages_for(libraries: Iterable[str], column: int = _DEBIAN) -> List[str]:
    """Return the packages that hold these libraries, by default Debian's."""
    return sorted({PACKAGES[library][column] for library in libraries if library in PACKAGES})


def names_here(packages: Iterable[str]) -> List[str]:
    """Return Debian's packages under the names that this release of Debian or Ubuntu gives them."""
    names = set(packages)
    # Renamed in Debian 13 and Ubuntu 24.04, with the move to 64-bit times.
    if "libglib2.0-0" in names and _knows_apt("libglib2.0-0t64"):
        names = (names - {"libglib2.0-0"}) | {"libglib2.0-0t64"}
    return sorted(names)


def _knows_apt(package: str) -> bool:
    try:
        found = subprocess.run(
            ["apt-cache", "show", package],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_SECONDS,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return found.returncode == 0


def _put_in(text: str, **values: str) -> str:
    return text.format(**values)


def advice_on(missing: Iterable[str], translate: Callable[..., str] = _put_in) -> str:
    """Return the sentence that says which libraries Qt lacks and how to get them.

    `translate` is that of `language.py`, which the bootstrap cannot import yet.
    """
    libraries = sorted(missing)
    names, command = ", ".join(libraries), _command_for(libraries)
    if command is None:
        return translate(
            "The window needs system libraries that are not there ({names}): install their packages.",
            names=names,
        )
    return translate(
        "The window needs system libraries that are not there ({names}): type `{command}`.",
        names=names,
        command=command,
    )


def _command_for(missing: List[str]) -> Optional[str]:
    for manager, column in _MANAGERS:
        packages = packages_for(missing, column)
        if packages and shutil.which(manager):
            names = names_here(packages) if column == _DEBIAN else packages
            return f"sudo {manager} install {' '.join(names)}"
    return None
