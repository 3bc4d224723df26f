"""Each backbone by what is fastest for it on a CPU: light ones by ONNX Runtime, the others by MNN."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anomaly_gui.detection.runtimes.mnn_runtime import MnnRuntime
from anomaly_gui.detection.runtimes.onnx_runtime import OnnxRuntime
from anomaly_gui.detection.settings.backbones import VGG16

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anomaly_gui.detection.arrays.kinds import FloatArray, ImageArray
    from anomaly_gui.detection.settings.backbones import Backbone


class BestRuntime:
    """Hands each batch to the runtime that suits its backbone."""

    def __init__(self, cores: int | None = None) -> None:
        self._mnn, self._onnx = MnnRuntime(cores=cores), OnnxRuntime(cores)

    @property
    def name(self) -> str:
        """The names and versions of both."""
        return f"{self._mnn.name}, {self._onnx.name}"

    def for_backbone(self, backbone: Backbone) -> OnnxRuntime | MnnRuntime:
        """Return what runs a backbone; see `Runtime`."""
        return self._onnx if backbone.is_light else self._mnn

    def pooled(
        self, batch: ImageArray, layers: Sequence[str], backbone: Backbone = VGG16
    ) -> list[FloatArray]:
        """Return each layer's output averaged over positions; see `Runtime`."""
        return self.for_backbone(backbone).pooled(batch, layers, backbone)

    def gridded(
        self,
        batch: ImageArray,
        layers: Sequence[str],
        grid_layers: Sequence[str],
        shape: tuple[int, int],
        backbone: Backbone = VGG16,
    ) -> tuple[list[FloatArray], FloatArray]:
        """Return pooled outputs, and outputs on a grid; see `Runtime`."""
        return self.for_backbone(backbone).gridded(batch, layers, grid_layers, shape, backbone)
