"""The detector of an autoencoder trained on the good images: its latent vectors, and its errors.

The network is trained on a share of the good images only. What it was trained on it knows too well: the
density is fitted to those images, but thresholds, levels and spreads rest on the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from anomaly_gui.detection.densities.registry import make_density, restore_density
from anomaly_gui.detection.densities.state import DensityState
from anomaly_gui.detection.detectors.base import (
    MapDetector,
    require_cells,
    require_image_cells,
    split_usual,
)
from anomaly_gui.detection.detectors.fitting import fit_on_split
from anomaly_gui.detection.detectors.local_maps import LocalMaps, find_peaks
from anomaly_gui.detection.detectors.protocol import Fitted, Judgement
from anomaly_gui.detection.detectors.spread import Spread
from anomaly_gui.detection.learning.learned_features import learn_autoencoder
from anomaly_gui.detection.settings.choices import AUTOENCODER, COMBINED, ERROR, LATENT, SHRUNK

if TYPE_CHECKING:
    from collections.abc import Mapping

    from anomaly_gui.detection.arrays.cell_store import CellStore
    from anomaly_gui.detection.arrays.kinds import BoolArray, FloatArray, IntArray
    from anomaly_gui.detection.densities.registry import FittedDensity
    from anomaly_gui.detection.features.collection import Collection
    from anomaly_gui.detection.features.network_outputs import ImageFeatures
    from anomaly_gui.detection.features.plan import Plan
    from anomaly_gui.detection.grouping.groups import Groups
    from anomaly_gui.detection.learning.learned_features import NetworkTrainer
    from anomaly_gui.detection.learning.split import Split
    from anomaly_gui.detection.settings.train_settings import TrainSettings

_LEAST = 1e-12  # error of an image that is reconstructed perfectly
_STIFFEST = 0.1  # of the median: a cell that was always reconstructed perfectly is no reason to cry


class ReconstructionErrors:
    """Distances of cells from good ones: root mean square errors of their reconstruction."""

    def distances(self, cells: FloatArray) -> FloatArray:
        """Return (images, cells) float32 of squared errors, (images, cells, 1)."""
        roots: FloatArray = np.sqrt(cells[..., 0])
        return roots

    def state(self) -> DensityState:
        """Return nothing: it learned nothing."""
        return DensityState({}, {})


@dataclass(frozen=True, eq=False)
class AutoencoderDetector(MapDetector):
    """Scores images by the worse of two surprises, smoothly taken: the latent vector, and the reconstruction.

    Parameters
    ----------
    local : maps of the reconstruction error
    whole, whole_spread : density of latent vectors, and how their scores spread among unseen good images
    error_spread : how their reconstruction errors do
    highest : log-likelihood of the mean latent vector
    score : which of both make the score, one of `LEARNED_SCORES`
    """

    kind: ClassVar[str] = AUTOENCODER
    whole: FittedDensity
    whole_spread: Spread
    error_spread: Spread
    highest: float
    score: str

    def judge(self, features: ImageFeatures) -> Judgement:
        """Return scores and maps; see `Detector`."""
        cells = require_image_cells(features)
        latent = score_latent(self.whole.score_samples(features.vectors), self.highest)
        error = score_error(cells)
        maps = self.local.make_maps(self.local.divide_by_usual(cells))
        return Judgement(self.joined(latent, error), maps, self._find_by_places(latent, error))

    def _find_by_places(self, latent: FloatArray, error: FloatArray) -> BoolArray:
        """Return whether the reconstruction surprises more than the latent vector, or is asked alone."""
        if self.score != COMBINED:
            return np.full(len(latent), self.score == ERROR)
        of_latent, of_error = self._standardize(latent, error)
        surprises_more: BoolArray = of_error <= of_latent
        return surprises_more

    def _standardize(self, latent: FloatArray, error: FloatArray) -> tuple[FloatArray, FloatArray]:
        return self.whole_spread.standardize(latent), self.error_spread.standardize(error)

    def joined(self, latent: FloatArray, error: FloatArray) -> FloatArray:
        """Return scores in standard deviations of good images, (images,), of both surprises."""
        of_latent, of_error = self._standardize(latent, error)
        if self.score == LATENT:
            return of_latent
        if self.score == ERROR:
            return of_error
        scores: FloatArray = -np.logaddexp(-of_latent, -of_error)
        return scores

    def state(self) -> tuple[dict[str, Any], Mapping[str, FloatArray]]:
        """Return JSON values and arrays; see `Detector`."""
        (described, arrays), whole = self.map_state(), self.whole.state()
        described |= {
            "score": self.score,
            "highest": self.highest,
            "density": {"name": SHRUNK, "settings": dict(whole.settings)},
            "local_spread": self.error_spread.to_values(),
            "whole_spread": self.whole_spread.to_values(),
        }
        return described, {**whole.arrays, **arrays}

    @classmethod
    def network_trainer(cls) -> NetworkTrainer:
        """Return what trains the autoencoder; see `Detector`."""
        return learn_autoencoder

    @classmethod
    def fit(
        cls, settings: TrainSettings, plan: Plan, images: Collection, groups: Groups, split: Split | None
    ) -> Fitted:
        """Fit a Gaussian to latent vectors, and find what reconstruction errors are usual; see `Detector`.

        Only the scores of the unseen images say how good images are judged that the network never saw.
        """
        if split is None:
            raise ValueError("an autoencoder's detector needs a trained network")
        store, vectors, density = require_cells(images), np.asarray(images.vectors), make_density(SHRUNK)
        fit_on_split(density, vectors, groups, split)
        judging = split.unseen if len(split.unseen) else split.stopping
        local = LocalMaps(ReconstructionErrors(), _find_usual(store, judging), plan.used_cells, plan.shape)
        error = np.concatenate([score_error(cells) for _, cells in store.read_batches()])
        middle = vectors[split.fitted].mean(axis=0, dtype=np.float64)
        highest = float(density.score_samples(middle[None])[0])
        latent = score_latent(density.score_samples(vectors), highest)
        spreads = Spread.of(latent[judging]), Spread.of(error[judging])
        detector = cls(plan, local, density, *spreads, highest, settings.learned_score)
        return Fitted(detector, detector.joined(latent, error), _measure_peaks(local, store), split.unseen)

    @classmethod
    def restore(
        cls, plan: Plan, described: Mapping[str, Any], arrays: Mapping[str, FloatArray]
    ) -> AutoencoderDetector:
        """Return the detector that had this state; ValueError for one that none can have."""
        usual, whole = split_usual(plan, arrays)
        density = described["density"]
        return cls(
            plan,
            LocalMaps(ReconstructionErrors(), usual, plan.used_cells, plan.shape, described["level"]),
            restore_density(density["name"], DensityState(density["settings"], whole), plan.length),
            Spread(*described["whole_spread"]),
            Spread(*described["local_spread"]),
            described["highest"],
            described["score"],
        )


def score_latent(likelihoods: FloatArray, highest: float) -> FloatArray:
    """Return minus the logarithm of each latent vector's squared distance from the mean, (images,) float64.

    A Gaussian's log-likelihood falls with the square of the distance, so that a few odd good images would
    stretch the scale for all. The logarithm does to both surprises the same: joined with the error, ones
    against sevens go from AUROC 0.996 to 0.999.

    Parameters
    ----------
    likelihoods : (images,) log-likelihoods
    highest : that of the mean
    """
    scores: FloatArray = -np.log1p(2 * np.maximum(highest - likelihoods, 0))
    return scores


def score_error(cells: FloatArray) -> FloatArray:
    """Return minus the logarithm of each image's mean squared error, (images,) float64."""
    scores: FloatArray = -np.log(np.maximum(cells.mean(axis=(1, 2), dtype=np.float64), _LEAST))
    return scores


def _find_usual(store: CellStore, numbers: IntArray) -> FloatArray:
    """Return what the error of each cell usually is among some images, (cells,) float32."""
    errors, total = ReconstructionErrors(), np.zeros(store.cells)
    for number in numbers:
        total += errors.distances(store.read_cells(np.array([number])))[0]
    mean = total / len(numbers)
    usual: FloatArray = np.maximum(mean, _STIFFEST * np.median(mean) + 1e-6).astype(np.float32)
    return usual


def _measure_peaks(local: LocalMaps, store: CellStore) -> FloatArray:
    """Return the highest value of each image's map, (images,)."""
    peaks = [find_peaks(local.make_maps(local.divide_by_usual(cells))) for _, cells in store.read_batches()]
    return np.concatenate(peaks)
