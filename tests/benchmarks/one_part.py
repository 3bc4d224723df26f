"""Which images show one part? Found against true, on bursts, films and single shots of many kinds of parts.

Single shots of each kind, where (nearly) every image is a part of its own; one, two, three and ten parts
filmed in turn; some parts shot thrice among many shot once; solar cells shot 1 to 6 times. Shots differ in
exposure, noise and shift, some in JPEG's losses. 10 minutes.

    python tests/benchmarks/one_part.py --sets FOLDER --work FOLDER
"""

from __future__ import annotations

import argparse
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from bursts import shots
from common import show, solar_cells, write_json
from kinds import PartKind, part_kinds, read
from made import TEXTURES, bolt, texture, turned
from PIL import Image
from sklearn.metrics import adjusted_rand_score

from anomaly_gui.detection.features.feature_cache import FeatureCache
from anomaly_gui.detection.features.plan import Plan
from anomaly_gui.detection.grouping.groups import group_images
from anomaly_gui.detection.settings.train_settings import TrainSettings

FILMED = {1: 40, 2: 25, 3: 20, 10: 4}
"""How often each part is shot, by the number of parts."""

_LONGEST = 500  # pixels of a part that is filmed


def film(parts: Sequence[np.ndarray], each: int, rng: np.random.Generator, shift: int, quality: int | None):
    """Return shots of parts in turn: another exposure, noise and shift each, through JPEG or not."""
    return [_shot(part, rng, shift, quality) for _ in range(each) for part in parts]


def _shot(part: np.ndarray, rng: np.random.Generator, shift: int, quality: int | None) -> np.ndarray:
    edges = [(shift, shift), (shift, shift), *[(0, 0)] * (part.ndim - 2)]
    down, right = rng.integers(0, 2 * shift + 1, 2)
    padded = np.pad(part.astype(float), edges, mode="edge")
    moved = padded[down : down + part.shape[0], right : right + part.shape[1]]
    noisy = moved * rng.uniform(0.9, 1.1) + rng.normal(0, rng.uniform(1, 3), part.shape)
    shot = np.clip(np.rint(noisy), 0, 255).astype(np.uint8)
    if quality is None:
        return shot
    packed = io.BytesIO()
    Image.fromarray(shot).save(packed, "JPEG", quality=quality)
    return np.asarray(Image.open(packed))


def small(file: Path) -> np.ndarray:
    """Return an image at the size that is filmed."""
    image = Image.open(file)
    image.thumbnail((_LONGEST, _LONGEST))
    return np.asarray(image)


def cases(kinds: Sequence[PartKind]) -> Iterator[tuple[str, list[np.ndarray], np.ndarray | None]]:
    """Yield a name, images, and which part each shows: None where each is one of its own."""
    for kind in kinds:
        if kind.name == "digits":
            continue
        yield f"{kind.name}, single", [small(file) for file in kind.good], None
        for count, each in FILMED.items():
            rng = np.random.default_rng(count)
            parts = [small(file) for file in kind.good[:: len(kind.good) // count][:count]]
            for told, shift, quality in (("still", 0, None), ("shifted", 3, None), ("JPEG", 0, 85)):
                filmed = film(parts, each, rng, shift, quality)
                yield f"{kind.name}, {count} filmed, {told}", filmed, np.tile(np.arange(count), each)
        rng = np.random.default_rng(5)
        some = [small(file) for file in kind.good[:30]]
        again = [_shot(part, rng, 2, None) for part in (*some, *some[:10], *some[:10])]
        yield f"{kind.name}, 10 of 30 shot thrice", again, np.r_[np.arange(30), np.arange(10), np.arange(10)]
    rng = np.random.default_rng(7)
    yield "bolts, single", [bolt(rng)[0] for _ in range(60)], None
    for name in TEXTURES:
        yield f"{name}, single", [texture(name, rng) for _ in range(60)], None
    mono = solar_cells("mono")
    cells = mono.images[mono.normal]
    yield "cells-mono turned, single", [turned(cell, rng.uniform(0, 360)) for cell in cells[:100]], None
    taken = [shots(cell, rng) for cell in cells[:300]]
    sources = np.repeat(np.arange(len(taken)), [len(these) for these in taken])
    yield "cells-mono, shot 1 to 6 times", [shot for these in taken for shot in these], sources


def main() -> None:
    """Print parts found and true, and the adjusted Rand index."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--sets", type=Path, required=True, help="folder of real sets")
    parser.add_argument("--work", type=Path, required=True, help="folder for made-up images and features")
    parser.add_argument("--kinds", default="", help="names with commas; all without")
    parser.add_argument("--json", type=Path)
    told = parser.parse_args()
    cache, settings = FeatureCache(told.work / "features"), TrainSettings()
    kinds = list(part_kinds(told.sets, told.work, [name for name in told.kinds.split(",") if name]))
    rows = []
    for number, (name, images, true) in enumerate(cases(kinds)):
        folder = told.work / "one part" / f"{number:03}"
        folder.mkdir(parents=True, exist_ok=True)
        files = [folder / f"{place:04}.png" for place in range(len(images))]
        for file, image in zip(files, images, strict=True):
            Image.fromarray(image).save(file)
        collected = read(files, Plan(settings.features), cache)
        place_of = {file: place for place, file in enumerate(files)}
        kept = np.array([place_of[record.path] for record in collected.records])
        parts = kept if true is None else true[kept]
        paths, grains = [record.path for record in collected.records], collected.fingerprints
        found = group_images("auto", paths, collected.vectors, grains.rows, grains.has_fingerprint)
        index = adjusted_rand_score(parts, found.numbers)
        rows.append((name, len(kept), len(set(parts.tolist())), found.count, f"{index:.3f}"))
        print(rows[-1], flush=True)
    write_json(told.json, rows)
    show("Images of one part", ("case", "images", "parts", "found", "adjusted Rand index"), rows)


if __name__ == "__main__":
    main()
