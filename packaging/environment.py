"""Make .venv, install the project into it, and know when neither has to be done."""

# No syntax or keyword newer than Python 3.6, see processes.py.
# ruff: noqa: UP006, UP035

import hashlib
import json
import os
import re
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Dict, Sequence, Set

from processes import ROOT, WINDOWS, SetupError, failure, quietly, say
from system_packages import advice_on, apt_install, has_apt, missing_libraries, packages_for, qt_starts

VENV = ROOT / ".venv"
SIZE = "0.2 GB to download, 0.8 GB on disk"
EXTRAS = {"s3", "smb", "tensorflow"}  # the project's own; other names are dependency groups


def program(name: str) -> str:
    """Return the path of a program in .venv."""
    return str(VENV / "Scripts" / (name + ".exe") if WINDOWS else VENV / "bin" / name)


def stamp_file() -> Path:
    """Return the file that says what is installed; it is written last."""
    return VENV / "bootstrap.json"


def marker() -> Path:
    """Return the file that is there while an installation runs, and after one that was cut off."""
    return VENV / "bootstrap.unfinished"


def read_stamp() -> Dict[str, Any]:
    """Return what the last finished installation noted, {} where there is none."""
    try:
        stamp = json.loads(stamp_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def write_stamp(stamp: Dict[str, Any]) -> None:
    """Note what is installed."""
    whole = stamp_file().with_suffix(".new")
    whole.write_text(json.dumps(stamp, indent=1), encoding="utf-8")
    whole.replace(stamp_file())


def fingerprint() -> str:
    """Return a digest of what decides which packages are needed."""
    digest = hashlib.sha256((ROOT / "pyproject.toml").read_bytes())
    digest.update(repr(sys.version_info[:2]).encode())
    return digest.hexdigest()


def venv_settings() -> Dict[str, str]:
    """Return what pyvenv.cfg says about the Python that .venv was made with."""
    try:
        lines = (VENV / "pyvenv.cfg").read_text(encoding="utf-8").splitlines()
    except OSError:
        return {}
    pairs = [line.partition("=") for line in lines]
    return {name.strip(): value.strip() for name, _, value in pairs}


def fault_of_venv() -> str:
    """Return why .venv cannot be used as it is, "" if it can."""
    settings = venv_settings()
    version = settings.get("version", settings.get("version_info", ""))
    if not Path(program("python")).exists() or not Path(settings.get("home", "?")).is_dir():
        return "the Python it was made with is gone"
    if version.split(".")[:2] != [str(number) for number in sys.version_info[:2]]:
        return "it was made with Python " + version
    if read_stamp().get("root", str(ROOT)) != str(ROOT):
        return "it was made in another folder"
    return "the installation into it was cut off" if marker().exists() else ""


def require_venv_module() -> None:
    """Make sure that this Python can make a .venv; Debian keeps that in a package of its own."""
    if find_spec("venv") and find_spec("ensurepip"):
        return
    package = "python{}.{}-venv".format(*sys.version_info[:2])
    if apt_install([package]) and quietly([sys.executable, "-c", "import venv, ensurepip"])[0] == 0:
        return
    how = f"type `sudo apt-get install {package}`" if has_apt() else "install it with your package manager"
    raise SetupError(f"This Python comes without its venv module: {how}, then run this again.")


def base_python() -> str:
    """Return the running Python, or the one below it where that is in a .venv (perhaps in ours)."""
    if sys.prefix == sys.base_prefix:
        return sys.executable
    return os.path.realpath(getattr(sys, "_base_executable", sys.executable))


def make_venv() -> None:
    """Make .venv anew with the running Python, still without pip."""
    require_venv_module()
    say("Making .venv with Python {}.{}.{} ...".format(*sys.version_info[:3]))
    code, lines = quietly([base_python(), "-m", "venv", "--clear", "--without-pip", str(VENV)])
    if code != 0:
        raise failure("Making .venv", lines)
    marker().touch()


def require_pip() -> None:
    """Make sure that .venv has pip; a step of its own, as venv would keep to itself why it fails."""
    python = program("python")
    if quietly([python, "-m", "pip", "--version"])[0] == 0:
        return
    code, lines = quietly([python, "-m", "ensurepip", "--upgrade", "--default-pip"])
    if code != 0:
        raise failure("There is no pip in .venv, and adding it", lines)


def tell_progress(line: str) -> None:
    """Name the large packages as they come: minutes should not pass in silence."""
    large = re.match(r"\s*Downloading (?:\S*/)?([A-Za-z0-9_.]+)-\S+ \((\d{2,}(?:\.\d+)? MB)\)", line)
    if large:
        say("  downloading {} ({})".format(*large.groups()))
    elif line.startswith("Installing collected packages"):
        say("  unpacking ...")


def pip_install(arguments: Sequence[str]) -> None:
    """Install into .venv."""
    log = VENV / "bootstrap.log"
    pip = [program("python"), "-m", "pip", "install", "--no-input", "--disable-pip-version-check"]
    code, lines = quietly([*pip, "--progress-bar", "off", *arguments], log, tell_progress)
    if code < 0:
        raise KeyboardInterrupt  # ended from outside, so the marker has to stay
    if code != 0:
        marker().unlink()  # pip took back what it had begun
        raise failure("pip", lines, log)


def install(groups: Set[str]) -> None:
    """Install the project, editable, with these of its extras and dependency groups."""
    if stamp_file().exists():
        stamp_file().unlink()
    marker().touch()
    if groups - EXTRAS:
        pip_install(["pip>=25.1"])  # the first that knows --group
    extras = "[{}]".format(",".join(sorted(groups & EXTRAS))) if groups & EXTRAS else ""
    pip_install(["-e", "." + extras] + [w for group in sorted(groups - EXTRAS) for w in ("--group", group)])
    write_stamp({"fingerprint": fingerprint(), "groups": sorted(groups), "root": str(ROOT)})
    marker().unlink()


def set_up(wanted: Set[str]) -> None:
    """Bring .venv up to date: at once where nothing has changed."""
    fault = fault_of_venv()
    if fault:
        if VENV.exists():
            say(f".venv has to be made anew: {fault}.")
        make_venv()
    stamp = read_stamp()
    groups = wanted.union(stamp.get("groups", []))
    if stamp.get("fingerprint") == fingerprint() and groups == set(stamp["groups"]):
        return
    require_pip()
    size = "0.6 GB to download, 2.2 GB on disk" if "tensorflow" in groups else SIZE
    say("Installing what is missing{} ...".format("" if stamp else f" (once: {size})"))
    install(groups)


def lack_of_qt() -> str:
    """Install the system libraries that Qt lacks where that is allowed, else return a sentence on them."""
    stamp = read_stamp()
    if stamp.get("qt") == "ready" or not sys.platform.startswith("linux"):
        return ""
    missing = missing_libraries(VENV)
    if missing and "qt" not in stamp:  # apt is asked once: without a network it takes minutes to fail
        apt_install(packages_for(missing))
        missing = missing_libraries(VENV)
    ready = not missing and qt_starts(program("python"))
    write_stamp(dict(stamp, qt="ready" if ready else "lacking"))
    return "" if ready else advice_on(missing)
