"""The detector of what Deep SVDD's encoder, trained on the good images, makes of an image.

The network is trained on a share of the good images only. What it was trained on it knows too well: the
density is fitted to those images, but thresholds rest on the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from anomaly_gui.detection.detectors.fitting import fit_on_split, make_chosen_density
from anomaly_gui.detection.detectors.pooled import PooledDetector
from anomaly_gui.detection.detectors.protocol import Fitted
from anomaly_gui.detection.learning.learned_features import learn_deep_svdd
from anomaly_gui.detection.settings.choices import DEEP_SVDD

if TYPE_CHECKING:
    from anomaly_gui.detection.features.collection import Collection
    from anomaly_gui.detection.features.plan import Plan
    from anomaly_gui.detection.grouping.groups import Groups
    from anomaly_gui.detection.learning.learned_features import NetworkTrainer
    from anomaly_gui.detection.learning.split import Split
    from anomaly_gui.detection.settings.train_settings import TrainSettings


class DeepSvddDetector(PooledDetector):
    """Scores images by the log-likelihood of what an encoder made of them. It has no map."""

    kind: ClassVar[str] = DEEP_SVDD

    @classmethod
    def network_trainer(cls) -> NetworkTrainer:
        """Return what trains the encoder; see `Detector`."""
        return learn_deep_svdd

    @classmethod
    def fit(
        cls, settings: TrainSettings, plan: Plan, images: Collection, groups: Groups, split: Split | None
    ) -> Fitted:
        """Fit the density asked for to latent vectors; see `Detector`.

        Only the scores of the unseen images say how good images are judged that the network never saw.
        """
        if split is None:
            raise ValueError("Deep SVDD needs a trained network")
        density, vectors = make_chosen_density(settings), np.asarray(images.vectors)
        fit_on_split(density, vectors, groups, split)
        detector = cls(plan, settings.density, density)
        return Fitted(detector, detector.score(vectors), None, split.unseen)
