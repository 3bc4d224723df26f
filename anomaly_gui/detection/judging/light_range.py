"""In which light a model can judge: told from how good images in other light were judged.

Light moves all levels of grey of an image, a dark defect only some. So an image counts as darker than the
good ones by the level that is the least so, beside the lowest of good images; as brighter likewise.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from anomaly_gui.detection.images.variants.light import Light, stack_lights
from anomaly_gui.language import translate
from anomaly_gui.wording import join_list, percent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from anomaly_gui.detection.arrays.kinds import BoolArray, FloatArray

_BLACK, _WHITE = 16.0, 250.0  # grey levels: what is darker or brighter tells no light
_WORTH = 1 / 3
"""What a good image that is not judged costs, of one that is rejected: the range ends where more than a
quarter would be rejected."""

_CLIPPED = 0.1
"""Share of an image that may be white beyond the good ones' share. What is white shows no defect: at 1.4
times their exposure solar cells had an AUROC of 0.88 (mono) and 0.77 (poly), 0.06 and 0.11 less than as they
are; those within this share 0.94 and 0.87, as they are."""

_DIFFERENT = 0.4
"""Where good images differ by more than that in light, 1.5 times, it is the part that is dark or bright, and
may be so by a defect: solar cells differ 1.7 and 2.3 times, and some of their defects are half as bright as
the darkest good one; ballscrews, biscuits, bottles, cracks and macaroni differ 1.1 to 1.3 times."""

_FEWEST = 8  # variants from which on they tell
_STRAINED = 0.01  # from here on a variant is beyond the good images
_LEAST = 0.1  # 10 % darker or brighter than any good image: parts and their defects differ by less


@dataclass(frozen=True)
class LightRange:
    """The light in which good images were learned, and how far from it images are still judged.

    Parameters
    ----------
    low, usual, high : lowest, middle and highest levels of grey of good images, one of each share of `Light`
    clipped : highest share of a good image's pixels that are as bright as can be
    ends : of each of the strains, how far images may be beyond; None: as far as they are
    """

    low: tuple[float, ...]
    usual: tuple[float, ...]
    high: tuple[float, ...]
    clipped: float
    ends: tuple[float | None, float | None, float | None] = (None, None, None)

    @classmethod
    def from_lights(cls, lights: FloatArray) -> LightRange:
        """Return that of good images' lights, (images, 6), which ends nowhere yet."""
        levels = lights[:, :-1].astype(float)
        ends = (levels.min(axis=0), np.median(levels, axis=0), levels.max(axis=0))
        low, usual, high = (tuple(map(float, each)) for each in ends)
        return cls(low, usual, high, float(lights[:, -1].max()))

    @classmethod
    def from_values(cls, described: Mapping[str, Any]) -> LightRange:
        """Return the range that `dataclasses.asdict` described."""
        low, usual, high, (darker, brighter, whiter) = (
            tuple(described[name]) for name in ("low", "usual", "high", "ends")
        )
        return cls(low, usual, high, described["clipped"], (darker, brighter, whiter))

    @property
    def difference(self) -> float:
        """How much good images differ in light: the logarithm of the brightest over the darkest."""
        low, high = np.array(self.low), np.array(self.high)
        told = low > _BLACK
        return float(np.median(np.log(high[told] / low[told]))) if told.any() else 0.0

    def measure_strains(self, lights: FloatArray) -> FloatArray:
        """Return how far images are beyond the good ones, (images, 3), by (images, 6) lights.

        How many times darker than the darkest, and brighter than the brightest, as logarithms; and what is
        white beyond the good ones' share, where all else is brighter than usual by a tenth: a white thing is
        no light. Up to 0 they are among the good ones.
        """
        levels = np.maximum(lights[:, :-1], 1e-3)
        low, usual, high = (np.array(each) for each in (self.low, self.usual, self.high))
        can_darken, can_brighten = low > _BLACK, (high > _BLACK) & (high < _WHITE)
        strains = np.zeros((len(lights), 3))
        if can_darken.any():
            strains[:, 0] = -np.log((levels / np.maximum(low, 1))[:, can_darken].max(axis=1))
        if can_brighten.any():
            strains[:, 1] = np.log((levels / np.maximum(high, 1))[:, can_brighten].min(axis=1))
        can_lift = (usual > _BLACK) & (usual < _WHITE)
        is_lifted = can_lift.any() and (levels > (1 + _LEAST) * usual)[:, can_lift].all(axis=1)
        strains[:, 2] = np.where(is_lifted, lights[:, -1] - self.clipped, 0)
        return strains

    def find_objection(self, light: Light) -> str | None:
        """Return why an image in a light cannot be judged, or None.

        >>> learned = LightRange.from_lights(np.array([[50, 90, 100, 120, 200, 0.0]]))
        >>> half = Light((25.0, 45.0, 50.0, 60.0, 100.0), 0.0)
        >>> learned.find_objection(half)
        >>> replace(learned, ends=(0.5, None, None)).find_objection(half)
        'is 50 % darker than the good parts'
        """
        strains = self.measure_strains(stack_lights([light]))[0]
        beyond = [end is not None and strain > end for strain, end in zip(strains, self.ends, strict=True)]
        if beyond[0] or beyond[1]:
            by = percent(self._measure_difference(light))
            if beyond[0]:
                return translate("is {share} darker than the good parts", share=by)
            return translate("is {share} brighter than the good parts", share=by)
        if beyond[2]:
            return translate(
                "is over-exposed: {white} of it is white, of the good parts {usual} at most",
                white=percent(light.clipped),
                usual=percent(self.clipped),
            )
        return None

    def __str__(self) -> str:
        """Say how far it reaches.

        >>> lights = np.array([[50, 90, 100, 120, 200, 0.0]])
        >>> print(replace(LightRange.from_lights(lights), ends=(0.5, 0.2, 0.1)))
        judged to 39 % darker than the darkest, 22 % brighter than the brightest, 10 % white
        """
        darker, brighter, whiter = self.ends
        reaches = (
            None
            if darker is None
            else translate("{share} darker than the darkest", share=percent(-np.expm1(-darker))),
            None
            if brighter is None
            else translate("{share} brighter than the brightest", share=percent(np.expm1(brighter))),
            None if whiter is None else translate("{share} white", share=percent(self.clipped + whiter)),
        )
        reach = join_list(filter(None, reaches)) or translate("any light")
        return translate("judged to {reach}", reach=reach)

    def _measure_difference(self, light: Light) -> float:
        usual = np.array(self.usual)
        told = (usual > _BLACK) & (usual < _WHITE)
        times = float(np.median(np.array(light.levels)[told] / usual[told])) if told.any() else 1.0
        return abs(1 - times)


def fit_light_range(good: FloatArray, variants: FloatArray, rejected: BoolArray) -> LightRange:
    """Return the range of light in which good images are judged good.

    Where good images differ much in light, none is too dark or bright.

    Parameters
    ----------
    good : lights of good images, (images, 6)
    variants : lights of good images in other light, (variants, 6)
    rejected : (variants,) which are judged defects by fits without their images
    """
    learned = LightRange.from_lights(good)
    if learned.difference > _DIFFERENT:
        return replace(learned, ends=(None, None, _CLIPPED))
    strains = learned.measure_strains(variants)
    darker, brighter = (_find_end(strain, rejected) for strain in strains.T[:2])
    return replace(learned, ends=(darker, brighter, _CLIPPED))


def _find_end(strains: FloatArray, rejected: BoolArray) -> float | None:
    """Return the strain up to which images are judged: that of the farthest variant, or nearer.

    It is the one with the least rejected within and, each worth a third of that, accepted beyond.

    Parameters
    ----------
    strains, rejected : (variants,)
    """
    strained = strains > _STRAINED
    if strained.sum() < _FEWEST:
        return None
    order = np.argsort(strains[strained])
    sorted_, out = strains[strained][order], rejected[strained][order]
    within = np.concatenate([[0], np.cumsum(out)])
    beyond = np.concatenate([np.cumsum((~out)[::-1])[::-1], [0]])
    count = len(sorted_) - int(np.argmin((within + _WORTH * beyond)[::-1]))  # the farthest of equals
    return max(_LEAST, float(sorted_[count - 1]) if count else 0.0)
