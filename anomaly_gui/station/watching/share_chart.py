"""Whether as many parts are rejected as before: Laney's p' chart."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

BLOCK = 200
"""Numbers of parts that are counted together."""
FIRST_BLOCKS = 20
_SIGMAS, _AT_ONCE = 3.0, 6.0  # of two blocks in a row, and of one alone: few rejects are not normal
_MOVING_RANGE = 1.128  # of two normal values, in standard deviations


@dataclass(frozen=True)
class ShareLimits:
    """What is usual.

    Parameters
    ----------
    share : of all parts of the first blocks that was rejected
    excess : how much more blocks differ than chance alone would let them, 1 or more; Laney's sigma z
    """

    share: float
    excess: float

    def rate_block(self, share: float, count: int) -> float:
        """Return how far the share of so many parts is from the usual, in standard deviations."""
        return float((share - self.share) / (self.excess * np.sqrt(self.share * (1 - self.share) / count)))


@dataclass(frozen=True)
class ShareChange:
    """A block that is not as usual: its share, that of the first ones, and when it began."""

    share: float
    usual: float
    since: str


@dataclass
class _Block:
    number: int
    since: str
    count: int = 0
    rejected: int = 0


@dataclass
class ShareChart:
    """Counts rejected parts in blocks of 200 numbers (`seq`), so that it can begin anywhere."""

    limits: ShareLimits | None = None
    change: ShareChange | None = None
    last: float | None = None
    rated: float = 0.0
    _first: list[_Block] = field(default_factory=list)
    _block: _Block | None = None

    @property
    def count_first(self) -> int:
        """How many of the first blocks are known."""
        return len(self._first)

    def note(self, seq: int, at: str, is_rejected: bool) -> None:
        """Take in the next part."""
        number = seq // BLOCK
        if self._block is None or self._block.number != number:
            self._close_block()
            self._block = _Block(number, at)
        self._block.count += 1
        self._block.rejected += is_rejected

    def _close_block(self) -> None:
        block = self._block
        if block is None or block.count < BLOCK / 2:
            return
        if self.limits is None:
            self._first.append(block)
            if len(self._first) == FIRST_BLOCKS:
                self.limits = _measure_limits(self._first)
            return
        self.last = block.rejected / block.count
        before, self.rated = self.rated, self.limits.rate_block(self.last, block.count)
        is_again = min(abs(before), abs(self.rated)) > _SIGMAS and before * self.rated > 0
        if is_again or abs(self.rated) > _AT_ONCE:
            since = block.since if self.change is None else self.change.since
            self.change = ShareChange(self.last, self.limits.share, since)
        elif abs(self.rated) <= _SIGMAS:
            self.change = None


def _measure_limits(blocks: list[_Block]) -> ShareLimits:
    """Return the limits after Laney (Quality Engineering 14, 2002); none rejected is taken as half a part."""
    counts = np.array([block.count for block in blocks])
    rejected = np.array([block.rejected for block in blocks])
    share = float(np.clip(rejected.sum(), 0.5, counts.sum() - 0.5) / counts.sum())
    scaled = (rejected / counts - share) / np.sqrt(share * (1 - share) / counts)
    excess = float(np.abs(np.diff(scaled)).mean()) / _MOVING_RANGE
    return ShareLimits(share, max(excess, 1.0))
