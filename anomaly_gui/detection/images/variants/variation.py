"""What a variant of a good image is made by: drawn by chance, and the same for the same bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.images.variants.nudge import Nudge
from anomaly_gui.detection.images.variants.relighting import Relighting

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.kinds import ImageArray

_MOST_EXPOSED, _MOST_GAMMA, _MOST_SHADE = 2.0, 1.3, 0.25
_MOST_TURNED, _MOST_SHIFTED = np.deg2rad(3), 0.02

IN_PLACE = 2
"""So many variants of an image are in other light only; further ones, of few images, lie otherwise too."""


@dataclass(frozen=True)
class Variation:
    """Another light, and where the part lies otherwise, how."""

    relighting: Relighting
    nudge: Nudge | None = None

    def apply(self, pixels: ImageArray, *, in_place: bool = False) -> ImageArray:
        """Return the variant of (height, width, 3) uint8, of the same shape.

        Parameters
        ----------
        in_place : whether the part is left where it is
        """
        lying = pixels if self.nudge is None or in_place else self.nudge.apply(pixels)
        return self.relighting.apply(lying)


def draw_variation(sha256: str, number: int) -> Variation:
    """Return what makes a file's variant of a number: the same for the same bytes.

    Exposure, gamma and shade are drawn together, exposure and gamma evenly by their logarithms.
    """
    rng = np.random.default_rng([number, int(sha256[:15], 16)])
    exposure, gamma, shade = rng.uniform(-1, 1, 3)
    relighting = Relighting(
        round(float(_MOST_EXPOSED**exposure), 4),
        round(float(_MOST_GAMMA**gamma), 4),
        round(_MOST_SHADE * abs(float(shade)), 4),
        round(float(rng.uniform(0, 2 * np.pi)), 4),
    )
    if number < IN_PLACE:
        return Variation(relighting)
    turn, across, down = (round(float(one), 5) for one in rng.uniform(-1, 1, 3))
    return Variation(relighting, Nudge(_MOST_TURNED * turn, (_MOST_SHIFTED * across, _MOST_SHIFTED * down)))
