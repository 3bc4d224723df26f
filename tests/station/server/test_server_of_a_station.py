"""A station at work, its server and the process between them ended at random moments."""

import json
import os
import random
import signal
import time

import psutil
import psycopg
import pytest
from copies import QUICK, name_settings, read_own_rows, read_server_rows, record_part
from line import make_line, save_picture, start_command, wait_until
from postgres_peer import PASSWORD, needs_postgresql
from typer.testing import CliRunner

from anomaly_gui.cli.app import app
from anomaly_gui.station.outputs.supervisor import OutputProcess
from anomaly_gui.station.sending import Outputs
from anomaly_gui.station.server.child import ForwarderJob, run_forwarder
from anomaly_gui.station.settings.reading import read_settings
from anomaly_gui.station.settings.station_settings import StationSettings
from anomaly_gui.station.state_file import StateFile

pytestmark = needs_postgresql
TABLE = """
[postgresql]
url = "{url}"
password_variable = "LINE1_PASSWORD"
timeout = 2
"""


def make_job(settings, ledger):
    folder = ledger.file.parent
    return ForwarderJob(settings, ledger.place, ledger.file, folder, folder / "state.json", pace=QUICK)


def wait_for_copy(server, ledger, tend):
    def is_copied():
        tend()
        try:
            return read_server_rows(server) == read_own_rows(ledger)
        except psycopg.Error:  # it is away, or has no tables yet
            return False

    wait_until(is_copied, 60)


def test_ends_of_the_process_and_of_the_server_lose_nothing(server, records, tmp_path):
    choice = random.Random(0)
    process = OutputProcess(make_job(name_settings(server, tmp_path), records), run_forwarder)
    for turn in range(8):
        for number in range(40 * turn, 40 * turn + 40):
            record_part(records, number)
            process.tend()
        time.sleep(choice.uniform(0, 0.4))
        if turn % 2 and process.number is not None:
            os.kill(process.number, signal.SIGKILL)
        elif turn % 4 == 0:
            server.stop(by_force=True)
            server.start()
    wait_for_copy(server, records, process.tend)
    process.stop()
    links = [link for link, _ in read_server_rows(server)]
    assert links == list(range(1, 8 * 48 + 1))


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="Windows stops no process like that")
def test_a_server_that_stands_still_is_told_by_the_age(server, records, tmp_path):
    record_part(records, 1)
    settings = StationSettings(
        tmp_path / "line1.toml",
        *("Plant 1", "Line 1", "Cell 1"),
        records.file.parent,
        tmp_path / "m",
        None,
        postgresql=name_settings(server, tmp_path, alarm_after=6.0),
    )
    alarms = []
    state = StateFile(settings.state_file, alarms.append, records.read_end)
    outputs = Outputs(settings)
    told = {}

    def tend():
        told.update(outputs.tend(state)["outputs"]["PostgreSQL"])
        state.record_alarms()

    wait_for_copy(server, records, tend)
    processes = [psutil.Process(server.number), *psutil.Process(server.number).children(recursive=True)]
    for one in processes:
        one.suspend()
    try:
        record_part(records, 2)
        wait_until(lambda: tend() or alarms, 30)
    finally:
        for one in processes:
            one.resume()
    assert alarms[0]["alarm"] == "output PostgreSQL"
    assert alarms[0]["is_active"] is True
    wait_until(lambda: tend() or len(alarms) == 2, 30)
    outputs.close()
    assert alarms[1]["is_active"] is False
    assert read_server_rows(server) == read_own_rows(records)


def test_a_station_goes_on_without_its_server(server, tmp_path, model_file, monkeypatch):
    monkeypatch.setenv("LINE1_PASSWORD", PASSWORD)
    line = make_line(tmp_path, model_file, more=TABLE.format(url=server.url))
    runner = CliRunner()
    checked = runner.invoke(app, ["station", "check", str(line.file)])
    assert f"127.0.0.1:{server.port}/plant" in checked.output
    server.stop()
    refused = runner.invoke(app, ["station", "check", str(line.file)])
    assert refused.exit_code
    assert "fault  127.0.0.1" in refused.output
    state = line.folder / "records" / "state.json"
    process = start_command("run", line.file)
    try:
        for number in range(6):
            save_picture(line.incoming / f"cap_{number}.png", seed=number)
        wait_until(lambda: state.exists() and line.count() == 6, 60)
        wait_until(lambda: _read_output(state).get("last_error"), 30)
        server.start()
        wait_until(lambda: _read_output(state)["pending"] == 0, 60)
    finally:
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=30)
    assert process.returncode == 0, said
    verified = runner.invoke(app, ["station", "verify", "--server", str(line.file)])
    assert verified.exit_code == 0, verified.output
    assert "6 results" in verified.output
    asked = ["station", "verify", "--server", "--last", "0" * 63 + "1", str(line.file)]
    assert "No row has the hash" in runner.invoke(app, asked).output
    files = [path.read_text("utf-8", "replace") for path in line.folder.rglob("*") if path.is_file()]
    assert PASSWORD not in "".join([said, checked.output, refused.output, verified.output, *files])
    assert read_settings(line.file).postgresql.name == f"127.0.0.1:{server.port}/plant"


def _read_output(file):
    return json.loads(file.read_text("utf-8")).get("outputs", {}).get("PostgreSQL", {})
