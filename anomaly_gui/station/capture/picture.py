"""A picture of a part, and what yields them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


@dataclass(frozen=True, eq=False)
class Picture:
    """One picture, whole, with the bytes that are judged.

    Parameters
    ----------
    path : where it is
    size : bytes
    mtime_ns : when it was written, nanoseconds since 1970
    sha256 : of its bytes; "" where they cannot be read
    data : its bytes; empty where they cannot be read
    part, lot : what is known of the part
    source : where it came from, such as "folder"
    milliseconds : what was waited for so far, by step
    trouble : why there is nothing to judge; "" for a picture that is whole
    is_simulated : whether no part was in front of a camera
    is_challenge : whether the part is known, and the station is tried with it
    occasion : what the same picture is judged again for; "" for one that is judged once
    """

    path: Path
    size: int
    mtime_ns: int
    sha256: str
    data: bytes = b""
    part: str | None = None
    lot: str | None = None
    source: str = "folder"
    milliseconds: Mapping[str, float] = field(default_factory=dict)
    trouble: str = ""
    is_simulated: bool = False
    is_challenge: bool = False
    occasion: str = ""

    @property
    def identity(self) -> str:
        """What tells one picture from another, wherever it is; of one that cannot be read, its path, too."""
        which = self.sha256 or f"unread {self.path}"
        return f"{which} {self.size} {self.mtime_ns} {self.occasion}".rstrip()


@dataclass(frozen=True)
class Backlog:
    """What waits: how many pictures, and for how many seconds the oldest of them."""

    count: int = 0
    oldest_seconds: float = 0.0


class Capture(Protocol):
    """Yields pictures. Called by one thread."""

    @property
    def alarms(self) -> Mapping[str, str]:
        """What is wrong, by the name of its alarm; "" where nothing is."""

    def take_pictures(self, most: int) -> Sequence[Picture]:
        """Return up to so many pictures that are ready, the oldest first; none where there is none."""

    def wait_for_more(self, seconds: float) -> None:
        """Return as soon as there may be another picture, at the latest after so long."""

    def give_back(self, pictures: Sequence[Picture]) -> None:
        """Let pictures be taken again: nothing became of them."""

    def let_go(self, paths: Sequence[Path]) -> None:
        """Forget pictures that were moved away: what comes under their names is new."""

    def measure_backlog(self) -> Backlog:
        """Return what waits."""

    def close(self) -> None:
        """End what runs."""
