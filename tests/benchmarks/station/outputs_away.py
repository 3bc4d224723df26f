"""A broker, a webhook and a PLC that are away again and again while parts come: is each delivered?

    .venv/bin/python -m tests.benchmarks.station.outputs_away --files 4000 --away 40

The real command with three outputs: mosquitto, an HTTP server that also breaks connections and refuses, and
a Modbus client that reads and acknowledges. Each is away for up to `--longest` seconds at random. Prints
how many parts came to each, how many twice, what never came, and whether their order held.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

from tests.benchmarks.station_at_work import (
    compare,
    is_well,
    opened_line,
    start_station,
    start_writers,
    stop_station,
    wait_for_end,
)

from http_peer import HttpPeer  # isort: skip - the tests' own
from mqtt_peers import Broker, Subscriber
from stand_ins import find_port

from anomaly_gui.station.outputs.kinds import registers

_OUTPUTS = """
[outputs.broker]
kind = "mqtt"
host = "127.0.0.1"
port = {broker}
tls = false
timeout = 5
[outputs.hook]
kind = "webhook"
url = "http://127.0.0.1:{hook}/"
timeout = 5
[outputs.plc]
kind = "modbus"
host = "127.0.0.1"
port = {plc}
"""


class Plc:
    """A Modbus client that takes the oldest result, notes its number, and acknowledges it."""

    def __init__(self, port: int) -> None:
        self.port, self.taken = port, []
        self._present, self._thread = threading.Event(), threading.Thread(target=self._poll, daemon=True)
        self._over = threading.Event()
        self._thread.start()

    def start(self) -> None:
        self._present.set()

    def stop(self) -> None:
        self._present.clear()

    def close(self) -> None:
        self._over.set()
        self._thread.join()

    def _poll(self) -> None:
        from pymodbus.client import ModbusTcpClient
        from pymodbus.exceptions import ModbusException

        while not self._over.is_set():
            if not self._present.wait(0.05):
                continue
            with (
                contextlib.suppress(ModbusException, OSError),
                ModbusTcpClient("127.0.0.1", port=self.port) as client,
            ):
                while self._present.is_set() and not self._over.is_set():
                    self._take_one(client)

    def _take_one(self, client: Any) -> None:
        held = client.read_holding_registers(registers.HELD, count=1).registers[0]
        if not held:
            time.sleep(0.01)
            return
        words = client.read_holding_registers(registers.FIRST_SLOT, count=2).registers
        self.taken.append((words[0] << 16) + words[1])
        client.write_registers(registers.ACK, words)


def go_away_often(peers: dict[str, Any], times: int, longest: float) -> Counter[str]:
    """Let one peer at a time be away at random; return how often each was."""
    chosen, away = random.Random(3), Counter()
    for _ in range(times):
        name = chosen.choice(sorted(peers))
        time.sleep(chosen.random() * longest)
        peers[name].stop()
        away[name] += 1
        time.sleep(chosen.random() * longest)
        if name == "hook":
            peers[name].answers += chosen.choices((0, 204, 500, 503), k=3)
        peers[name].start()
    return away


def hold_against(seqs: list[int], count: int) -> dict[str, Any]:
    """Say what came of the parts 1 to `count`; the order is that in which each came first."""
    first = list(dict.fromkeys(seqs))
    return {
        "came": len(first),
        "never": count - len(set(first) & set(range(1, count + 1))),
        "again": len(seqs) - len(first),
        "in_order": first == sorted(first),
    }


def run(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    ports = {name: find_port() for name in ("hook", "plc")}
    (folder / "broker").mkdir()
    broker = Broker(folder / "broker").start()
    hook, plc = HttpPeer(ports["hook"]).start(), Plc(ports["plc"])
    plc.start()
    subscriber = Subscriber(broker.port)
    peers = {"broker": broker, "hook": hook, "plc": plc}
    with opened_line(folder, "", _OUTPUTS.format(broker=broker.port, **ports)) as line:
        writers = start_writers(line, options.files, 4, options.pause)
        running = start_station(line)
        away = go_away_often(peers, options.away, options.longest)
        written = wait_for_end(line, writers)
        began = time.monotonic()
        while line.ask("SELECT COUNT(*) FROM outbox WHERE state = 'PENDING'") != [(0,)]:
            assert time.monotonic() - began < 600, line.ask(
                "SELECT output, COUNT(*) FROM outbox WHERE state = 'PENDING' GROUP BY output"
            )
            time.sleep(0.5)
        caught_up = time.monotonic() - began
        time.sleep(1)  # for the subscriber to have what the broker has
        stop_station(running)
        found = {
            **compare(line, written),
            "away": dict(away),
            "seconds_to_catch_up": round(caught_up, 1),
            "broker": hold_against(
                [each["seq"] for each in subscriber.list_messages("result")], len(written)
            ),
            "hook": hold_against([each["seq"] for each in hook.taken if "seq" in each], len(written)),
            "plc": hold_against(plc.taken, len(written)),
        }
    subscriber.close()
    plc.close()
    for peer in (broker, hook):
        peer.stop()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--files", type=int, default=400)
    parser.add_argument("--away", type=int, default=6, help="how often one of them is away")
    parser.add_argument("--longest", type=float, default=5.0, help="seconds away, and there, at most")
    parser.add_argument("--pause", type=float, default=0.3, help="seconds of a writer between two, at most")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as passing:
        found = run(Path(passing), options)
    print(json.dumps(found, indent=1))
    if options.json:
        options.json.write_text(json.dumps(found), "utf-8")
    arrived = all(found[name]["never"] == 0 and found[name]["in_order"] for name in ("broker", "hook", "plc"))
    sys.exit(0 if is_well(found) and arrived else 1)


if __name__ == "__main__":
    main()
