"""How parts lie in their images, and which detector fits that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from anomaly_gui.detection.settings.choices import POSITIONAL, TEXTURE

if TYPE_CHECKING:
    from anomaly_gui.detection.images.alignment import Alignment


@dataclass(frozen=True, eq=False)
class Placement:
    """How parts lie.

    Parameters
    ----------
    kind : IN_PLACE, TURNED (they can be aligned), FREE, or UNKNOWN (too few or too small)
    gain : variance between cells over variance between images
    turned_gain : the same after turning; None where it was not tried
    alignment : of TURNED parts
    computed : how many images' features were computed for this, and cached for the training
    """

    kind: str
    gain: float | None = None
    turned_gain: float | None = None
    alignment: Alignment | None = None
    computed: int = 0

    @property
    def recommended(self) -> str | None:
        """The detector to take for such parts; None where nothing is known."""
        if self.kind == UNKNOWN or self.gain is None:
            return None
        return POSITIONAL if self.kind == IN_PLACE and self.gain >= STRONG else TEXTURE

    @property
    def description(self) -> str:
        """How the parts lie, in a sentence."""
        return {
            IN_PLACE: "These parts lie in place.",
            TURNED: "These parts lie in any direction, and can be aligned.",
            FREE: "No place of these images is like the same place of another.",
            UNKNOWN: "How the parts lie cannot be told from so few or so small images.",
        }[self.kind]

    def advice(self, detector: str) -> str | None:
        """Return a sentence for who took this detector, or None where it fits."""
        if detector == POSITIONAL and self.kind in (TURNED, FREE):
            return "These parts don't lie in place: take the detector texture or pooled."
        if self.recommended is None or detector == self.recommended:
            return None
        return {
            (IN_PLACE, POSITIONAL): "These parts lie in place: the detector positional finds smaller defects "
            "on them, and shows where.",
            (IN_PLACE, TEXTURE): "These parts lie in place, but differ more from each other than one place "
            "does from the next: the detector texture finds more on them.",
            (TURNED, TEXTURE): "These parts lie in any direction: the detector texture aligns them, finds "
            "smaller defects, and shows where.",
            (FREE, TEXTURE): "No place of these images is like the same place of another: the detector "
            "texture finds smaller defects on such surfaces, and shows where.",
        }[self.kind, self.recommended]


IN_PLACE, TURNED, FREE, UNKNOWN = "in place", "turned", "free", "unknown"


STRONG = 0.5
"""Gain from which a Gaussian for each cell is best (ELPV mono 1.0, made-up bolts aligned 11)."""


NONE = 0.1
"""Gain below which parts do not lie in place (turned cells 0.06, bolts in any direction 0.05, textures 0);
ELPV poly lies between, at 0.2: it lies in place, but its grain tells more than its places do."""
