"""Which runtime is fastest at which size and depth? Keras's `predict`, MNN, and ncnn if it is installed.

Every engine lives in a process of its own and is asked in turns, so that a slow minute of the machine hits
all of them. Keras is given its best of several batch sizes; MNN is the product's own runtime; ncnn gets the
same weights (`pip install ncnn`). The last two rows are what the positional detector takes in one pass.

    python -m tests.benchmarks.speed.runtimes
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from anomaly_gui.detection.benchmarking.request import DEPTHS, SIZES
from anomaly_gui.detection.runtimes.graph import MaxPool, build_nodes
from anomaly_gui.detection.runtimes.machine import count_cores, measure_peak
from anomaly_gui.detection.runtimes.weights import check_weights
from anomaly_gui.detection.settings.backbones import VGG16
from anomaly_gui.detection.settings.feature_settings import FeatureSettings
from anomaly_gui.detection.settings.grid_settings import GridSettings
from tests.benchmarks.common import command_to_restart, print_table, write_json

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

GRID = "grid"  # instead of a layer: block4_conv3 pooled, and the cells of the grid
KERAS_BATCHES = (1, 4, 16, 64)
MOST_PIXELS = 64 * 224**2  # of a batch
CHOOSING = 1.5  # seconds for each of Keras's batches


def list_cases(sizes: Sequence[int], layers: Sequence[str]) -> list[tuple[int, str]]:
    """Return each size with each layer; the grid wants a size that it divides."""
    return [
        (size, layer) for size in sizes for layer in layers if layer != GRID or (size % 8 == 0 and size >= 64)
    ]


def make_keras_job(size: int, layer: str) -> Callable[[Any], Any]:
    """Return what runs images through `predict`."""
    import keras

    network = keras.applications.VGG16(
        weights=str(check_weights(VGG16)), include_top=False, input_shape=(size, size, 3)
    )
    average = keras.layers.GlobalAveragePooling2D()
    outputs = [average(network.get_layer("block4_conv3" if layer == GRID else layer).output)]
    if layer == GRID:
        side, _ = GridSettings(size).shape
        for name in VGG16.grid_layers:
            output = network.get_layer(name).output
            times = output.shape[1] // side
            outputs.append(keras.layers.AveragePooling2D(times)(output) if times > 1 else output)
    cut = keras.Model(network.input, outputs)

    def run(batch: Any) -> None:
        cut.predict(keras.applications.vgg16.preprocess_input(batch.astype(np.float32)), len(batch), 0)

    return run


def make_mnn_job(size: int, layer: str, patience: int = 0) -> Callable[[Any], Any]:
    """Return what runs images through the product's runtime, as it does after the first batches."""
    from anomaly_gui.detection.runtimes.mnn_runtime import MnnRuntime

    runtime = MnnRuntime(patience)
    if layer == GRID:
        shape = GridSettings(size).shape
        return lambda batch: runtime.gridded(batch, ["block4_conv3"], VGG16.grid_layers, shape)
    return lambda batch: runtime.pooled(batch, [layer])


def make_ncnn_job(_: int, layer: str) -> Callable[[Any], Any]:
    """Return what runs images through ncnn, one at a time as it wants them."""
    import ncnn

    net, ends = ncnn.Net(), [*VGG16.grid_layers] if layer == GRID else ["pooled"]
    net.opt.num_threads = count_cores()
    for option in ("use_fp16_packed", "use_fp16_storage", "use_fp16_arithmetic", "use_bf16_storage"):
        setattr(net.opt, option, False)
    with tempfile.TemporaryDirectory() as folder:
        _write_ncnn(Path(folder), VGG16.grid_layers[-1] if layer == GRID else layer, splits=layer == GRID)
        net.load_param(str(Path(folder, "net.param")))
        net.load_model(str(Path(folder, "net.bin")))

    def run(batch: Any) -> None:
        for image in batch:
            planes = np.ascontiguousarray((image.astype(np.float32) - 118).transpose(2, 0, 1))
            extractor = net.create_extractor()
            extractor.input("input", ncnn.Mat(planes))
            for end in ends:
                np.array(extractor.extract(end)[1])

    return run


def _write_ncnn(folder: Path, deepest: str, *, splits: bool) -> None:
    """Write the network; where layers are also outputs ncnn wants them split."""
    lines, above = ["Input input 0 1 input"], "input"
    with (folder / "net.bin").open("wb") as file:
        for layer in build_nodes(check_weights(VGG16), VGG16, deepest):
            name = layer.name
            tapped = splits and name in VGG16.grid_layers and name != deepest
            output = f"{name}_all" if tapped else name
            if isinstance(layer, MaxPool):
                lines.append(f"Pooling {name} 1 1 {above} {output} 0=0 1=2 2=2")
            else:
                count, size = len(layer.bias), layer.kernel.size
                lines.append(f"Convolution {name} 1 1 {above} {output} 0={count} 1=3 4=1 5=1 6={size} 9=1")
                file.write(bytes(4) + layer.kernel.tobytes() + layer.bias.tobytes())
            above = output
            if tapped:
                lines.append(f"Split {name}_split 1 2 {output} {name} {name}_on")
                above = f"{name}_on"
    if not splits:
        lines.append(f"Pooling pooled 1 1 {above} pooled 0=1 4=1")
    blobs = len(lines) + sum(line.startswith("Split") for line in lines)
    (folder / "net.param").write_text(f"7767517\n{len(lines)} {blobs}\n" + "\n".join(lines) + "\n")


JOBS = {"keras predict": make_keras_job, "mnn": make_mnn_job, "ncnn": make_ncnn_job}


def serve_rates(engine: str) -> None:
    """Answer questions (size, layer, seconds) on stdin with images per second on stdout."""
    said, sys.stdout = sys.stdout, sys.stderr
    jobs: dict[tuple[int, str], tuple[Callable[[Any], Any], Any]] = {}
    for line in sys.stdin:
        size, layer, seconds = json.loads(line)
        if (size, layer) not in jobs:
            jobs.clear()
            jobs[size, layer] = _set_up_job(engine, size, layer)
        job, batch = jobs[size, layer]
        print(json.dumps(_measure_rate(job, batch, seconds)), file=said, flush=True)


def _set_up_job(engine: str, size: int, layer: str) -> tuple[Callable[[Any], Any], Any]:
    job, random = JOBS[engine](size, layer), np.random.default_rng(0)
    most = FeatureSettings(size=size).batch_size
    lengths = [most]
    if engine == "keras predict":
        lengths = sorted({most, *(count for count in KERAS_BATCHES if count * size**2 <= MOST_PIXELS)})
    batches = [random.integers(0, 256, (length, size, size, 3), np.uint8) for length in lengths]
    for batch in batches:
        job(batch)
    return job, max(batches, key=lambda batch: _measure_rate(job, batch, CHOOSING))


def _measure_rate(job: Callable[[Any], Any], batch: Any, seconds: float) -> float:
    count, began = 0, time.perf_counter()
    while time.perf_counter() - began < seconds or count == 0:
        job(batch)
        count += len(batch)
    return count / (time.perf_counter() - began)


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--layers", nargs="+", default=[*DEPTHS, GRID])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.0, help="of one measurement")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--serve", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        serve_rates(given.serve)
        return
    engines = {name: _start_engine(name) for name in JOBS if name != "ncnn" or find_spec("ncnn")}
    peak, rows = measure_peak(), []
    for size, layer in list_cases(given.sizes, given.layers):
        rows.append(_measure_rates(engines, size, layer, given.rounds, given.seconds))
        print(rows[-1], file=sys.stderr, flush=True)
    for process in engines.values():
        process.stdin.close()
        process.wait()
    write_json(given.json, rows)
    print_table(
        f"Images per second (medians of {given.rounds} rounds); matrix product {peak / 1e9:.0f} GFLOP/s",
        ("px", "layer", *(name for name in engines), "mnn / keras", "mnn, share of peak"),
        [_row(one, engines, peak) for one in rows],
    )


def _start_engine(engine: str) -> Any:
    return subprocess.Popen(
        command_to_restart(__spec__.name, "--serve", engine),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
        text=True,
    )


def _measure_rates(
    engines: dict[str, Any], size: int, layer: str, rounds: int, seconds: float
) -> dict[str, Any]:
    rates: dict[str, list[float]] = {name: [] for name in engines}
    for _ in range(rounds):
        for name, process in engines.items():
            process.stdin.write(json.dumps([size, layer, seconds]) + "\n")
            process.stdin.flush()
            rates[name].append(json.loads(process.stdout.readline()))
    return {"size": size, "layer": layer, "rates": rates}


def _row(one: dict[str, Any], engines: dict[str, Any], peak: float) -> tuple[Any, ...]:
    medians = {name: float(np.median(one["rates"][name])) for name in engines}
    ratios = np.array(one["rates"]["mnn"]) / np.array(one["rates"]["keras predict"])
    deepest = ("block4_conv3",) if one["layer"] == GRID else (one["layer"],)
    share = medians["mnn"] * 2 * VGG16.count_pixel_operations(deepest) * one["size"] ** 2 / peak
    ratio = f"{np.median(ratios):.2f} ({ratios.min():.2f} to {ratios.max():.2f})"
    return (one["size"], one["layer"], *(f"{medians[name]:.1f}" for name in engines), ratio, f"{share:.2f}")


if __name__ == "__main__":
    main()
