"""Full and broken disks at random steps of a station: ENOSPC and EIO from every function that touches it.

    .venv/bin/python -m tests.benchmarks.station.disk_faults --faults 50

The station runs in this process, so that faults can be put into it: reading, syncing and renaming of files,
and each transaction of the records, before or after it was done. Prints what was lost or recorded twice.
"""

from __future__ import annotations

import argparse
import errno
import json
import os
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.benchmarks.station_at_work import compare, count_steps, is_well, opened_line, start_writers

from shop import FUNCTIONS, count_left, opened_station  # isort: skip - the tests' own

from anomaly_gui.station import files
from anomaly_gui.station import station as loop
from anomaly_gui.station.judging.judge import open_judge
from anomaly_gui.station.ledger.engine import LedgerError
from anomaly_gui.station.ledger.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Callable

_OF_LEDGER = ("see_pictures", "record_judged", "mark_moved", "add_audit", "note_path")
_SHARE = 0.05  # of the calls that fail


class RandomFaults:
    """Lets calls fail at random, until so many have.

    Attributes
    ----------
    struck : how many did, by function and fault
    """

    def __init__(self, most: int) -> None:
        self.struck: Counter[str] = Counter()
        self._most, self._chosen = most, random.Random(5)

    def put_in(self) -> None:
        for name in FUNCTIONS:
            setattr(files, name, self._wrap(name, getattr(files, name)))
        for name in _OF_LEDGER:
            setattr(Ledger, name, self._wrap(name, getattr(Ledger, name)))

    def _wrap(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            fails = self.struck.total() < self._most and self._chosen.random() < _SHARE
            afterwards = self._chosen.random() < 0.5
            if fails and not afterwards:
                self._fail(name, "before")
            done = function(*arguments, **options)
            if fails and afterwards:
                self._fail(name, "after")
            return done

        return call

    def _fail(self, name: str, when: str) -> None:
        number = self._chosen.choice((errno.ENOSPC, errno.EIO))
        self.struck[f"{name}, {when}, {errno.errorcode[number]}"] += 1
        if name in _OF_LEDGER:
            raise LedgerError(os.strerror(number))
        raise OSError(number, os.strerror(number))


def run(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    loop._FIRST_PAUSE = 0.05  # a real station waits a second after the first
    with opened_line(folder, options.share) as line:
        judge = open_judge(folder / "part.anomaly")
        faults = RandomFaults(options.faults)
        faults.put_in()
        writers = start_writers(line, options.files, 2, options.pause)
        began = time.monotonic()
        with opened_station(line, judge) as (station, _, _):
            station.run_until(lambda: _is_done(line, writers))
        written = [digest for _, listed in writers for digest in listed.read_text("ascii").split()]
        return {
            **compare(line, written),
            "faults": faults.struck.total(),
            "struck": dict(faults.struck.most_common()),
            "seconds": round(time.monotonic() - began, 1),
        }


def _is_done(line: Any, writers: list[tuple[Any, Path]]) -> bool:
    written = all(writer.poll() is not None for writer, _ in writers)
    return written and count_left(line) == 0 and not count_steps(line).keys() - {"MOVED"}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--files", type=int, default=600)
    parser.add_argument("--faults", type=int, default=50)
    parser.add_argument("--pause", type=float, default=0.05, help="seconds of a writer between two, at most")
    parser.add_argument("--share", default="", help="where pictures arrive: a folder, or bindfs (FUSE)")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as passing:
        found = run(Path(passing), options)
    print(json.dumps(found, indent=1))
    if options.json:
        options.json.write_text(json.dumps(found), "utf-8")
    sys.exit(0 if is_well(found) and found["faults"] == options.faults else 1)


if __name__ == "__main__":
    main()
