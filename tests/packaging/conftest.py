"""What the tests of the bootstrap share: its modules, and a checkout of its own for each test."""

import signal
import sys
from pathlib import Path

import pytest

PACKAGING = Path(__file__).parents[2] / "packaging"
sys.path.insert(0, str(PACKAGING))  # as when bootstrap.py runs as a script


@pytest.fixture(autouse=True)
def signal_handler_kept():
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A folder that the bootstrap takes for the checkout; there is nothing in it but pyproject.toml."""
    import environment

    root = tmp_path / "checkout"
    root.mkdir()
    (root / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
    monkeypatch.setattr(environment, "ROOT", root)
    monkeypatch.setattr(environment, "VENV", root / ".venv")
    return root


@pytest.fixture
def commands(tmp_path, monkeypatch):
    """Return a function that makes a shell script, in a folder that is then all of PATH."""
    folder = tmp_path / "commands"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))

    def make(name, script):
        path = folder / name
        path.write_text("#!/bin/sh\n" + script + "\n", encoding="utf-8")
        path.chmod(0o755)
        return path

    make.folder = folder
    return make
