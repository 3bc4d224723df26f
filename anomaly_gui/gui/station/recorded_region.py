"""The places that were marked in a part, as the records have them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from anomaly_gui.station.ledger.reading import ResultRow


@dataclass(frozen=True)
class RecordedRegion:
    """A marked place: its box in pixels of the picture; how high the map was there is not recorded."""

    x: int
    y: int
    width: int
    height: int
    peak: float = math.nan

    @property
    def area(self) -> int:
        """The pixels of its box."""
        return self.width * self.height


def list_regions(row: ResultRow) -> tuple[RecordedRegion, ...]:
    """Return the places that were marked in a part."""
    return tuple(
        RecordedRegion(left, top, right - left, bottom - top) for left, top, right, bottom in row.regions
    )
