"""The wish that a station stops, from another process: a small file beside the records.

Signals would do on some systems only, and know no name of who asked.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from anomaly_gui.language import translate
from anomaly_gui.station.ledger.engine import LedgerError
from anomaly_gui.wording import explain_os_error

if TYPE_CHECKING:
    from pathlib import Path

_EVERY = 0.25  # seconds between two looks
_NAME = "stop"


def ask_to_stop(records: Path, who: str) -> None:
    """Ask the station of these records to stop once the part at hand is done.

    Raises
    ------
    LedgerError : the folder cannot be written
    """
    file = records / _NAME
    part = file.with_suffix(".part")
    try:
        part.write_text(who, "utf-8")
        part.replace(file)
    except OSError as error:
        raise LedgerError(
            translate("{path} cannot be written ({why}).", path=file, why=explain_os_error(error))
        ) from error


class StopWish:
    """Looks now and then whether the station is asked to stop; what was asked of an earlier run is gone."""

    def __init__(self, records: Path) -> None:
        self._file, self._next, self.who = records / _NAME, 0.0, ""
        self._file.unlink(missing_ok=True)

    def is_there(self) -> bool:
        """Tell whether it is; `who` is the one that asked, then."""
        if not self.who and time.monotonic() >= self._next:
            self._next = time.monotonic() + _EVERY
            self.who = self._read_who()
        return bool(self.who)

    def _read_who(self) -> str:
        try:
            who = self._file.read_text("utf-8")
            self._file.unlink()
        except (OSError, ValueError):
            return ""
        return who.strip() or "?"
