"""What a station says of itself: a small file that is new every second while it judges."""

from __future__ import annotations

import json
import secrets
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from anomaly_gui.errors import UserError
from anomaly_gui.station.ledger.chain import BEGINNING
from anomaly_gui.station.times import now_utc

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

STARTING, RUNNING, LOCKED, STOPPED, ERROR = "starting", "running", "locked", "stopped", "error"
_EVERY = 1.0  # seconds


class StateFile:
    """The state of a station, its heartbeat and its alarms.

    Parameters
    ----------
    path : of the file
    record_alarm : called with each alarm that came or went; may raise
    read_end : returns the last row of the records, its number and hash; may raise UserError
    """

    def __init__(
        self,
        path: Path,
        record_alarm: Callable[[Mapping[str, Any]], None],
        read_end: Callable[[], tuple[int, str]],
    ) -> None:
        self._path, self._record_alarm, self._read_end = path, record_alarm, read_end
        self._end = read_known_end(path)
        self._alarms: dict[str, dict[str, Any]] = {}
        self._unrecorded: list[dict[str, Any]] = []
        self._heartbeat, self._written = 0, float("-inf")

    def set_alarm(self, name: str, text: str) -> None:
        """Let an alarm be on with this text, or off where the text is empty; another text is no new alarm."""
        if text and name in self._alarms:
            self._alarms[name] = {**self._alarms[name], "text": text}
            return
        if not text and name not in self._alarms:
            return
        alarm = {"alarm": name, "at": now_utc(), "text": text, "is_active": bool(text)}
        if text:
            self._alarms[name] = alarm
        else:
            alarm["text"] = self._alarms.pop(name)["text"]
        self._unrecorded.append(alarm)

    def restore_alarm(self, name: str, text: str) -> None:
        """Let an alarm be on that an earlier process recorded."""
        self._alarms[name] = {"alarm": name, "at": now_utc(), "text": text, "is_active": True}

    def read_alarm(self, name: str) -> str:
        """Return the text of an alarm that is on, "" where it is off."""
        return str(self._alarms[name]["text"]) if name in self._alarms else ""

    def record_alarms(self) -> None:
        """Record what came and went; what cannot be recorded now is recorded later."""
        while self._unrecorded:
            self._record_alarm(self._unrecorded[0])
            del self._unrecorded[0]

    def beat(self, describe: Callable[[], Mapping[str, Any]], *, is_judging: bool = True) -> None:
        """Say that judging goes on, or that it does not; what else there is to say is asked once a second."""
        self._heartbeat += is_judging
        if time.monotonic() - self._written >= _EVERY:
            self.write_state(self._name_state(is_judging), describe())

    def _name_state(self, is_judging: bool) -> str:
        if not is_judging:
            return ERROR
        return LOCKED if LOCKED in self._alarms else RUNNING

    def write_state(self, state: str, more: Mapping[str, Any]) -> None:
        """Write the file at once, without waiting for the disk; a full disk stops no judging."""
        self._written = time.monotonic()
        with suppress(UserError):  # then it says what it knew
            self._end = self._read_end()
        content = {
            "state": state,
            "at": now_utc(),
            "heartbeat": self._heartbeat,
            **more,
            "records": {"link": self._end[0], "hash": self._end[1]},
            "alarms": list(self._alarms.values()),
        }
        temporary = self._path.with_name(f".{secrets.token_hex(8)}.part")
        try:
            temporary.write_text(json.dumps(content), "utf-8")
            temporary.replace(self._path)
        except OSError:
            with suppress(OSError):  # a disk that cannot be written says so even of a file that is not there
                temporary.unlink(missing_ok=True)


def read_state(path: Path) -> dict[str, Any] | None:
    """Return what a station said of itself last; None where it never did."""
    try:
        content = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) else None


def read_known_end(path: Path) -> tuple[int, str]:
    """Return the last row of the records that a station knew of: its number and hash; 0 for none."""
    end = (read_state(path) or {}).get("records")
    return (int(end["link"]), str(end["hash"])) if end else (0, BEGINNING)
