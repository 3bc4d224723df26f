"""What judges images: features in, a score and a map out. A detector knows no threshold.

All of them stand behind one protocol; a conformance suite in the tests holds each to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from anomaly_gui.detection.arrays.kinds import FloatArray, ImageArray
    from anomaly_gui.detection.features.network_outputs import ImageFeatures
    from anomaly_gui.detection.features.plan import Plan
    from anomaly_gui.detection.runtimes.protocol import Runtime
    from anomaly_gui.detection.settings.feature_settings import FeatureSettings


@dataclass(frozen=True, eq=False)
class Judgement:
    """What a detector says of images.

    Parameters
    ----------
    scores : (images,) float64, log-likelihoods or what grows with them; higher is more normal
    maps : (images, side, side) float32, 1.0 at the detector's level; None where it judges images as a whole
    """

    scores: FloatArray
    maps: FloatArray | None = None


class Detector(Protocol):
    """Judges images by what is taken of them."""

    @property
    def kind(self) -> str:
        """One of `DETECTORS`."""

    @property
    def plan(self) -> Plan:
        """What has to be taken of an image."""

    @property
    def settings(self) -> FeatureSettings:
        """How the whole image becomes a vector."""

    def judge(self, observed: ImageFeatures) -> Judgement:
        """Return scores and maps of images, whatever else is judged with them."""

    def with_level(self, level: float) -> Detector:
        """Return this detector with maps divided by a level (of maps at level 1)."""

    def state(self) -> tuple[dict[str, Any], Mapping[str, FloatArray]]:
        """Return JSON values and arrays, from which `restore` makes the detector anew."""


def score_pixels(detector: Detector, batch: ImageArray, runtime: Runtime) -> FloatArray:
    """Return the scores, (images,), of prepared images, (images, size, size, 3) uint8."""
    from anomaly_gui.detection.features.extraction import extract_features

    return detector.judge(extract_features(batch, detector.plan, runtime)).scores
