"""What a few good images are worth: AUROC against that of all, and whether what they promise is kept.

Of some kinds of parts 5, 10 and 20 good images, drawn by seeds, and all of them make models with the defaults
of `auto`; unseen good images and defects are judged.

    python -m tests.benchmarks.accuracy.few_images --sets FOLDER --work FOLDER
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.datasets.train_request import TrainRequest
from anomaly_gui.detection.judging.metrics import image_auroc
from anomaly_gui.detection.judging.verdicts import is_anomalous
from anomaly_gui.detection.runtimes.protocol import default_runtime
from anomaly_gui.detection.scoring import ScoreRequest, score
from anomaly_gui.detection.training import train
from anomaly_gui.progress import SilentProgress
from tests.benchmarks.accuracy.light import choose_evenly
from tests.benchmarks.accuracy.parts import cap_kind
from tests.benchmarks.many_parts.automatic import RATE, add_options, make_settings
from tests.benchmarks.many_parts.features import open_cache
from tests.benchmarks.many_parts.splits import EVERY, list_splits
from tests.benchmarks.part_kinds import list_part_kinds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anomaly_gui.detection.arrays.kinds import FloatArray
    from anomaly_gui.detection.features.feature_cache import FeatureCache
    from anomaly_gui.detection.judging.metrics import Label
    from anomaly_gui.detection.model.model import Model
    from tests.benchmarks.part_kinds import PartKind

_QUIET = SilentProgress()


@dataclass(frozen=True)
class Drawn:
    """What one draw of good images is worth.

    Parameters
    ----------
    promised : share of good parts that may be rejected, as so few can promise
    false_alarms, found : shares of unseen good images, and of defects, that were judged defects
    """

    auroc: float
    promised: float
    false_alarms: float
    found: float


def read_options() -> argparse.Namespace:
    """Return what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    add_options(parser, most=40)
    parser.add_argument("--kinds", nargs="*", default=("bottle", "biscuits", "macaroni", "cells-mono"))
    parser.add_argument("--counts", nargs="*", default=("5", "10", "20", EVERY))
    parser.add_argument("--seeds", type=int, default=8)
    return parser.parse_args()


def measure_draw(
    kind: PartKind, chosen: Sequence[Path], given: argparse.Namespace, cache: FeatureCache
) -> Drawn:
    """Return what a model of some good images is worth."""
    settings = make_settings(kind, given)
    model = train(TrainRequest(tuple(chosen), settings=settings), _QUIET, default_runtime(), cache).model
    good, bad = (_score(model, choose_evenly(one, given.most), cache) for one in (kind.unseen, kind.bad))
    labels: list[Label] = [*(["normal"] * len(good)), *(["anomalous"] * len(bad))]  # type: ignore[list-item]
    return Drawn(
        image_auroc(np.concatenate([good, bad]), labels) or 0.0,
        model.threshold.promised_rate or RATE,
        float(is_anomalous(good, model.threshold.value).mean()),
        float(is_anomalous(bad, model.threshold.value).mean()),
    )


def _score(model: Model, paths: Sequence[Path], cache: FeatureCache) -> FloatArray:
    results = score(ScoreRequest(model, tuple(paths)), _QUIET, default_runtime(), cache).images
    return np.array([one.score for one in results if one.score is not None])


def measure_count(kind: PartKind, count: str, given: argparse.Namespace, cache: FeatureCache) -> list[Drawn]:
    """Return what each draw of so many good images is worth."""
    drawn = []
    for split in list_splits([count], given.seeds, len(kind.good)):
        order = np.random.default_rng(split.seed).permutation(len(kind.good))
        some = order if count == EVERY else order[: int(count)]
        drawn.append(measure_draw(kind, [kind.good[index] for index in sorted(some)], given, cache))
    return drawn


def print_row(kind: str, count: str, drawn: Sequence[Drawn]) -> None:
    """Print a row of a Markdown table: means over draws, and the lowest AUROC."""
    aurocs, promised, alarms, found = (
        np.array([getattr(one, name) for one in drawn]) for name in Drawn.__dataclass_fields__
    )
    print(
        f"| {kind} | {count} | {aurocs.mean():.3f} ({aurocs.min():.3f}) | {promised.mean():.1%} "
        f"| {alarms.mean():.1%} | {found.mean():.0%} |",
        flush=True,
    )


def main() -> None:
    """Measure all kinds and counts asked for."""
    given = read_options()
    cache = open_cache(given.work)
    print("| kind | good images | AUROC (lowest) | promised | false alarms | found |")
    for kind in map(cap_kind, list_part_kinds(given.sets, given.work, given.kinds)):
        for count in given.counts:
            drawn = measure_count(kind, count, given, cache)
            if drawn:
                print_row(kind.name, count, drawn)
    cache.close()


if __name__ == "__main__":
    main()
