"""One candidate on one split: fitted as training fits it, and judged on what it has not seen."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.datasets.screening import screen
from anomaly_gui.detection.detectors.costs import estimate_megabytes
from anomaly_gui.detection.detectors.fitting import fit_detector
from anomaly_gui.detection.features.network_outputs import ImageFeatures
from anomaly_gui.detection.judging.metrics import Rate, image_auroc
from anomaly_gui.detection.judging.thresholds import HELD_OUT, GoodScores, by_false_alarm_rate
from anomaly_gui.detection.settings.choices import POOLED
from tests.benchmarks.many_parts.candidates import VARIANTS, PartsCandidate
from tests.benchmarks.many_parts.pixels import judge_maps
from tests.benchmarks.many_parts.splits import SplitName, choose_to_learn

if TYPE_CHECKING:
    from pathlib import Path

    from anomaly_gui.detection.arrays.kinds import FloatArray, IntArray
    from anomaly_gui.detection.detectors.placement.placement import Placement
    from anomaly_gui.detection.detectors.protocol import Detector
    from anomaly_gui.detection.features.collection import Collection
    from anomaly_gui.detection.grouping.groups import Groups
    from anomaly_gui.detection.judging.metrics import Label
    from tests.benchmarks.many_parts.features import KindFeatures
    from tests.benchmarks.many_parts.results import Record

RATES = (0.01, 0.02)
FEWEST_TO_TELL = 12
"""Images from which on training tells how parts lie."""


@dataclass(frozen=True, eq=False)
class Split:
    """What is learned from and what is judged, as indices of a kind's images.

    Parameters
    ----------
    learned : without suspects
    groups : of those
    perhaps_good : parts that were left out as suspects and may be good
    is_known : whether training can tell how the parts lie
    """

    learned: IntArray
    groups: Groups
    perhaps_good: int
    unseen: IntArray
    bad: IntArray
    is_known: bool


def make_split(features: KindFeatures, name: SplitName) -> Split:
    """Choose the images of a split, group and screen them as training does."""
    pool, unseen, bad = features.roles()
    good = np.concatenate([pool, unseen])
    numbers = np.full(len(features.wide.records), -1)
    numbers[good] = features.group(good, features.kind.group_by).numbers
    chosen = choose_to_learn(pool, unseen, numbers, name)
    groups = features.group(chosen, "auto")
    whole = features.default_vectors().select_images(chosen)
    screening = screen(whole, groups, features.settings)
    return Split(
        chosen[screening.used],
        groups.select_images(screening.used),
        screening.perhaps_good,
        unseen,
        bad,
        len(chosen) >= FEWEST_TO_TELL,
    )


def try_candidate(candidate: PartsCandidate, features: KindFeatures, split: Split) -> Record:
    """Fit a candidate to what is learned from, judge the rest, and return what was measured."""
    settings, plan, images = features.take(candidate, split.is_known)
    with VARIANTS[candidate.variant].applied():
        began = time.perf_counter()
        fitted = fit_detector(settings, plan, images.select_images(split.learned), split.groups)
        fitted_at = time.perf_counter()
        good, good_maps = _judge(fitted.detector, images, split.unseen)
        bad, bad_maps = _judge(fitted.detector, images, split.bad)
        judging = (time.perf_counter() - fitted_at) / (len(good) + len(bad))
    held_out = GoodScores(fitted.held_out, split.groups, HELD_OUT, split.perhaps_good)
    masks, poses = (features.masks, features.find_poses(plan)) if good_maps else ({}, {})
    unseen = {images.records[index].path for index in split.unseen}
    pixel_auroc, aupro = judge_maps([*good_maps, *bad_maps], masks, unseen, plan, poses)
    return {
        **describe_scores(held_out, good, bad),
        "pixel_auroc": pixel_auroc,
        "aupro": aupro,
        "fit_seconds": fitted_at - began,
        "images_per_second": 1 / (features.seconds_an_image(plan) + judging),
        "megabytes": estimate_megabytes(fitted.detector, len(split.learned)),
        "learned": len(split.learned),
        "parts": split.groups.count,
        **describe_advice(features.placement if split.is_known else None),
    }


def describe_scores(held_out: GoodScores, good: FloatArray, bad: FloatArray) -> Record:
    """Return AUROC and rates of the scores of unseen good images and of defects."""
    labels: list[Label] = [*(["normal"] * len(good)), *(["anomalous"] * len(bad))]  # type: ignore[list-item]
    return {
        "auroc": image_auroc(np.concatenate([good, bad]), labels),
        "rates": {str(rate): _judge_rate(held_out, rate, good, bad) for rate in RATES},
    }


def describe_advice(placement: Placement | None) -> Record:
    """Return which detector training recommends, and the gains that say so; `pooled` where nothing does."""
    if placement is None:
        return {"advised": POOLED, "gain": None, "turned_gain": None, "placement": None}
    return {
        "advised": placement.recommended or POOLED,
        "gain": placement.gain,
        "turned_gain": placement.turned_gain,
        "placement": placement.kind,
    }


def _judge(
    detector: Detector, images: Collection, indices: IntArray
) -> tuple[FloatArray, list[tuple[Path, FloatArray]]]:
    """Return the scores of some images, and their files with their maps where there are any."""
    chosen = images.select_images(indices)
    if chosen.cells is None:
        return detector.judge(ImageFeatures(np.asarray(chosen.vectors))).scores, []
    scores, maps = [], []
    for numbers, cells in chosen.cells.read_batches():
        judged = detector.judge(ImageFeatures(np.asarray(chosen.vectors)[numbers], cells))
        scores.append(judged.scores)
        if judged.maps is not None:
            maps += [
                (chosen.records[number].path, one) for number, one in zip(numbers, judged.maps, strict=True)
            ]
    return np.concatenate(scores), maps


def _judge_rate(held_out: GoodScores, rate: float, good: FloatArray, bad: FloatArray) -> Record:
    """Return what was promised, and false alarms and defects found with their intervals."""
    threshold = by_false_alarm_rate(held_out, rate)
    alarms, found = (int(np.sum(scores < threshold.value)) for scores in (good, bad))
    return {
        "promised": threshold.promised_rate,
        "false_alarms": asdict(Rate.of(alarms, len(good))),
        "found": asdict(Rate.of(found, len(bad))),
    }
