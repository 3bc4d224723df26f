"""How long a network is trained, and how fast it learns."""

from __future__ import annotations

from dataclasses import dataclass

BATCH = 32
_FEWEST_EPOCHS = 10


@dataclass(frozen=True)
class Schedule:
    """How a training goes.

    Parameters
    ----------
    name : of the stage, for the user
    steps : batches in all
    rate : learning rate at the beginning; it falls to 2 % of that along a cosine
    weight_decay : decoupled from the gradient (AdamW: Loshchilov and Hutter, 2019)
    augmented : whether images are shifted, scaled and turned a little, anew in every epoch
    seed : of the order of the images
    """

    name: str
    steps: int
    rate: float
    weight_decay: float
    augmented: bool
    seed: int

    def count_epochs(self, images: int) -> int:
        """Return how often so many images are gone through, at most."""
        return max(_FEWEST_EPOCHS, -(-self.steps * BATCH // max(images, 1)))
