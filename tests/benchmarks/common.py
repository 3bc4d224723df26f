"""What the benchmarks share: solar cells, features through the product's own way, and tables."""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from anomaly_gui.cli.output.progress import TerminalProgress
from anomaly_gui.detection.features import vectors
from anomaly_gui.detection.features.collection import collect_features
from anomaly_gui.detection.features.plan import Plan
from anomaly_gui.detection.images import fingerprint, loading
from anomaly_gui.detection.runtimes import mnn_runtime
from anomaly_gui.detection.runtimes.protocol import default_runtime

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anomaly_gui.detection.arrays.kinds import FloatArray, ImageArray
    from anomaly_gui.detection.settings.feature_settings import FeatureSettings


@dataclass(frozen=True, eq=False)
class SolarCells:
    """ELPV's images of one type: (cells, 300, 300) uint8, (cells,) probability of a defect."""

    images: ImageArray
    probability: FloatArray

    @property
    def normal(self) -> FloatArray:
        """The indices of the cells that surely have no defect."""
        return np.flatnonzero(self.probability == 0)

    @property
    def defective(self) -> FloatArray:
        """The indices of the cells that surely have one."""
        return np.flatnonzero(self.probability == 1)


def load_solar_cells(kind: str) -> SolarCells:
    """Load ELPV's "mono" or "poly" cells (package elpv-dataset, for benchmarks only).

    Buerhop-Lutz et al., "A Benchmark for Visual Identification of Defective Solar Cells in
    Electroluminescence Imagery", EU PVSEC 2018.
    """
    from elpv_dataset.utils import load_dataset

    cells, probability, types = load_dataset()
    chosen = types == kind
    return SolarCells(cells[chosen], probability[chosen])


@dataclass(frozen=True, eq=False)
class Described:
    """(images, features) plain pooled features, and each image's fingerprint, None where it is too small."""

    vectors: FloatArray
    fingerprints: Sequence[ImageArray | None]


def describe_images(
    pixels: Sequence[ImageArray], settings: FeatureSettings, cache: Path | None, name: str
) -> Described:
    """Write images as PNG files, read them as training does; cache the result in a folder, if given.

    Images with the same bytes are used once by the product: here there may be none. What is cached is no
    longer used once the images, or the product's modules that describe them, have changed.
    """
    cached = cache / f"{name}-{_digest_all(pixels, settings)}.npz" if cache else None
    if cached and cached.exists():
        with np.load(cached) as arrays:
            return Described(arrays["vectors"], list(arrays["grains"]) or [None] * len(pixels))
    with tempfile.TemporaryDirectory() as folder, TerminalProgress() as progress:
        files = [Path(folder, f"{index:06}.png") for index in range(len(pixels))]
        for file, image in zip(files, pixels, strict=True):
            Image.fromarray(image).save(file)
        progress.stage(name, len(files))
        read = collect_features(files, Plan(settings), 10**9, default_runtime(), progress)
    if len(read.records) != len(pixels):
        raise SystemExit(f"{name}: {len(pixels) - len(read.records)} images could not be used")
    vectors, grains = np.asarray(read.vectors), list(np.asarray(read.fingerprints.rows))
    grains = grains if read.fingerprints.has_fingerprint.all() else []
    if cached:
        cached.parent.mkdir(parents=True, exist_ok=True)
        np.savez(cached, vectors=vectors, grains=np.array(grains, np.uint8))
    return Described(vectors, grains or [None] * len(pixels))


def _digest_all(pixels: Sequence[ImageArray], settings: FeatureSettings) -> str:
    digest = hashlib.sha256(repr(settings).encode())
    for module in (loading, vectors, fingerprint, mnn_runtime):
        digest.update(Path(str(module.__file__)).read_bytes())
    for image in pixels:
        digest.update(image.tobytes())
    return digest.hexdigest()[:16]


def print_table(title: str, header: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Print a Markdown table."""
    print(f"\n{title}\n\n| {' | '.join(header)} |\n|{' --- |' * len(header)}")
    for row in rows:
        print(f"| {' | '.join(map(str, row))} |")


def describe_spread(values: Sequence[float], factor: float = 1, digits: int = 3) -> str:
    """Return mean and range."""
    low, mean, high = (factor * f(values) for f in (np.min, np.mean, np.max))
    return f"{mean:.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"


def command_to_restart(module: str, *words: object) -> list[str]:
    """Return the command that runs a benchmark once more, in a process of its own.

    Parameters
    ----------
    module : `__spec__.name` of the benchmark
    """
    return [sys.executable, "-m", module, *map(str, words)]


def write_json(path: Path | None, content: Any) -> None:
    """Write results, if asked to."""
    if path:
        path.write_text(json.dumps(content, indent=1), "utf-8")
