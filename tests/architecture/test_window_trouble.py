"""Where the window cannot be shown the entry point says why, and names the packages that are missing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from anomaly_gui.__main__ import uses_x11
from anomaly_gui.system_libraries import PACKAGES, advice_on, missing_in, named_in

ROOT = Path(__file__).parents[2]
MISSING = "libEGL.so.1: cannot open shared object file: No such file or directory"

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Qt brings all it needs elsewhere")


@pytest.fixture
def machine(tmp_path):
    """A folder of programs in place of the system's, and one of modules that come first."""
    programs, modules = tmp_path / "bin", tmp_path / "modules"
    programs.mkdir()
    (modules / "PySide6").mkdir(parents=True)
    (modules / "PySide6" / "__init__.py").touch()

    class Machine:
        qt = modules / "PySide6" / "QtWidgets.py"

        @staticmethod
        def program(name, script="exit 0"):
            (programs / name).write_text(f"#!/bin/sh\n{script}\n")
            (programs / name).chmod(0o755)

        @staticmethod
        def opens(*arguments, **variables):
            environment = {**os.environ, "PATH": str(programs), **variables}
            environment["PYTHONPATH"] = os.pathsep.join((str(modules), str(ROOT)))
            command = [sys.executable, "-m", "anomaly_gui", *arguments]
            return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=tmp_path)

    return Machine()


@linux
@pytest.mark.parametrize(
    ("manager", "command"),
    [
        ("apt-get", "sudo apt-get install libegl1 libxcb-cursor0"),
        ("dnf", "sudo dnf install libglvnd-egl xcb-util-cursor"),
    ],
)
def test_missing_libraries_are_named_with_their_packages(machine, manager, command):
    machine.program(manager)
    machine.program("ldd", "printf '\\tlibEGL.so.1 => not found\\n\\tlibxcb-cursor.so.0 => not found\\n'")
    machine.qt.write_text(f"raise ImportError({MISSING!r})")
    for arguments in ([], ["caps.anomaly"], ["demo"]):
        ran = machine.opens(*arguments, DISPLAY=":0")
        assert ran.returncode == 2
        assert f"type `{command}`" in ran.stderr and ran.stderr.count("\n") == 1
        assert "libEGL.so.1, libxcb-cursor.so.0" in ran.stderr and "pyqtgraph" not in ran.stderr


@linux
def test_without_ldd_or_a_known_package_manager_the_library_is_named(machine):
    machine.qt.write_text(f"raise ImportError({MISSING!r})")
    ran = machine.opens(DISPLAY=":0")
    assert ran.returncode == 2
    assert "(libEGL.so.1): install their packages" in ran.stderr


@linux
def test_a_plugin_that_cannot_be_loaded_is_told_before_qt_ends_the_process(machine):
    machine.program("apt-get")
    machine.program("ldd", "printf '\\tlibxcb-cursor.so.0 => not found\\n'")
    machine.qt.touch()
    ran = machine.opens(DISPLAY=":0", QT_QPA_PLATFORM="xcb")
    assert ran.returncode == 2
    assert "(libxcb-cursor.so.0): type `sudo apt-get install libxcb-cursor0`" in ran.stderr


@linux
def test_without_a_screen_that_is_said(machine):
    ran = machine.opens(DISPLAY="", WAYLAND_DISPLAY="", QT_QPA_PLATFORM="")
    assert ran.returncode == 2
    assert "There is no screen" in ran.stderr and ran.stderr.count("\n") == 1


@linux
def test_without_pyside_that_is_said(machine):
    machine.qt.write_text("raise ModuleNotFoundError('no', name='PySide6')")
    ran = machine.opens(DISPLAY=":0")
    assert (ran.returncode, ran.stderr.count("\n")) == (2, 1)
    assert "PySide6, which is not installed" in ran.stderr


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"DISPLAY": ":0"}, True),
        ({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, False),
        ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"}, False),
        ({"WAYLAND_DISPLAY": "wayland-0", "QT_QPA_PLATFORM": "xcb"}, True),
    ],
)
def test_when_the_x11_plugin_is_looked_at(monkeypatch, variables, expected):
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert uses_x11() is expected


def test_the_loaders_words_are_understood(tmp_path):
    assert named_in(MISSING) == {"libEGL.so.1"}
    assert named_in("cannot import name 'x'") == set()
    assert missing_in(tmp_path) == set()
    assert all(name in advice_on([name]) for name in PACKAGES)
