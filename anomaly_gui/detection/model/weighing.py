"""Which opinions of the automatic detector count, where known defects tell."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.arrays.products import products_on_one_core
from anomaly_gui.detection.detectors.automatic import AutomaticDetector
from anomaly_gui.detection.detectors.opinions import MEMORY, PLACES, SHARED, WHOLE, join_weighted
from anomaly_gui.detection.features.network_outputs import ImageFeatures
from anomaly_gui.detection.judging.choosing import Choice, JudgedImages, choose_candidate
from anomaly_gui.language import mark, translate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from anomaly_gui.detection.arrays.kinds import FloatArray, IntArray
    from anomaly_gui.detection.detectors.protocol import Fitted
    from anomaly_gui.detection.features.collection import Collection
    from anomaly_gui.detection.grouping.groups import Groups

_WORDS: Mapping[str, str] = {
    SHARED: mark("one Gaussian of all places"),
    MEMORY: mark("the memory of places"),
    PLACES: mark("a Gaussian of each place"),
    WHOLE: mark("the whole image"),
}


@dataclass(frozen=True)
class Weighing:
    """What known defects say of the opinions that are joined: all of them first, then each alone.

    Parameters
    ----------
    choice : among them, by number
    names : of the opinions
    """

    choice: Choice
    names: tuple[str, ...]

    @property
    def chosen(self) -> str | None:
        """The name of the opinion that counts alone; None for all of them."""
        return self.names[self.choice.chosen - 1] if self.choice.chosen else None

    def __str__(self) -> str:
        """Say what was chosen, by how many defects, with the numbers."""
        joined, alone = self.choice.aurocs[0], self.choice.aurocs[self.choice.best]
        defects = self.choice.defects
        if self.chosen:
            return translate(
                "Chosen by {defects:,} known defects: {best} alone, AUROC {alone} against {joined} of all "
                "opinions joined; on images that had no part in the choice it gains {gain}.",
                defects=defects,
                best=translate(_WORDS[self.chosen]),
                alone=alone,
                joined=joined,
                gain=self.choice.gain,
            )
        if not self.choice.best:
            return translate(
                "By {defects:,} known defects: AUROC {joined}, and no opinion alone is better.",
                defects=defects,
                joined=joined,
            )
        return translate(
            "By {defects:,} known defects: AUROC {joined}, and no opinion alone is better beyond chance (the "
            "best, {best}: {alone:.3f}).",
            defects=defects,
            joined=joined,
            best=translate(_WORDS[self.names[self.choice.best - 1]]),
            alone=alone.value,
        )


@products_on_one_core()
def weigh_opinions(
    fitted: Fitted, good: Groups, defects: Collection, of_defects: IntArray
) -> tuple[Fitted, Weighing | None]:
    """Let one opinion count alone where known defects show that it is better, beyond chance, than all joined.

    The promise rests on held-out scores of good images as before: those of the opinion chosen.

    Parameters
    ----------
    good : which good images show one part
    defects : known ones
    of_defects : (defects,) numbers; those of one number show one part

    Returns
    -------
    The detector as it is to be used, and what was found; None where it joins nothing, or too few defects tell
    """
    detector = fitted.detector
    if not isinstance(detector, AutomaticDetector) or fitted.rated is None or not defects.records:
        return fitted, None
    names, count = tuple(fitted.rated), len(fitted.held_out)
    of_good = {name: each[:count] for name, each in fitted.rated.items()}
    every = [detector.weights, *(_weigh_alone(name, names) for name in names)]
    rated = _rate_all(detector, defects)
    choice = choose_candidate(
        JudgedImages(_score_all(of_good, every), good.held_out_together),
        JudgedImages(_score_all(rated, every), of_defects),
        default=0,
    )
    if choice is None:
        return fitted, None
    weights = every[choice.chosen]
    scores = -join_weighted(fitted.rated, weights)
    of_variants = None if fitted.of_variants is None else scores[count:]
    weighed = replace(detector, weights=weights)
    chosen = replace(fitted, detector=weighed, held_out=scores[:count], of_variants=of_variants)
    return chosen, Weighing(choice, names)


def _weigh_alone(name: str, names: tuple[str, ...]) -> dict[str, float]:
    return {each: float(each == name) for each in names}


def _score_all(rated: Mapping[str, FloatArray], every: list[Mapping[str, float]]) -> FloatArray:
    """Return the scores under all weights, (weights, images)."""
    return np.stack([-join_weighted(rated, weights) for weights in every])


def _rate_all(detector: AutomaticDetector, images: Collection) -> dict[str, FloatArray]:
    """Return the deviations of collected images, (images,) by opinion."""
    if images.cells is None:
        raise ValueError("opinions of places need features of cells")
    rated = [
        detector.rate(ImageFeatures(images.vectors[numbers], cells))
        for numbers, cells in images.cells.read_batches()
    ]
    return {name: np.concatenate([each[name] for each in rated]) for name in rated[0]}
