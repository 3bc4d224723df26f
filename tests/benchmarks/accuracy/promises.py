"""Is a promised rate of false alarms kept on every kind of part, and how often is a split above its interval?

All good images of a kind are pooled, and split by part into two thirds to fit and one to test, ten times;
solar cells shot 1 to 6 times as well. Suspects are left out of the fit, as by default. A promise that a split
is too small for is taken at the rate that it can promise. 15 minutes, of which the network takes most.

    python -m tests.benchmarks.accuracy.promises --sets FOLDER --work FOLDER
"""

from __future__ import annotations

import argparse
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from PIL import Image
from scipy.stats import binom

from anomaly_gui.detection.datasets.screening import screen
from anomaly_gui.detection.detectors.fitting import fit_detector, judge_all
from anomaly_gui.detection.features.collection import Collection
from anomaly_gui.detection.features.feature_cache import FeatureCache
from anomaly_gui.detection.features.plan import Plan
from anomaly_gui.detection.grouping.groups import Groups, group_images
from anomaly_gui.detection.judging.thresholds import (
    HELD_OUT,
    GoodScores,
    by_false_alarm_rate,
    with_expectation,
)
from anomaly_gui.detection.settings.train_settings import TrainSettings
from tests.benchmarks.accuracy.bursts import take_shots
from tests.benchmarks.common import load_solar_cells, print_table, write_json
from tests.benchmarks.part_kinds import PartKind, list_part_kinds, make_kind_plan, read_images

RATES = (0.01, 0.02)
TO_FIT = 2 / 3
CELLS_SHOT = 300
_CHANCE = 0.05


@dataclass(frozen=True)
class Split:
    """What one split gave.

    Parameters
    ----------
    promised, found : shares of false alarms
    high : upper end of the interval that is stated
    left_out : good images taken for suspects
    tested : parts
    """

    promised: float
    found: float
    high: float
    left_out: int
    tested: int

    @property
    def is_above(self) -> bool:
        """Tell whether the upper end of the interval can be excluded: so many false alarms are no chance."""
        count = round(self.found * self.tested)
        return bool(count and binom.sf(count - 1, self.tested, self.high) < _CHANCE)


def run_split(
    images: Collection, groups: Groups, true: Groups | None, settings: TrainSettings, plan: Plan, seed: int
) -> list[Split]:
    """Fit to the images of two thirds of the parts, and judge the others, at every rate.

    Splits are by true groups where these are known, all else by those found.
    """
    known = groups if true is None else true
    parts = np.random.default_rng(seed).permutation(np.unique(known.numbers))
    fitted = np.isin(known.numbers, parts[: round(TO_FIT * len(parts))])
    fit, test = np.flatnonzero(fitted), np.flatnonzero(~fitted)
    chosen = images.select_images(fit)
    screening = screen(chosen, groups.select_images(fit), settings)
    kept = fit[screening.used]
    of_fit = groups.select_images(kept)
    model = fit_detector(settings, plan, images.select_images(kept), of_fit)
    good = GoodScores(model.held_out, of_fit, HELD_OUT, screening.perhaps_good)
    scores, weights = (
        judge_all(model.detector, images.select_images(test))[0],
        known.select_images(test).weights,
    )
    tested = round(float(weights.sum()))
    splits = []
    for rate in RATES:
        threshold = with_expectation(by_false_alarm_rate(good, rate), good)
        found = float(weights[scores < threshold.value].sum() / weights.sum())
        splits.append(
            Split(threshold.promised_rate, found, threshold.expected.high, len(fit) - len(kept), tested)
        )
    return splits


def write_shot_cells(work: Path) -> tuple[PartKind, np.ndarray]:
    """Return cells shot 1 to 6 times, and which cell each image shows."""
    folder = work / "cells-shot"
    mono = load_solar_cells("mono")
    random = np.random.default_rng(0)
    taken = [take_shots(image, random) for image in mono.images[mono.normal[:CELLS_SHOT]]]
    sources = np.repeat(np.arange(len(taken)), [len(these) for these in taken])
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / f"{number:05}.png" for number in range(len(sources))]
    for file, shot in zip(files, (shot for these in taken for shot in these), strict=True):
        if not file.exists():
            Image.fromarray(shot).save(file)
    return PartKind("cells-shot", tuple(files), (), ()), sources


def main() -> None:
    """Print what was promised and what was kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--sets", type=Path, required=True, help="folder of real sets")
    parser.add_argument("--work", type=Path, required=True, help="folder for made-up images and features")
    parser.add_argument("--detectors", default="pooled,positional,texture")
    parser.add_argument("--kinds", default="", help="names with commas; all without")
    parser.add_argument("--splits", type=int, default=10)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    cache = FeatureCache(given.work / "features")
    names = [name for name in given.kinds.split(",") if name]
    kinds = [(kind, None) for kind in list_part_kinds(given.sets, given.work, names)]
    if not names or "cells-shot" in names:
        kinds.append(write_shot_cells(given.work))
    rows, results = [], {}
    for kind, sources in kinds:
        for detector in given.detectors.split(","):
            settings = TrainSettings(detector=detector, size=kind.size)
            plan = make_kind_plan(kind, settings, cache)
            images = read_images((*kind.good, *kind.unseen), plan, cache)
            paths = [record.path for record in images.records]
            found = group_images(
                "auto", paths, images.vectors, images.fingerprints.rows, images.fingerprints.has_fingerprint
            )
            true = None if sources is None else replace(found, numbers=sources)
            splits = [run_split(images, found, true, settings, plan, seed) for seed in range(given.splits)]
            results[f"{kind.name}, {detector}"] = [[asdict(one) for one in split] for split in splits]
            rows.append(_row(kind.name, detector, found.count, splits))
            print(rows[-1], flush=True)
    write_json(given.json, results)
    print_table(
        f"{given.splits} splits: promised, false alarms found, their ratio, splits above their interval",
        ("kind", "detector", "parts", "at 1 %", "at 2 %", "left out"),
        rows,
    )


def _row(name: str, detector: str, parts: int, splits: list[list[Split]]) -> tuple[str, ...]:
    texts = []
    for index in range(len(RATES)):
        of_rate = [split[index] for split in splits]
        promised = float(np.mean([one.promised for one in of_rate]))
        found = float(np.mean([one.found for one in of_rate]))
        above = sum(one.is_above for one in of_rate)
        texts.append(f"{promised:.1%}, {found:.1%}, {found / promised:.2f}, {above} of {len(of_rate)}")
    left_out = np.mean([split[0].left_out for split in splits])
    return (name, detector, str(parts), *texts, f"{left_out:.1f}")


if __name__ == "__main__":
    main()
