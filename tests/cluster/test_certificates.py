"""A cluster with certificates: its scheduler is killed, and the work goes on later."""

import contextlib
import json
import os
import signal
import threading
import time

import pytest
from command_line import run
from parts import save_parts
from side_commands import started

from anomaly_gui.cluster import manifest
from anomaly_gui.cluster.certificates import make_certificates
from anomaly_gui.errors import UserError

PORT = 18786


def test_only_their_owner_may_read_them(tmp_path):
    folder = tmp_path / "own"
    ran = run("cluster", "certificates", folder)
    assert ran.returncode == 0 and "825 days" in ran.stdout
    if os.name == "posix":
        assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    with pytest.raises(UserError, match="holds certificates already"):
        make_certificates(folder)


def test_a_scheduler_that_others_reach_needs_certificates():
    ran = run("cluster", "scheduler", "--host", "0.0.0.0")
    assert ran.returncode == 2 and "needs certificates" in ran.stderr


def test_an_open_address_is_warned_of(tmp_path, monkeypatch):
    from anomaly_gui.cluster.opening import warn_of_plain

    assert "whoever reaches the scheduler can run programs" in warn_of_plain("tcp://192.168.0.10:8786")
    assert warn_of_plain("tcp://127.0.0.1:8786") is None
    assert warn_of_plain("tls://192.168.0.10:8786") is None


def test_work_goes_on_after_the_scheduler_was_killed(tmp_path, monkeypatch):
    """With certificates; others' certificates are of no use."""
    monkeypatch.setattr(manifest, "PART", 2)
    save_parts(tmp_path / "train", 20)
    save_parts(tmp_path / "images", 80, seed=1)
    options = ["--detector", "pooled", "--layer", "block2_pool", "--false-alarm-rate", "0.1"]
    assert run("train", tmp_path / "train", "--out", tmp_path / "m.anomaly", *options).returncode == 0
    own, others = (make_certificates(tmp_path / name).folder for name in ("own", "others"))
    address, parts = f"tls://127.0.0.1:{PORT}", tmp_path / "s.json.parts"
    score = ["score", tmp_path / "m.anomaly", tmp_path / "images", "--json", tmp_path / "s.json"]
    on = [*score, "--cluster", address, "--certificates", own]
    serve = ["cluster", "scheduler", "--port", PORT, "--certificates", own]
    work = ["cluster", "worker", address, "--workers", 1, "--certificates", own]
    with contextlib.ExitStack() as ends:
        scheduler = ends.enter_context(started(*serve, says="listens at tls://"))
        ends.enter_context(started(*work, says="Workers at"))  # these wait for the next scheduler
        refused = run(*score, "--cluster", address, "--certificates", others)
        assert refused.returncode == 2 and "No scheduler answers" in refused.stderr

        def kill_later():
            end = time.monotonic() + 60
            while len(list(parts.glob("*.parquet"))) < 5 and time.monotonic() < end:
                time.sleep(0.02)
            os.kill(scheduler.pid, signal.SIGKILL)

        killer = threading.Thread(target=kill_later)
        killer.start()
        ended = run(*on)
        killer.join()
        assert ended.returncode == 2 and "The scheduler has gone" in ended.stderr, ended.stderr
        finished = len(list(parts.glob("*.parquet")))
        assert 5 <= finished < 40
        ends.enter_context(started(*serve, says="listens at tls://"))
        went_on = run(*on)
    assert went_on.returncode == 0, went_on.stderr
    result = json.loads((tmp_path / "s.json").read_text())
    assert 2 * finished <= result["taken_over"] < 80  # workers finish what they have when a scheduler goes
    assert len(result["images"]) == 80
    assert not parts.exists()
