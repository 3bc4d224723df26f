"""Images as a store of raw pixels keeps them, and as a network takes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.learning.forward import network_input

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.cell_store import CellStore
    from anomaly_gui.detection.arrays.kinds import FloatArray, ImageArray, IntArray


@dataclass(frozen=True, eq=False)
class Pixels:
    """Images as a store of raw pixels keeps them, and as a network takes them."""

    store: CellStore
    size: int
    channels: int

    def load_images(self, numbers: IntArray) -> FloatArray:
        """Return (images, size, size, channels) float32 of some images."""
        raw: ImageArray = self.store.read_cells(numbers).astype(np.uint8)
        return network_input(raw.reshape(len(numbers), self.size, self.size, -1), self.channels)[0]
