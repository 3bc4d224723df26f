"""What a network yields of images, and the features made of that, as plain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.kinds import FloatArray, ImageArray


@dataclass(frozen=True, eq=False)
class ImageFeatures:
    """Features of images: (images, features) float32, and of their used cells or None.

    `cells` is (images, used cells, channels): float16 of a backbone, as they are stored, float32 of a learned
    network.
    """

    vectors: FloatArray
    cells: FloatArray | None = None

    def __getitem__(self, index: int) -> ImageFeatures:
        """Return one image's."""
        cells = None if self.cells is None else self.cells[index : index + 1]
        return ImageFeatures(self.vectors[index : index + 1], cells)


@dataclass(frozen=True, eq=False)
class NetworkOutputs:
    """What the network yields of images, before it is normalised.

    Parameters
    ----------
    pooled : for each layer (images, channels) float32
    cells : (images, used cells, channels) float16, or None
    """

    pooled: Mapping[str, FloatArray]
    cells: FloatArray | None = None

    def __getitem__(self, index: int) -> NetworkOutputs:
        """Return one image's."""
        one = slice(index, index + 1)
        return NetworkOutputs(
            {name: values[one] for name, values in self.pooled.items()},
            None if self.cells is None else self.cells[one],
        )


def join_outputs(outputs: Sequence[NetworkOutputs]) -> NetworkOutputs:
    """Return the outputs of several images as one."""
    cells = [one.cells for one in outputs if one.cells is not None]
    return NetworkOutputs(
        {name: np.concatenate([one.pooled[name] for one in outputs]) for name in outputs[0].pooled},
        np.concatenate(cells) if cells else None,
    )


class PlanNetwork(Protocol):
    """Runs instead of a backbone in a plan."""

    @property
    def name(self) -> str:
        """What runs it, as written into results and model files."""

    @property
    def length(self) -> int:
        """Numbers of an image's vector."""

    @property
    def side(self) -> int:
        """Cells along an edge of the image's map; 0 where it has none."""

    @property
    def channels(self) -> int:
        """Numbers of a cell."""

    @property
    def keeps_all(self) -> bool:
        """Whether all cells are used, even those that do not count."""

    def take(self, batch: ImageArray) -> NetworkOutputs:
        """Return what it yields of prepared images, (images, size, size, 3) uint8, for all cells."""
