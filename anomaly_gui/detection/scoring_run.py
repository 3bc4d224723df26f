"""A scoring of any number of images: results go to disk as they come, and a run that was cut off goes on.

Memory stays flat, since nothing but the names of the files is held for all images at once.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from anomaly_gui.detection.images.decoding.kinds import describe_passed_over
from anomaly_gui.detection.images.reading import work_ahead
from anomaly_gui.detection.judging.verdicts import Verdict
from anomaly_gui.detection.runtimes.machine import count_cores
from anomaly_gui.detection.scoring import say_same_file, start_scoring
from anomaly_gui.errors import UserError
from anomaly_gui.language import translate

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping

    from anomaly_gui.detection.features.feature_cache import FeatureCache
    from anomaly_gui.detection.images.folders import LeftOut
    from anomaly_gui.detection.model.image_result import ImageResult
    from anomaly_gui.detection.runtimes.protocol import Runtime
    from anomaly_gui.detection.scoring import ScoreRequest
    from anomaly_gui.progress import Progress

Stamp: TypeAlias = tuple[int, int] | None
"""A file's size in bytes and time of change in nanoseconds; None where it cannot be told."""

_EVERY = 64  # results between two that are safe from a power cut
_NOWHERE = -1  # place of results that this run has not come to yet

_TABLES = """
CREATE TABLE IF NOT EXISTS about (identity TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS results (
  path BLOB PRIMARY KEY, place INTEGER NOT NULL, bytes INTEGER, changed INTEGER,
  score REAL, verdict TEXT NOT NULL, reason TEXT NOT NULL, readable INTEGER NOT NULL, more TEXT, sha256 BLOB
);
"""
_EDITION = "3 "  # of these tables: results in others are not taken over

# SQLite takes the other columns from the row with the smallest place
_ROWS = """
SELECT one.path, score, verdict, reason, readable, more, first.path FROM results AS one LEFT JOIN (
  SELECT sha256, MIN(place) AS place, path FROM results WHERE sha256 IS NOT NULL
  GROUP BY sha256 HAVING COUNT(*) > 1
) AS first ON one.sha256 = first.sha256 AND one.place > first.place
"""


@dataclass(frozen=True)
class RunRow:
    """A result as a run keeps it; `more` is what else JSON says of the image (regions, files of its map)."""

    path: Path
    score: float | None
    verdict: Verdict
    reason: str
    readable: bool
    more: dict[str, Any]


@dataclass(frozen=True)
class More:
    """What is kept of a result beside the verdict.

    Parameters
    ----------
    values : what else JSON says of the image
    is_whole : False where something could not be written: a run that goes on judges the image again
    """

    values: dict[str, Any]
    is_whole: bool = True


_NOTHING = More({})


class ScoringRun:
    """The results of one scoring in an SQLite file.

    Parameters
    ----------
    path : the file; results of an earlier run are taken over if it was about the same
    identity : what the results depend on beside the images: model, threshold, runtime
    make_path : returns the path of a name; others than files have names too

    Attributes
    ----------
    taken_over : how many results come from a run that was cut off
    passed_over, hidden : how many files of other kinds, and hidden ones, were not looked at
    left_out, seen_before : as of `folders.ImageListing`

    Raises
    ------
    UserError : the file cannot be written
    """

    def __init__(self, path: Path, identity: str, make_path: Callable[[str], Path] = Path) -> None:
        self.path, self._make_path = path, make_path
        self.taken_over = self.passed_over = self.hidden = 0
        self.left_out: tuple[LeftOut, ...] = ()
        self.seen_before = 0
        try:
            self._database = self._open_database(_EDITION + identity)
        except sqlite3.Error as error:
            raise UserError(
                translate("{path} cannot be written ({why}): choose another place.", path=path, why=error)
            ) from error

    def _open_database(self, identity: str) -> sqlite3.Connection:
        database = sqlite3.connect(self.path)
        try:
            # no write-ahead log: result files may lie on a network drive, where it does not work
            database.executescript("PRAGMA journal_mode=TRUNCATE; PRAGMA synchronous=NORMAL;" + _TABLES)
            before = database.execute("SELECT identity FROM about").fetchone()
        except sqlite3.DatabaseError as error:
            database.close()
            if isinstance(error, sqlite3.OperationalError):
                raise
            _remove_files(self.path)  # no run of ours, or a damaged one
            return self._open_database(identity)
        if before is not None and before[0] != identity:
            database.close()
            _remove_files(self.path)
            return self._open_database(identity)
        with database:
            if before is None:
                database.execute("INSERT INTO about VALUES (?)", (identity,))
            database.execute("UPDATE results SET place = ?", (_NOWHERE,))
        return database

    def find_judged(self, stamps: Mapping[Path, Stamp]) -> set[Path]:
        """Return those of some files that were judged before and have not changed since."""
        known = set()
        for path, stamp in stamps.items():
            row = self._database.execute(
                "SELECT bytes, changed FROM results WHERE path=?", (os.fsencode(path),)
            ).fetchone()
            if stamp is not None and row == stamp:
                known.add(path)
        return known

    def take_over(self, path: Path, place: int) -> None:
        """Let a result from before count as the one at a place in the order of the files."""
        self.taken_over += 1
        self._database.execute("UPDATE results SET place=? WHERE path=?", (place, os.fsencode(path)))

    def add_result(self, image: ImageResult, place: int, stamp: Stamp = None, more: More = _NOTHING) -> None:
        """Keep a result at a place in the order of the files.

        Parameters
        ----------
        stamp : of the file before it was read; None: it will be judged again, whether or not it changes
        """
        size, changed = stamp if stamp and image.readable and more.is_whole else (None, None)
        self._database.execute(
            "INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                os.fsencode(image.path),
                place,
                size,
                changed,
                image.score,
                image.verdict.value,
                image.explanation,
                image.readable,
                json.dumps(more.values) if more.values else None,
                bytes.fromhex(image.sha256) or None,
            ),
        )

    def save(self) -> None:
        """Make what was added so far survive the end of the process."""
        self._database.commit()

    def finish(self) -> None:
        """Forget results of files that are not among those asked for any more."""
        self._database.execute("DELETE FROM results WHERE place = ?", (_NOWHERE,))
        self._database.execute("CREATE INDEX IF NOT EXISTS same ON results (sha256, place)")
        self.save()

    def read_rows(self, where: str = "1", order: str = "one.place") -> Iterator[RunRow]:
        """Yield results, by default all in the order of the files."""
        with closing(self._database.cursor()) as cursor:
            for path, score, verdict, reason, readable, more, first in cursor.execute(
                f"{_ROWS} WHERE {where} ORDER BY {order}"
            ):
                values = json.loads(more) if more else {}
                same = say_same_file(os.fsdecode(first)) if first else ""
                remarks = "; ".join(filter(None, (reason, same)))
                named = self._make_path(os.fsdecode(path))
                yield RunRow(named, score, Verdict(verdict), remarks, bool(readable), values)

    def read_suspicious(self) -> Iterator[RunRow]:
        """Yield what has a score and is not good, the lowest score first."""
        return self.read_rows(f"score IS NOT NULL AND verdict != '{Verdict.GOOD}'", "score, one.place")

    def read_not_judged(self) -> Iterator[RunRow]:
        """Yield what has no verdict."""
        return self.read_rows(f"verdict = '{Verdict.CANNOT_JUDGE}'")

    def read_unreadable(self) -> Iterator[RunRow]:
        """Yield files that could not be decoded."""
        return self.read_rows("NOT readable")

    def count_verdicts(self) -> Counter[Verdict]:
        """Return how many results there are of each verdict."""
        rows = self._database.execute("SELECT verdict, COUNT(*) FROM results GROUP BY verdict")
        return Counter({Verdict(verdict): count for verdict, count in rows})

    def close(self, *, delete: bool) -> None:
        """Close the file, and remove it once its results are where they belong."""
        self._database.close()
        if delete:
            _remove_files(self.path)


def score_into(
    run: ScoringRun,
    request: ScoreRequest,
    progress: Progress,
    runtime: Runtime,
    cache: FeatureCache | None = None,
    more_of: Callable[[int, ImageResult], More] | None = None,
) -> None:
    """Judge every image of a request that the run has not judged yet.

    Parameters
    ----------
    more_of : called with each new result and its place, in a thread; returns what else is to be kept of it

    Raises
    ------
    UserError : there is no image at all
    CancelledError : from `progress`; what was judged is kept
    """
    earlier = _EarlierResults(run, progress)
    scoring = start_scoring(request, progress, runtime, cache, find_judged=earlier.take_over)
    listing = scoring.listing
    run.passed_over, run.hidden = listing.passed_over, listing.hidden
    run.left_out, run.seen_before = listing.left_out, listing.seen_before
    if others := describe_passed_over(listing.others):
        progress.warn(others)

    try:
        with closing(_add_more(scoring.results, more_of, len(listing.files))) as results:
            for place, image, more in results:
                run.add_result(image, place, earlier.stamps.get(image.path), more)
                if (place + 1) % _EVERY == 0:
                    run.save()
        run.finish()
    finally:
        run.save()


def _add_more(
    results: Iterator[tuple[int, ImageResult]],
    more_of: Callable[[int, ImageResult], More] | None,
    listed: int,
) -> Generator[tuple[int, ImageResult, More], None, None]:
    """Yield each result with what else is to be kept of it, made in threads while the next are judged."""
    if more_of is None:
        for place, image in results:
            yield place, image, _NOTHING
        return

    def ask_more(result: tuple[int, ImageResult]) -> tuple[int, ImageResult, More]:
        place, image = result
        return place, image, more_of(place, image) if place < listed else _NOTHING

    yield from work_ahead(results, ask_more, ahead=2 * count_cores())


class _EarlierResults:
    """What the run holds from before, and what the files were like just before they were judged."""

    def __init__(self, run: ScoringRun, progress: Progress) -> None:
        self._run, self._progress = run, progress
        self.stamps: dict[Path, Stamp] = {}

    def take_over(self, files: Mapping[int, Path]) -> set[int]:
        """Take over what was judged before of some files by their places; return these places."""
        self.stamps = {path: _read_stamp(path) for path in files.values()}  # one that changes is judged again
        known = self._run.find_judged(self.stamps)
        places = {place for place, path in files.items() if path in known}
        for place in places:
            self._run.take_over(files[place], place)
        self._progress.advance(len(known))
        return places


def _read_stamp(path: Path) -> Stamp:
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return status.st_size, status.st_mtime_ns


def _remove_files(path: Path) -> None:
    for ending in ("", "-journal"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
