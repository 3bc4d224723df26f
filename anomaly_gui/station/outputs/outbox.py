"""Where an output finds what it has to send: the ledger, as far as an output may see it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime


class Waiting(Protocol):
    """A message to be sent."""

    @property
    def number(self) -> int:
        """Its place in the order of the outbox, from 1; no two of one output have the same."""
        ...

    @property
    def message(self) -> Mapping[str, Any]:
        """A result or an alarm."""
        ...


class OutputBacklog(Protocol):
    """What one output still has to send."""

    @property
    def count(self) -> int:
        """Messages."""
        ...

    @property
    def oldest(self) -> datetime | None:
        """When (UTC) the oldest was put there, None where there is none."""
        ...


class Outbox(Protocol):
    """Messages in order, each PENDING or ACKED for each output. Used by one thread of one process."""

    def read_pending(self, output: str, after: int, limit: int) -> Sequence[Waiting]:
        """Return the first PENDING messages whose number is above `after`, in the order of their numbers."""
        ...

    def acknowledge(self, output: str, numbers: Sequence[int]) -> None:
        """Make messages ACKED, durably and all at once; those that are already stay so."""
        ...

    def measure_backlog(self, output: str) -> OutputBacklog:
        """Return what is PENDING."""
        ...

    def read_acknowledged(self, output: str, limit: int) -> Sequence[Mapping[str, Any]]:
        """Return the last results that are ACKED, the oldest first."""
        ...

    def close(self) -> None:
        """Give back what is held."""
        ...
