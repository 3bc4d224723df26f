"""Are two networks of half the cores each faster than one on all of them? The product's runtime, both ways.

Both are timed in turns in one process; each ratio is of two neighbouring measurements.

    python -m tests.benchmarks.speed.side_by_side
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np

from anomaly_gui.detection.benchmarking.request import DEPTHS, SIZES
from anomaly_gui.detection.settings.feature_settings import FeatureSettings
from tests.benchmarks.common import print_table, write_json
from tests.benchmarks.speed.runtimes import GRID, list_cases, make_mnn_job

NEVER = 10**9  # batches


def measure_case(size: int, layer: str, seconds: float) -> dict[str, float | int | str]:
    """Return images per second of both, and the median of their ratios."""
    batch = np.random.default_rng(0).integers(
        0, 256, (FeatureSettings(size=size).batch_size, size, size, 3), np.uint8
    )
    jobs = [make_mnn_job(size, layer, patience) for patience in (NEVER, 0)]
    for job in jobs:
        job(batch)
    times, end = [], time.monotonic() + seconds
    while time.monotonic() < end or len(times) < 5:
        row = [time.perf_counter()]
        for job in jobs:
            job(batch)
            row.append(time.perf_counter())
        times.append(np.diff(row))
    one, two = np.transpose(times)
    return {
        "size": size,
        "layer": layer,
        "one": len(batch) / float(np.median(one)),
        "two": len(batch) / float(np.median(two)),
        "ratio": float(np.median(one / two)),
        "rounds": len(times),
    }


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--layers", nargs="+", default=[*DEPTHS, GRID])
    parser.add_argument("--seconds", type=float, default=12.0, help="of one size and layer")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    rows = [measure_case(size, layer, given.seconds) for size, layer in list_cases(given.sizes, given.layers)]
    write_json(given.json, rows)
    print_table(
        "Images per second",
        ("px", "layer", "one network", "two side by side", "ratio", "rounds"),
        [
            (
                row["size"],
                row["layer"],
                f"{row['one']:.1f}",
                f"{row['two']:.1f}",
                f"{row['ratio']:.2f}",
                row["rounds"],
            )
            for row in rows
        ],
    )


if __name__ == "__main__":
    main()
