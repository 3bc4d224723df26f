"""The command `score --cluster auto` against `score`, with no feature cached.

.venv/bin/python -m tests.benchmarks.cluster.overhead --work FOLDER
"""

from __future__ import annotations

import argparse
from functools import partial
from statistics import median

from tests.benchmarks.common import print_table, write_json
from tests.benchmarks.made_cluster import add_options, make_images, make_model, run_command
from tests.benchmarks.turns import run_in_turns


def main() -> None:
    """Print the row of overhead."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_options(parser, images=1000)
    parser.add_argument("--rounds", type=int, default=3, help="of which the median counts")
    given = parser.parse_args()
    images, model = make_images(given.work / str(given.images), given.images), make_model(given.work)
    ways = {"alone": ("--no-cache",), "cluster": ("--cluster", "auto")}
    seconds: dict[str, list[float]] = {name: [] for name in ways}

    def add_time(name: str) -> None:
        out = given.work / f"{name}.csv"
        seconds[name].append(run_command("score", model, images, "--csv", out, *ways[name], expected=(0, 3)))

    run_in_turns({name: partial(add_time, name) for name in ways}, given.rounds)
    same = (given.work / "alone.csv").read_bytes() == (given.work / "cluster.csv").read_bytes()
    alone, cluster = median(seconds["alone"]), median(seconds["cluster"])
    print_table(
        f"{given.images:,} images",
        ("alone", "--cluster auto", "allowed", "same file"),
        [(f"{alone:.1f} s", f"{cluster:.1f} s", f"{1.1 * alone + 5:.1f} s", "yes" if same else "no")],
    )
    write_json(given.json, seconds)


if __name__ == "__main__":
    main()
