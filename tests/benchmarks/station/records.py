"""Search and count in very many records while the station goes on writing them.

.venv/bin/python -m tests.benchmarks.station.records --results 1000000
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import threading
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

TESTS = Path(__file__).parents[2]
sys.path[:0] = [str(TESTS), str(TESTS / "station" / "records")]

from made_records import BEGAN, SECOND, fill_ledger  # noqa: E402 - the tests' own

from anomaly_gui.station.judging.judged import StationVerdict  # noqa: E402
from anomaly_gui.station.ledger.ledger import Ledger, Place  # noqa: E402
from anomaly_gui.station.ledger.linking import AuditEntry  # noqa: E402
from anomaly_gui.station.ledger.reading import ResultFilter, count_results, find_results  # noqa: E402

ROUNDS = 20
PAGE = 200


def list_questions(count: int) -> dict[str, ResultFilter]:
    began = datetime.fromtimestamp(BEGAN // SECOND, timezone.utc)
    day = timedelta(days=1)
    rare = (StationVerdict.ERROR, StationVerdict.CANNOT_JUDGE)
    middle = began + timedelta(seconds=count // 2)
    return {
        "the newest": ResultFilter(),
        "a part": ResultFilter(part=f"part {count // 4}"),
        "a part that nobody has": ResultFilter(part="none"),
        "a lot": ResultFilter(lot="lot 0"),
        "rare verdicts of a lot": ResultFilter(lot="lot 0", verdicts=rare),
        "rare verdicts": ResultFilter(verdicts=rare),
        "a day in the middle": ResultFilter(since=middle, until=middle + day),
        "defects before the middle": ResultFilter(until=middle, verdicts=(StationVerdict.DEFECT,)),
        "errors of the first half of a lot": ResultFilter(
            lot="lot 0", until=began + day / 2, verdicts=(StationVerdict.ERROR,)
        ),
    }


def measure_questions(file: Path, count: int) -> None:
    print(
        f"{'asked for':36} {'found':>6} {'find: median, most':>20} {'counted':>9} {'count: median, most':>20}"
    )
    for name, wanted in list_questions(count).items():
        found, finding = measure_calls(lambda wanted=wanted: find_results(file, wanted, PAGE))
        counts, counting = measure_calls(lambda wanted=wanted: count_results(file, wanted))
        print(f"{name:36} {len(found):6} {finding:>20} {counts.total():9,} {counting:>20}")
    last = find_results(file, ResultFilter(), PAGE)[-1].seq
    _, paging = measure_calls(lambda: find_results(file, ResultFilter(), PAGE, after=last // 2))
    print(f"{'a page in the middle':36} {PAGE:6} {paging:>20}")


def measure_calls(call):  # type: ignore[no-untyped-def]
    took = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        value = call()
        took.append(1000 * (time.perf_counter() - began))
    return value, f"{statistics.median(took):.0f} ms, {max(took):.0f} ms"


def write_meanwhile(file: Path, ended: threading.Event, took: list[float]) -> None:
    """Write entries as the station does, each in a transaction of its own."""
    with Ledger(file, Place("Plant 1", "Line 1", "Cell 1")) as ledger:
        while not ended.wait(0.05):
            began = time.perf_counter()
            ledger.add_audit(AuditEntry("test"))
            took.append(1000 * (time.perf_counter() - began))


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    reader.add_argument("--results", type=int, default=1_000_000)
    asked = reader.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "ledger.sqlite3")
        began = time.perf_counter()
        fill_ledger(file, asked.results, has_hashes=False)
        size = file.stat().st_size / 1e6
        print(f"{asked.results:,} results made in {time.perf_counter() - began:.0f} s: {size:,.0f} MB")
        ended, took = threading.Event(), list[float]()
        writer = threading.Thread(target=write_meanwhile, args=(file, ended, took))
        writer.start()
        measure_questions(file, asked.results)
        ended.set()
        writer.join()
        each = f"median {statistics.median(took):.1f} ms, most {max(took):.0f} ms"
        print(f"written meanwhile: {len(took)}, {each}")


if __name__ == "__main__":
    main()
