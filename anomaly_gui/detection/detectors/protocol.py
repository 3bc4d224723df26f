"""What judges images: features in, a score and a map out. A detector knows no threshold.

All of them stand behind one protocol; a conformance suite in the tests holds each to it. What a new one needs
beside its own module is one entry in `settings.detector_kinds`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from anomaly_gui.detection.arrays.kinds import BoolArray, FloatArray, ImageArray, IntArray
    from anomaly_gui.detection.detectors.placement.placement import Placement
    from anomaly_gui.detection.detectors.renewal.renewal import Renewal
    from anomaly_gui.detection.features.collection import Collection
    from anomaly_gui.detection.features.network_outputs import ImageFeatures
    from anomaly_gui.detection.features.plan import Plan
    from anomaly_gui.detection.grouping.groups import Groups
    from anomaly_gui.detection.images.region_of_interest import RegionOfInterest
    from anomaly_gui.detection.learning.learned_features import NetworkTrainer
    from anomaly_gui.detection.learning.split import Split
    from anomaly_gui.detection.runtimes.protocol import Runtime
    from anomaly_gui.detection.settings.feature_settings import FeatureSettings
    from anomaly_gui.detection.settings.train_settings import TrainSettings


@dataclass(frozen=True, eq=False)
class Judgement:
    """What a detector says of images.

    Parameters
    ----------
    scores : (images,) float64, log-likelihoods or what grows with them; higher is more normal
    maps : (images, rows, columns) float32, 1.0 at the detector's level; None where it judges images as a
        whole
    by_places : (images,) whether places of an image, more than the whole of it, made its score; None where
        it asks for one of both only
    """

    scores: FloatArray
    maps: FloatArray | None = None
    by_places: BoolArray | None = None


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
    rated : (images and then variants,) deviations under such fits by the names of opinions that the detector
        joins; None where it joins none
    of_variants : (variants,) scores of variants in another light under fits without their images' groups
    traces : (images and then variants, numbers) what `held_out` is made of beside vectors, so that it can be
        made anew when images come or go; None where vectors alone tell
    own : (images,) scores under the fit with all of them; None where they are judged as others are
    """

    detector: Detector
    held_out: FloatArray
    peaks: FloatArray | None
    unseen: IntArray | None = None
    rated: Mapping[str, FloatArray] | None = None
    of_variants: FloatArray | None = None
    traces: FloatArray | None = None
    own: FloatArray | None = None

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


class Detector(Protocol):
    """Judges images by what is taken of them."""

    @property
    def kind(self) -> str:
        """A name from `DETECTORS`."""

    @property
    def plan(self) -> Plan:
        """What has to be taken of an image."""

    @property
    def settings(self) -> FeatureSettings:
        """How the whole image becomes a vector."""

    def judge(self, features: ImageFeatures) -> Judgement:
        """Return scores and maps of images, whatever else is judged with them."""

    def with_level(self, level: float) -> Detector:
        """Return this detector with maps divided by a level (of maps at level 1)."""

    def state(self) -> tuple[dict[str, Any], Mapping[str, FloatArray]]:
        """Return JSON values and arrays, from which `restore` makes the detector anew."""

    @classmethod
    def make_plan(cls, settings: TrainSettings, interest: RegionOfInterest, placement: Placement) -> Plan:
        """Return what it takes of an image of parts that lie so; not asked where features are learned."""

    @classmethod
    def fit(
        cls, settings: TrainSettings, plan: Plan, images: Collection, groups: Groups, split: Split | None
    ) -> Fitted:
        """Return it fitted to good images taken by a plan; ValueError where nothing can be learned from them.

        Parameters
        ----------
        groups : which images show one part, two at least
        split : what a network was trained on, where features were learned
        """

    @property
    def can_renew(self) -> bool:
        """Whether it kept what `renew` takes."""

    def renew(self, renewal: Renewal) -> Fitted:
        """Return it without some of its images and with others; ValueError where that is impossible."""

    @classmethod
    def restore(cls, plan: Plan, described: Mapping[str, Any], arrays: Mapping[str, FloatArray]) -> Detector:
        """Return the detector that had this state; ValueError for one that none can have."""

    @classmethod
    def network_trainer(cls) -> NetworkTrainer:
        """Return what trains the network that its features are learned with; only asked where they are."""


def score_pixels(detector: Detector, batch: ImageArray, runtime: Runtime) -> FloatArray:
    """Return the scores, (images,), of prepared images, (images, height, width, 3) uint8."""
    from anomaly_gui.detection.features.extraction import extract_features

    return detector.judge(extract_features(batch, detector.plan, runtime)).scores
