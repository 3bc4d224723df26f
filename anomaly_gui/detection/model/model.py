"""What training yields: everything that is needed to judge an image, and to say where that came from."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.language import translate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from anomaly_gui.detection.arrays.kinds import BoolArray, FloatArray, ImageArray, IntArray
    from anomaly_gui.detection.detectors.protocol import Detector
    from anomaly_gui.detection.features.variants import Variants
    from anomaly_gui.detection.images.records import ImageRecord
    from anomaly_gui.detection.images.variants.light import Light
    from anomaly_gui.detection.judging.light_range import LightRange
    from anomaly_gui.detection.judging.suspects import SuspectImage
    from anomaly_gui.detection.judging.thresholds import Threshold

_ASPECT_SLACK = 1.25
_SIZE_SLACK = 4.0


@dataclass(frozen=True)
class Admission:
    """The shapes and sizes of the training images: only images like them can be judged.

    Parameters
    ----------
    aspect : lowest and highest width / height
    longest : smallest and largest longer side, in pixels
    light : in which light images can be judged; None in models that do not know
    """

    aspect: tuple[float, float]
    longest: tuple[int, int]
    light: LightRange | None = None

    def find_objection(self, width: int, height: int) -> str | None:
        """Return why an image of this size cannot be judged, or None.

        >>> Admission((1.0, 1.0), (600, 600)).find_objection(640, 480)
        'is 640 x 480 pixels, of another shape than the training images'
        """
        aspect, longest = width / height, max(width, height)
        if not self.aspect[0] / _ASPECT_SLACK <= aspect <= self.aspect[1] * _ASPECT_SLACK:
            return translate(
                "is {width} x {height} pixels, of another shape than the training images",
                width=width,
                height=height,
            )
        if not self.longest[0] / _SIZE_SLACK <= longest <= self.longest[1] * _SIZE_SLACK:
            if longest < self.longest[0]:
                return translate(
                    "is {width} x {height} pixels, far smaller than the training images",
                    width=width,
                    height=height,
                )
            return translate(
                "is {width} x {height} pixels, far larger than the training images",
                width=width,
                height=height,
            )
        return None

    def find_objection_to_light(self, light: Light) -> str | None:
        """Return why an image in this light cannot be judged, or None."""
        return None if self.light is None else self.light.find_objection(light)


@dataclass(frozen=True, eq=False)
class Kept:
    """What is kept so that images can be added later, and taken out, without reading the others again.

    Parameters
    ----------
    group_by, suspects, sigma_scores, false_alarm_rate : settings of the training; see `TrainSettings`
    traces, peaks : (images and then variants, numbers) and (images,) of detectors with maps, else None; see
        `Fitted`
    fingerprints : (images, length) uint8, zeros where an image has none; of no length where none was taken
    cells, cells_of : (few, cells, channels) float16 of a few images and of their variants, and their indices
        among all images, then all variants; None where there are no maps
    asked_variants : how many of each image were asked for; None: as many as suit
    variants : without cells; None where none were learned
    lights : (images, 6) float32, see `light`; None where no variants were learned
    """

    group_by: str
    suspects: str
    sigma_scores: str
    false_alarm_rate: float
    traces: FloatArray | None
    peaks: FloatArray | None
    fingerprints: ImageArray
    cells: FloatArray | None = None
    cells_of: IntArray | None = None
    asked_variants: int | None = 0
    variants: Variants | None = None
    lights: FloatArray | None = None


@dataclass(frozen=True, eq=False)
class TrainingRecord:
    """What a model was made from.

    Parameters
    ----------
    images : the training images
    scores : (images,) under the fit that includes them
    held_out : (images,) under fits without their groups; where a network was trained, only those of the
        `unseen` images are, and the others the same as `scores`
    vectors : (images, features) float32, to find the training images most like another one, and to fit
        anew without any or with others; float16 of detectors that cannot be, and of earlier versions
    groups : (images,) a number for each; images of one number show one part
    grouped_by : how the groups were found, in words
    unseen : (images,) which of them a network was not trained on; None where none was trained
    calibration : the calibration images, if any, with `calibration_scores` and `calibration_groups`
    looks : (images, 4) float32, see `look`; None in models made before these were stored
    left_out : parts that may be good, and are unlike those that set the threshold; see `GoodScores`
    suspects : images that were left out as unlike the others
    kept : what adding and taking out images needs beside; None in models of earlier versions
    learned_from : how many images were learned from, where there is no room to name all; else None
    """

    images: tuple[ImageRecord, ...]
    scores: FloatArray
    held_out: FloatArray
    vectors: FloatArray
    groups: IntArray
    grouped_by: str
    calibration: tuple[ImageRecord, ...]
    calibration_scores: FloatArray
    calibration_groups: IntArray
    unseen: BoolArray | None = None
    looks: FloatArray | None = None
    left_out: int = 0
    suspects: tuple[SuspectImage, ...] = ()
    kept: Kept | None = None
    learned_from: int | None = None

    @property
    def count(self) -> int:
        """How many images were learned from."""
        return self.learned_from or len(self.images)

    @property
    def judged(self) -> IntArray:
        """The indices of the images whose `held_out` scores tell how other good images will be judged."""
        judged: IntArray = np.arange(len(self.images)) if self.unseen is None else np.flatnonzero(self.unseen)
        return judged


@dataclass(frozen=True, eq=False)
class Reference:
    """A few inputs of the network with their scores, to notice a machine that would judge differently."""

    pixels: ImageArray
    scores: FloatArray


@dataclass(frozen=True)
class ThresholdMove:
    """A person set another threshold.

    Parameters
    ----------
    when : ISO 8601, UTC
    who : name of the account
    old, new : values
    rule : of the new one
    """

    when: str
    who: str
    old: float
    new: float
    rule: str


@dataclass(frozen=True, eq=False)
class Model:
    """A detector, its threshold, and where both came from; `moves` tells how the threshold got there."""

    detector: Detector
    threshold: Threshold
    admission: Admission
    training: TrainingRecord
    reference: Reference
    pixel_limit: int
    created: str
    weights_sha256: str
    versions: Mapping[str, str] = field(default_factory=dict)
    moves: tuple[ThresholdMove, ...] = ()

    def find_nearest(self, vectors: FloatArray, count: int = 3) -> list[tuple[int, ...]]:
        """Return for each of (images, features) which training images are most like it, nearest first."""
        apart = self._half_lengths - vectors.astype(np.float32) @ self._single_vectors.T
        count = min(count, apart.shape[1])
        closest = np.argpartition(apart, count - 1, axis=1)[:, :count]
        order = np.take_along_axis(apart, closest, axis=1).argsort(axis=1)
        return [tuple(map(int, row)) for row in np.take_along_axis(closest, order, axis=1)]

    @cached_property
    def _single_vectors(self) -> FloatArray:
        vectors: FloatArray = self.training.vectors.astype(np.float32)
        return vectors

    @cached_property
    def _half_lengths(self) -> FloatArray:
        lengths: FloatArray = (self._single_vectors**2).sum(axis=1) / 2
        return lengths
