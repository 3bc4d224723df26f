"""How fast runtimes run backbones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.benchmarking.stopwatch import time_job
from anomaly_gui.detection.runtimes.mnn_runtime import MnnRuntime
from anomaly_gui.detection.runtimes.protocol import default_runtime
from anomaly_gui.detection.settings.feature_settings import FeatureSettings
from anomaly_gui.errors import UserError
from anomaly_gui.language import translate

if TYPE_CHECKING:
    from anomaly_gui.detection.benchmarking.request import BenchRequest
    from anomaly_gui.detection.runtimes.protocol import Runtime
    from anomaly_gui.detection.settings.backbones import Backbone
    from anomaly_gui.progress import Progress


@dataclass(frozen=True)
class NetworkSpeed:
    """How fast a runtime runs a backbone at a size and depth.

    Parameters
    ----------
    backbone : its name
    runtime : name and version
    batch : images at once
    images_per_second : the median, as in a long run
    share_of_peak : multiplications and additions of plain convolution in that time, against what matrix
        multiplication reaches on this machine; Winograd convolution does with fewer and can pass 1
    """

    backbone: str
    runtime: str
    size: int
    layer: str
    batch: int
    images_per_second: float
    share_of_peak: float


def measure_networks(
    request: BenchRequest, peak: float, progress: Progress
) -> tuple[tuple[NetworkSpeed, ...], tuple[str, ...]]:
    """Return how fast each backbone is, and what is not installed, in words.

    Parameters
    ----------
    peak : float32 operations a second of a matrix product on all cores
    """
    measured, skipped = [], []
    for backbone in request.declared_backbones:
        cases = [(size, layer) for size in request.sizes for layer in request.layers_of(backbone)]
        for name in request.runtimes_of(backbone) if cases else ():
            try:
                runtime = start_runtime(backbone, name)
            except UserError as error:
                skipped.append(str(error))
                continue
            progress.stage(
                translate("Network, {backbone}, {name}", backbone=backbone.title, name=name), len(cases)
            )
            for size, layer in cases:
                measured.append(_measure_network(backbone, runtime, size, layer, request.rounds, peak))
                progress.advance()
    return tuple(measured), tuple(dict.fromkeys(skipped))


def start_runtime(backbone: Backbone, name: str | None = None) -> Runtime:
    """Return a runtime that works at once as it does after many batches."""
    runtime = default_runtime(name).for_backbone(backbone)
    return MnnRuntime(patience=0) if isinstance(runtime, MnnRuntime) else runtime


def _measure_network(
    backbone: Backbone, runtime: Runtime, size: int, layer: str, rounds: int, peak: float
) -> NetworkSpeed:
    settings = FeatureSettings((layer,), size, backbone=backbone.name)
    batch = np.random.default_rng(0).integers(0, 256, (settings.batch_size, size, size, 3), np.uint8)
    rate = len(batch) / time_job(lambda: runtime.pooled(batch, (layer,), backbone), rounds).seconds
    operations = 2 * backbone.count_pixel_operations((layer,)) * size**2
    share = rate * operations / peak
    return NetworkSpeed(backbone.name, runtime.name, size, layer, len(batch), rate, share)
