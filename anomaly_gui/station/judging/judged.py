"""What is said of a picture."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Protocol

from anomaly_gui.language import mark, translate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from anomaly_gui.station.capture.picture import Picture


class StationVerdict(str, Enum):
    """What is said of a part; its value is the word in records and messages, and the name of the folder."""

    GOOD = "good"
    DEFECT = "defect"
    UNSURE = "unsure"
    CANNOT_JUDGE = "cannot_judge"
    ERROR = "error"

    def __str__(self) -> str:
        """Return the word."""
        return self.value

    @property
    def told(self) -> str:
        """The word as people read it."""
        return translate(_TOLD[self])

    __hash__ = str.__hash__  # as equal to its word as it is


_TOLD = {
    StationVerdict.GOOD: mark("good"),
    StationVerdict.DEFECT: mark("defect"),
    StationVerdict.UNSURE: mark("not sure"),
    StationVerdict.CANNOT_JUDGE: mark("cannot judge"),
    StationVerdict.ERROR: mark("error"),
}


YIELDING = (StationVerdict.GOOD, StationVerdict.DEFECT, StationVerdict.UNSURE)
"""What the yield is counted among: what could be judged."""


@dataclass(frozen=True)
class JudgedBy:
    """What a verdict rests on.

    Parameters
    ----------
    sha256, name : of the model file
    threshold : scores below it are defects
    band : half the width of the band of "unsure"; None for none
    """

    sha256: str
    name: str
    threshold: float
    band: float | None = None


@dataclass(frozen=True, eq=False)
class Judged:
    """A picture's verdict.

    Parameters
    ----------
    score : None where there is none
    by : what it rests on
    milliseconds : by step
    look : brightness, contrast, sharpness and highlights; None where the picture could not be read
    reason : in one sentence; "" where there is nothing to say
    regions : left, top, right, bottom of each place to mark, in pixels of the picture
    """

    picture: Picture
    verdict: StationVerdict
    by: JudgedBy
    score: float | None = None
    milliseconds: Mapping[str, float] = field(default_factory=dict)
    look: tuple[float, float, float, float | None] | None = None
    reason: str = ""
    regions: tuple[tuple[int, int, int, int], ...] = ()


class PictureJudge(Protocol):
    """What judges pictures: in this process, or in one of its own.

    Attributes
    ----------
    by : what its verdicts rest on
    at_once : how many pictures suit the network together
    """

    by: JudgedBy
    at_once: int

    def judge_pictures(self, pictures: Sequence[Picture]) -> Iterator[Judged]:
        """Yield the verdict of each picture, in order, as soon as it is known; whatever fails is an error."""

    def find_troubles(self, files: Sequence[tuple[Path, bytes]]) -> Iterable[str]:
        """Tell of each picture's path and bytes why it is not whole, or ""."""

    def take_trouble(self) -> str:
        """Return why judging was started anew since this was asked last; "" where it was not."""


def make_fault(picture: Picture, by: JudgedBy, reason: str) -> Judged:
    """Return the verdict on a picture that could not be judged."""
    return Judged(picture, StationVerdict.ERROR, by, milliseconds=picture.milliseconds, reason=reason)
