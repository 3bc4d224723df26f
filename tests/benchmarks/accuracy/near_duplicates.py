"""Which images show one part? Found against true, on bursts, films and single shots of many kinds of parts.

Single shots of each kind, where (nearly) every image is a part of its own; one, two, three and ten parts
filmed in turn; some parts shot thrice among many shot once; solar cells shot 1 to 6 times. Shots differ in
exposure, noise and shift, some in JPEG's losses. 10 minutes.

    python -m tests.benchmarks.accuracy.near_duplicates --sets FOLDER --work FOLDER
"""

from __future__ import annotations

import argparse
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from PIL import Image
from sklearn.metrics import adjusted_rand_score

from anomaly_gui.detection.features.feature_cache import FeatureCache
from anomaly_gui.detection.features.plan import Plan
from anomaly_gui.detection.grouping.groups import group_images
from anomaly_gui.detection.settings.train_settings import TrainSettings
from tests.benchmarks.accuracy.bursts import take_shots
from tests.benchmarks.common import load_solar_cells, print_table, write_json
from tests.benchmarks.made_images import TEXTURES, draw_bolt, draw_texture, turn_image
from tests.benchmarks.part_kinds import PartKind, list_part_kinds, read_images

FILMED = {1: 40, 2: 25, 3: 20, 10: 4}
"""How often each part is shot, by the number of parts."""

_LONGEST = 500  # pixels of a part that is filmed


def film_parts(
    parts: Sequence[np.ndarray], each: int, rng: np.random.Generator, shift: int, quality: int | None
):
    """Return shots of parts in turn: another exposure, noise and shift each, through JPEG or not."""
    return [_take_shot(part, rng, shift, quality) for _ in range(each) for part in parts]


def _take_shot(part: np.ndarray, rng: np.random.Generator, shift: int, quality: int | None) -> np.ndarray:
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


def open_small(file: Path) -> np.ndarray:
    """Return an image at the size that is filmed."""
    image = Image.open(file)
    image.thumbnail((_LONGEST, _LONGEST))
    return np.asarray(image)


def list_cases(kinds: Sequence[PartKind]) -> Iterator[tuple[str, list[np.ndarray], np.ndarray | None]]:
    """Yield a name, images, and which part each shows: None where each is one of its own."""
    for kind in kinds:
        if kind.name == "digits":
            continue
        yield f"{kind.name}, single", [open_small(file) for file in kind.good], None
        for count, each in FILMED.items():
            rng = np.random.default_rng(count)
            parts = [open_small(file) for file in kind.good[:: len(kind.good) // count][:count]]
            for change, shift, quality in (("still", 0, None), ("shifted", 3, None), ("JPEG", 0, 85)):
                filmed = film_parts(parts, each, rng, shift, quality)
                yield f"{kind.name}, {count} filmed, {change}", filmed, np.tile(np.arange(count), each)
        rng = np.random.default_rng(5)
        some = [open_small(file) for file in kind.good[:30]]
        again = [_take_shot(part, rng, 2, None) for part in (*some, *some[:10], *some[:10])]
        yield f"{kind.name}, 10 of 30 shot thrice", again, np.r_[np.arange(30), np.arange(10), np.arange(10)]
    rng = np.random.default_rng(7)
    yield "bolts, single", [draw_bolt(rng)[0] for _ in range(60)], None
    for name in TEXTURES:
        yield f"{name}, single", [draw_texture(name, rng) for _ in range(60)], None
    mono = load_solar_cells("mono")
    cells = mono.images[mono.normal]
    yield "cells-mono turned, single", [turn_image(cell, rng.uniform(0, 360)) for cell in cells[:100]], None
    taken = [take_shots(cell, rng) for cell in cells[:300]]
    sources = np.repeat(np.arange(len(taken)), [len(these) for these in taken])
    yield "cells-mono, shot 1 to 6 times", [shot for these in taken for shot in these], sources


def main() -> None:
    """Print parts found and true, and the adjusted Rand index."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--sets", type=Path, required=True, help="folder of real sets")
    parser.add_argument("--work", type=Path, required=True, help="folder for made-up images and features")
    parser.add_argument("--kinds", default="", help="names with commas; all without")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    cache, settings = FeatureCache(given.work / "features"), TrainSettings(detector="pooled")
    kinds = list(list_part_kinds(given.sets, given.work, [name for name in given.kinds.split(",") if name]))
    rows = []
    for number, (name, images, true) in enumerate(list_cases(kinds)):
        folder = given.work / "one part" / f"{number:03}"
        folder.mkdir(parents=True, exist_ok=True)
        files = [folder / f"{index:04}.png" for index in range(len(images))]
        for file, image in zip(files, images, strict=True):
            Image.fromarray(image).save(file)
        collected = read_images(files, Plan(settings.features), cache)
        index_of = {file: index for index, file in enumerate(files)}
        kept = np.array([index_of[record.path] for record in collected.records])
        parts = kept if true is None else true[kept]
        paths, grains = [record.path for record in collected.records], collected.fingerprints
        found = group_images("auto", paths, collected.vectors, grains.rows, grains.has_fingerprint)
        index = adjusted_rand_score(parts, found.numbers)
        rows.append((name, len(kept), len(set(parts.tolist())), found.count, f"{index:.3f}"))
        print(rows[-1], flush=True)
    write_json(given.json, rows)
    print_table("Images of one part", ("case", "images", "parts", "found", "adjusted Rand index"), rows)


if __name__ == "__main__":
    main()
