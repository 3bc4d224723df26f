"""What this machine does: images per second by runtime, size and depth, and what each part takes."""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image, ImageFilter

from anomaly_gui.detection.densities.registry import make_density
from anomaly_gui.detection.features.batches import read_batches
from anomaly_gui.detection.features.extraction import extract_features
from anomaly_gui.detection.features.plan import Plan
from anomaly_gui.detection.images.loading import ReadingOptions, decode_image, read_file
from anomaly_gui.detection.runtimes.machine import measure_peak
from anomaly_gui.detection.runtimes.mnn_runtime import MnnRuntime
from anomaly_gui.detection.runtimes.protocol import KERAS, MNN, default_runtime
from anomaly_gui.detection.settings.backbones import VGG16
from anomaly_gui.detection.settings.feature_settings import FeatureSettings
from anomaly_gui.errors import UserError
from anomaly_gui.progress import SilentProgress

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from anomaly_gui.detection.arrays.kinds import ImageArray
    from anomaly_gui.detection.runtimes.protocol import Runtime
    from anomaly_gui.progress import Progress

SIZES = (32, 64, 128, 224, 448)
DEPTHS = ("block2_pool", "block3_conv3", "block4_conv3", "block5_conv3")

_WIDTH, _HEIGHT = 1920, 1080  # of the images that go the whole way
_PIPE_IMAGES = 16


@dataclass(frozen=True)
class BenchRequest:
    """What to measure.

    Parameters
    ----------
    sizes : sides of the network's input, in pixels
    layers : the deepest layer that is computed
    runtimes : names from `runtimes.RUNTIMES`
    rounds : how often each is timed; the median counts
    """

    sizes: tuple[int, ...] = SIZES
    layers: tuple[str, ...] = DEPTHS
    runtimes: tuple[str, ...] = (MNN, KERAS)
    rounds: int = 5


@dataclass(frozen=True)
class NetworkSpeed:
    """How fast a runtime runs a backbone at a size and depth.

    Parameters
    ----------
    runtime : name and version
    batch : images at once
    images_per_second : the median, as in a long run
    share_of_peak : multiplications and additions of plain convolution in that time, against what matrix
        multiplication reaches on this machine; Winograd convolution does with fewer and can pass 1
    """

    runtime: str
    size: int
    layer: str
    batch: int
    images_per_second: float
    share_of_peak: float


@dataclass(frozen=True)
class PartSpeed:
    """What a part of the way of an image takes, in milliseconds an image; `kind` is the file's format."""

    kind: str
    part: str
    milliseconds: float


@dataclass(frozen=True)
class BenchResult:
    """What was measured.

    Parameters
    ----------
    cores : that the network runs on
    peak : float32 operations a second of a matrix product on all of them
    network, parts : see there
    skipped : what is not installed, in words
    """

    cores: int
    peak: float
    network: tuple[NetworkSpeed, ...]
    parts: tuple[PartSpeed, ...]
    skipped: tuple[str, ...]


def bench(request: BenchRequest, progress: Progress) -> BenchResult:
    """Measure this machine; CancelledError comes from `progress`."""
    from anomaly_gui.detection.runtimes.machine import count_cores

    progress.stage("Matrix product")
    peak = measure_peak()
    network, skipped = [], []
    for name in request.runtimes:
        try:
            runtime = _start_runtime(name)
        except UserError as error:
            skipped.append(str(error))
            continue
        progress.stage(f"Network, {name}", len(request.sizes) * len(request.layers))
        for size in request.sizes:
            for layer in request.layers:
                network.append(_network_speed(runtime, size, layer, request.rounds, peak))
                progress.advance()
    progress.stage("The whole way of an image", 2)
    parts = []
    for kind in ("JPEG", "PNG"):
        parts += _time_parts(kind, request.rounds)
        progress.advance()
    return BenchResult(count_cores(), peak, tuple(network), tuple(parts), tuple(skipped))


def _start_runtime(name: str | None = None) -> Runtime:
    """Return a runtime that works at once as it does after many batches."""
    runtime = default_runtime(name).for_backbone(VGG16)
    return MnnRuntime(patience=0) if isinstance(runtime, MnnRuntime) else runtime


def _network_speed(runtime: Runtime, size: int, layer: str, rounds: int, peak: float) -> NetworkSpeed:
    settings = FeatureSettings((layer,), size)
    batch = np.random.default_rng(0).integers(0, 256, (settings.batch_size, size, size, 3), np.uint8)
    seconds = _median_seconds(lambda: runtime.pooled(batch, (layer,)), rounds)
    rate = len(batch) / seconds
    operations = 2 * settings.declared_backbone.count_pixel_operations((layer,)) * size**2
    return NetworkSpeed(runtime.name, size, layer, len(batch), rate, rate * operations / peak)


def _median_seconds(job: Callable[[], Any], rounds: int) -> float:
    job()  # the first run compiles, or reserves memory
    seconds = []
    for _ in range(rounds):
        began = time.perf_counter()
        job()
        seconds.append(time.perf_counter() - began)
    return float(np.median(seconds))


def _time_parts(kind: str, rounds: int) -> list[PartSpeed]:
    """Time each part on its own, and the whole way in which they overlap."""
    settings = FeatureSettings()
    plan, options, runtime = Plan(settings), ReadingOptions(settings.size), _start_runtime()
    with tempfile.TemporaryDirectory(prefix="anomaly-gui-") as folder:
        files = _write_images(Path(folder), kind)
        some = files[: settings.batch_size]
        read = [read_file(path, options.pixel_limit) for path in some]
        pixels = np.stack([decode_image(file, options).pixels for file in read])
        observed = extract_features(pixels, plan, runtime)
        density = make_density("shrunk")
        density.fit(np.random.default_rng(0).normal(1, 0.1, (1000, settings.length)))
        jobs: dict[str, tuple[Callable[[], Any], int]] = {
            "read and hash": (lambda: [read_file(path, options.pixel_limit) for path in some], len(some)),
            "decode and resize": (lambda: [decode_image(file, options) for file in read], len(some)),
            "network": (lambda: extract_features(pixels, plan, runtime), len(some)),
            "density": (lambda: density.score_samples(observed.vectors), len(some)),
            "the whole way": (lambda: _whole_way(files, plan, runtime), len(files)),
        }
        return [
            PartSpeed(kind, part, 1000 * _median_seconds(job, rounds) / count)
            for part, (job, count) in jobs.items()
        ]


def _whole_way(files: Sequence[Path], plan: Plan, runtime: Runtime) -> None:
    for _ in read_batches(files, plan, ReadingOptions.pixel_limit, runtime, SilentProgress()):
        pass


def _write_images(folder: Path, kind: str) -> list[Path]:
    """Write images of 2 megapixels: a camera's grain on an uneven surface."""
    random = np.random.default_rng(0)
    files = [folder / f"{number:03}.{kind.lower()}" for number in range(_PIPE_IMAGES)]
    surface = Image.fromarray(_make_noise(random, 9, 16)).resize((_WIDTH, _HEIGHT))
    for file in files:
        grain = Image.fromarray(_make_noise(random, _HEIGHT // 2, _WIDTH // 2)).resize((_WIDTH, _HEIGHT))
        picture = Image.blend(surface, grain.filter(ImageFilter.GaussianBlur(1)), 0.3)
        picture.save(file, kind, quality=85)
    return files


def _make_noise(random: np.random.Generator, height: int, width: int) -> ImageArray:
    return random.integers(0, 256, (height, width, 3), np.uint8)
