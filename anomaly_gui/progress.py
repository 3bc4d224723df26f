"""How long jobs tell of themselves and are stopped, without knowing who listens."""

from typing import Protocol


class CancelledError(Exception):
    """The job was asked to stop. Raised by a `Progress`, caught by whoever started the job."""


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


class SilentProgress:
    """A `Progress` that listens to nothing and never cancels."""

    def stage(self, name: str, total: int | None = None) -> None:
        """Ignore the stage."""

    def advance(self, steps: int = 1) -> None:
        """Ignore the steps."""

    def warn(self, text: str) -> None:
        """Ignore the warning."""
