"""Kinds of parts that benchmarks judge by: real sets laid out as MVTec AD's, cells, digits, made-up ones.

Each kind is a folder with `good` (to learn from), `unseen` (good ones) and `bad`. Real sets are taken from a
folder that is given (--sets); what else there is, is written to a folder to work in.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from anomaly_gui.detection.detectors.placement.placement_finder import find_placement
from anomaly_gui.detection.detectors.registry import make_plan
from anomaly_gui.detection.features.collection import Collection, collect_features
from anomaly_gui.detection.images.region_of_interest import RegionOfInterest
from anomaly_gui.detection.runtimes.protocol import default_runtime
from anomaly_gui.paths import resource
from anomaly_gui.progress import SilentProgress
from tests.benchmarks.common import load_solar_cells
from tests.benchmarks.made_images import (
    TEXTURES,
    draw_bolt,
    draw_faulty_texture,
    draw_ring,
    draw_texture,
    turn_image,
)
from tests.benchmarks.made_parts import PARTS, draw_part

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from anomaly_gui.detection.features.feature_cache import FeatureCache
    from anomaly_gui.detection.features.plan import Plan
    from anomaly_gui.detection.settings.train_settings import TrainSettings

_MOST = 400  # images to learn from, of sets that have more
_SEED = 0
_TURNED = "-turned"

BASIC = ("cells-mono", "cells-poly", "digits", "rings")
"""Kinds that are made where none are named."""

EVERY = (*BASIC, "cells-mono-turned", "cells-poly-turned", "bolts", *TEXTURES)
"""All kinds that are unpacked or drawn where all are asked for; those of `PARTS` are drawn by their names."""

_PARTS = (60, 30, 45)  # pictures of parts on a plain ground: to learn from, unseen good ones, defects
_DRAWN = (
    {"rings": (100, 100, 60), "bolts": (100, 50, 60)}
    | dict.fromkeys(TEXTURES, (60, 30, 30))
    | dict.fromkeys(PARTS, _PARTS)
)
_NAMES_OF_ITEMS = {"cracks": "^(kos[0-9]+)"}  # sets with several images of one item, told by their names


@dataclass(frozen=True)
class PartKind:
    """Images of one kind of part.

    Parameters
    ----------
    good, unseen, bad : to learn from; good ones and defects to judge
    size : side of the network's input in pixels that the images are fit for
    masks : folder of masks of defects, or None
    group_by : how to tell which images show one part (see `group_images`)
    """

    name: str
    good: tuple[Path, ...]
    unseen: tuple[Path, ...]
    bad: tuple[Path, ...]
    size: int = 224
    masks: Path | None = None
    group_by: str = "auto"


def list_set_names(sets: Path) -> tuple[str, ...]:
    """Return the names of the real sets in a folder."""
    return tuple(sorted(path.name for path in sets.iterdir() if (path / "train").is_dir()))


def list_part_kinds(sets: Path, work: Path, names: Sequence[str] = ()) -> Iterator[PartKind]:
    """Yield the kinds of some names, or those of `BASIC` and all real ones.

    Parameters
    ----------
    sets : folder of real sets, SET/{train/good, test/good, test/KIND, ground_truth/KIND}
    work : folder that made-up images and unpacked data sets are written to once
    """
    for name in list_set_names(sets):
        if not names or name in names:
            yield _find_set(sets / name)
    for name in (*EVERY, *PARTS):
        if name in (names or BASIC):
            yield _unpack_kind(name, work / name)


def _find_set(folder: Path) -> PartKind:
    test = sorted((folder / "test").iterdir())
    bad = (file for kind in test if kind.name != "good" for file in sorted(kind.iterdir()))
    masks = folder / "ground_truth"
    return PartKind(
        folder.name,
        _list_files(folder / "train/good"),
        _list_files(folder / "test/good"),
        tuple(bad),
        masks=masks if masks.is_dir() else None,
        group_by=_NAMES_OF_ITEMS.get(folder.name, "auto"),
    )


def _list_files(folder: Path) -> tuple[Path, ...]:
    return tuple(sorted(folder.iterdir()))


def _unpack_kind(name: str, folder: Path) -> PartKind:
    if not (folder / "bad").is_dir():
        for role, images in _make_images(name).items():
            (folder / role).mkdir(parents=True, exist_ok=True)
            for number, image in enumerate(images):
                ending = "_mask.png" if role.startswith("masks") else ".png"
                Image.fromarray(image).save(folder / role / f"{number:04}{ending}")
    size = 64 if name == "digits" else 224
    masks = folder / "masks" if (folder / "masks").is_dir() else None
    good, unseen, bad = (_list_files(folder / role) for role in ("good", "unseen", "bad"))
    return PartKind(name, good, unseen, bad, size, masks, "none")


def _make_images(name: str) -> dict[str, Sequence[np.ndarray]]:
    """Return images by role; masks come first, so that a folder with defects is complete."""
    rng = np.random.default_rng(_SEED)
    if name in _DRAWN:
        return _draw_images(name, rng)
    if name == "digits":
        with np.load(resource("samples", "mnist_ones_sevens.npz"), allow_pickle=False) as archive:
            ones, sevens = archive["ones"], archive["sevens"]
        return {"good": ones[:_MOST], "unseen": ones[_MOST : 2 * _MOST], "bad": sevens[:_MOST]}
    cells = load_solar_cells(name.removeprefix("cells-").removesuffix(_TURNED))
    good, bad = (
        rng.permutation(cells.normal),
        rng.permutation(cells.defective),
    )  # they are in order of modules
    chosen = {"good": good[:300], "unseen": good[300:500], "bad": bad[:200]}
    images: dict[str, Sequence[np.ndarray]] = {role: cells.images[these] for role, these in chosen.items()}
    if name.endswith(_TURNED):
        return {
            role: [turn_image(one, float(rng.uniform(0, 360))) for one in these]
            for role, these in images.items()
        }
    return images


def _draw_images(name: str, rng: np.random.Generator) -> dict[str, Sequence[np.ndarray]]:
    good, unseen, bad = _DRAWN[name]
    if name == "rings":
        return {
            "good": [draw_ring(rng) for _ in range(good)],
            "unseen": [draw_ring(rng) for _ in range(unseen)],
            "bad": [draw_ring(rng, defect=True) for _ in range(bad)],
        }
    if name == "bolts":
        drawn = [draw_bolt(rng)[0] for _ in range(good + unseen)]
        masked = [draw_bolt(rng, defect=True) for _ in range(bad)]
    elif name in PARTS:
        drawn = [draw_part(name, rng)[0] for _ in range(good + unseen)]
        masked = [draw_part(name, rng, defect=True) for _ in range(bad)]
    else:
        drawn = [draw_texture(name, rng) for _ in range(good + unseen)]
        masked = [draw_faulty_texture(name, rng, number) for number in range(bad)]
    masked = [(image, mask) for image, mask in masked if mask.any()]
    return {
        "masks/bad": [(255 * mask).astype(np.uint8) for _, mask in masked],
        "good": drawn[:good],
        "unseen": drawn[good:],
        "bad": [image for image, _ in masked],
    }


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
