"""Detectors with maps: what they find, whether they keep their promise, and what the product recommends.

Sets: solar cells (ELPV) in place and turned by random angles with their corners masked, made-up surfaces with
faults, and made-up bolts in any direction. 400 images to fit (or four of five, where there are fewer), all
others to test, random splits. Everything is read, prepared, fitted and judged by the product's own functions.
Half an hour on two cores.

    python -m tests.benchmarks.accuracy.maps --splits 10 mono poly
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from anomaly_gui.cli.output.progress import TerminalProgress
from anomaly_gui.detection.arrays.cell_store import CellStore
from anomaly_gui.detection.detectors.fitting import fit_detector, judge_all
from anomaly_gui.detection.detectors.placement.placement import Placement
from anomaly_gui.detection.detectors.placement.placement_finder import find_placement
from anomaly_gui.detection.detectors.registry import make_plan
from anomaly_gui.detection.features.collection import Collection, Fingerprints, collect_features
from anomaly_gui.detection.grouping.groups import group_images
from anomaly_gui.detection.images.region_of_interest import RegionOfInterest
from anomaly_gui.detection.judging.metrics import image_auroc
from anomaly_gui.detection.judging.thresholds import HELD_OUT, GoodScores, by_false_alarm_rate
from anomaly_gui.detection.runtimes.protocol import default_runtime
from anomaly_gui.detection.settings.detector_kinds import DETECTORS, LEARNED
from anomaly_gui.detection.settings.train_settings import TrainSettings
from anomaly_gui.progress import SilentProgress
from tests.benchmarks import made_images
from tests.benchmarks.common import describe_spread, load_solar_cells, print_table, write_json

if TYPE_CHECKING:
    from anomaly_gui.detection.arrays.kinds import ImageArray

TO_FIT, SHARE_TO_FIT = 400, 0.8
SETTINGS = TrainSettings(detector="pooled", false_alarm_rate=0.02)
SETS = ("mono", "poly", "turned", *made_images.TEXTURES, "bolt")


@dataclass(frozen=True, eq=False)
class Images:
    """Normal images, then anomalous ones."""

    images: list[ImageArray]
    normal: int


def make_set(name: str) -> Images:
    """Return the images of a set; made ones are drawn anew from a fixed seed."""
    if name in ("mono", "poly", "turned"):
        cells = load_solar_cells("mono" if name == "turned" else name)
        chosen = [cells.images[k] for k in (*cells.normal, *cells.defective)]
        if name == "turned":
            rng = np.random.default_rng(0)
            chosen = [made_images.turn_image(image, float(rng.uniform(0, 360))) for image in chosen]
        return Images(chosen, len(cells.normal))
    rng = np.random.default_rng(len(name))
    if name == "bolt":
        good = [made_images.draw_bolt(rng)[0] for _ in range(300)]
        return Images(good + [made_images.draw_bolt(rng, defect=True)[0] for _ in range(80)], len(good))
    good = [made_images.draw_texture(name, rng) for _ in range(260)]
    faulty = [made_images.draw_faulty_texture(name, rng, k)[0] for k in range(60)]
    return Images(good + faulty, len(good))


def find_set_placement(files: list[Path]) -> Placement:
    """Ask the product for the placement of these parts."""
    return find_placement(
        files, SETTINGS.features, RegionOfInterest(), 10**9, default_runtime(), SilentProgress()
    )


def choose_images(images: Collection, rows: np.ndarray) -> Collection:
    """Return some images of a collection."""
    cells = None
    if images.cells is not None:
        cells = CellStore(images.cells.cells, images.cells.channels)
        for row in rows:
            cells.append(images.cells.read_cells(np.array([row]))[0])
    return replace(
        images,
        records=tuple(images.records[k] for k in rows),
        vectors=images.vectors[rows],
        fingerprints=Fingerprints(images.fingerprints.rows[rows], images.fingerprints.has_fingerprint[rows]),
        cells=cells,
    )


def run_split(
    detector: str, placement: Placement, read: Collection, normal: int, seed: int
) -> dict[str, float]:
    """Fit to a random part of the normal images and judge all others."""
    order = np.random.default_rng(seed).permutation(normal)
    count = min(TO_FIT, int(SHARE_TO_FIT * normal))
    settings = replace(SETTINGS, detector=detector)
    fit, good = choose_images(read, order[:count]), choose_images(read, order[count:])
    bad = choose_images(read, np.arange(normal, len(read.records)))
    groups = group_images(
        "auto",
        [one.path for one in fit.records],
        fit.vectors,
        fit.fingerprints.rows,
        fit.fingerprints.has_fingerprint,
    )
    began = time.perf_counter()
    fitted = fit_detector(settings, make_plan(settings, RegionOfInterest(), placement), fit, groups)
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
    given = parser.parse_args()
    results: dict[str, list[dict[str, float]]] = defaultdict(list)
    advice = []
    for name in given.sets or SETS:
        those = make_set(name)
        with tempfile.TemporaryDirectory() as folder, TerminalProgress() as progress:
            files = [Path(folder, f"{k:05}.png") for k in range(len(those.images))]
            for file, image in zip(files, those.images, strict=True):
                Image.fromarray(image).save(file)
            placement = find_set_placement(files[: those.normal])
            advice.append(
                (name, placement.kind, placement.gain, placement.turned_gain, placement.recommended)
            )
            for detector in (name for name in DETECTORS if name not in LEARNED):
                plan = make_plan(replace(SETTINGS, detector=detector), RegionOfInterest(), placement)
                progress.stage(f"{name}, {detector}", len(files))
                read = collect_features(files, plan, 10**9, default_runtime(), progress)
                for seed in range(given.splits):
                    results[f"{name}, {detector}"].append(
                        run_split(detector, placement, read, those.normal, seed)
                    )
        _print_set(given.splits, results, name)
    write_json(given.json, {"results": results, "advice": advice})
    print_table(
        "Placement of the parts, told from 60 good images",
        ("set", "placement", "gain", "gain once turned", "recommended"),
        advice,
    )


def _print_set(splits: int, results: dict[str, list[dict[str, float]]], name: str) -> None:
    print_table(
        f"{name}: {splits} splits, 2 % promised: mean (range)",
        ("set, detector", "AUROC", "false alarms, %", "found, %", "fit, s", "judge, ms an image"),
        [
            (
                which,
                describe_spread([one["auroc"] for one in runs]),
                describe_spread([one["false_alarms"] for one in runs], 100, 1),
                describe_spread([one["found"] for one in runs], 100, 1),
                describe_spread([one["fit_seconds"] for one in runs], 1, 1),
                describe_spread([one["judge_ms"] for one in runs], 1, 1),
            )
            for which, runs in results.items()
            if which.startswith(f"{name},")
        ],
    )


if __name__ == "__main__":
    main()
