"""Where an output finds what it has to send: the ledger, as far as an output may see it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class PendingCount(Protocol):
    """How many messages have not arrived, and how long the oldest has waited."""

    @property
    def pending(self) -> int:
        """Messages."""
        ...

    @property
    def oldest_seconds(self) -> float:
        """Seconds; 0 where there is none."""
        ...


class Outbox(Protocol):
    """The results that one output has to send, each PENDING or ACKED. Used by one thread of one process."""

    def read_pending(self, most: int = 100) -> Sequence[Mapping[str, Any]]:
        """Return the first messages that have not arrived, in the order of `seq`."""
        ...

    def read_last(self, most: int = 100) -> Sequence[Mapping[str, Any]]:
        """Return the last messages, arrived or not, the oldest first."""
        ...

    def mark_acked(self, seqs: Sequence[int]) -> None:
        """Note, durably and all at once, that messages have arrived."""
        ...

    def count_pending(self) -> PendingCount:
        """Return what has not arrived."""
        ...

    def close(self) -> None:
        """Give back what is held."""
        ...
