"""Which layer tells these parts best: every one of them, compared in one pass through the network."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.features import LAYERS, FeatureSettings, normalize
from anomaly_gui.detection.groups import INDEPENDENT, group_images
from anomaly_gui.detection.image_sets import ImageSet, SetReader
from anomaly_gui.detection.metrics import Rate, average_precision, image_auroc
from anomaly_gui.detection.runtimes import default_runtime
from anomaly_gui.detection.settings import TrainSettings
from anomaly_gui.detection.thresholds import HELD_OUT, GoodScores, by_false_alarm_rate, with_expectation
from anomaly_gui.detection.training import fit_density

if TYPE_CHECKING:
    from pathlib import Path

    from anomaly_gui.detection.arrays import FloatArray
    from anomaly_gui.detection.groups import Groups
    from anomaly_gui.detection.metrics import Label
    from anomaly_gui.detection.runtimes import Runtime
    from anomaly_gui.detection.thresholds import Threshold
    from anomaly_gui.errors import ImageRefusedError
    from anomaly_gui.progress import Progress

CANDIDATES = (*((name,) for name in LAYERS), ("block2_pool", "block3_pool", "block4_pool"))
"""What is compared: every layer, and three of them together."""

_GROUPED_BY_LAYER = "block4_conv3"


@dataclass(frozen=True)
class LayersRequest:
    """What to compare layers on.

    Parameters
    ----------
    normal : folders and files of good images, to learn from
    anomalous : known defects
    settings : everything but the layer
    """

    normal: tuple[Path, ...]
    anomalous: tuple[Path, ...]
    settings: TrainSettings = field(default_factory=TrainSettings)


@dataclass(frozen=True)
class LayerResult:
    """What one layer, or several together, make of the images.

    Parameters
    ----------
    layers : names
    length : features of an image
    auroc, average_precision : held-out scores of the good images against scores of the defects
    threshold : by the promised false-alarm rate
    miss : defects not found at it
    """

    layers: tuple[str, ...]
    length: int
    auroc: float
    average_precision: float
    threshold: Threshold
    miss: Rate


@dataclass(frozen=True, eq=False)
class LayersResult:
    """The comparison, in the order of the network.

    Parameters
    ----------
    layers : one result for each of `CANDIDATES`
    normal, anomalous : the images it rests on
    groups : which good images were taken to show one part
    seconds : how long it took
    """

    layers: tuple[LayerResult, ...]
    normal: ImageSet
    anomalous: ImageSet
    groups: Groups
    seconds: float

    @property
    def best(self) -> LayerResult:
        """The result with the highest AUROC; of equal ones that with the fewest features."""
        return max(self.layers, key=lambda one: (one.auroc, -one.length))

    @property
    def unreadable(self) -> tuple[ImageRefusedError, ...]:
        """The files that cannot be used, each with the reason."""
        return self.normal.unreadable + self.anomalous.unreadable


def compare_layers(
    request: LayersRequest, progress: Progress, runtime: Runtime | None = None
) -> LayersResult:
    """Fit a density to every layer and see how well it tells the good images from the defects.

    Good images are judged by scores they had no part in, so that all of them can be learned from. Whoever
    takes the best of many on few images should judge it anew on others.

    Raises
    ------
    TrainingError : too few usable images, all of one part, or all the same
    CancelledError : from `progress`
    """
    began, settings = time.monotonic(), request.settings
    everything = FeatureSettings(tuple(LAYERS), settings.size, "none")
    reader = SetReader(
        everything,
        settings.pixel_limit,
        settings.group_by != INDEPENDENT,
        runtime or default_runtime(),
        progress,
    )
    normal = reader.read("Good images", request.normal)
    anomalous = reader.read("Known defects", request.anomalous)
    groups = _groups(settings, normal)
    progress.stage("Comparing layers", len(CANDIDATES))
    results = []
    for layers in CANDIDATES:
        results.append(_compare(layers, settings, groups, normal, anomalous))
        progress.advance()
    return LayersResult(tuple(results), normal, anomalous, groups, time.monotonic() - began)


def _groups(settings: TrainSettings, normal: ImageSet) -> Groups:
    paths = [record.path for record in normal.images.records]
    vectors = _vectors(normal, (_GROUPED_BY_LAYER,), settings.normalization)
    return group_images(settings.group_by, paths, vectors, normal.images.grains)


def _vectors(images: ImageSet, layers: tuple[str, ...], normalization: str) -> FloatArray:
    """Return the features of some layers, cut out of those of all."""
    ends = dict(zip(LAYERS, np.cumsum(list(LAYERS.values())), strict=True))
    outputs = [images.images.vectors[:, ends[name] - LAYERS[name] : ends[name]] for name in layers]
    return normalize(outputs, normalization)


def _compare(
    layers: tuple[str, ...], settings: TrainSettings, groups: Groups, normal: ImageSet, anomalous: ImageSet
) -> LayerResult:
    good, bad = (_vectors(images, layers, settings.normalization) for images in (normal, anomalous))
    density, held_out = fit_density(settings, good, groups)
    defects = density.score_samples(bad)
    scores = np.concatenate([held_out, defects])
    labels: list[Label] = [*(["normal"] * len(held_out)), *(["anomalous"] * len(defects))]  # type: ignore[list-item]
    known = GoodScores(held_out, groups, HELD_OUT)
    threshold = with_expectation(by_false_alarm_rate(known, settings.false_alarm_rate), known)
    return LayerResult(
        layers=layers,
        length=good.shape[1],
        auroc=_known(image_auroc(scores, labels)),
        average_precision=_known(average_precision(scores, labels)),
        threshold=threshold,
        miss=Rate.of(int(np.sum(defects >= threshold.value)), len(defects)),
    )


def _known(value: float | None) -> float:
    """Return a measure that needs both labels; both sets are known to have images here."""
    if value is None:
        raise ValueError("a set has no images")
    return value
