"""One process at a time for a station's records."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from anomaly_gui.language import translate
from anomaly_gui.station.ledger.engine import LedgerError
from anomaly_gui.wording import explain_os_error

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LOCK = "lock.sqlite3"
_WAIT = 2.0  # seconds, while a process that was ended gives back what it held


@contextmanager
def claim_records(folder: Path) -> Iterator[None]:
    """Hold the records of a station; the system lets go of them when the process ends, however it does.

    A database that nobody reads is locked: that works alike on every system.

    Raises
    ------
    LedgerError : another process has them, or the folder cannot be written
    """
    with closing(_lock_records(folder)):
        yield


def _lock_records(folder: Path) -> sqlite3.Connection:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        held = sqlite3.connect(folder / _LOCK, timeout=_WAIT, isolation_level=None)
        held.execute("BEGIN EXCLUSIVE")
    except (OSError, sqlite3.Error) as error:
        if "locked" in str(error):
            raise LedgerError(
                translate("{path} is in use: this station runs already.", path=folder)
            ) from error
        raise LedgerError(translate("{path} cannot be written ({why}).", path=folder, why=error)) from error
    return held


def is_claimed(folder: Path) -> bool:
    """Tell whether a process has the records of a station now; asking takes nothing from it.

    Raises
    ------
    LedgerError : the folder cannot be read
    """
    file = folder / _LOCK
    try:
        if not file.is_file():
            return False
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, timeout=0)) as asking:
            asking.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchall()
    except (OSError, sqlite3.Error) as error:
        if isinstance(error, sqlite3.Error) and "locked" in str(error):
            return True
        why = explain_os_error(error) if isinstance(error, OSError) else error
        raise LedgerError(translate("{path} cannot be read ({why}).", path=file, why=why)) from error
    return False
