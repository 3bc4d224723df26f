"""Records copied to a real PostgreSQL while it is away for a time, and it and the copying process are killed.

    .venv/bin/python -m tests.benchmarks.station.server --results 100000 --kills 20

Prints how many rows the station recorded, how many the server has, each once or not, whether the chain of the
server's copy holds, how long writing a record took at most, and how fast what waited was copied.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import tempfile
import threading
import time
from pathlib import Path

TESTS = Path(__file__).parents[2]
sys.path[:0] = [str(TESTS), str(TESTS / "station"), str(TESTS / "station" / "server")]

from anomaly_gui.station.ledger.engine import open_reader  # noqa: E402
from anomaly_gui.station.ledger.ledger import Ledger, Place  # noqa: E402
from anomaly_gui.station.outputs.supervisor import OutputProcess  # noqa: E402
from anomaly_gui.station.server.chain_rows import read_chain  # noqa: E402
from anomaly_gui.station.server.child import ForwarderJob, run_forwarder  # noqa: E402
from anomaly_gui.station.server.verifying import verify_server  # noqa: E402

PLACE = Place("Plant 1", "Line 1", "Cell 1")
AWAY = 10.0  # seconds


class Writer(threading.Thread):
    """Records parts as a station does, and measures how long the slowest took."""

    def __init__(self, file: Path, count: int) -> None:
        super().__init__()
        self.file, self.count, self.slowest, self.done = file, count, 0.0, 0

    def run(self) -> None:
        from copies import record_part

        with Ledger(self.file, PLACE) as ledger:
            for number in range(1, self.count + 1):
                began = time.perf_counter()
                record_part(ledger, number)
                self.slowest = max(self.slowest, time.perf_counter() - began)
                self.done = number


def disturb(server, process: OutputProcess, writer: Writer, kills: int) -> None:  # type: ignore[no-untyped-def]
    """Let the server be away once, then kill it and the process in turns, until all is recorded."""
    choice = random.Random(0)
    server.stop()
    tend_for(process, AWAY)
    server.start()
    for turn in range(kills):
        tend_for(process, choice.uniform(0.1, 2.0))
        if turn % 2 and process.number is not None:
            os.kill(process.number, signal.SIGKILL)
        elif not turn % 2:
            server.stop(by_force=True)
            tend_for(process, choice.uniform(0, 1.0))
            server.start()
    while writer.is_alive():
        tend_for(process, 0.2)


def tend_for(process: OutputProcess, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        process.tend()
        time.sleep(0.05)


def wait_for_copy(server, process: OutputProcess, count: int) -> float:  # type: ignore[no-untyped-def]
    began = time.monotonic()
    while count_rows(server)[0] < count:
        tend_for(process, 0.2)
    return time.monotonic() - began


def count_rows(server) -> tuple[int, int, int]:  # type: ignore[no-untyped-def]
    """Return how many rows there are, how many links, and how many parts."""
    both = "SELECT link, id FROM anomaly.result UNION ALL SELECT link, NULL FROM anomaly.audit"
    asked = f"SELECT COUNT(*), COUNT(DISTINCT link), COUNT(DISTINCT id) FROM ({both}) AS rows"
    rows, links, parts = server.ask(asked)[0]
    return int(rows), int(links), int(parts)


def measure(folder: Path, results: int, kills: int) -> None:
    from copies import name_settings
    from postgres_peer import Server

    server = Server()
    try:
        settings = name_settings(server, folder)
        writer = Writer(folder / "ledger.sqlite3", results)
        job = ForwarderJob(settings, PLACE, writer.file, folder, folder / "state.json")
        process = OutputProcess(job, run_forwarder)
        writer.start()
        while not writer.done:
            time.sleep(0.05)
        disturb(server, process, writer, kills)
        with open_reader(writer.file) as reader:
            count = len(read_chain(reader, 0, 10**9))
        behind = count - count_rows(server)[0]
        took = wait_for_copy(server, process, count)
        process.stop()
        rows, links, parts = count_rows(server)
        verified = verify_server(settings, writer.file)
        print(
            f"recorded: {count:,} rows, {results:,} results; the slowest took {1000 * writer.slowest:.0f} ms"
        )
        print(f"on the server: {rows:,} rows, {links:,} links, {parts:,} parts; waiting {verified.waiting}")
        print(f"lost {count - links}, twice {rows - links}; faults of the chain: {verified.found.faults}")
        print(f"the last {behind:,} were copied in {took:.1f} s")
    finally:
        server.close()


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    reader.add_argument("--results", type=int, default=100_000)
    reader.add_argument("--kills", type=int, default=20)
    asked = reader.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder), asked.results, asked.kills)


if __name__ == "__main__":
    main()
