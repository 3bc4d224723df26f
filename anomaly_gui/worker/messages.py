"""What the worker says while it carries out a job, and at its end: plain values that go through a pipe."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from anomaly_gui.language import ENGLISH

if TYPE_CHECKING:
    from anomaly_gui.detection.model.image_result import ImageResult
    from anomaly_gui.progress import Epoch


class Job:
    """What the worker can be asked for. Every job that needs a model names its file."""


@dataclass(frozen=True)
class Order:
    """A job with its number; a job of None cancels that number's, or lets its network stop learning.

    `language` is what it tells of itself in: the window may change its own from one job to the next.
    """

    number: int
    job: Job | None
    stops_early: bool = False
    language: str = ENGLISH


@dataclass(frozen=True)
class Stage:
    """A stage began, of `total` steps, or of unknown length."""

    name: str
    total: int | None


@dataclass(frozen=True)
class Advanced:
    """So many steps of the stage are done in all."""

    done: int


@dataclass(frozen=True)
class Learning:
    """A network went through its images once more."""

    epoch: Epoch


@dataclass(frozen=True)
class Warned:
    """A sentence the user should read."""

    text: str


@dataclass(frozen=True)
class Scored:
    """Some more results of a scoring."""

    images: tuple[ImageResult, ...]


@dataclass(frozen=True, eq=False)
class Finished:
    """The job is done, with the answer that its file tells of."""

    answer: Any


@dataclass(frozen=True)
class Failed:
    """Something in the user's world stood in the way: one sentence."""

    sentence: str


@dataclass(frozen=True)
class Cancelled:
    """The job was stopped, as asked."""


@dataclass(frozen=True)
class Crashed:
    """A bug of ours, or the end of the worker's process: a report for the developers."""

    report: str


Message: TypeAlias = Stage | Advanced | Learning | Warned | Scored | Finished | Failed | Cancelled | Crashed
LAST: tuple[type, ...] = (Finished, Failed, Cancelled, Crashed)
"""Every job ends with exactly one of these."""
