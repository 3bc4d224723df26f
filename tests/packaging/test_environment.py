import os
import shutil
import sys
from pathlib import Path

import environment
import pytest
from processes import SetupError

VERSION = "{}.{}.{}".format(*sys.version_info[:3])


def lay_venv(version=VERSION, home=None):
    """Lay what of a .venv the bootstrap looks at."""
    python = environment.VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    python.parent.mkdir(parents=True, exist_ok=True)
    python.touch()
    home = home or Path(sys.executable).parent
    (environment.VENV / "pyvenv.cfg").write_text(f"home = {home}\nversion = {version}\n", encoding="utf-8")


@pytest.fixture
def done(checkout, monkeypatch):
    """What was made and installed; nothing is in fact."""
    noted = []

    def make_venv():
        noted.append("made")
        shutil.rmtree(environment.VENV, ignore_errors=True)
        lay_venv()

    def quietly(command, log=None, heard=None):
        if "install" in command:
            noted.append(" ".join(command[command.index("off") + 1 :]))
        return 0, []

    monkeypatch.setattr(environment, "make_venv", make_venv)
    monkeypatch.setattr(environment, "quietly", quietly)
    return noted


# --- what is installed, and when


def test_the_first_run_makes_and_installs_and_the_second_does_nothing(done, capsys):
    environment.set_up(set())
    assert done == ["made", "-e ."]
    assert (
        capsys.readouterr().err
        == "Installing what is missing (once: 0.2 GB to download, 0.8 GB on disk) ...\n"
    )
    environment.set_up(set())
    assert done == ["made", "-e ."]
    assert capsys.readouterr().err == ""


def test_tests_add_their_group_with_a_pip_that_knows_groups(done):
    environment.set_up(set())
    environment.set_up({"dev"})
    assert done[2:] == ["pip>=25.1", "-e . --group dev"]
    environment.set_up(set())
    environment.set_up({"dev"})
    assert len(done) == 4


def test_tensorflow_comes_when_it_is_asked_for(done):
    environment.set_up(set())
    environment.set_up({"tensorflow"})
    assert done[2:] == ["-e .[tensorflow]"]
    environment.set_up({"dev"})
    assert done[3:] == ["pip>=25.1", "-e .[tensorflow] --group dev"]


def test_a_changed_pyproject_is_installed_with_the_groups_that_were_there(done, checkout):
    environment.set_up({"dev"})
    (checkout / "pyproject.toml").write_text("[project]\nname = 'x'\n", encoding="utf-8")
    environment.set_up(set())
    assert done == ["made"] + 2 * ["pip>=25.1", "-e . --group dev"]


def test_an_installation_cut_off_is_begun_anew(done, monkeypatch, capsys):
    real = environment.pip_install

    def interrupted(arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(environment, "pip_install", interrupted)
    with pytest.raises(KeyboardInterrupt):
        environment.set_up(set())
    assert environment.read_stamp() == {}
    monkeypatch.setattr(environment, "pip_install", real)
    environment.set_up(set())
    assert done == ["made", "made", "-e ."]
    assert ".venv has to be made anew: the installation into it was cut off." in capsys.readouterr().err
    assert environment.fault_of_venv() == ""


def test_an_update_cut_off_is_begun_anew(done, monkeypatch):
    environment.set_up(set())
    monkeypatch.setattr(environment, "quietly", lambda command, *_: (-15 if "install" in command else 0, []))
    with pytest.raises(KeyboardInterrupt):
        environment.set_up({"dev"})
    assert environment.fault_of_venv() == "the installation into it was cut off"


def test_after_a_failure_of_pip_the_same_venv_is_tried_again(done, monkeypatch):
    working = environment.quietly
    monkeypatch.setattr(environment, "quietly", lambda command, *_: (int("install" in command), ["bad"]))
    with pytest.raises(SetupError, match=r"pip failed; the last it said:\n  bad\n.*bootstrap\.log"):
        environment.set_up(set())
    monkeypatch.setattr(environment, "quietly", working)
    environment.set_up(set())
    assert done == ["made", "-e ."]


@pytest.mark.parametrize("text", ["", "{", "[1]", "\ufeff"])
def test_an_unreadable_stamp_means_installing(text, done):
    environment.set_up(set())
    environment.stamp_file().write_text(text, encoding="utf-8")
    environment.set_up(set())
    assert done == ["made", "-e .", "-e ."]


# --- when .venv is made anew


def other_python():
    lay_venv("3.1.4")
    return "it was made with Python 3.1.4"


def python_gone():
    lay_venv(home=str(environment.VENV / "nowhere"))
    return "the Python it was made with is gone"


def no_venv_at_all():
    shutil.rmtree(environment.VENV)
    environment.VENV.mkdir()
    return "the Python it was made with is gone"


def moved():
    environment.write_stamp(dict(environment.read_stamp(), root="elsewhere"))
    return "it was made in another folder"


@pytest.mark.parametrize("change", [other_python, python_gone, no_venv_at_all, moved])
def test_an_unusable_venv_is_made_anew_with_a_sentence(change, done, capsys):
    environment.set_up(set())
    reason = change()
    capsys.readouterr()
    environment.set_up(set())
    assert done == ["made", "-e ."] * 2
    assert capsys.readouterr().err.startswith(f".venv has to be made anew: {reason}.\n")


def test_a_real_venv_is_found_usable(checkout):
    environment.VENV.mkdir()
    (environment.VENV / "left").touch()
    environment.make_venv()
    environment.require_pip()
    assert environment.quietly([environment.program("pip"), "--version"])[0] == 0
    assert environment.fault_of_venv() == "the installation into it was cut off"  # till all is installed
    environment.marker().unlink()
    assert environment.fault_of_venv() == ""
    assert not (environment.VENV / "left").exists()


def test_a_venv_without_pip_is_given_one_or_refused(checkout, monkeypatch):
    monkeypatch.setattr(environment, "quietly", lambda command: (1, ["No module named ensurepip"]))
    with pytest.raises(SetupError, match=r"There is no pip in \.venv, and adding it failed.*\n  No module"):
        environment.require_pip()
    tried = []

    def mended(command):
        tried.append(command[2])
        return int(tried == ["pip"]), []

    monkeypatch.setattr(environment, "quietly", mended)
    environment.require_pip()
    assert tried == ["pip", "ensurepip"]


# --- no venv module


@pytest.mark.parametrize(
    ("apt", "advice"),
    [
        (True, "type `sudo apt-get install python{}.{}-venv`, then".format(*sys.version_info[:2])),
        (False, "install it with your package manager, then"),
    ],
)
def test_a_missing_venv_module_is_named(apt, advice, checkout, monkeypatch):
    monkeypatch.setattr(environment, "find_spec", lambda name: None if name == "ensurepip" else object())
    monkeypatch.setattr(environment, "apt_install", lambda packages: False)
    monkeypatch.setattr(environment, "has_apt", lambda: apt)
    with pytest.raises(SetupError) as caught:
        environment.make_venv()
    assert str(caught.value).startswith("This Python comes without its venv module: " + advice)


def test_a_missing_venv_module_is_installed_where_that_is_allowed(monkeypatch):
    asked = []
    monkeypatch.setattr(environment, "find_spec", lambda name: None)
    monkeypatch.setattr(environment, "apt_install", lambda packages: asked.append(packages) is None)
    environment.require_venv_module()
    assert asked == [["python{}.{}-venv".format(*sys.version_info[:2])]]


# --- progress, and Qt


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (
            "Downloading tensorflow_cpu-2.20.0-cp311-cp311-manylinux_2_17_x86_64.whl (230.1 MB)",
            "  downloading tensorflow_cpu (230.1 MB)\n",
        ),
        ("  Downloading https://h/packages/numpy-2.3-cp311.whl (16 MB)", "  downloading numpy (16 MB)\n"),
        ("Downloading rich-14.0-py3-none-any.whl (243 kB)", ""),
        ("Downloading attrs-25.3-py3-none-any.whl (1.2 MB)", ""),
        ("Installing collected packages: a, b", "  unpacking ...\n"),
    ],
)
def test_large_downloads_are_told(line, shown, capsys):
    environment.tell_progress(line)
    assert capsys.readouterr().err == shown


@pytest.fixture
def qt(done, monkeypatch):
    """Two libraries are missing; installing is noted and helps only where `helps` is set."""

    class System:
        def __init__(self):
            self.missing = {"libEGL.so.1", "libxcb-icccm.so.4"}
            self.helps = False
            self.asked = []

        def install(self, packages):
            self.asked.append(packages)
            self.missing = set() if self.helps else self.missing

    system = System()
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(environment, "missing_libraries", lambda venv: system.missing)
    monkeypatch.setattr(environment, "apt_install", system.install)
    monkeypatch.setattr(environment, "qt_starts", lambda python: True)
    environment.set_up(set())
    return system


def test_missing_libraries_are_installed_once(qt, monkeypatch):
    qt.helps = True
    assert environment.lack_of_qt() == ""
    assert qt.asked == [["libegl1", "libxcb-icccm4"]]
    monkeypatch.setattr(environment, "missing_libraries", lambda venv: pytest.fail("looked again"))
    assert environment.lack_of_qt() == ""


def test_what_cannot_be_installed_is_named_each_time_but_tried_once(qt):
    for _ in range(2):
        assert "libEGL.so.1, libxcb-icccm.so.4" in environment.lack_of_qt()
    assert len(qt.asked) == 1
    qt.missing = set()  # the user did as told
    assert environment.lack_of_qt() == ""


def test_a_qt_that_does_not_start_is_said(qt, monkeypatch):
    qt.missing = set()
    monkeypatch.setattr(environment, "qt_starts", lambda python: False)
    assert environment.lack_of_qt().startswith("Qt does not start")
    assert qt.asked == []


def test_a_new_installation_is_looked_at_again(qt):
    environment.lack_of_qt()
    environment.set_up({"dev"})
    environment.lack_of_qt()
    assert len(qt.asked) == 2


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_other_systems_bring_what_qt_needs(qt, platform, monkeypatch):
    monkeypatch.setattr(sys, "platform", platform)
    assert environment.lack_of_qt() == ""
    assert qt.asked == []
