"""The first start: it asks for the admin, at a terminal or by standard input, and never by an argument."""

import os
import sys
import time

import pytest
import typer
from crew import PASSWORDS, call, sign
from line import ROOT

from anomaly_gui.cli.app import app

STDIN = "--password-stdin"


def test_the_first_is_an_admin_and_there_is_one_first_only(line):
    first = call(line, "people add", "eve", "--role", "engineer", STDIN, given=["engineer-word"])
    assert "The first person of a station is an admin." in first.error
    assert (
        "8 to 1,024 characters"
        in call(line, "people add", "ann", "--role", "admin", STDIN, given=["short"]).error
    )
    assert "no password in standard input" in call(line, "people add", "ann", "--role", "admin", STDIN).error
    assert line.ask("SELECT COUNT(*) FROM person") == [(0,)]
    added = call(line, "people add", "ann", "--role", "admin", STDIN, given=[PASSWORDS["ann"]])
    assert "ann is admin of this station." in added.output
    again = call(line, "people add", "mal", "--role", "admin", STDIN, given=["another-word"])
    assert "Nobody is signed in" in again.error
    assert line.ask("SELECT who, role, why FROM audit") == [("ann", "admin", "first start")]


def test_no_password_is_kept_or_can_be_an_argument(crew):
    content = b"".join(path.read_bytes() for path in crew.ledger.parent.iterdir())
    assert content.count(b"$argon2id$") >= len(PASSWORDS)
    assert not any(word.encode() in content for word in PASSWORDS.values())
    station = typer.main.get_command(app).commands["station"]
    options = {name for command in _list_commands(station) for one in command.params for name in one.opts}
    assert {name for name in options if "password" in name} == {STDIN}


def _list_commands(group):
    for command in group.commands.values():
        yield from _list_commands(command) if hasattr(command, "commands") else [command]


def test_without_a_terminal_it_says_so(line):
    said = call(line, "people add", "ann", "--role", "admin").error
    assert said == "There is no terminal to ask for the password: give --password-stdin."


def test_names(crew):
    for name in ("", " eve", "x" * 65, "a\nb"):
        said = sign(
            crew, "ann", "people add", name, "--role", "operator", "--why", "w", given=["a-word-or-two"]
        )
        assert "A name has 1 to 64 letters" in said.error
    said = sign(crew, "ann", "people add", "EVE", "--role", "operator", "--why", "w", given=["a-word-or-two"])
    assert "There is somebody of the name eve." in said.error
    said = sign(crew, "ann", "people add", "new", "--role", "chief", "--why", "w", given=["a-word-or-two"])
    assert "chief is no role: take one of operator, engineer, admin." in said.error


def test_somebody_who_comes_back(crew):
    assert sign(crew, "ann", "people remove", "oli", "--why", "left").error == ""
    assert "oli" not in call(crew, "people list").output
    back = sign(crew, "ann", "people add", "oli", "--role", "engineer", "--why", "w", given=["a-word-or-two"])
    assert back.error == ""
    assert call(crew, "verify").error == ""


def test_ones_own_password(crew):
    def change(old, new):
        return call(crew, "people password", "oli", STDIN, given=[old, new]).error

    assert "password is wrong" in change("not the word", "a-word-or-two")
    assert change(PASSWORDS["oli"], "a-word-or-two") == ""
    assert "password is wrong" in change(PASSWORDS["oli"], "another-word")
    assert call(crew, "sign-in", "oli", STDIN, given=["a-word-or-two"]).error == ""
    assert call(crew, "verify").error == ""


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
@pytest.mark.parametrize(
    ("typed", "said"), [("admin-word", "ann is admin"), ("admin-worm", "passwords differ")]
)
def test_at_a_terminal_it_is_typed_twice_unseen(line, typed, said):
    import pty

    command = [
        sys.executable,
        "-m",
        "anomaly_gui",
        "station",
        "people",
        "add",
        line.file,
        "ann",
        "--role",
        "admin",
    ]
    process, terminal = pty.fork()
    if process == 0:
        os.environ["PYTHONPATH"] = str(ROOT)
        os.execv(sys.executable, list(map(str, command)))
    seen = ""
    for word in ("admin-word", typed):
        seen += _read_until(terminal, ": ")
        time.sleep(0.2)  # until it listens unseen
        os.write(terminal, f"{word}\n".encode())
    seen += _read_until(terminal, None)
    os.waitpid(process, 0)
    os.close(terminal)
    assert said in seen
    assert "admin-wor" not in seen
    assert line.ask("SELECT COUNT(*) FROM person") == [(int(typed == "admin-word"),)]


def _read_until(terminal, end):
    """Return what a terminal shows up to some text, or to its end."""
    seen = b""
    while end is None or not seen.endswith(end.encode()):
        try:
            seen += (more := os.read(terminal, 1024))
        except OSError:
            break
        if not more:
            break
    return seen.decode()
