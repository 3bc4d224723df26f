"""What `station check` says of outputs: each is reached for real, and nothing is sent."""

import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from line import make_line, start_command
from mqtt_peers import Broker, Subscriber, needs_mosquitto
from stand_ins import PLACE, find_port, make_state, wait_until
from typer.testing import CliRunner

from anomaly_gui.cli.app import app
from anomaly_gui.station.outputs.kinds.csv_file import CsvOutput
from anomaly_gui.station.outputs.kinds.mqtt import MqttOutput
from anomaly_gui.station.outputs.output import OutputError
from anomaly_gui.station.outputs.registry import make_output
from anomaly_gui.station.outputs.settings.kinds import (
    CsvSettings,
    ModbusSettings,
    MqttSettings,
    OpcuaSettings,
    OverlaySettings,
    WebhookSettings,
)


def try_out(settings):
    return make_output("one", settings, PLACE).try_out()


@needs_mosquitto
def test_a_broker_that_answers_and_the_connection_of_the_station_stays(tmp_path):
    broker = Broker(tmp_path).start()
    settings = MqttSettings("127.0.0.1", broker.port, tls=False, timeout=5.0)
    subscriber, running = Subscriber(broker.port), MqttOutput("one", settings, PLACE)
    running.open()
    running.send(make_state())
    wait_until(lambda: subscriber.came)
    assert "answers" in try_out(settings)
    running.count_arrived()  # raises where the connection is lost
    running.send(make_state(heartbeat=2))
    wait_until(lambda: len(subscriber.came) >= 2)
    assert [state["heartbeat"] for state in subscriber.list_messages("state")] == [1, 2]
    running.close()
    subscriber.close()
    broker.stop()
    with pytest.raises(OutputError, match="MQTT broker"):
        try_out(settings)


class Asked(BaseHTTPRequestHandler):
    def do_HEAD(self):
        self.server.asked.append(self.headers["Authorization"])
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *words):
        pass


@pytest.fixture
def server():
    made = HTTPServer(("127.0.0.1", 0), Asked)
    made.asked = []
    threading.Thread(target=made.serve_forever, args=(0.02,), daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()


@pytest.mark.parametrize("status", [200, 204, 404, 405, 501])
def test_a_webhook_that_is_there(server, status, tmp_path):
    server.status = status
    (tmp_path / "token").write_text("secret\n")
    url = f"http://127.0.0.1:{server.server_port}/hook"
    assert str(status) in try_out(WebhookSettings(url, tmp_path / "token"))
    assert server.asked == ["Bearer secret"]


@pytest.mark.parametrize("status", [401, 403, 503])
def test_a_webhook_that_lets_nobody_in(server, status):
    server.status = status
    with pytest.raises(OutputError, match=str(status)):
        try_out(WebhookSettings(f"http://127.0.0.1:{server.server_port}/hook"))


def test_a_webhook_that_is_not_there():
    with pytest.raises(OutputError, match="cannot be reached"):
        try_out(WebhookSettings(f"http://127.0.0.1:{find_port()}/hook", timeout=2))


def test_a_table_and_a_folder_that_can_be_written_and_nothing_is_left(tmp_path):
    assert "all.csv" in try_out(CsvSettings(tmp_path / "later" / "all.csv"))
    assert "pictures" in try_out(OverlaySettings(tmp_path / "pictures"))
    assert list(tmp_path.iterdir()) == []
    CsvOutput("one", CsvSettings(tmp_path / "all.csv"), PLACE).open()
    assert try_out(CsvSettings(tmp_path / "all.csv"))
    (tmp_path / "all.csv").write_text("a,b\n")
    with pytest.raises(OutputError, match="other columns"):
        try_out(CsvSettings(tmp_path / "all.csv"))


def test_what_cannot_be_written(tmp_path):
    (tmp_path / "file").touch()
    for settings in (CsvSettings(tmp_path / "file" / "all.csv"), OverlaySettings(tmp_path / "file" / "in")):
        with pytest.raises(OSError, match="Not a directory"):
            try_out(settings)


def test_a_port_that_is_free_or_taken(tmp_path):
    (tmp_path / "password").write_text("secret\n")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        for port, is_free in ((find_port(), True), (taken.getsockname()[1], False)):
            secret = tmp_path / "password"
            opcua = OpcuaSettings("127.0.0.1", "plc", secret, tmp_path / "a.der", tmp_path / "a.pem", port)
            for settings in (ModbusSettings("127.0.0.1", port), opcua):
                if is_free:
                    assert "free" in try_out(settings)
                else:
                    with pytest.raises(OutputError, match=f"port {port}"):
                        try_out(settings)
    with pytest.raises(OutputError, match="no such name"):
        try_out(ModbusSettings("no such name", 502))


OUTPUTS = """
[outputs.plc]
kind = "modbus"
host = "127.0.0.1"
port = {port}
[outputs.mes]
kind = "webhook"
url = "http://127.0.0.1:{nobody}/hook"
"""


def test_the_command_says_it_of_each_output_also_while_the_station_runs(tmp_path, model_file):
    line = make_line(tmp_path, model_file, more=OUTPUTS.format(port=find_port(), nobody=find_port()))
    said = _check(line)
    assert "well   Output plc: 127.0.0.1, port" in said
    assert "fault  " in said
    assert "/hook cannot be reached" in said
    process = start_command("run", line.file)
    process.stdout.readline()
    assert "well   Output plc: the station runs, and listens itself." in _check(line)
    process.terminate()
    process.communicate(timeout=30)


def _check(line):
    found = CliRunner().invoke(app, ["station", "check", str(line.file)])
    assert found.exit_code != 0
    return " ".join(found.output.split("\n"))
