"""What runs the network: images in, layer outputs out, behind one small interface."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays import FloatArray, ImageArray


class Runtime(Protocol):
    """Runs VGG16 up to the deepest layer asked for."""

    @property
    def name(self) -> str:
        """The runtime's name and version, as written into results and model files."""

    def pooled(self, batch: ImageArray, layers: Sequence[str]) -> list[FloatArray]:
        """Return each layer's output averaged over positions, (images, channels) float32, in one pass.

        Parameters
        ----------
        batch : (images, size, size, 3) uint8, RGB
        layers : names from `anomaly_gui.detection.features.LAYERS`
        """

    def gridded(
        self, batch: ImageArray, layers: Sequence[str], grid_layers: Sequence[str], side: int
    ) -> tuple[list[FloatArray], FloatArray]:
        """Return pooled outputs as `pooled` does, and some layers' outputs on one grid, in one pass.

        Parameters
        ----------
        batch, layers : see `pooled`
        grid_layers : layers that are averaged onto the grid and joined
        side : cells along an edge of the grid; each of these layers has a whole multiple of it

        Returns
        -------
        [(images, channels) float32], and (images, side * side, channels of all grid layers) float32
        """


def default_runtime() -> Runtime:
    """Return the runtime this machine should use."""
    from anomaly_gui.detection.runtimes.keras_runtime import (
        KerasRuntime,
    )  # late: imports TensorFlow when used

    return KerasRuntime()
