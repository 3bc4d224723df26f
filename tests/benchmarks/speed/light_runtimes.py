"""Which runtime is fastest for a light backbone? MNN, ONNX Runtime and ncnn, in turns in one process.

Each computes what the detector positional takes: the backbone's grid layers brought onto one grid. ONNX
Runtime and MNN are the product's own, as they are after many batches; ncnn (`pip install ncnn`) gets the same
nodes, and one image after another, as it wants them. What is not installed is left out.

    python -m tests.benchmarks.speed.light_runtimes
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from importlib.util import find_spec
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import numpy as np

from anomaly_gui.detection.runtimes import mnn_runtime, onnx_runtime
from anomaly_gui.detection.runtimes.graph import (
    INPUT,
    Convolution,
    MaxPool,
    build_nodes,
    count_positions,
    prepare_input,
)
from anomaly_gui.detection.runtimes.weights import check_weights
from anomaly_gui.detection.settings.backbones import BACKBONES, find_backbone
from anomaly_gui.detection.settings.grid_settings import GridSettings
from tests.benchmarks.common import print_table, write_json

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from anomaly_gui.detection.runtimes.graph import Node
    from anomaly_gui.detection.settings.backbones import Backbone

    Job = Callable[[Any], Any]

LIGHT = tuple(name for name in BACKBONES if name.startswith("efficientnet"))
SIZES, BATCHES, THREADS = (224, 320, 448), (1, 8), (1, 2)
LARGEST_DIFFERENCE = 1e-3


def make_mnn_job(backbone: Backbone, size: int, threads: int) -> Job:
    """Return what runs images through the product's runtime."""
    with mock.patch.object(mnn_runtime, "count_cores", lambda: threads):
        runtime = mnn_runtime.MnnRuntime(patience=0)
        shape, layers = GridSettings(size).shape, backbone.grid_layers
        runtime.gridded(np.zeros((2, size, size, 3), np.uint8), layers[-1:], layers, shape, backbone)
    return lambda batch: runtime.gridded(batch, layers[-1:], layers, shape, backbone)[1]


def make_onnx_job(backbone: Backbone, size: int, threads: int) -> Job:
    """Return what runs images through the product's other runtime."""
    with mock.patch.object(onnx_runtime, "count_cores", lambda: threads):
        runtime = onnx_runtime.OnnxRuntime()
        shape, layers = GridSettings(size).shape, backbone.grid_layers
        runtime.gridded(np.zeros((2, size, size, 3), np.uint8), layers[-1:], layers, shape, backbone)
    return lambda batch: runtime.gridded(batch, layers[-1:], layers, shape, backbone)[1]


def make_ncnn_job(backbone: Backbone, size: int, threads: int) -> Job:
    """Return what runs images through ncnn, one at a time."""
    import ncnn

    net = ncnn.Net()
    net.opt.num_threads = threads
    for option in ("use_fp16_packed", "use_fp16_storage", "use_fp16_arithmetic", "use_bf16_storage"):
        setattr(net.opt, option, False)
    with tempfile.TemporaryDirectory() as folder:
        write_ncnn(Path(folder), backbone, size, GridSettings(size).shape[0])
        net.load_param(str(Path(folder, "net.param")))
        net.load_model(str(Path(folder, "net.bin")))

    def run_image(image: Any) -> list[Any]:
        extractor = net.create_extractor()
        planes = np.ascontiguousarray(image.transpose(2, 0, 1))  # has to live as long as ncnn reads it
        extractor.input(INPUT, ncnn.Mat(planes))
        return [np.array(extractor.extract(f"{name}.grid")[1])[None] for name in backbone.grid_layers]

    return lambda batch: np.concatenate(
        [_join_planes(run_image(image)) for image in prepare_input(batch, backbone)]
    )


def _join_planes(grids: Sequence[Any]) -> Any:
    """Return (images, cells, channels of all) of (images, channels, side, side)."""
    joined = np.concatenate(grids, axis=1)
    return joined.reshape(*joined.shape[:2], -1).transpose(0, 2, 1)


def write_ncnn(folder: Path, backbone: Backbone, size: int, side: int) -> None:
    """Write the network as ncnn's two files; an output that several take is split for them first."""
    nodes = _list_nodes(backbone)
    takers = Counter(above for node in nodes for above in _inputs_of(node))
    takers.update(backbone.grid_layers)
    writer = _NcnnWriter(takers)
    with (folder / "net.bin").open("wb") as file:
        for node in nodes:
            writer.add_node(node)
            if isinstance(node, Convolution):
                file.write(bytes(4) + node.kernel.tobytes() + node.bias.tobytes())
    for name in backbone.grid_layers:
        writer.add_grid(name, count_positions(size, backbone.find_layer(name).stride), side)
    writer.write(folder / "net.param")


class _NcnnWriter:
    """Writes one line a layer."""

    def __init__(self, takers: Counter[str]) -> None:
        self._takers, self._taken = takers, Counter[str]()
        self._lines, self._blobs = [f"Input {INPUT} 0 1 {INPUT}"], 1

    def add_node(self, node: Node) -> None:
        above = " ".join(self._take(name) for name in _inputs_of(node))
        if isinstance(node, Convolution):
            self._add(f"{_describe_ncnn_convolution(node)[0]} {node.name} 1 1 {above}", node.name)
            self._lines[-1] += _describe_ncnn_convolution(node)[1]
        elif isinstance(node, MaxPool):
            self._add(f"Pooling {node.name} 1 1 {above}", node.name)
            self._lines[-1] += " 0=0 1=2 2=2"
        else:
            self._add(f"BinaryOp {node.name} 2 1 {above}", node.name)
            self._lines[-1] += " 0=0"
        count = self._takers[node.name]
        if count > 1:
            ends = " ".join(f"{node.name}_{number}" for number in range(count))
            self._lines.append(f"Split {node.name}_split 1 {count} {node.name} {ends}")
            self._blobs += count

    def add_grid(self, name: str, positions: int, side: int) -> None:
        times = positions // side
        if times > 1:
            kind, words = "Pooling", f" 0=1 1={times} 2={times} 5=1"
        elif positions == side:
            kind, words = "Noop", ""
        else:
            kind, words = "Interp", f" 0=2 3={side} 4={side}"
        self._add(f"{kind} {name}_grid 1 1 {self._take(name)}", f"{name}.grid")
        self._lines[-1] += words

    def _take(self, name: str) -> str:
        self._taken[name] += 1
        return f"{name}_{self._taken[name] - 1}" if self._takers[name] > 1 else name

    def _add(self, line: str, output: str) -> None:
        self._lines.append(f"{line} {output}")
        self._blobs += 1

    def write(self, path: Path) -> None:
        path.write_text(f"7767517\n{len(self._lines)} {self._blobs}\n" + "\n".join(self._lines) + "\n")


def _describe_ncnn_convolution(node: Convolution) -> tuple[str, str]:
    count, side = len(node.kernel), node.kernel.shape[2]
    cuts = {"none": "", "relu": " 9=1", "relu6": " 9=3 -23310=2,0.0,6.0"}[node.activation]
    words = f" 0={count} 1={side} 3={node.stride} 4=-233 5=1 6={node.kernel.size}{cuts}"
    return ("ConvolutionDepthWise", f"{words} 7={count}") if node.depthwise else ("Convolution", words)


def _list_nodes(backbone: Backbone) -> list[Node]:
    deepest = backbone.find_deepest(backbone.grid_layers)
    return list(build_nodes(check_weights(backbone), backbone, deepest))


def _inputs_of(node: Node) -> tuple[str, ...]:
    return (node.above,) if isinstance(node, Convolution | MaxPool) else (node.above, node.other)


JOBS = {
    "mnn": (make_mnn_job, "MNN"),
    "onnxruntime": (make_onnx_job, "onnxruntime"),
    "ncnn": (make_ncnn_job, "ncnn"),
}


def measure_case(
    backbone: Backbone, size: int, threads: int, rounds: int, seconds: float
) -> list[dict[str, Any]]:
    """Return rates of all engines for each batch; ValueError where one yields something else."""
    jobs = {name: make(backbone, size, threads) for name, (make, needs) in JOBS.items() if find_spec(needs)}
    rows = []
    for length in BATCHES:
        batch = np.random.default_rng(0).integers(0, 256, (length, size, size, 3), np.uint8)
        _check_alike({name: job(batch) for name, job in jobs.items()})
        rates: dict[str, list[float]] = {name: [] for name in jobs}
        for _ in range(rounds):
            for name, job in jobs.items():
                rates[name].append(_measure_rate(job, batch, seconds))
        rows.append(
            {"backbone": backbone.name, "size": size, "threads": threads, "batch": length, "rates": rates}
        )
    return rows


def _check_alike(outputs: dict[str, Any]) -> None:
    first = outputs["mnn"]
    for name, output in outputs.items():
        difference = float(np.abs(output - first).max() / np.abs(first).max())
        if output.shape != first.shape or difference > LARGEST_DIFFERENCE:
            raise ValueError(f"{name} yields something else: {difference:.2g} of the largest feature away")


def _measure_rate(job: Job, batch: Any, seconds: float) -> float:
    job(batch)
    count, began = 0, time.perf_counter()
    while time.perf_counter() - began < seconds or count == 0:
        job(batch)
        count += len(batch)
    return count / (time.perf_counter() - began)


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--backbones", nargs="+", default=LIGHT)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--threads", type=int, nargs="+", default=THREADS)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.0, help="of one measurement")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    rows = []
    for name, size, threads in product(given.backbones, given.sizes, given.threads):
        rows += measure_case(find_backbone(name), size, threads, given.rounds, given.seconds)
        print(rows[-2:], file=sys.stderr, flush=True)
    write_json(given.json, rows)
    print_table(
        f"Images per second (medians of {given.rounds} rounds)",
        ("backbone", "px", "threads", "batch", *rows[0]["rates"], "mnn / best of the others"),
        [_make_row(one) for one in rows],
    )


def _make_row(one: dict[str, Any]) -> tuple[Any, ...]:
    rates = {name: np.array(values) for name, values in one["rates"].items()}
    others = [values for name, values in rates.items() if name != "mnn"]
    ratios = rates["mnn"] / np.max(others, axis=0) if others else np.ones(1)
    ratio = f"{np.median(ratios):.2f} ({ratios.min():.2f} to {ratios.max():.2f})"
    medians = (f"{np.median(values):.1f}" for values in rates.values())
    return (one["backbone"], one["size"], one["threads"], one["batch"], *medians, ratio)


if __name__ == "__main__":
    main()
