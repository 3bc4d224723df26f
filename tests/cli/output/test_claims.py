"""Two runs on one output: the second is told who has it, and touches nothing; the dead hold no claims."""

import json
import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from anomaly_gui.cli.output import claims
from anomaly_gui.cli.output.claims import claim_files
from anomaly_gui.errors import UserError

HOLD = "import sys, time; from pathlib import Path; from anomaly_gui.cli.output.claims import claim_files\n"
HOLD += "with claim_files(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"


@pytest.fixture
def other(tmp_path):
    """Another process that holds a claim on a.csv."""
    command = [sys.executable, "-c", HOLD, str(tmp_path / "a.csv")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_claim_leaves_nothing_behind(tmp_path):
    with claim_files(tmp_path / "a.csv", None, tmp_path / "b.json"):
        assert {path.name for path in tmp_path.iterdir()} == {".a.csv.lock", ".b.json.lock"}
    assert not list(tmp_path.iterdir())


def test_the_second_is_told_who_has_it_and_touches_nothing(tmp_path, other):
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    (tmp_path / "link.csv").symlink_to("a.csv")
    for name in ("a.csv", "link.csv", "../" + tmp_path.name + "/a.csv"):
        with pytest.raises(UserError) as refused, claim_files(tmp_path / name):
            pass
        assert f"process {other.pid} on {socket.gethostname()}, since 20" in str(refused.value)
        assert str(refused.value).endswith("or choose another file.")
    (tmp_path / "link.csv").unlink()
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_of_several_outputs_none_is_held_where_one_is_not_free(tmp_path, other):
    with pytest.raises(UserError), claim_files(tmp_path / "free.json", tmp_path / "a.csv"):
        pass
    with claim_files(tmp_path / "free.json"):
        pass


@pytest.mark.skipif(os.name == "nt", reason="has no such signal")
def test_who_was_killed_holds_nothing(tmp_path, other):
    other.send_signal(signal.SIGKILL)
    other.wait()
    assert (tmp_path / ".a.csv.lock").exists()
    with claim_files(tmp_path / "a.csv"):
        pass
    assert not list(tmp_path.iterdir())


def test_a_lock_file_that_is_no_ours_is_no_dead_end(tmp_path):
    for content in (b"", b"\xff\xfe", b'{"process": 1}', b"[]"):
        (tmp_path / ".a.csv.lock").write_bytes(content)
        with claim_files(tmp_path / "a.csv"):
            pass


@pytest.mark.parametrize(
    ("told", "is_free"),
    [
        ({}, False),
        ({"began": 1.0}, True),  # the number of a process is used again
        ({"process": 2**22 + 7}, True),
        ({"machine": "another"}, False),
    ],
)
def test_where_a_drive_knows_no_locks_the_owner_decides(tmp_path, monkeypatch, told, is_free):
    monkeypatch.setattr(claims, "_lock_open_file", lambda number: False)
    owner = vars(claims._Owner.of_this_process()) | told
    lock = tmp_path / ".a.csv.lock"
    lock.write_text(json.dumps(owner))
    if is_free:
        with claim_files(tmp_path / "a.csv"):
            pass
        return
    words = r"or delete .*\.a\.csv\.lock if that run is no longer there"
    with pytest.raises(UserError, match=words), claim_files(tmp_path / "a.csv"):
        pass
    lock.unlink()
    with claim_files(tmp_path / "a.csv"):
        pass


def test_what_cannot_be_claimed(tmp_path):
    with claim_files(tmp_path / ("ü" * 120 + ".csv")):  # with what is added no name of a file
        pass
    with pytest.raises(UserError, match="cannot be written"), claim_files(tmp_path / "none" / "a.csv"):
        pass
    if os.name != "nt":
        with claim_files(type(tmp_path)(os.devnull)):
            pass


def test_claims_taken_in_turn_by_many_never_overlap(tmp_path):
    script = (
        "import sys, time, os; from pathlib import Path\n"
        "from anomaly_gui.cli.output.claims import claim_files\n"
        "from anomaly_gui.errors import UserError\nplace = Path(sys.argv[1]); end = time.time() + 2\n"
        "while time.time() < end:\n"
        "    try:\n"
        "        with claim_files(place):\n"
        "            os.close(os.open(place, os.O_CREAT | os.O_EXCL)); os.unlink(place); print('x')\n"
        "    except UserError: pass\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "a.csv")]
    began = time.monotonic()
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(3)]
    ends = [process.communicate(timeout=60) for process in processes]
    assert all(
        process.returncode == 0 and err == b"" for process, (_, err) in zip(processes, ends, strict=True)
    )
    assert sum(len(out) for out, _ in ends) > 0 and time.monotonic() - began < 60
