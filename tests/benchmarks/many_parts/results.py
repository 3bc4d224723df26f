"""What was measured, one line of JSON each, so that a run that was stopped goes on where it was."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from tests.benchmarks.many_parts.candidates import PartsCandidate

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tests.benchmarks.many_parts.splits import SplitName

Record = dict[str, Any]
Key = tuple[str, "SplitName", PartsCandidate]


class Results:
    """The records of a file, which grows with each that is added."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._records: dict[str, Record] = {}
        if path.exists():
            for line in path.read_text("utf-8").splitlines():
                self._take_line(line)

    def _take_line(self, line: str) -> None:
        try:
            record = json.loads(line)
        except ValueError:  # the run was stopped in the middle of it
            return
        self._records[_name_key(*key_of(record))] = record

    def __contains__(self, key: Key) -> bool:
        """Tell whether (kind, split, candidate) was measured."""
        kind, split, candidate = key
        return _name_key(kind, split.seed, split.count, candidate) in self._records

    def add(self, kind: str, split: SplitName, candidate: PartsCandidate, values: Record) -> None:
        """Remember what was measured, on disk at once."""
        record = {"kind": kind, "seed": split.seed, "count": split.count, **asdict(candidate), **values}
        self._path.parent.mkdir(parents=True, exist_ok=True)
        begun = self._path.exists() and not self._path.read_bytes().endswith(b"\n")
        with self._path.open("a", encoding="utf-8") as file:
            file.write(("\n" if begun else "") + json.dumps(record) + "\n")
        self._records[_name_key(*key_of(record))] = record

    def list_records(self, kinds: Iterable[str], candidates: Iterable[PartsCandidate]) -> list[Record]:
        """Return the records of some kinds and candidates."""
        wanted, names = set(candidates), set(kinds)
        return [one for one in self._records.values() if one["kind"] in names and candidate_of(one) in wanted]


def key_of(record: Record) -> tuple[str, int, str, PartsCandidate]:
    """Return what a record is of: kind, seed, count, candidate."""
    return record["kind"], record["seed"], record["count"], candidate_of(record)


def candidate_of(record: Record) -> PartsCandidate:
    """Return the candidate of a record."""
    names = ("detector", "size", "backbone", "normalization", "variant")
    return PartsCandidate(layers=tuple(record["layers"]), **{name: record[name] for name in names})


def _name_key(kind: str, seed: int, count: str, candidate: PartsCandidate) -> str:
    return json.dumps([kind, seed, count, asdict(candidate)], sort_keys=True)
