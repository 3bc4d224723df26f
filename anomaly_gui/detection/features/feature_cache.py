"""Features of images on disk, so that what was seen once is not computed again.

A row is found by the SHA-256 of a file's bytes, by a recipe (everything else that decides what comes out:
weights, runtime, size, region of interest, alignment) and by a name (a layer, a grid, the fingerprint). So
a file that changed is another one, and a stale row cannot be found. The cache is one SQLite file: safe to
delete at any time, to share between processes, and to be cut off in the middle of. Where it fails it says
why (`trouble`) and is not used any more; the work goes on without it.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from platformdirs import user_cache_path

from anomaly_gui.language import translate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

VARIABLE = "ANOMALY_GUI_CACHE"
"""Environment variable that names the cache's folder; "off" does without one."""

LIMIT = 4 << 30
"""Bytes the cache may take; what was not used for longest goes first."""

FACTS = "facts"
"""The name of the row that every image has."""

_FILE = "features-1.sqlite"
_FULL_TO = 0.9  # of the limit, once it was reached
_FRESH = 3600  # seconds in which a row is not marked as used again
_ROWS_AT_ONCE = 2000
_BUSY = 10.0  # seconds to wait for another process
_CHECKED_EVERY = 64 << 20  # bytes written between two looks at the size

_TABLES = """
CREATE TABLE IF NOT EXISTS recipes (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS kept (
  image TEXT NOT NULL, recipe INTEGER NOT NULL, name TEXT NOT NULL,
  value BLOB NOT NULL, checksum INTEGER NOT NULL, used INTEGER NOT NULL,
  UNIQUE (image, recipe, name)
);
CREATE INDEX IF NOT EXISTS by_use ON kept (used);
"""


class FeatureCache:
    """Bytes by image, recipe and name; threads may share it.

    Parameters
    ----------
    folder : of the cache's file; made if it is missing
    limit : bytes it may take on disk

    Attributes
    ----------
    trouble : why it is not used any more, or None
    """

    def __init__(self, folder: Path, limit: int = LIMIT) -> None:
        self.path, self.trouble = folder / _FILE, ""
        self._limit, self._lock = limit, threading.Lock()
        self._recipes: dict[str, int] = {}
        self._used: set[tuple[str, int]] = set()
        self._written = 0
        self._connection: sqlite3.Connection | None = None
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._connection = self._open_file()
        except (OSError, sqlite3.Error) as error:
            self._give_up(error)

    def _open_file(self) -> sqlite3.Connection:
        try:
            return _connect_to(self.path)
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise
            _remove_file(self.path)  # damaged: it holds nothing that cannot be computed again
            return _connect_to(self.path)

    def _give_up(self, error: Exception) -> None:
        self.trouble = self.trouble or (
            translate(
                "The feature cache {path} cannot be used ({error}): the work goes on, but takes as long the "
                "next time; free disk space, or delete that file.",
                path=self.path,
                error=error,
            )
        )
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def get(self, image: str, recipe: str, names: Sequence[str]) -> dict[str, bytes] | None:
        """Return the bytes of all these names, or None unless every one is there and whole."""
        with self._lock:
            if self._connection is None:
                return None
            try:
                return self._read_rows(self._connection, image, recipe, names)
            except sqlite3.Error as error:
                self._give_up(error)
                return None

    def _read_rows(
        self, connection: sqlite3.Connection, image: str, recipe: str, names: Sequence[str]
    ) -> dict[str, bytes] | None:
        number = self._number_of_recipe(connection, recipe)
        marks = ",".join("?" * len(names))
        rows = connection.execute(
            f"SELECT name, value, checksum, used FROM kept WHERE image=? AND recipe=? AND name IN ({marks})",
            (image, number, *names),
        ).fetchall()
        if len(rows) < len(names) or any(zlib.crc32(value) != check for _, value, check, _ in rows):
            return None
        if min(used for *_, used in rows) < time.time() - _FRESH:
            self._used.add((image, number))
        return {name: value for name, value, _, _ in rows}

    def put(self, recipe: str, rows: Iterable[tuple[str, Mapping[str, bytes]]]) -> None:
        """Store, for each image, bytes by their names; what was there under a name is replaced."""
        with self._lock:
            if self._connection is None:
                return
            try:
                with self._connection:
                    self._write_rows(self._connection, recipe, rows)
                self._keep_within_limit(self._connection)
            except sqlite3.Error as error:
                self._give_up(error)

    def _write_rows(
        self,
        connection: sqlite3.Connection,
        recipe: str,
        rows: Iterable[tuple[str, Mapping[str, bytes]]],
    ) -> None:
        number, now = self._number_of_recipe(connection, recipe), int(time.time())
        values = [
            (image, number, name, value, zlib.crc32(value), now)
            for image, named in rows
            for name, value in named.items()
        ]
        connection.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?, ?, ?)", values)
        self._written += sum(len(value) for _, _, _, value, _, _ in values)

    def _mark_used(self, connection: sqlite3.Connection) -> None:
        used, self._used = [(int(time.time()), *key) for key in self._used], set()
        connection.executemany("UPDATE kept SET used=? WHERE image=? AND recipe=?", used)

    def _number_of_recipe(self, connection: sqlite3.Connection, recipe: str) -> int:
        if recipe not in self._recipes:
            connection.execute("INSERT OR IGNORE INTO recipes (text) VALUES (?)", (recipe,))
            connection.commit()
            found = connection.execute("SELECT id FROM recipes WHERE text=?", (recipe,)).fetchone()
            self._recipes[recipe] = found[0]
        return self._recipes[recipe]

    def _keep_within_limit(self, connection: sqlite3.Connection) -> None:
        if self._written < min(_CHECKED_EVERY, self._limit // 8):
            return
        self._written = 0
        with connection:
            self._mark_used(connection)
        while _bytes_used(connection) > self._limit * _FULL_TO:
            with connection:
                gone = connection.execute(
                    "DELETE FROM kept WHERE rowid IN (SELECT rowid FROM kept ORDER BY used, rowid LIMIT ?)",
                    (_ROWS_AT_ONCE,),
                ).rowcount
            if gone == 0:
                return

    def size(self) -> tuple[int, int]:
        """Return how many images are cached, and the bytes on disk that they take."""
        with self._lock:
            if self._connection is None:
                return 0, 0
            counted = "SELECT COUNT(DISTINCT image) FROM kept WHERE name = ?"
            images = self._connection.execute(counted, (FACTS,)).fetchone()[0]
            return int(images), _bytes_used(self._connection)

    def clear(self) -> None:
        """Forget everything and give the disk space back."""
        with self._lock:
            if self._connection is not None:
                with self._connection:
                    self._connection.execute("DELETE FROM kept")
                self._connection.execute("VACUUM")

    def close(self) -> None:
        """Note what was used, and close the file."""
        with self._lock:
            if self._connection is None:
                return
            try:
                with self._connection:
                    self._mark_used(self._connection)
            except sqlite3.Error as error:
                self._give_up(error)
                return
            self._connection.close()
            self._connection = None


def default_cache() -> FeatureCache | None:
    """Return the cache in the user's cache folder or in the one `VARIABLE` names; None where it is off."""
    requested = os.environ.get(VARIABLE, "")
    if requested.lower() == "off":
        return None
    return FeatureCache(Path(requested) if requested else user_cache_path("anomaly-gui", appauthor=False))


def _connect_to(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_BUSY, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.executescript(_TABLES)
        connection.execute("SELECT 1 FROM kept LIMIT 1").fetchone()
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _bytes_used(connection: sqlite3.Connection) -> int:
    """Return the bytes of pages in use; those that were freed are filled again first."""
    pages, free, each = (
        int(connection.execute(f"PRAGMA {name}").fetchone()[0])
        for name in ("page_count", "freelist_count", "page_size")
    )
    return (pages - free) * each


def _remove_file(path: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
