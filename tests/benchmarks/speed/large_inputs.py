"""What very large images take: a file read in strips and at once, the network in tiles and in one pass.

Each is run in a process of its own: its time, and the most memory it takes.

    python -m tests.benchmarks.speed.large_inputs
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from anomaly_gui.detection.images import loading
from anomaly_gui.detection.images.loading import ReadingOptions, load_image
from anomaly_gui.detection.runtimes import onnx_tiles
from anomaly_gui.detection.runtimes.onnx_runtime import OnnxRuntime
from anomaly_gui.detection.settings.backbones import find_backbone
from tests.benchmarks.common import command_to_restart, print_table, write_json
from tests.benchmarks.large_images import write_large_files

if TYPE_CHECKING:
    from collections.abc import Callable

_BACKBONE = "efficientnet-lite2"
_NEVER = 10**12  # pixels
_CELL = 32  # pixels


def read_file(path: Path, *, in_parts: bool) -> Callable[[], object]:
    """Return what reads a file for an input of 320 px."""
    loading.LARGE = 0 if in_parts else _NEVER
    return lambda: load_image(path, ReadingOptions((320, 320), _NEVER, spare=1))


def run_network(size: int, *, in_parts: bool) -> Callable[[], object]:
    """Return what runs the network on a square of so many pixels along an edge; it is built before."""
    onnx_tiles.LARGEST_WHOLE = 0 if in_parts else _NEVER
    backbone, runtime = find_backbone(_BACKBONE), OnnxRuntime()
    batch = np.random.default_rng(0).integers(0, 256, (1, size, size, 3), np.uint8)
    shape = (size // _CELL, size // _CELL)

    def run() -> object:
        return runtime.gridded(batch, backbone.default_layers, backbone.grid_layers, shape, backbone)

    run()
    return run


def measure_alone(what: str, in_parts: bool) -> None:
    """Print seconds and megabytes of reading a file, or of a network by its size."""
    if what.isdecimal():
        job = run_network(int(what), in_parts=in_parts)
    else:
        job = read_file(Path(what), in_parts=in_parts)
    began = time.perf_counter()
    job()
    seconds = time.perf_counter() - began
    print(seconds, read_peak())


def read_peak() -> float:
    """Return the most memory this program took, in MB; Linux alone tells it without what started it."""
    words = Path("/proc/self/status").read_text("ascii").split()
    return int(words[words.index("VmHWM:") + 1]) / 1024


def measure(what: object, in_parts: bool) -> list[float]:
    """Return seconds and megabytes, measured in a process of its own."""
    words = ("--alone", what, *(("--in-parts",) if in_parts else ()))
    run = subprocess.run(
        command_to_restart(__spec__.name, *words), stdout=subprocess.PIPE, text=True, check=True
    )
    return [float(word) for word in run.stdout.split()]


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--megapixels", type=int, default=100)
    parser.add_argument("--sizes", type=int, nargs="+", default=[640, 1024, 2048])
    parser.add_argument("--json", type=Path)
    parser.add_argument("--alone", help=argparse.SUPPRESS)
    parser.add_argument("--in-parts", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.alone:
        measure_alone(given.alone, given.in_parts)
        sys.exit()
    with tempfile.TemporaryDirectory() as folder:
        asked = {file.name: file for file in write_large_files(Path(folder), given.megapixels)} | {
            f"{size} px": size for size in given.sizes
        }
        found = {name: (measure(what, True), measure(what, False)) for name, what in asked.items()}
    write_json(given.json, found)
    rows = [
        (name, *(f"{seconds:.2f} s, {peak:,.0f} MB" for seconds, peak in both))
        for name, both in found.items()
    ]
    header = ("file or input", "strips or tiles", "at once")
    print_table(f"Files of {given.megapixels} megapixels, and inputs of {_BACKBONE}", header, rows)


if __name__ == "__main__":
    main()
