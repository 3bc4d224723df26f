"""How much of an image a region of interest leaves, as people read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anomaly_gui.wording import percent

if TYPE_CHECKING:
    from anomaly_gui.detection.images.region_of_interest import RegionOfInterest

_RASTER = 400  # pixels a side, to work out the share that counts


def format_share(region: RegionOfInterest) -> str:
    """Return the share of the image that counts, with a decimal where it would read 0 or 100 %."""
    share = float(region.draw_mask(_RASTER, _RASTER).mean())
    return percent(share, 0 if 0.1 <= share <= 0.99 or share == 1 else 1)
