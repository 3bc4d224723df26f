"""Warnings of drift: how often without a change, and how soon after light fell by 15 %.

    .venv/bin/python -m tests.benchmarks.station.drift --parts 100000 --repeats 10 --sets FOLDER

Streams of several kinds are fed to the charts that the station has: made ones (normal, autocorrelated, heavy
tails, outliers, day cycles, lots, two kinds of parts), and the looks of real and of drawn parts, taken in
runs as they were shot. Prints warnings per 10,000 parts by kind, the parts until darker light is said, and
how often river's PageHinkley and ADWIN warn as they are.

Exit code 1: a kind has more than 1 in 10,000, or a kind of parts needs over 50.
"""

from __future__ import annotations

import argparse
import itertools
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image
from river.drift import ADWIN, PageHinkley
from scipy.signal import lfilter

from anomaly_gui.detection.images.look import Look
from anomaly_gui.station.watching.drift import LIGHT, Drift, SeenPart
from tests.benchmarks.common import print_table, write_json
from tests.benchmarks.made_parts import PARTS, draw_part

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from anomaly_gui.detection.arrays.kinds import FloatArray

    Rng = np.random.Generator

DARKER = 0.85
MOST_FALSE, MOST_PARTS = 1.0, 50  # per 10,000; parts until it is said
_BLOCK = 200
_RUN = 20  # pictures of a set that follow each other as they were shot


def draw_normal(rng: Rng, count: int, spread: float) -> FloatArray:
    return spread * rng.normal(size=count)


def draw_wandering(rng: Rng, count: int, spread: float, persistence: float) -> FloatArray:
    steps = rng.normal(size=count + 500) * np.sqrt(1 - persistence**2)
    return spread * lfilter([1], [1, -persistence], steps)[500:]


def draw_heavy(rng: Rng, count: int) -> FloatArray:
    return 0.03 / np.sqrt(3) * rng.standard_t(3, size=count)


def draw_outliers(rng: Rng, count: int) -> FloatArray:
    return 0.02 * rng.normal(size=count) - 0.9 * (rng.random(count) < 0.01)


def draw_days(rng: Rng, count: int) -> FloatArray:
    day, phase = rng.integers(2000, 8000), 2 * np.pi * rng.random()
    cycle = 0.03 * np.sin(2 * np.pi * np.arange(count) / day + phase)
    return cycle + draw_wandering(rng, count, 0.01, 0.5)


def draw_lots(rng: Rng, count: int) -> FloatArray:
    lots = rng.uniform(-0.03, 0.03, count // 500 + 1).repeat(500)[:count]
    return lots + 0.015 * rng.normal(size=count)


def draw_two_kinds(rng: Rng, count: int) -> FloatArray:
    return 0.01 * rng.normal(size=count) + 0.05 * (rng.random(count) < 0.5)


def draw_alternating(rng: Rng, count: int) -> FloatArray:
    return 0.01 * rng.normal(size=count) + 0.05 * (np.arange(count) % 2)


STREAMS: dict[str, Callable[[Rng, int], FloatArray]] = {
    "normal, 1 %": partial(draw_normal, spread=0.01),
    "normal, 6 %": partial(draw_normal, spread=0.06),
    "wandering 0.8, 2 %": partial(draw_wandering, spread=0.02, persistence=0.8),
    "wandering 0.8, 5 %": partial(draw_wandering, spread=0.05, persistence=0.8),
    "wandering 0.95, 3 %": partial(draw_wandering, spread=0.03, persistence=0.95),
    "heavy tails": draw_heavy,
    "outliers of 1 %": draw_outliers,
    "day cycles": draw_days,
    "lots": draw_lots,
    "two kinds of parts": draw_two_kinds,
    "alternating": draw_alternating,
}
"""Logarithms of brightness where nothing changed."""


@dataclass(frozen=True, eq=False)
class Looks:
    """Looks of pictures, (pictures, 4), as they are and with less light."""

    usual: FloatArray
    darker: FloatArray


def measure_looks(pictures: Iterator[np.ndarray]) -> Looks:
    """Measure brightness, contrast, sharpness and highlights of pixels, and with 15 % less light."""
    usual, darker = [], []
    for pixels in pictures:
        for looks, gain in ((usual, 1.0), (darker, DARKER)):
            look = Look.from_pixels((pixels * gain).round().astype(np.uint8))
            looks.append((look.brightness, look.contrast, look.sharpness, look.highlights))
    return Looks(np.array(usual), np.array(darker))


def read_set(folder: Path, most: int) -> Iterator[np.ndarray]:
    files = [path for name in ("train/good", "test/good") for path in sorted((folder / name).iterdir())]
    for path in files[:most]:
        with Image.open(path) as image:
            yield np.asarray(image.convert("RGB").resize((224, 224), Image.Resampling.BILINEAR))


def draw_set(name: str, most: int, seed: int) -> Iterator[np.ndarray]:
    rng = np.random.default_rng(seed)
    return (np.repeat(draw_part(name, rng)[0][..., None], 3, 2) for _ in range(most))


def list_kinds(sets: Path | None, pictures: int, seed: int) -> dict[str, Looks]:
    kinds = {name: measure_looks(draw_set(name, pictures, seed)) for name in PARTS}
    for folder in sorted(sets.iterdir()) if sets else ():
        if (folder / "train" / "good").is_dir():
            kinds[folder.name] = measure_looks(read_set(folder, pictures))
    return kinds


def make_looks(kind: str, sets: dict[str, Looks], rng: Rng, count: int, since: int | None) -> FloatArray:
    """Return (count, 4) looks of a stream; from `since` on with less light."""
    is_dark = np.zeros(count, bool) if since is None else np.arange(count) >= since
    if kind in sets:
        looks = sets[kind]
        starts = rng.integers(0, len(looks.usual), count // _RUN + 1)
        which = (starts[:, None] + np.arange(_RUN)).ravel()[:count] % len(looks.usual)
        return np.where(is_dark[:, None], looks.darker[which], looks.usual[which])
    light = STREAMS[kind](rng, count) + np.log(DARKER) * is_dark
    contrast = light + 0.03 * rng.normal(size=count)
    sharpness = 0.1 * rng.normal(size=count)
    highlights = light + 0.02 * rng.normal(size=count)
    return np.exp(np.stack([light + 4.8, contrast + 3.7, sharpness - 0.9, highlights + 5.2], 1))


def make_parts(looks: FloatArray, rng: Rng) -> Iterator[SeenPart]:
    """Yield parts: scores follow the light a little, and 0.5 % are rejected, in some blocks more."""
    light = np.log(looks[:, 0])
    scores = rng.normal(size=len(looks)) + 0.25 * (light - light.mean()) / max(light.std(), 1e-9)
    rates = 0.005 * np.exp(0.5 * rng.normal(size=len(looks) // _BLOCK + 1)).repeat(_BLOCK)[: len(looks)]
    rejected = rng.random(len(looks)) < rates
    for number, (look, score, is_rejected) in enumerate(
        zip(looks.tolist(), scores, rejected, strict=True), 1
    ):
        yield SeenPart(number, str(number), "defect" if is_rejected else "good", float(score), tuple(look))


def list_warnings(looks: FloatArray, rng: Rng) -> list[tuple[int, str]]:
    """Return the number of the part and the name of each warning that came."""
    drift, before, found = Drift(), set(), []
    for part in make_parts(looks, rng):
        drift.note(part)
        now = set(drift.list_changes())
        found += [(part.seq, name) for name in now - before]
        before = now
    return found


def try_plain(make: Callable[[], Any], looks: FloatArray) -> list[int]:
    """Return the parts at which one of river's detectors, as it is, warns of the light, in spreads of 200."""
    values = np.log(looks[:, 0])
    values = (values - values[:200].mean()) / max(values[:200].std(), 1e-9)
    detector, found = make(), []
    for number, value in enumerate(values, 1):
        detector.update(value)
        if detector.drift_detected:
            found.append(number)
    return found


PLAIN = {"PageHinkley": PageHinkley, "ADWIN": ADWIN}


@dataclass(frozen=True)
class Trial:
    """A kind of stream, and how long it is."""

    kind: str
    parts: int
    repeats: int
    shifts: int
    first_seed: int


def measure_kind(trial: Trial, sets: dict[str, Looks]) -> dict[str, Any]:
    false: Counter[str] = Counter()
    for seed in range(trial.first_seed, trial.first_seed + trial.repeats):
        rng = np.random.default_rng(seed)
        looks = make_looks(trial.kind, sets, rng, trial.parts, None)
        false.update(name for _, name in list_warnings(looks, rng))
        false.update({name: len(try_plain(make, looks)) for name, make in PLAIN.items()})
    shifts = range(trial.first_seed, trial.first_seed + trial.shifts)
    waits = [_wait_for_light(trial.kind, sets, seed) for seed in shifts]
    per = 10_000 / (trial.parts * trial.repeats)
    plain = {name: per * false.pop(name, 0) for name in PLAIN}
    return {
        "kind": trial.kind,
        "is_real": trial.kind in sets,
        "false": per * false.total(),
        "by": {name: round(per * count, 3) for name, count in sorted(false.items())},
        "mean_wait": float(np.mean(waits)),
        "longest_wait": int(max(waits)),
        "within": float(np.mean([wait <= MOST_PARTS for wait in waits])),
        "plain": plain,
    }


def _wait_for_light(kind: str, sets: dict[str, Looks], seed: int) -> int:
    """Return how many parts came from a fall of the light to its warning; 300 where none came."""
    rng = np.random.default_rng(10_000 + seed)
    since = int(rng.integers(250, 3000))
    looks = make_looks(kind, sets, rng, since + 300, since)
    waits = [number - since for number, name in list_warnings(looks, rng) if name == LIGHT and number > since]
    return min(waits, default=300)


def print_found(found: list[dict[str, Any]]) -> None:
    header = ["kind", "false in 10,000", "by", "parts until -15 %", "longest", "within 50", *PLAIN]
    rows = [
        [
            one["kind"],
            f"{one['false']:.2f}",
            ", ".join(f"{name} {count:g}" for name, count in one["by"].items()),
            f"{one['mean_wait']:.1f}",
            one["longest_wait"],
            f"{100 * one['within']:.0f} %",
            *(f"{one['plain'][name]:.1f}" for name in PLAIN),
        ]
        for one in found
    ]
    print_table("Drift: warnings without a change, and until one is said", header, rows)
    false = [one["false"] for one in found]
    print(f"false in 10,000: mean {np.mean(false):.3f}, worst {max(false):.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--parts", type=int, default=20_000, help="of each stream")
    parser.add_argument("--repeats", type=int, default=3, help="streams of each kind")
    parser.add_argument("--shifts", type=int, default=20, help="falls of the light of each kind")
    parser.add_argument("--first-seed", type=int, default=0, help="0 to 20 are those that charts were set by")
    parser.add_argument("--pictures", type=int, default=150, help="of each kind of parts")
    parser.add_argument("--sets", type=Path, help="folder of real parts in MVTec AD's layout")
    parser.add_argument("--kinds", nargs="*", help="only these")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    sets = list_kinds(options.sets, options.pictures, options.first_seed)
    names = options.kinds or [*STREAMS, *sets]
    sizes = (options.parts, options.repeats, options.shifts, options.first_seed)
    trials = [Trial(name, *sizes) for name in names]
    with ProcessPoolExecutor(options.processes) as pool:
        found = list(pool.map(measure_kind, trials, itertools.repeat(sets)))
    print_found(found)
    write_json(options.json, found)
    is_well = all(one["false"] <= MOST_FALSE for one in found)
    if not is_well or any(one["longest_wait"] > MOST_PARTS for one in found if one["is_real"]):
        sys.exit(1)


if __name__ == "__main__":
    main()
