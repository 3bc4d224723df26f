"""Kinds of parts that benchmarks judge by: real sets laid out as MVTec AD's, solar cells, digits, rings.

Each kind is a folder with `good` (to learn from), `unseen` (good ones) and `bad`. Real sets are taken from a
folder that is given (--sets); what else there is, is written to a folder to work in.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from anomaly_gui.detection.detectors.placement_finder import find_placement
from anomaly_gui.detection.detectors.plans import make_plan
from anomaly_gui.detection.features.collection import Collection, collect_features
from anomaly_gui.detection.images.region_of_interest import RegionOfInterest
from anomaly_gui.detection.runtimes.protocol import default_runtime
from anomaly_gui.paths import resource
from anomaly_gui.progress import SilentProgress
from tests.benchmarks.common import load_solar_cells
from tests.benchmarks.made_images import draw_ring

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from anomaly_gui.detection.features.feature_cache import FeatureCache
    from anomaly_gui.detection.features.plan import Plan
    from anomaly_gui.detection.settings.train_settings import TrainSettings

_MOST = 400  # images to learn from, of sets that have more
_SEED = 0


@dataclass(frozen=True)
class PartKind:
    """Images of one kind of part."""

    name: str
    good: tuple[Path, ...]
    unseen: tuple[Path, ...]
    bad: tuple[Path, ...]
    size: int = 224


def list_part_kinds(sets: Path, work: Path, names: Sequence[str] = ()) -> Iterator[PartKind]:
    """Yield the kinds, or those of some names.

    Parameters
    ----------
    sets : folder of real sets, SET/{train/good, test/good, test/KIND}
    work : folder that made-up images and unpacked data sets are written to once
    """
    for folder in sorted(path for path in sets.iterdir() if (path / "train").is_dir()):
        if not names or folder.name in names:
            test = sorted((folder / "test").iterdir())
            bad = (file for kind in test if kind.name != "good" for file in sorted(kind.iterdir()))
            yield PartKind(
                folder.name, _list_files(folder / "train/good"), _list_files(folder / "test/good"), tuple(bad)
            )
    for name in ("cells-mono", "cells-poly", "digits", "rings"):
        if not names or name in names:
            yield _unpack_kind(name, work / name)


def _list_files(folder: Path) -> tuple[Path, ...]:
    return tuple(sorted(folder.iterdir()))


def _unpack_kind(name: str, folder: Path) -> PartKind:
    if not (folder / "bad").is_dir():
        for role, images in _make_images(name).items():
            (folder / role).mkdir(parents=True, exist_ok=True)
            for number, image in enumerate(images):
                Image.fromarray(image).save(folder / role / f"{number:04}.png")
    size = 64 if name == "digits" else 224
    return PartKind(name, *(_list_files(folder / role) for role in ("good", "unseen", "bad")), size)


def _make_images(name: str) -> dict[str, Sequence[np.ndarray]]:
    rng = np.random.default_rng(_SEED)
    if name == "rings":
        return {
            "good": [draw_ring(rng) for _ in range(100)],
            "unseen": [draw_ring(rng) for _ in range(100)],
            "bad": [draw_ring(rng, defect=True) for _ in range(60)],
        }
    if name == "digits":
        with np.load(resource("samples", "mnist_ones_sevens.npz"), allow_pickle=False) as archive:
            ones, sevens = archive["ones"], archive["sevens"]
        return {"good": ones[:_MOST], "unseen": ones[_MOST : 2 * _MOST], "bad": sevens[:_MOST]}
    cells = load_solar_cells(name.removeprefix("cells-"))
    good = rng.permutation(cells.normal)
    chosen = {"good": good[:300], "unseen": good[300:500], "bad": cells.defective[:200]}
    return {role: cells.images[indices] for role, indices in chosen.items()}


def make_kind_plan(kind: PartKind, settings: TrainSettings, cache: FeatureCache) -> Plan:
    """Return what a detector takes of images of a kind, as training would."""
    features, interest, limit = settings.features, RegionOfInterest(), settings.pixel_limit
    placement = find_placement(
        kind.good, features, interest, limit, default_runtime(), SilentProgress(), cache
    )
    return make_plan(settings, interest, placement)


def read_images(files: Sequence[Path], plan: Plan, cache: FeatureCache) -> Collection:
    """Read images as training does; copies are used once."""
    return collect_features(files, plan, 10**9, default_runtime(), SilentProgress(), cache=cache)
