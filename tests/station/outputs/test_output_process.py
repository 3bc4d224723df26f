"""Outputs in processes of their own: killed, orphaned, without a place to run; nothing is lost."""

import csv
import functools
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from http_peer import HttpPeer
from stand_ins import PLACE, QUICK, SqliteOutbox, find_port, make_result, wait_until

from anomaly_gui.station.outputs.child import OutputJob, is_closed
from anomaly_gui.station.outputs.health import write_health
from anomaly_gui.station.outputs.settings.kinds import CsvSettings, WebhookSettings
from anomaly_gui.station.outputs.supervisor import OutputProcess


def open_nothing():
    raise RuntimeError("the ledger is torn")


@pytest.fixture
def outbox(tmp_path):
    made = SqliteOutbox(tmp_path / "outbox.db")
    yield made
    made.close()


def make_job(folder, settings, **changes):
    opener = functools.partial(SqliteOutbox, folder / "outbox.db")
    own = {"name": "one", "open_outbox": opener, "pace": QUICK, **changes}
    return OutputJob(settings=settings, place=PLACE, records=folder, state_file=folder / "state.json", **own)


def read_seqs(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [int(row["seq"]) for row in csv.DictReader(file)]


def kill_again_and_again(process, outbox, times, batch, seed):
    """Kill a process while it delivers, `batch` parts more each time; return how many parts there were."""
    choice = random.Random(seed)
    for number in range(times):
        outbox.put(*map(make_result, range(number * batch + 1, (number + 1) * batch + 1)))
        started = outbox.count
        tend_until(process, lambda: outbox.count < started)  # noqa: B023
        time.sleep(choice.uniform(0, 0.1))
        if process.number is not None:
            os.kill(process.number, signal.SIGKILL)
    tend_until(process, lambda: outbox.count == 0)
    process.stop()
    return times * batch


def tend_until(process, condition):
    def is_so():
        process.tend()
        return condition()

    wait_until(is_so, 60)


def test_a_table_has_each_part_once_however_often_the_process_is_killed(outbox, tmp_path):
    process = OutputProcess(make_job(tmp_path, CsvSettings(tmp_path / "parts.csv")))
    count = kill_again_and_again(process, outbox, times=5, batch=600, seed=1)
    assert read_seqs(tmp_path / "parts.csv") == list(range(1, count + 1))


def test_a_server_that_tells_parts_apart_has_each_once(outbox, tmp_path):
    peer = HttpPeer(find_port()).start()
    process = OutputProcess(make_job(tmp_path, WebhookSettings(f"http://127.0.0.1:{peer.port}/")))
    count = kill_again_and_again(process, outbox, times=4, batch=250, seed=2)
    peer.stop()
    assert list(dict.fromkeys(each["seq"] for each in peer.taken)) == list(range(1, count + 1))


@pytest.mark.slow
def test_fifty_kills_lose_nothing(outbox, tmp_path):
    process = OutputProcess(make_job(tmp_path, CsvSettings(tmp_path / "parts.csv")))
    count = kill_again_and_again(process, outbox, times=50, batch=800, seed=3)
    assert read_seqs(tmp_path / "parts.csv") == list(range(1, count + 1))


def test_a_process_that_ends_by_itself_says_why_and_is_started_again(outbox, tmp_path):
    write_health(tmp_path / "output-one.json", 7, 200.0, "")  # by an earlier one
    process = OutputProcess(make_job(tmp_path, CsvSettings(tmp_path / "a.csv"), open_outbox=open_nothing))
    process.tend()
    wait_until(lambda: process.number is None, 60)
    process.tend()
    tend_until(process, lambda: process.number is not None)
    wait_until(lambda: process.number is None, 60)
    assert "exit code 1" in process.read_health().last_error
    assert "the ledger is torn" in process.read_health().last_error
    assert process.read_health().pending == 7
    assert process.read_health().oldest_seconds > 200
    process.stop()


def test_what_waits_for_an_output_that_cannot_be_made_is_counted(outbox, tmp_path):
    outbox.put(*map(make_result, range(1, 4)))
    process = OutputProcess(make_job(tmp_path, object()))
    process.tend()
    wait_until(lambda: process.number is None, 60)
    process.tend()
    health = process.read_health()
    process.stop()
    assert "StopIteration" in health.last_error
    assert health.pending == 3
    assert health.oldest_seconds > 0


@pytest.mark.parametrize("error", [BrokenPipeError(109, "The pipe has been ended"), EOFError()])
def test_a_pipe_that_says_by_an_error_that_it_is_closed(error):
    class Pipe:
        def poll(self, seconds):
            raise error

    assert is_closed(Pipe(), 0.1)


def test_a_process_that_cannot_be_started_says_why_and_is_tried_again(outbox, tmp_path, short_of_memory):
    outbox.put(make_result(1))
    process = OutputProcess(make_job(tmp_path, CsvSettings(tmp_path / "parts.csv")))
    with short_of_memory():
        process.tend()
        assert process.number is None
        assert "cannot be started (Cannot allocate memory)" in process.read_health().last_error
    tend_until(process, lambda: outbox.count == 0)
    process.stop()
    assert read_seqs(tmp_path / "parts.csv") == [1]


def test_it_ends_when_the_station_does_and_the_next_waits_for_it(outbox, tmp_path):
    """The station is killed; its output ends by itself, and the next station's takes its place."""
    code = (
        "import sys, time; sys.path[:0] = sys.argv[2:4]\n"
        "from pathlib import Path; import test_output_process as own\n"
        "if __name__ == '__main__':\n"
        "    folder = Path(sys.argv[1])\n"
        "    process = own.OutputProcess(own.make_job(folder, own.CsvSettings(folder / 'parts.csv')))\n"
        "    process.tend(); print(process.number, flush=True); time.sleep(600)\n"
    )
    script = tmp_path / "station.py"
    script.write_text(code)
    here = Path(__file__).parent
    command = [sys.executable, script, tmp_path, here.parents[2], here]
    station = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    child = int(station.stdout.readline())
    outbox.put(*map(make_result, range(1, 11)))
    wait_until(lambda: outbox.count == 0, 60)
    station.kill()
    station.wait()
    station.stdout.close()
    outbox.put(*map(make_result, range(11, 21)))
    process = OutputProcess(make_job(tmp_path, CsvSettings(tmp_path / "parts.csv")))
    process.tend()
    wait_until(lambda: outbox.count == 0, 60)
    wait_until(lambda: not is_alive(child), 60)
    health = process.read_health()
    process.stop()
    assert read_seqs(tmp_path / "parts.csv") == list(range(1, 21))
    assert health.last_error == ""
    assert json.loads((tmp_path / "output-one.json").read_text())["last_error"] == ""


def is_alive(number):
    try:
        return psutil.Process(number).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
