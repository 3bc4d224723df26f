"""Against PaDiM and PatchCore, written from their papers, on the same images and features in one run.

PaDiM (Defard et al., 2020): 100 channels picked at random, a Gaussian at each cell with 0.01 added to its
variances, maps stretched to the input and smoothed with 4 pixels, the highest value is the score. PatchCore
(Roth et al., 2022): 3 x 3 neighbourhoods averaged, 1 % of all patches kept greedily by distances in 128
random directions, distance to the nearest, weighed by how near its own neighbours are. Both score 224 px
inputs by the 896 channels of block2_conv2, block3_conv3 and block4_conv3 on a 28 x 28 grid, as the product
does. Times are what each takes beyond the network; the product's hold the scores its threshold needs too.

    python -m tests.benchmarks.accuracy.against_papers --splits 2 mono poly turned
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image
from scipy.ndimage import gaussian_filter, uniform_filter

from anomaly_gui.detection.arrays.cell_store import CellStore
from anomaly_gui.detection.detectors.fitting import fit_detector, judge_all
from anomaly_gui.detection.detectors.placement.placement import Placement
from anomaly_gui.detection.detectors.registry import make_plan
from anomaly_gui.detection.features.collection import Collection, Fingerprints
from anomaly_gui.detection.features.grids import reduce_cells
from anomaly_gui.detection.features.vectors import normalize_vectors
from anomaly_gui.detection.grouping.groups import Groups
from anomaly_gui.detection.images.region_of_interest import RegionOfInterest
from anomaly_gui.detection.judging.metrics import image_auroc
from anomaly_gui.detection.runtimes.protocol import default_runtime
from anomaly_gui.detection.settings.backbones import VGG16
from anomaly_gui.detection.settings.choices import HELLINGER
from tests.benchmarks.accuracy.maps import SETTINGS, TO_FIT, find_set_placement, make_set
from tests.benchmarks.common import describe_spread, print_table, write_json

SIDE = 28
_NO_FINGERPRINTS = Fingerprints(np.empty((0, 0), np.uint8), np.empty(0, np.bool_))


def compute_outputs(pixels: np.ndarray, placement: Placement | None) -> tuple[np.ndarray, np.ndarray]:
    """Return (images, cells, 896) float16 and pooled features, of images as they are or aligned."""
    runtime, grids, pooled = default_runtime(), [], []
    for first in range(0, len(pixels), 16):
        batch = np.stack([_prepare_input(image, placement) for image in pixels[first : first + 16]])
        vectors, grid = runtime.gridded(batch, SETTINGS.features.layers, VGG16.grid_layers, (SIDE, SIDE))
        grids.append(grid.astype(np.float16))
        pooled.append(normalize_vectors(vectors, SETTINGS.features.normalization))
    return np.concatenate(grids), np.concatenate(pooled)


def _prepare_input(image: np.ndarray, placement: Placement | None) -> np.ndarray:
    size = 224 if placement is None else 299
    square = Image.fromarray(image).convert("RGB").resize((size, size), Image.Resampling.BILINEAR)
    if placement is None or placement.alignment is None:
        return np.asarray(square)
    large = np.asarray(square)
    return placement.alignment.apply_pose(large, placement.alignment.find_pose(large), 224)


def run_padim(fit: np.ndarray, judged: np.ndarray) -> np.ndarray:
    """Return scores, higher is more normal."""
    picked = np.sort(np.random.default_rng(0).permutation(fit.shape[2])[:100])
    some = fit[:, :, picked].astype(np.float32)
    means = some.mean(axis=0)
    about = (some - means).transpose(1, 0, 2)
    covariances = about.transpose(0, 2, 1) @ about / (len(fit) - 1) + 0.01 * np.eye(100)
    precisions = np.linalg.inv(covariances).astype(np.float32)
    scores = []
    for image in judged:
        apart = image[:, picked].astype(np.float32) - means
        distances = np.sqrt(np.einsum("ci,cij,cj->c", apart, precisions, apart, optimize=True).clip(0))
        fine = Image.fromarray(distances.reshape(SIDE, SIDE)).resize((224, 224), Image.Resampling.BILINEAR)
        scores.append(-gaussian_filter(np.asarray(fine), 4).max())
    return np.array(scores)


def run_patchcore(fit: np.ndarray, judged: np.ndarray) -> np.ndarray:
    """Return scores, higher is more normal."""
    patches = np.concatenate([_average_neighbourhoods(image) for image in fit])
    memory = patches[_choose_coreset(patches, len(patches) // 100)]
    squared = (memory**2).sum(axis=1)
    scores = []
    for image in judged:
        these = _average_neighbourhoods(image)
        apart = (these**2).sum(axis=1)[:, None] + squared - 2 * these @ memory.T
        nearest = np.sqrt(apart.min(axis=1).clip(0))
        worst = int(nearest.argmax())
        closest = memory[int(apart[worst].argmin())]
        around = np.argsort(((memory - closest) ** 2).sum(axis=1))[:9]
        to_them = np.sqrt(((memory[around] - these[worst]) ** 2).sum(axis=1))
        weight = 1 - 1 / np.exp(to_them - nearest[worst]).sum()
        scores.append(-weight * nearest[worst])
    return np.array(scores)


def _average_neighbourhoods(image: np.ndarray) -> np.ndarray:
    square = image.astype(np.float32).reshape(SIDE, SIDE, -1)
    return uniform_filter(square, (3, 3, 0), mode="nearest").reshape(SIDE * SIDE, -1)


def _choose_coreset(patches: np.ndarray, count: int) -> np.ndarray:
    rng = np.random.default_rng(0)
    few = patches @ (rng.normal(size=(patches.shape[1], 128)) / np.sqrt(128)).astype(np.float32)
    squared = (few**2).sum(axis=1)
    kept = [int(rng.integers(len(few)))]
    apart = np.full(len(few), np.inf, np.float32)
    for _ in range(count - 1):
        last = few[kept[-1]]
        apart = np.minimum(apart, squared - 2 * few @ last + squared[kept[-1]])
        kept.append(int(apart.argmax()))
    return np.array(kept)


def run_product(
    detector: str, placement: Placement, fit: np.ndarray, judged: np.ndarray, pooled: tuple
) -> np.ndarray:
    """Fit and judge as the product does, from the same outputs."""
    settings = replace(SETTINGS, detector=detector)
    plan = make_plan(settings, RegionOfInterest(), placement)
    sets = []
    for outputs, vectors in zip((fit, judged), pooled, strict=True):
        store = CellStore(SIDE * SIDE, plan.grid.settings.channels)
        for image in outputs:
            cells = reduce_cells(image[None].astype(np.float32), plan.grid.directions, HELLINGER)
            store.append(cells[0])
        looks, lights = np.empty((0, 4), np.float32), np.empty((0, 6), np.float32)
        samples = np.empty((0, 224, 224, 3), np.uint8)
        sets.append(Collection((), vectors, _NO_FINGERPRINTS, looks, lights, samples, (), (), store))
    groups = Groups(np.arange(len(fit)), "independent")
    return judge_all(fit_detector(settings, plan, sets[0], groups).detector, sets[1])[0]


def _split_outputs(outputs: np.ndarray, fit: np.ndarray, judged: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return outputs[fit], outputs[judged]


def run_split(those, as_they_are, turned, detector, placement, seed):
    """Yield each method's name, with its AUROC and seconds, on a random part of the normal images."""
    order = np.random.default_rng(seed).permutation(those.normal)
    fit, good = order[:TO_FIT], order[TO_FIT:]
    judged = np.concatenate([good, np.arange(those.normal, len(those.images))])
    labels = ["normal"] * len(good) + ["anomalous"] * (len(judged) - len(good))
    ours = (
        detector,
        placement,
        *_split_outputs(turned[0], fit, judged),
        _split_outputs(turned[1], fit, judged),
    )
    for way, run, given in (
        (f"the product ({detector})", run_product, ours),
        ("PaDiM", run_padim, _split_outputs(as_they_are, fit, judged)),
        ("PatchCore", run_patchcore, _split_outputs(as_they_are, fit, judged)),
    ):
        began = time.perf_counter()
        scores = run(*given)
        yield way, (image_auroc(scores, labels) or 0.0, time.perf_counter() - began)


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("sets", nargs="*", default=["mono", "poly", "turned"])
    parser.add_argument("--splits", type=int, default=2)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    results: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for name in given.sets:
        those = make_set(name)
        with tempfile.TemporaryDirectory() as folder:
            files = [Path(folder, f"{k}.png") for k in range(those.normal)]
            for file, image in zip(files, those.images, strict=False):
                Image.fromarray(image).save(file)
            placement = find_set_placement(files)
        detector = placement.recommended or "pooled"
        as_they_are, pooled = compute_outputs(np.array(those.images), None)
        turned = (
            compute_outputs(np.array(those.images), placement)
            if placement.alignment
            else (as_they_are, pooled)
        )
        for seed in range(given.splits):
            for way, found in run_split(those, as_they_are, turned, detector, placement, seed):
                results[f"{name}, {way}"].append(found)
                print(name, way, found, flush=True)
    write_json(given.json, results)
    print_table(
        f"{TO_FIT} images to fit, {given.splits} splits: mean (range)",
        ("set, method", "AUROC", "seconds to fit and judge, beyond the network"),
        [
            (
                which,
                describe_spread([one[0] for one in runs]),
                describe_spread([one[1] for one in runs], 1, 1),
            )
            for which, runs in results.items()
        ],
    )


if __name__ == "__main__":
    main()
