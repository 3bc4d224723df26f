"""How long a real PostgreSQL takes to tell of a plant: made-up results of ninety days, at twenty stations.

    .venv/bin/python -m tests.benchmarks.station.plant --results 1000000

Prints how long reading a plant takes for some times, and each of its questions, the fastest of some turns.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from contextlib import closing
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

TESTS = Path(__file__).parents[2]
sys.path[:0] = [str(TESTS), str(TESTS / "station"), str(TESTS / "station" / "server")]

from anomaly_gui.station.server.connecting import make_tables, open_server  # noqa: E402
from anomaly_gui.station.server.plant import PlantFilter  # noqa: E402
from anomaly_gui.station.server.plant_questions import (  # noqa: E402
    ask_lots,
    ask_spans,
    ask_stations,
    ask_warnings,
)
from anomaly_gui.station.server.plant_reading import read_plant  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from anomaly_gui.station.settings.postgresql_settings import PostgresqlSettings

STATIONS, DAYS, TURNS = 20, 90, 3
BEGUN = datetime(2026, 8, 28, tzinfo=timezone.utc)
_MOMENT = f"""to_char(timestamp '{BEGUN:%Y-%m-%d}' + i * interval '{DAYS} days' / {{count}},
    'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')"""
_FILL = (
    f"INSERT INTO anomaly.station (first_hash, site, line, name, at) SELECT 'first ' || i, 'Plant 1', "
    f"'Line ' || i % 4, 'Cell ' || i, '' FROM generate_series(1, {STATIONS}) i",
    f"""INSERT INTO anomaly.result SELECT 1 + i % {STATIONS}, i / {STATIONS} + 1, 2 * (i / {STATIONS}) + 1,
    gen_random_uuid()::text, {_MOMENT}, 'Plant 1', 'Line 1', 'Cell 1', 'part ' || i / 2,
    'lot ' || i / 2000, 'folder', repeat(md5(i::text), 2), '/records/pictures/good/cap_' || i || '.png',
    CASE WHEN i % 100 < 96 THEN 'good' WHEN i % 100 < 99 THEN 'defect' ELSE 'unsure' END,
    1.0, 0.5, NULL, repeat('ab', 32), 'part.anomaly', '1', NULL, 'early',
    '{{{{"read": 3.25, "judge": 20.5}}}}', 100.0, 5.0, 0.1, '', '[]', (i % 5000 = 0)::int, 0,
    repeat(md5(i::text), 2), repeat(md5(i::text), 2)
    FROM generate_series(0, {{count}} - 1) i""",
    f"""INSERT INTO anomaly.audit SELECT 1 + i % {STATIONS}, 2 * (i / {STATIONS}) + 2, {_MOMENT}, '', '',
    'alarm',
    (ARRAY['light', 'backlog', 'scores', 'output mqtt'])[1 + i / {STATIONS} % 4],
    CASE WHEN i / {STATIONS} % 8 < 4 THEN 'came' ELSE 'went' END, 'The light changed.', '', ''
    FROM generate_series(0, {{count}} - 1) i""",
)


def fill(server: Any, settings: PostgresqlSettings, results: int) -> None:
    """Make the tables, and rows in them: an entry of the audit for a hundred results."""
    with open_server(settings) as connection:
        make_tables(connection)
    with closing(server.connect()) as connection:
        for question, count in zip(_FILL, (0, results, results // 100), strict=True):
            connection.execute(question.format(count=count))
        connection.execute("VACUUM ANALYZE")


def list_spans() -> Iterator[tuple[str, PlantFilter]]:
    """Yield what is asked for, with its name."""
    until = BEGUN + timedelta(days=DAYS)
    for name, days in (("the last day", 1), ("7 days", 7), ("30 days", 30), (f"{DAYS} days", DAYS)):
        yield name, PlantFilter(until - timedelta(days=days), until)
    yield f"one lot of {DAYS} days", PlantFilter(until - timedelta(days=DAYS), until, lot="lot 77")


def measure_fastest(work: Callable[[], object]) -> float:
    """Return how long something takes at best."""
    took = []
    for _ in range(TURNS):
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    return min(took)


def print_times(settings: PostgresqlSettings) -> None:
    numbers = {number: number for number in range(1, STATIONS + 1)}
    with open_server(settings) as connection:
        for name, wanted in list_spans():
            whole = measure_fastest(lambda wanted=wanted: read_plant(settings, wanted))  # type: ignore[misc]
            parts = sum(one.tally.parts for one in read_plant(settings, wanted).stations)
            print(f"{name}: {whole:.2f} s, {parts:,} parts")
            questions = {
                "stations": ask_stations(),
                "hours or days": ask_spans(numbers, wanted, wanted.list_begins()),
                "lots": ask_lots(numbers, wanted),
                "warnings": ask_warnings(numbers, wanted),
            }
            for kind, asked in questions.items():
                took = measure_fastest(lambda asked=asked: connection.execute(asked).all())  # type: ignore[misc]
                print(f"    {kind}: {1000 * took:.0f} ms")


def measure(folder: Path, results: int) -> None:
    from copies import name_settings
    from postgres_peer import Server

    server = Server()
    try:
        settings = name_settings(server, folder)
        fill(server, settings, results)
        size = server.ask("SELECT pg_total_relation_size('anomaly.result')")[0][0]
        print(f"{results:,} results, {size / 1e9:.2f} GB with indexes")
        print_times(settings)
    finally:
        server.close()


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    reader.add_argument("--results", type=int, default=1_000_000)
    asked = reader.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder), asked.results)


if __name__ == "__main__":
    main()
