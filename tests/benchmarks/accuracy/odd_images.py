"""One foreign, black or damaged image among the good ones: is it named, and are as many defects found?

For every kind of part, 30, 100 and all good images (400 at most), and every detector: trained clean, then
with each image planted in turn. The share of defects found at a promised 1 % is compared with the clean
training's. Half an hour the first time: features are cached in the folder to work in.

    python -m tests.benchmarks.accuracy.odd_images --sets FOLDER --work FOLDER
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

from anomaly_gui.detection.datasets.screening import screen
from anomaly_gui.detection.detectors.fitting import fit_detector, judge_all
from anomaly_gui.detection.features.collection import Collection
from anomaly_gui.detection.features.feature_cache import FeatureCache
from anomaly_gui.detection.features.plan import Plan
from anomaly_gui.detection.grouping.groups import Groups, group_images
from anomaly_gui.detection.judging.thresholds import HELD_OUT, GoodScores, by_false_alarm_rate
from anomaly_gui.detection.settings.train_settings import TrainSettings
from tests.benchmarks.common import print_table
from tests.benchmarks.part_kinds import PartKind, list_part_kinds, make_kind_plan, read_images

COUNTS = (30, 100, 400)


@dataclass(frozen=True)
class Outcome:
    """What a training made of one image planted among good ones; empty for none."""

    kind: str
    detector: str
    count: int
    planted: str
    is_named: bool
    also_named: int
    found: float
    false_alarms: float


def write_odd_images(kind: PartKind, folder: Path, foreign: Path) -> Iterator[tuple[str, Path]]:
    """Write images that are no good ones of a kind, each under its name."""
    folder.mkdir(parents=True, exist_ok=True)
    good = Image.open(kind.good[len(kind.good) // 2]).convert("RGB")
    other = Image.open(foreign).convert("RGB").resize(good.size)
    noise = np.random.default_rng(1).integers(0, 76, (good.height, good.width, 3))
    half = np.array(good)
    half[good.height // 2 :] = 128
    images = {
        "black": Image.new("RGB", good.size),
        "white": Image.new("RGB", good.size, "white"),
        "foreign": other,
        "noise": Image.fromarray(noise.astype(np.uint8)),
        "half missing": Image.fromarray(half),
        "out of focus": good.filter(ImageFilter.GaussianBlur(max(good.size) / 40)),
    }
    for name, image in images.items():
        file = folder / f"{kind.name} {name}.png"
        image.save(file)
        yield name, file


def train_and_judge(
    chosen: Collection,
    groups: Groups,
    bad: Collection,
    unseen: Collection,
    settings: TrainSettings,
    plan: Plan,
) -> tuple[set[str], float, float]:
    """Return the names of suspects, and the shares of defects found and of good ones rejected."""
    screening = screen(chosen, groups, settings)
    kept = chosen.select_images(screening.used)
    of_kept = groups.select_images(screening.used)
    fitted = fit_detector(settings, plan, kept, of_kept)
    good = GoodScores(fitted.held_out, of_kept, HELD_OUT, screening.perhaps_good)
    threshold = by_false_alarm_rate(good, settings.false_alarm_rate).value
    found, rejected = (
        float(np.mean(judge_all(fitted.detector, images)[0] < threshold)) for images in (bad, unseen)
    )
    return {suspect.path.name for suspect in screening.suspects}, found, rejected


def run_kind(
    kind: PartKind, detector: str, foreign: Path, work: Path, cache: FeatureCache
) -> Iterator[Outcome]:
    """Yield what each training gave."""
    settings = TrainSettings(detector=detector, size=kind.size)
    plan = make_kind_plan(kind, settings, cache)
    odd = list(write_odd_images(kind, work / "odd", foreign))
    good = read_images((*kind.good, *(file for _, file in odd)), plan, cache)
    bad, unseen = read_images(kind.bad, plan, cache), read_images(kind.unseen, plan, cache)
    paths = [record.path for record in good.records]
    groups = group_images(
        "auto", paths, good.vectors, good.fingerprints.rows, good.fingerprints.has_fingerprint
    )
    indices = {record.path: index for index, record in enumerate(good.records)}
    of_good = np.array([index for path, index in indices.items() if path in set(kind.good)])
    done = set()
    for count in COUNTS:
        spread = np.unique(np.linspace(0, len(of_good) - 1, count).astype(int))
        if len(spread) in done:
            continue
        done.add(len(spread))
        for planted, file in (("", None), *odd):
            chosen = of_good[spread] if file is None else np.append(of_good[spread], indices[file])
            of_chosen = good.select_images(chosen), groups.select_images(chosen)
            named, found, rejected = train_and_judge(*of_chosen, bad, unseen, settings, plan)
            is_named = file is not None and file.name in named
            others = len(named) - is_named
            yield Outcome(kind.name, detector, len(spread), planted, is_named, others, found, rejected)


def main() -> None:
    """Print a row for each kind, detector and number of images."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--sets", type=Path, required=True, help="folder of real sets")
    parser.add_argument("--work", type=Path, required=True, help="folder for made-up images and features")
    parser.add_argument("--detectors", default="pooled,positional,texture")
    parser.add_argument("--kinds", default="", help="names with commas; all without")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    cache = FeatureCache(given.work / "features")
    kinds = list(list_part_kinds(given.sets, given.work, [name for name in given.kinds.split(",") if name]))
    rings = next(list_part_kinds(given.sets, given.work, ["rings"])).good[0]
    outcomes: list[Outcome] = []
    rows = []
    for kind in kinds:
        foreign = (
            rings
            if kind.name != "rings"
            else next(list_part_kinds(given.sets, given.work, ["digits"])).good[0]
        )
        for detector in given.detectors.split(","):
            of_one = list(run_kind(kind, detector, foreign, given.work, cache))
            outcomes += of_one
            for count in dict.fromkeys(one.count for one in of_one):
                rows.append(_row([one for one in of_one if one.count == count]))
                print(rows[-1], flush=True)
    if given.json:
        given.json.write_text(json.dumps([asdict(one) for one in outcomes], indent=1), "utf-8")
    print_table(
        "One odd image among good ones, a promised 1 %",
        (
            "kind",
            "detector",
            "images",
            "named",
            "not named",
            "found clean, %",
            "found planted less clean, points",
        ),
        rows,
    )


def _row(outcomes: list[Outcome]) -> tuple[str, ...]:
    clean, planted = outcomes[0], outcomes[1:]
    missed = ", ".join(one.planted for one in planted if not one.is_named)
    change = [100 * (one.found - clean.found) for one in planted]
    return (
        clean.kind,
        clean.detector,
        str(clean.count),
        f"{sum(one.is_named for one in planted)} of {len(planted)}",
        f"{missed or 'none'}{f' (and {clean.also_named} good ones named)' if clean.also_named else ''}",
        f"{100 * clean.found:.0f}",
        f"{min(change):+.1f} to {max(change):+.1f}",
    )


if __name__ == "__main__":
    main()
