"""The command `score` against the loop that a user would write: Pillow, Keras's `predict`, scikit-learn.

A folder of JPEG files of 2 megapixels, in turns, each in a process of its own, without any cache; the loop
reads 16 images at a time, which is kinder to Keras than one by one. For whole images it takes VGG16's
block4_conv3, averaged over the image, and a mixture of one component; for places the three layers that
`positional` takes, averaged onto 28 x 28 places, 100 random directions, and a Gaussian each, in numpy. The
wall time of whole processes counts, that of one image from a cold start, and the most memory that each
process had.

Several backbones and detectors take turns in one run; each is told against VGG16 and the loop:

    python -m tests.benchmarks.speed.plain_loop
    python -m tests.benchmarks.speed.plain_loop --detector pooled positional --maps 100 \\
        --backbone vgg16 efficientnet-lite0 --before /path/to/an/earlier/checkout
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import asdict, dataclass
from functools import partial
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from anomaly_gui.detection.settings.backbones import BACKBONES, VGG16
from anomaly_gui.detection.settings.choices import POOLED
from anomaly_gui.detection.settings.detector_kinds import DETECTORS
from tests.benchmarks.common import command_to_restart, print_table, write_json
from tests.benchmarks.large_images import write_images
from tests.benchmarks.turns import Usage, describe_median, measure_command, run_in_turns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    Ways = dict[str, Callable[[], Usage]]

BATCH, TO_TRAIN = 16, 24
SIDE, DIRECTIONS = 28, 100  # places along an edge, and numbers of each
QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3", "ANOMALY_GUI_CACHE": "off"}
LOOP, PLACES, BEFORE = "the loop", "the loop for places", "before"
COLD, MAPS = "one image, cold", "with maps"
PROGRAM = (sys.executable, "-m", "anomaly_gui")


def run_plain_loop(folder: Path, model: Path) -> None:
    """Score a folder with a mixture of one component that was fitted before, as the textbook does."""
    import keras
    from sklearn.mixture import GaussianMixture

    network = _load_vgg16()
    output = keras.layers.GlobalAveragePooling2D()(network.get_layer("block4_conv3").output)
    features = keras.Model(network.input, output)
    fitted = np.load(model)
    mixture = GaussianMixture(1)
    mixture.weights_, mixture.means_ = np.ones(1), fitted["means"]
    mixture.precisions_cholesky_ = fitted["factors"]
    for batch in _read_batches(folder):
        mixture.score_samples(features.predict(batch, verbose=0))


def run_place_loop(folder: Path, model: Path) -> None:
    """Score a folder place by place with Gaussians that were fitted before, as PaDiM does."""
    import keras

    network, fitted = _load_vgg16(), np.load(model)
    outputs = [network.get_layer(name).output for name in VGG16.grid_layers]
    features = keras.Model(network.input, outputs)
    for batch in _read_batches(folder):
        grids = [_average_places(one) for one in features.predict(batch, verbose=0)]
        places = np.concatenate(grids, axis=2) @ fitted["directions"]
        whitened = fitted["factors"] @ (places - fitted["means"]).transpose(1, 2, 0)
        (whitened**2).sum(axis=1).max(axis=0)


def _load_vgg16() -> Any:
    import keras

    from anomaly_gui.detection.runtimes.weights import check_weights

    return keras.applications.VGG16(weights=str(check_weights(VGG16)), include_top=False)


def _read_batches(folder: Path) -> Iterator[np.ndarray]:
    import keras

    files = sorted(folder.iterdir()) if folder.is_dir() else [folder]
    for first in range(0, len(files), BATCH):
        images = [Image.open(file).convert("RGB").resize((224, 224)) for file in files[first : first + BATCH]]
        yield keras.applications.vgg16.preprocess_input(np.stack(images).astype(np.float32))


def _average_places(outputs: np.ndarray) -> np.ndarray:
    """Return (images, places, channels) of (images, rows, columns, channels)."""
    images, rows, _, channels = outputs.shape
    times = rows // SIDE
    averaged = outputs.reshape(images, SIDE, times, SIDE, times, channels).mean(axis=(2, 4))
    return averaged.reshape(images, SIDE * SIDE, channels)


def write_fitted(work: Path, places: bool) -> Path:
    """Write what a loop has fitted: made-up Gaussians, whose values change no duration."""
    file = work / f"fitted {places}.npz"
    if places:
        count = SIDE * SIDE
        directions = np.random.default_rng(0).normal(size=(VGG16.grid_channels, DIRECTIONS))
        factors = np.tile(np.eye(DIRECTIONS, dtype=np.float32), (count, 1, 1))
        means = np.zeros((count, DIRECTIONS), np.float32)
        np.savez(file, directions=directions.astype(np.float32), means=means, factors=factors)
    else:
        np.savez(file, means=np.zeros((1, 512)), factors=np.eye(512)[None])
    return file


def name_loop(detector: str) -> str:
    """Return the name of the loop that does what a detector does."""
    return PLACES if DETECTORS[detector].has_map else LOOP


def name_way(detector: str, backbone: str, what: str = "") -> str:
    """Return the name of one way of scoring."""
    return ", ".join(part for part in ("score", detector, backbone, what) if part)


def score_images(model: Path, images: Path, checkout: Path | None, with_maps: bool = False) -> Usage:
    """Score by the command, which writes a table, in a folder that is empty before."""
    with tempfile.TemporaryDirectory() as out:
        options = ["--csv", Path(out, "scores.csv"), *(["--maps", Path(out, "maps")] if with_maps else [])]
        command = [*PROGRAM, "score", model, images, *options]
        return measure_command(command, QUIET, checkout, accepted=(0, 3))


@dataclass(frozen=True)
class Folders:
    """What is scored.

    Parameters
    ----------
    work : for models
    images, few : folders of images: all, and those that are scored with maps, if any are
    """

    work: Path
    images: Path
    few: Path | None

    @property
    def first(self) -> Path:
        """The image that is scored alone."""
        return min(self.images.iterdir())


def write_folders(work: Path, count: int, with_maps: int) -> Folders:
    """Write images; the few are the first ones again."""
    files, few = write_images(work / "images", count), work / "few"
    few.mkdir()
    for file in files[:with_maps]:
        (few / file.name).hardlink_to(file)
    return Folders(work, work / "images", few if with_maps else None)


def make_ways(folders: Folders, given: argparse.Namespace) -> Ways:
    """Train every model; return what is timed."""
    ways: Ways = {}
    for loop in dict.fromkeys(map(name_loop, given.detector)):
        fitted = write_fitted(folders.work, loop == PLACES)
        for suffix, images in {"": folders.images, f", {COLD}": folders.first}.items():
            command = command_to_restart(__spec__.name, "--loop", images, fitted)
            ways[loop + suffix] = partial(
                measure_command, [*command, *(["--places"] if loop == PLACES else [])], QUIET
            )
    for detector, backbone in product(given.detector, given.backbone):
        ways |= _make_ways_of_score(folders, detector, backbone, None)
    for detector in given.detector if given.before else ():
        ways |= _make_ways_of_score(folders, detector, VGG16.name, given.before)
    return ways


def _make_ways_of_score(folders: Folders, detector: str, backbone: str, checkout: Path | None) -> Ways:
    """Train by one detector and backbone; an earlier checkout has VGG16 alone, and no name for it."""
    name = partial(name_way, detector, f"{backbone}, {BEFORE}" if checkout else backbone)
    model, files = folders.work / f"{name()}.anomaly", sorted(folders.images.iterdir())
    options = ["--detector", detector, *([] if checkout else ["--backbone", backbone])]
    command = [*PROGRAM, "train", *files[:TO_TRAIN], "--out", model, *options]
    measure_command(command, QUIET, checkout)
    ways: Ways = {
        name(): partial(score_images, model, folders.images, checkout),
        name(COLD): partial(score_images, model, folders.first, checkout),
    }
    if folders.few and DETECTORS[detector].has_map:
        ways[name(MAPS)] = partial(score_images, model, folders.few, checkout, with_maps=True)
    return ways


def list_ratios(names: Sequence[str], given: argparse.Namespace) -> list[tuple[str, str]]:
    """Return pairs, slow and fast: what VGG16 of today and before, and the loop, take over each way."""
    pairs = []
    for detector, backbone, what in product(given.detector, given.backbone, ("", COLD, MAPS)):
        fast = name_way(detector, backbone, what)
        before = name_way(detector, f"{VGG16.name}, {BEFORE}", what)
        loop = f"{name_loop(detector)}, {what}" if what else name_loop(detector)
        slow = [loop, before, *([] if backbone == VGG16.name else [name_way(detector, VGG16.name, what)])]
        pairs += [(one, fast) for one in slow if {one, fast} <= set(names)]
    return pairs


def parse_arguments() -> argparse.Namespace:
    """Return what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--images", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--backbone", nargs="+", choices=BACKBONES, default=[VGG16.name])
    parser.add_argument("--detector", nargs="+", choices=DETECTORS, default=[POOLED])
    parser.add_argument("--maps", type=int, default=0, help="so many are scored with maps as well")
    parser.add_argument("--before", type=Path, help="checkout of an earlier state, whose VGG16 takes turns")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--loop", nargs=2, type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--places", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def main() -> None:
    """Print tables."""
    given = parse_arguments()
    if given.loop:
        (run_place_loop if given.places else run_plain_loop)(*given.loop)
        return
    with tempfile.TemporaryDirectory() as folder:
        folders = write_folders(Path(folder), given.images, given.maps)
        rounds = run_in_turns(make_ways(folders, given), given.rounds)
    write_json(given.json, [{name: asdict(usage) for name, usage in one.items()} for one in rounds])
    print_table(
        f"{given.images} JPEG files of 2 megapixels, {given.maps} with maps, {given.rounds} rounds: "
        "median (range)",
        ("", "s", "most memory, MB"),
        [
            (
                name,
                describe_median([one[name].seconds for one in rounds]),
                describe_median([one[name].peak_mb for one in rounds], 0),
            )
            for name in rounds[0]
        ],
    )
    print_table(
        "Ratios of the rounds: median (range)",
        ("slow", "fast", "slow/fast"),
        [
            (slow, fast, describe_median([one[slow].seconds / one[fast].seconds for one in rounds]))
            for slow, fast in list_ratios(list(rounds[0]), given)
        ],
    )


if __name__ == "__main__":
    main()
