import ast
import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import bootstrap
import pytest
from processes import SetupError

ROOT = Path(__file__).parents[2]
SOURCES = [
    ROOT / "packaging" / f"{name}.py" for name in ("bootstrap", "environment", "processes", "system_packages")
]
posix = pytest.mark.skipif(os.name == "nt", reason="uses shell scripts")


def running_in(version, monkeypatch):
    """Have bootstrap.py take the running Python for one of another version."""
    seen = SimpleNamespace(version_info=version, stdout=sys.stdout, stderr=sys.stderr)
    monkeypatch.setattr(bootstrap, "sys", seen)


# --- which Python


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_an_old_python_can_read_it(source):
    ast.parse(source.read_text(encoding="utf-8"), feature_version=(3, 6))


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_it_needs_the_standard_library_only(source):
    tree = ast.parse(source.read_text(encoding="utf-8"))
    modules = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    modules |= {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    beside = {path.stem for path in SOURCES}
    assert {module.split(".")[0] for module in modules} <= sys.stdlib_module_names | beside


def test_the_versions_are_those_of_pyproject():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    oldest, above = re.search(r'requires-python = ">=3\.(\d+),<3\.(\d+)"', text).groups()
    assert (3, int(oldest)) == bootstrap.OLDEST
    assert (3, int(above) - 1) == bootstrap.NEWEST


@pytest.mark.parametrize(
    ("version", "expected"),
    [((2, 7), False), ((3, 9), False), ((3, 10), True), ((3, 13), True), ((3, 14), False), ((4, 0), False)],
)
def test_suitable(version, expected):
    assert bootstrap.suitable(version) is expected


@pytest.mark.parametrize("version", [(3, 6, 15), (3, 14, 0)])
def test_a_wrong_python_is_refused_in_one_sentence(version, monkeypatch, commands, capsys):
    running_in(version, monkeypatch)
    assert bootstrap.main(["test"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"Error: Python 3.10 to 3.13 is needed; this is Python 3.{version[1]},")
    assert err.count("\n") == 1


@posix
def test_a_wrong_python_goes_on_with_the_newest_that_works(monkeypatch, commands, capfd):
    running_in((3, 14, 0), monkeypatch)
    commands("python3.13", "echo no such version installed >&2; exit 127")  # as pyenv's shims do
    commands("python3.12", '[ "$1" = -c ] && echo 3 12 && exit; echo "given: $2 $3"; exit 7')
    commands("python3.11", '[ "$1" = -c ] && echo 3 11 && exit; exit 8')
    assert bootstrap.main(["run", "--help"]) == 7
    out, err = capfd.readouterr()
    assert err == "This is Python 3.14: going on with Python 3.12.\n"
    assert out == "given: run --help\n"


@posix
def test_a_python_that_is_not_what_its_name_says_is_passed_over(monkeypatch, commands):
    running_in((3, 9, 0), monkeypatch)
    commands("python3.12", "echo 3 9")
    with pytest.raises(SetupError):
        bootstrap.in_another_python(["test"])


def test_windows_is_asked_through_its_launcher(monkeypatch):
    monkeypatch.setattr(bootstrap, "WINDOWS", True)
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: "C:/Windows/py.exe")
    assert bootstrap.candidates() == [["py", "-3.13"], ["py", "-3.12"], ["py", "-3.11"], ["py", "-3.10"]]
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: None)
    assert bootstrap.candidates() == []


# --- the commands


def run_script(*arguments, cwd):
    command = [sys.executable, str(ROOT / "packaging" / "bootstrap.py"), *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=60)


def test_help_names_every_command(tmp_path):
    done = run_script("--help", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stderr == ""
    for command in bootstrap.COMMANDS:
        assert re.search(rf"^  {command} ", done.stdout, flags=re.MULTILINE)


@pytest.mark.parametrize("arguments", [[], ["tset"]])
def test_without_a_known_command_the_usage_is_an_error(arguments, tmp_path):
    done = run_script(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "usage:" in done.stderr


@pytest.fixture
def calls(monkeypatch):
    """Everything is set up, and programs are noted instead of run."""
    noted = []

    def note(command, folder=None):
        noted.append(([Path(command[0]).stem, *command[1:]], folder))
        return 5

    monkeypatch.setattr(bootstrap, "passed_on", note)
    monkeypatch.setattr(bootstrap, "set_up", lambda groups: noted.append(groups))
    monkeypatch.setattr(bootstrap, "lack_of_qt", lambda: "")
    return noted


def test_demo_and_run_pass_on_to_the_program_in_the_folder_of_the_user(calls):
    assert bootstrap.main(["demo", "--out", "here"]) == 5
    assert bootstrap.main(["run", "score", "m.anomaly", "--json", "-"]) == 5
    assert calls == [
        set(),
        (["anomaly-gui", "demo", "--out", "here"], None),
        set(),
        (["anomaly-gui", "score", "m.anomaly", "--json", "-"], None),
    ]


def test_test_passes_on_to_pytest_in_the_checkout(calls):
    assert bootstrap.main(["test", "-k", "one"]) == 5
    assert calls == [{"dev", "s3", "smb", "tensorflow"}, (["python", "-m", "pytest", "-k", "one"], ROOT)]


def test_all_tests_run_in_four_processes_but_those_that_measure_time(calls):
    assert bootstrap.main(["test"]) == 5
    beside, alone = (command[3:] for command, _ in calls[1:])
    assert beside == ["-n", "4", "--dist", "loadfile", "-m", "not slow and not alone"]
    assert alone == ["-m", "alone"]


def test_check_runs_all_and_fails_if_one_fails(calls, monkeypatch, capsys):
    monkeypatch.setattr(bootstrap, "passed_on", lambda command, folder: int("--check" in command))
    assert bootstrap.main(["check"]) == 1
    assert capsys.readouterr().err.endswith("$ mypy\n$ lint-imports\nFailed: ruff format --check.\n")
    monkeypatch.setattr(bootstrap, "passed_on", lambda command, folder: 0)
    assert bootstrap.main(["check"]) == 0


def test_check_takes_no_arguments(calls):
    assert bootstrap.main(["check", "--fix"]) == 2
    assert calls == []


def test_the_demo_does_without_its_window_where_that_cannot_open(calls, monkeypatch, capsys):
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setattr(bootstrap, "lack_of_qt", lambda: "Something is lacking.")
    bootstrap.main(["demo"])
    assert calls[-1][0] == ["anomaly-gui", "demo", "--headless"]
    assert "Something is lacking. The demo runs without the window." in capsys.readouterr().err


def test_the_window_itself_is_refused_where_it_cannot_open(calls, monkeypatch, capsys):
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setattr(bootstrap, "lack_of_qt", lambda: "Something is lacking.")
    assert bootstrap.main(["run"]) == 2
    assert calls == [set()]
    assert capsys.readouterr().err == "Error: Something is lacking.\n"


def test_wayland_does_without_the_libraries_of_x11(calls, monkeypatch):
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    monkeypatch.setattr(bootstrap, "lack_of_qt", lambda: "Something is lacking.")
    monkeypatch.setattr(bootstrap, "qt_starts", lambda python: True)
    assert bootstrap.main(["run"]) == 5
    assert calls[-1][0] == ["anomaly-gui"]


@pytest.mark.parametrize("arguments", [["run", "info", "m"], ["demo", "--headless"], ["demo", "--help"]])
def test_qt_is_not_asked_for_where_no_window_opens(arguments, calls, monkeypatch):
    monkeypatch.setattr(bootstrap, "lack_of_qt", lambda: pytest.fail("asked"))
    assert bootstrap.main(arguments) == 5


@pytest.mark.parametrize(
    ("error", "code", "sentence"),
    [
        (PermissionError(13, "Permission denied", ".venv"), 2, f"Error: No permission to write in {ROOT}: "),
        (OSError(28, "No space left on device"), 2, "Error: The disk is full: "),
        (OSError(5, "Input/output error"), 2, "Error: [Errno 5] Input/output error\n"),
        (KeyboardInterrupt(), 130, "Stopped.\n"),
    ],
)
def test_what_stops_the_set_up_is_one_sentence(error, code, sentence, monkeypatch, capsys):
    def fail(groups):
        raise error

    monkeypatch.setattr(bootstrap, "set_up", fail)
    assert bootstrap.main(["run"]) == code
    err = capsys.readouterr().err
    assert err.startswith(sentence)
    assert err.count("\n") == 1
