"""From features of good images to a detector, with the scores and maps that were held out by groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.densities.registry import make_density
from anomaly_gui.detection.detectors.local_maps import fit_local, highest_mean, peaks_of
from anomaly_gui.detection.detectors.pooled import PooledDetector
from anomaly_gui.detection.detectors.positional import PositionalDetector, score_ratios
from anomaly_gui.detection.detectors.protocol import Detector
from anomaly_gui.detection.detectors.spread import Spread
from anomaly_gui.detection.detectors.texture import HIGHEST_SHARE, TextureDetector
from anomaly_gui.detection.features.network_outputs import ImageFeatures
from anomaly_gui.detection.settings.choices import POOLED, POSITIONAL
from anomaly_gui.errors import TrainingError

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.cell_store import CellStore
    from anomaly_gui.detection.arrays.kinds import BoolArray, FloatArray, IntArray, Rows
    from anomaly_gui.detection.densities.registry import Density
    from anomaly_gui.detection.features.collection import Collection
    from anomaly_gui.detection.features.plan import Plan
    from anomaly_gui.detection.grouping.groups import Groups
    from anomaly_gui.detection.learning.split import Split
    from anomaly_gui.detection.settings.train_settings import TrainSettings

_AT_ONCE = 4096  # images


@dataclass(frozen=True, eq=False)
class Fitted:
    """A detector and what it says of the images it was fitted to.

    Parameters
    ----------
    detector : its map is not on a level yet
    held_out : (images,) scores under fits without their groups
    peaks : (images,) highest values of the maps under such fits, or None where there are no maps
    unseen : numbers of the images of which both are true; None: of all. The others moved the weights of a
        network, and there is no fit without them
    """

    detector: Detector
    held_out: FloatArray
    peaks: FloatArray | None
    unseen: IntArray | None = None

    def judged(self, groups: Groups) -> tuple[FloatArray, FloatArray | None, Groups]:
        """Return scores, peaks and groups of the images that tell how other good ones will be judged."""
        if self.unseen is None or not len(self.unseen):
            return self.held_out, self.peaks, groups
        peaks = None if self.peaks is None else self.peaks[self.unseen]
        return self.held_out[self.unseen], peaks, groups.select_images(self.unseen)

    @property
    def is_unseen(self) -> BoolArray | None:
        """(images,) which of them a network was not trained on; None where none was trained."""
        if self.unseen is None:
            return None
        return np.isin(np.arange(len(self.held_out)), self.unseen)


def fit_detector(
    settings: TrainSettings, plan: Plan, images: Collection, groups: Groups, shares: Split | None = None
) -> Fitted:
    """Fit the detector asked for.

    Parameters
    ----------
    shares : what a network was trained on, where features were learned

    Raises
    ------
    TrainingError : one image, or nothing to learn from them
    """
    check_enough(groups)
    if shares is not None:
        return _fit_learned(settings, plan, images, groups, shares)
    if settings.detector == POOLED:
        density, held_out = fit_density(settings, images.vectors, groups)
        return Fitted(PooledDetector(plan, settings.density, density), held_out, None)
    if images.cells is None:
        raise ValueError("maps need features of places")
    try:
        if settings.detector == POSITIONAL:
            return _fit_positional(plan, images.cells, groups.held_out_together)
        return _fit_texture(plan, images.cells, images.vectors, groups.held_out_together)
    except ValueError as error:
        raise _not_learnable(len(images.vectors), error) from error


def check_enough(groups: Groups) -> None:
    """Raise TrainingError unless there are two images at least."""
    if len(groups.numbers) < 2:
        raise TrainingError(
            "One good image is not enough to learn from: give at least 20, better 100 or more."
        )


def _not_learnable(count: int, error: ValueError) -> TrainingError:
    return TrainingError(f"The {count} good images cannot be learned from: {error}")


def fit_density(settings: TrainSettings, vectors: Rows, groups: Groups) -> tuple[Density, FloatArray]:
    """Fit the density asked for to (images, features), and return it with its held-out scores, (images,).

    Raises
    ------
    TrainingError : one image, or nothing to learn from them
    """
    check_enough(groups)
    density = make_density(
        settings.density, components=settings.components, covariance_type=settings.covariance
    )
    try:
        together = groups.held_out_together
        density.fit(vectors, groups=together)
        return density, density.held_out_scores(vectors, together)
    except ValueError as error:
        raise _not_learnable(len(vectors), error) from error


def _fit_learned(
    settings: TrainSettings, plan: Plan, images: Collection, groups: Groups, shares: Split
) -> Fitted:
    from anomaly_gui.detection.detectors.fitting_learned import fit_learned

    try:
        return Fitted(*fit_learned(settings, plan, images, groups, shares), shares.unseen)
    except ValueError as error:
        raise _not_learnable(len(shares.fitted), error) from error


def _fit_positional(plan: Plan, store: CellStore, groups: IntArray) -> Fitted:
    from anomaly_gui.detection.densities.cell_gaussians import CellGaussians

    local, ratios = fit_local(CellGaussians.fit(store), store, groups, plan.used_cells)
    return Fitted(PositionalDetector(plan, local), score_ratios(ratios), peaks_of(local.maps(ratios)))


def _fit_texture(plan: Plan, store: CellStore, vectors: Rows, groups: IntArray) -> Fitted:
    from anomaly_gui.detection.densities.cell_gaussians import CellGaussians
    from anomaly_gui.detection.densities.shared_gaussian import SharedGaussian

    places = SharedGaussian.fit(store) if plan.alignment is None else CellGaussians.fit(store)
    local, ratios = fit_local(places, store, groups, plan.used_cells)
    whole = make_density("shrunk")
    whole.fit(vectors, groups=groups)
    held_out = whole.held_out_scores(vectors, groups)
    detector = TextureDetector(
        plan,
        local,
        Spread.of(-highest_mean(ratios, HIGHEST_SHARE)),
        whole,
        Spread.of(held_out),
    )
    return Fitted(detector, detector.joined(ratios, held_out), peaks_of(local.maps(ratios)))


def judge_all(detector: Detector, images: Collection) -> tuple[FloatArray, FloatArray | None]:
    """Return the scores of collected images, and the highest values of their maps or None, (images,) each.

    Whole maps of thousands of images would not fit into memory.
    """
    count = len(images.vectors)
    scores, peaks = np.empty(count), np.empty(count)
    if images.cells is None:
        for first in range(0, count, _AT_ONCE):
            block = slice(first, first + _AT_ONCE)
            scores[block] = detector.judge(ImageFeatures(images.vectors[block])).scores
        return scores, None
    for numbers, cells in images.cells.read_batches():
        judged = detector.judge(ImageFeatures(images.vectors[numbers], cells))
        scores[numbers] = judged.scores
        peaks[numbers] = 0 if judged.maps is None else peaks_of(judged.maps)
    return scores, peaks
