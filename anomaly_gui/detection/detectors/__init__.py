"""What judges images: features in, a score and a map out. A detector knows no threshold.

All of them stand behind one protocol; a conformance suite in the tests holds each to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from anomaly_gui.detection.arrays import FloatArray, ImageArray
    from anomaly_gui.detection.features import FeatureSettings
    from anomaly_gui.detection.observing import Observed, Plan
    from anomaly_gui.detection.runtimes import Runtime

POOLED, POSITIONAL, TEXTURE = "pooled", "positional", "texture"
AUTOENCODER, DEEP_SVDD = "autoencoder", "deep-svdd"
LEARNED = (AUTOENCODER, DEEP_SVDD)
"""Detectors whose features are learned from the good images; training them needs TensorFlow."""

WITHOUT_MAP = (POOLED, DEEP_SVDD)
"""Detectors that judge an image as a whole."""

DETECTORS = (POOLED, POSITIONAL, TEXTURE, *LEARNED)


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

    def judge(self, observed: Observed) -> Judgement:
        """Return scores and maps of images, whatever else is judged with them."""

    def with_level(self, level: float) -> Detector:
        """Return this detector with maps divided by a level (of maps at level 1)."""

    def state(self) -> tuple[dict[str, Any], Mapping[str, FloatArray]]:
        """Return JSON values and arrays, from which `restore` makes the detector anew."""


def score_pixels(detector: Detector, batch: ImageArray, runtime: Runtime) -> FloatArray:
    """Return the scores, (images,), of prepared images, (images, size, size, 3) uint8."""
    from anomaly_gui.detection.observing import observe

    return detector.judge(observe(batch, detector.plan, runtime)).scores
