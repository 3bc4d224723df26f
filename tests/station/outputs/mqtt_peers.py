"""A real mosquitto, and a subscriber that remembers what came."""

import json
import os
import shutil
import socket
import subprocess
import threading
import time

import pytest
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion
from stand_ins import find_port, wait_until

MOSQUITTO = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin")
needs_mosquitto = pytest.mark.skipif(
    MOSQUITTO is None, reason="mosquitto is not installed: apt-get install mosquitto"
)


class Broker:
    """A broker that keeps what it took over its own restarts, as those in factories do."""

    def __init__(self, folder, *lines):
        self.port = find_port()
        self._folder = folder
        self._process = None
        text = [f"listener {self.port} 127.0.0.1", "persistence true", f"persistence_location {folder}/"]
        if not any(line.startswith("allow_anonymous") for line in lines):
            text.append("allow_anonymous true")
        if os.geteuid() == 0:
            text.append("user root")  # else it becomes another user, who may not read this folder
        self._file = folder / "mosquitto.conf"
        self._file.write_text("\n".join([*text, "max_queued_messages 100000", *lines]) + "\n")

    def start(self):
        self._process = subprocess.Popen([MOSQUITTO, "-c", self._file], stderr=subprocess.DEVNULL)
        wait_until(self._is_listening)
        return self

    def _is_listening(self):
        assert self._process.poll() is None, "mosquitto has ended"
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def stop(self):
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)
        self._process = None


class Subscriber:
    """A client with a session of its own that takes what came while it was away."""

    def __init__(self, port, topics="anomaly/v1/#"):
        self.came, self.retained = [], []
        self._ready = threading.Event()
        self.client = Client(CallbackAPIVersion.VERSION2, client_id="consumer", clean_session=False)
        self.client.reconnect_delay_set(0.05, 0.1)
        self.client.on_connect = lambda client, *_: client.subscribe(topics, qos=1)
        self.client.on_subscribe = lambda *_: self._ready.set()
        self.client.on_message = self._take
        until = time.monotonic() + 10
        while True:
            try:
                self.client.connect("127.0.0.1", port)
                break
            except OSError:
                assert time.monotonic() < until
                time.sleep(0.05)
        self.client.loop_start()
        assert self._ready.wait(10)

    def list_messages(self, kind):
        return [body for topic, body in self.came if topic.endswith(f"/{kind}")]

    def close(self):
        self.client.disconnect()
        self.client.loop_stop()

    def _take(self, client, data, message):
        self.came.append((message.topic, json.loads(message.payload)))
        if message.retain:
            self.retained.append(json.loads(message.payload))
