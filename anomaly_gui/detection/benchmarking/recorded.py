"""A network and a density that were asked before: they yield the same again at no cost, so that the rest can
be timed alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from anomaly_gui.detection.settings.backbones import VGG16

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from anomaly_gui.detection.arrays.kinds import FloatArray, ImageArray
    from anomaly_gui.detection.densities.state import DensityState
    from anomaly_gui.detection.detectors.local_maps import CellDistances
    from anomaly_gui.detection.runtimes.protocol import Runtime
    from anomaly_gui.detection.settings.backbones import Backbone


class RecordedRuntime:
    """A `Runtime` that runs its network for the first batch only."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._outputs: Any = None
        self._job: Callable[[], Any] | None = None

    @property
    def name(self) -> str:
        """The name of what ran the network."""
        return self._runtime.name

    def for_backbone(self, _: Backbone) -> RecordedRuntime:
        """Return itself; see `Runtime`."""
        return self

    def pooled(
        self, batch: ImageArray, layers: Sequence[str], backbone: Backbone = VGG16
    ) -> list[FloatArray]:
        """Return what the first batch yielded; see `Runtime`."""
        outputs: list[FloatArray] = self._recall(lambda: self._runtime.pooled(batch, layers, backbone))
        return outputs

    def gridded(
        self,
        batch: ImageArray,
        layers: Sequence[str],
        grid_layers: Sequence[str],
        shape: tuple[int, int],
        backbone: Backbone = VGG16,
    ) -> tuple[list[FloatArray], FloatArray]:
        """Return what the first batch yielded; see `Runtime`."""
        outputs: tuple[list[FloatArray], FloatArray] = self._recall(
            lambda: self._runtime.gridded(batch, layers, grid_layers, shape, backbone)
        )
        return outputs

    def run_again(self) -> None:
        """Run the network for the first batch once more."""
        if self._job is not None:
            self._job()

    def _recall(self, job: Callable[[], Any]) -> Any:
        if self._job is None:
            self._job, self._outputs = job, job()
        return self._outputs


class RecordedDistances:
    """A `CellDistances` that tells what another one told of some cells."""

    def __init__(self, density: CellDistances, cells: FloatArray) -> None:
        self._density, self._distances = density, density.distances(cells)

    def distances(self, _: FloatArray) -> FloatArray:
        """Return the distances of these cells, (images, used cells)."""
        return self._distances

    def state(self) -> DensityState:
        """Return what the other one learned."""
        return self._density.state()
