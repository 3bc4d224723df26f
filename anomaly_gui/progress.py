"""How long jobs tell of themselves and are stopped, without knowing who listens."""

from dataclasses import dataclass
from typing import Protocol


class CancelledError(Exception):
    """The job was asked to stop. Raised by a `Progress`, caught by whoever started the job."""


@dataclass(frozen=True)
class Epoch:
    """How the training of a network stands after going through its images once more.

    Parameters
    ----------
    name : of the training, for the user
    number : of the epoch, from 1
    of : how many there will be at most
    loss : of the images it learns from
    held_out_loss : of images it does not learn from
    best : number of the epoch with the lowest of those so far
    """

    name: str
    number: int
    of: int
    loss: float
    held_out_loss: float
    best: int


class Progress(Protocol):
    """What a long job `(request, progress) -> result` calls as it goes on.

    Every method may raise `CancelledError`; the job lets it pass and leaves nothing half-done.
    """

    def stage(self, name: str, total: int | None = None) -> None:
        """Begin a stage of `total` steps (None: unknown)."""

    def advance(self, steps: int = 1) -> None:
        """Say that steps of the current stage are done."""

    def warn(self, text: str) -> None:
        """Say one sentence the user should read; the job goes on."""

    def fail(self, text: str) -> None:
        """Say in one sentence that a piece of the work failed, and count it; the job goes on."""

    def epoch(self, epoch: Epoch) -> None:
        """Say how the training of a network stands."""

    def stops_early(self) -> bool:
        """Tell whether the training of a network is to end here and keep the best so far."""


class SilentProgress:
    """A `Progress` that listens to nothing and never cancels."""

    def stage(self, name: str, total: int | None = None) -> None:
        """Ignore the stage."""

    def advance(self, steps: int = 1) -> None:
        """Ignore the steps."""

    def warn(self, text: str) -> None:
        """Ignore the warning."""

    def fail(self, text: str) -> None:
        """Take the failure for a warning."""
        self.warn(text)

    def epoch(self, epoch: Epoch) -> None:
        """Ignore the epoch."""

    def stops_early(self) -> bool:
        """Never stop early."""
        return False
