import os

import pytest
import system_packages

LISTING = """\
.venv/lib/python3.11/site-packages/PySide6/QtWidgets.abi3.so:
	linux-vdso.so.1 (0x00007ffd5a5f2000)
	libEGL.so.1 => not found
	libGL.so.1 => /lib/x86_64-linux-gnu/libGL.so.1 (0x00007f3a1d000000)
	/lib64/ld-linux-x86-64.so.2 (0x00007f3a1e5a6000)
.venv/lib/python3.11/site-packages/PySide6/Qt/plugins/platforms/libqxcb.so:
	libQt6XcbQpa.so.6 => .venv/lib/python3.11/site-packages/PySide6/Qt/lib/libQt6XcbQpa.so.6 (0x00007f3a1c)
	libxcb-icccm.so.4 => not found
	libxcb-icccm.so.4 => not found
"""

posix = pytest.mark.skipif(os.name == "nt", reason="uses shell scripts")


def apt_of(release, commands):
    """Lay an apt that says what it is called with, and that knows the packages of a release."""
    log = commands.folder / "log"
    commands("env", 'export "$1"; shift; exec "$@"')
    commands("apt-get", f'echo "$DEBIAN_FRONTEND $*" >> {log}; exit ${{CODE:-0}}')
    commands("apt-cache", "exit 0" if release == "new" else "exit 100")
    return log


# --- what is missing


def test_ldd_is_understood():
    assert system_packages.libraries.not_found(LISTING) == {"libEGL.so.1", "libxcb-icccm.so.4"}
    assert system_packages.libraries.not_found("	not a dynamic executable\n") == set()


@posix
def test_ldd_is_asked_about_the_widgets_and_the_x11_plugin(tmp_path, commands):
    folder = tmp_path / ".venv" / "lib" / "python3.11" / "site-packages" / "PySide6"
    folder.mkdir(parents=True)
    commands("ldd", 'for file; do echo "	${file##*/} => not found"; done')
    assert system_packages.missing_libraries(tmp_path / ".venv") == {"QtWidgets.abi3.so", "libqxcb.so"}


def test_without_ldd_or_qt_nothing_is_known_to_be_missing(tmp_path, commands):
    assert system_packages.missing_libraries(tmp_path) == set()
    commands("ldd", "exit 1")
    assert system_packages.missing_libraries(tmp_path) == set()


def test_qt_starts_or_not(commands):
    assert system_packages.qt_starts(str(commands("good", "exit 0")))
    assert not system_packages.qt_starts(str(commands("bad", "exit 1")))


# --- packages


def test_libraries_are_named_by_their_packages():
    libraries = {"libxcb-icccm.so.4", "libglib-2.0.so.0", "libgthread-2.0.so.0", "libown.so.1"}
    assert system_packages.packages_for(libraries) == ["libglib2.0-0", "libxcb-icccm4"]


@posix
@pytest.mark.parametrize(("release", "name"), [("old", "libglib2.0-0"), ("new", "libglib2.0-0t64")])
def test_packages_have_the_names_of_the_release(release, name, commands):
    apt_of(release, commands)
    assert system_packages.names_here(["libglib2.0-0", "libegl1"]) == ["libegl1", name]
    assert system_packages.names_here(["libegl1"]) == ["libegl1"]


@posix
def test_root_installs_unasked(commands, monkeypatch, capsys):
    log = apt_of("new", commands)
    monkeypatch.setattr(system_packages.os, "geteuid", lambda: 0)
    assert system_packages.apt_install(["libegl1", "libglib2.0-0"])
    update, install = log.read_text(encoding="utf-8").splitlines()
    assert update.startswith("noninteractive -y ")
    assert update.endswith(" update")
    assert install.endswith(" install --no-install-recommends libegl1 libglib2.0-0t64")
    assert capsys.readouterr().err == "Installing with apt-get: libegl1 libglib2.0-0 ...\n"


@posix
def test_others_install_through_sudo_only_if_it_asks_for_nothing(commands, monkeypatch):
    log = apt_of("old", commands)
    monkeypatch.setattr(system_packages.os, "geteuid", lambda: 1000)
    assert not system_packages.apt_install(["libegl1"])
    commands("sudo", "echo a password is required >&2; exit 1")
    assert not system_packages.apt_install(["libegl1"])
    assert not log.exists()
    commands("true", "exit 0")
    commands("sudo", 'shift; exec "$@"')
    assert system_packages.apt_install(["libegl1"])
    assert len(log.read_text(encoding="utf-8").splitlines()) == 2


@posix
def test_a_failure_of_apt_is_shown(commands, monkeypatch, capsys):
    apt_of("old", commands)
    commands("apt-get", "echo E: Unable to locate package; exit 100")
    monkeypatch.setattr(system_packages.os, "geteuid", lambda: 0)
    assert not system_packages.apt_install(["libegl1"])
    assert capsys.readouterr().err.endswith(
        "apt-get failed; the last it said:\n  E: Unable to locate package\n"
    )


@posix
def test_without_apt_or_need_nothing_is_installed(commands, monkeypatch):
    monkeypatch.setattr(system_packages.os, "geteuid", lambda: 0)
    assert not system_packages.apt_install(["libegl1"])
    log = apt_of("old", commands)
    assert not system_packages.apt_install([])
    assert not log.exists()


# --- advice


@posix
def test_advice_is_the_command_to_type(commands):
    missing = {"libEGL.so.1", "libglib-2.0.so.0"}
    start = "The window needs system libraries that are not there (libEGL.so.1, libglib-2.0.so.0): "
    assert system_packages.advice_on(missing) == start + "install their packages."
    apt_of("new", commands)
    typed = "type `sudo apt-get install libegl1 libglib2.0-0t64`."
    assert system_packages.advice_on(missing) == start + typed
