"""From learned features of good images to a detector; see `fitting`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.densities.registry import make_density
from anomaly_gui.detection.detectors.learned import (
    AutoencoderDetector,
    DeepSvddDetector,
    ReconstructionErrors,
    error_scores,
    latent_scores,
)
from anomaly_gui.detection.detectors.local_maps import LocalMaps, peaks_of
from anomaly_gui.detection.detectors.spread import Spread
from anomaly_gui.detection.features.network_outputs import ImageFeatures
from anomaly_gui.detection.settings.choices import DEEP_SVDD

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.cell_store import CellStore
    from anomaly_gui.detection.arrays.kinds import FloatArray, IntArray
    from anomaly_gui.detection.densities.registry import Density
    from anomaly_gui.detection.detectors.protocol import Detector
    from anomaly_gui.detection.features.collection import Collection
    from anomaly_gui.detection.features.plan import Plan
    from anomaly_gui.detection.grouping.groups import Groups
    from anomaly_gui.detection.learning.split import Split
    from anomaly_gui.detection.settings.train_settings import TrainSettings

_STIFFEST = 0.1  # of the median: a place that was always reconstructed perfectly is no reason to cry


def fit_learned(
    settings: TrainSettings, plan: Plan, images: Collection, groups: Groups, shares: Split
) -> tuple[Detector, FloatArray, FloatArray | None]:
    """Return the detector, the images' scores and the highest values of their maps or None, (images,) each.

    Only those of the unseen images say how good images are judged that the network never saw.
    """
    vectors = np.asarray(images.vectors)
    density = _fitted_density(settings, vectors, groups, shares)
    if settings.detector == DEEP_SVDD:
        svdd = DeepSvddDetector(plan, settings.density, density)
        return svdd, svdd.score(vectors), None
    if images.cells is None:
        raise ValueError("an autoencoder needs reconstruction errors")
    judging = shares.unseen if len(shares.unseen) else shares.stopping
    local = LocalMaps(ReconstructionErrors(), _usual(images.cells, judging), plan.used_cells)
    error = np.concatenate([error_scores(cells) for _, cells in images.cells.read_batches()])
    middle = vectors[shares.fitted].mean(axis=0, dtype=np.float64)
    highest = float(density.score_samples(middle[None])[0])
    latent = latent_scores(density.score_samples(vectors), highest)
    spreads = Spread.of(latent[judging]), Spread.of(error[judging])
    detector = AutoencoderDetector(plan, local, density, *spreads, highest, settings.learned_score)
    peaks = [
        peaks_of(detector.judge(ImageFeatures(vectors[numbers], cells)).maps)  # type: ignore[arg-type]
        for numbers, cells in images.cells.read_batches()
    ]
    return detector, detector.joined(latent, error), np.concatenate(peaks)


def _fitted_density(settings: TrainSettings, vectors: FloatArray, groups: Groups, shares: Split) -> Density:
    density = make_density(
        "shrunk" if settings.detector != DEEP_SVDD else settings.density,
        components=settings.components,
        covariance_type=settings.covariance,
    )
    fitted = shares.fitted
    density.fit(vectors[fitted], groups=groups.select_images(fitted).numbers)
    return density


def _usual(store: CellStore, numbers: IntArray) -> FloatArray:
    """Return what the error of each cell usually is among some images, (cells,) float32."""
    errors, total = ReconstructionErrors(), np.zeros(store.cells)
    for number in numbers:
        total += errors.distances(store.read_cells(np.array([number])))[0]
    mean = total / len(numbers)
    usual: FloatArray = np.maximum(mean, _STIFFEST * np.median(mean) + 1e-6).astype(np.float32)
    return usual
