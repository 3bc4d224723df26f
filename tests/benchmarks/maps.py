"""Detectors with maps: what they find, whether they keep their promise, and what the product recommends.

Sets: solar cells (ELPV) in place and turned by random angles with their corners masked, made-up surfaces with
faults, and made-up bolts in any direction. 400 images to fit (or four of five, where there are fewer), all
others to test, random splits. Everything is read, prepared, fitted and judged by the product's own functions.
Half an hour on two cores.

    python tests/benchmarks/maps.py --splits 10 mono poly
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import made
import numpy as np
from common import show, solar_cells, spread, write_json
from PIL import Image

from anomaly_gui.cli.progress import TerminalProgress
from anomaly_gui.detection.arrays.cell_store import CellStore
from anomaly_gui.detection.detectors.fitting import fit_detector, judge_all
from anomaly_gui.detection.detectors.placement.placement import Placement
from anomaly_gui.detection.detectors.placement.placement_finder import find_placement
from anomaly_gui.detection.detectors.registry import make_plan
from anomaly_gui.detection.features.collection import Collection, Fingerprints, collect
from anomaly_gui.detection.grouping.groups import group_images
from anomaly_gui.detection.images.region_of_interest import RegionOfInterest
from anomaly_gui.detection.judging.metrics import image_auroc
from anomaly_gui.detection.judging.thresholds import HELD_OUT, GoodScores, by_false_alarm_rate
from anomaly_gui.detection.runtimes.protocol import default_runtime
from anomaly_gui.detection.settings.detector_kinds import DETECTORS
from anomaly_gui.detection.settings.train_settings import TrainSettings
from anomaly_gui.progress import SilentProgress

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.kinds import ImageArray

TO_FIT, SHARE_TO_FIT = 400, 0.8
SETTINGS = TrainSettings(false_alarm_rate=0.02)
SETS = ("mono", "poly", "turned", *made.TEXTURES, "bolt")


@dataclass(frozen=True, eq=False)
class Images:
    """Normal images, then anomalous ones."""

    images: list[ImageArray]
    normal: int


def images_of(name: str) -> Images:
    """Return the images of a set; made ones are drawn anew from a fixed seed."""
    if name in ("mono", "poly", "turned"):
        cells = solar_cells("mono" if name == "turned" else name)
        chosen = [cells.images[k] for k in (*cells.normal, *cells.defective)]
        if name == "turned":
            rng = np.random.default_rng(0)
            chosen = [made.turned(image, float(rng.uniform(0, 360))) for image in chosen]
        return Images(chosen, len(cells.normal))
    rng = np.random.default_rng(len(name))
    if name == "bolt":
        good = [made.bolt(rng)[0] for _ in range(300)]
        return Images(good + [made.bolt(rng, defect=True)[0] for _ in range(80)], len(good))
    good = [made.texture(name, rng) for _ in range(260)]
    faulty = [made.faulty_texture(name, rng, k)[0] for k in range(60)]
    return Images(good + faulty, len(good))


def lying_of(files: list[Path]) -> Placement:
    """Ask the product how these parts lie."""
    return find_placement(
        files, SETTINGS.features, RegionOfInterest(), 10**9, default_runtime(), SilentProgress()
    )


def some(images: Collection, rows: np.ndarray) -> Collection:
    """Return some images of a collection."""
    cells = None
    if images.cells is not None:
        cells = CellStore(images.cells.cells, images.cells.channels)
        for row in rows:
            cells.append(images.cells.rows(np.array([row]))[0])
    return replace(
        images,
        records=tuple(images.records[k] for k in rows),
        vectors=images.vectors[rows],
        grains=Fingerprints(images.grains.rows[rows], images.grains.known[rows]),
        cells=cells,
    )


def one_split(detector: str, lying: Placement, read: Collection, normal: int, seed: int) -> dict[str, float]:
    """Fit to a random part of the normal images and judge all others."""
    order = np.random.default_rng(seed).permutation(normal)
    count = min(TO_FIT, int(SHARE_TO_FIT * normal))
    settings = replace(SETTINGS, detector=detector)
    fit, good = some(read, order[:count]), some(read, order[count:])
    bad = some(read, np.arange(normal, len(read.records)))
    groups = group_images(
        "auto", [one.path for one in fit.records], fit.vectors, fit.grains.rows, fit.grains.known
    )
    began = time.perf_counter()
    fitted = fit_detector(settings, make_plan(settings, RegionOfInterest(), lying), fit, groups)
    seconds = time.perf_counter() - began
    threshold = by_false_alarm_rate(GoodScores(fitted.held_out, groups, HELD_OUT), 0.02).value
    began = time.perf_counter()
    scores = [judge_all(fitted.detector, images)[0] for images in (good, bad)]
    judging = (time.perf_counter() - began) / len(np.concatenate(scores))
    labels = ["normal"] * len(scores[0]) + ["anomalous"] * len(scores[1])
    return {
        "auroc": image_auroc(np.concatenate(scores), labels) or 0.0,
        "false_alarms": float(np.mean(scores[0] < threshold)),
        "found": float(np.mean(scores[1] < threshold)),
        "fit_seconds": seconds,
        "judge_ms": 1000 * judging,
    }


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("sets", nargs="*", choices=(*SETS, []), default=list(SETS))
    parser.add_argument("--splits", type=int, default=3)
    parser.add_argument("--json", type=Path)
    told = parser.parse_args()
    results: dict[str, list[dict[str, float]]] = defaultdict(list)
    advice = []
    for name in told.sets or SETS:
        those = images_of(name)
        with tempfile.TemporaryDirectory() as folder, TerminalProgress() as progress:
            files = [Path(folder, f"{k:05}.png") for k in range(len(those.images))]
            for file, image in zip(files, those.images, strict=True):
                Image.fromarray(image).save(file)
            lying = lying_of(files[: those.normal])
            advice.append((name, lying.kind, lying.gain, lying.turned_gain, lying.recommended))
            for detector in DETECTORS:
                plan = make_plan(replace(SETTINGS, detector=detector), RegionOfInterest(), lying)
                progress.stage(f"{name}, {detector}", len(files))
                read = collect(files, plan, 10**9, default_runtime(), progress)
                for seed in range(told.splits):
                    results[f"{name}, {detector}"].append(
                        one_split(detector, lying, read, those.normal, seed)
                    )
        _print(told.splits, results, name)
    write_json(told.json, {"results": results, "advice": advice})
    show(
        "How the parts lie, told from 60 good images",
        ("set", "they lie", "gain", "gain once turned", "recommended"),
        advice,
    )


def _print(splits: int, results: dict[str, list[dict[str, float]]], name: str) -> None:
    show(
        f"{name}: {splits} splits, 2 % promised: mean (range)",
        ("set, detector", "AUROC", "false alarms, %", "found, %", "fit, s", "judge, ms an image"),
        [
            (
                which,
                spread([one["auroc"] for one in runs]),
                spread([one["false_alarms"] for one in runs], 100, 1),
                spread([one["found"] for one in runs], 100, 1),
                spread([one["fit_seconds"] for one in runs], 1, 1),
                spread([one["judge_ms"] for one in runs], 1, 1),
            )
            for which, runs in results.items()
            if which.startswith(f"{name},")
        ],
    )


if __name__ == "__main__":
    main()
