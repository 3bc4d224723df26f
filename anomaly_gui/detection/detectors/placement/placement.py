"""How parts lie in their images, and which detector to take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from anomaly_gui.detection.settings.choices import AUTO, POSITIONAL
from anomaly_gui.language import mark, translate
from anomaly_gui.wording import join_sentences

if TYPE_CHECKING:
    from anomaly_gui.detection.images.alignment import Alignment
    from anomaly_gui.detection.images.locating.locator import Locator


@dataclass(frozen=True, eq=False)
class Placement:
    """How parts lie.

    Parameters
    ----------
    kind : IN_PLACE, TURNED (they can be aligned), LOCATED (found on a plain ground), FREE, or UNKNOWN (too
        few or too small)
    gain : variance between cells over variance between images
    turned_gain : the same after turning; None where it was not tried
    located_gain : the same of parts found on their ground and cropped to; None where none were found
    alignment : of TURNED parts
    locator : of LOCATED parts
    computed : how many images' features were computed for this, and cached for the training
    """

    kind: str
    gain: float | None = None
    turned_gain: float | None = None
    alignment: Alignment | None = None
    computed: int = 0
    locator: Locator | None = None
    located_gain: float | None = None

    @property
    def recommended(self) -> str | None:
        """The detector to take without known defects to measure by; None where nothing is known."""
        return None if self.kind == UNKNOWN else AUTO

    @property
    def description(self) -> str:
        """How the parts lie, in a sentence."""
        return translate(_DESCRIPTIONS[self.kind])

    def advice(self, detector: str) -> str | None:
        """Return a sentence for who took this detector, or None where it fits."""
        if self.recommended is None or detector == self.recommended:
            return None
        if detector == POSITIONAL and self.kind in (TURNED, LOCATED, FREE):
            needs = translate("The detector positional needs parts in place: take the detector auto.")
            return join_sentences(self.description, needs)
        return translate(
            "The detector auto joins what {detector} and others see: on most kinds of parts it finds more, "
            "and it shows where.",
            detector=detector,
        )


IN_PLACE, TURNED, LOCATED, FREE, UNKNOWN = "in place", "turned", "located", "free", "unknown"

_DESCRIPTIONS = {
    IN_PLACE: mark("These parts lie in place."),
    TURNED: mark("These parts lie in any direction, and can be aligned."),
    LOCATED: mark("These parts lie on a plain ground, and can be found on it."),
    FREE: mark("No place of these images is like the same place of another."),
    UNKNOWN: mark("How the parts lie cannot be told from so few or so small images."),
}


STRONG = 0.5
"""Half of the gain, with what is alike around the middle, from which parts surely lie in place."""


NONE = 0.1
"""Gain below which parts do not lie in place: with `vgg16` turned cells 0.06, bolts in any direction 0.05,
textures 0."""
