"""Are small learned networks judged as fast as VGG16? Images per second by size.

Untrained networks: what is computed does not depend on the weights. VGG16 by the product's runtime, pooled.

    python -m tests.benchmarks.speed.learned_networks
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from anomaly_gui.detection.learning.architectures import make_autoencoder, make_svdd_encoder
from anomaly_gui.detection.learning.keras_network import KerasNetwork
from anomaly_gui.detection.learning.plan_networks import LearnedNetwork
from anomaly_gui.detection.runtimes.mnn_runtime import MnnRuntime
from anomaly_gui.detection.settings.choices import NETWORK_SIZES
from anomaly_gui.detection.settings.feature_settings import FeatureSettings
from tests.benchmarks.common import describe_spread, print_table, write_json

if TYPE_CHECKING:
    from collections.abc import Callable

LATENT = 16
VGG16, LEARNED = ("block3_pool", "block4_conv3"), ("autoencoder", "deep-svdd")


def make_jobs(size: int, channels: int) -> dict[str, Callable[[Any], Any]]:
    """Return what runs a batch, by name."""
    runtime = MnnRuntime()
    found: dict[str, Callable[[Any], Any]] = {
        layer: lambda batch, layer=layer: runtime.pooled(batch, [layer])  # type: ignore[misc]
        for layer in VGG16
    }
    made = make_autoencoder(size, channels, LATENT), make_svdd_encoder(size, channels, LATENT)
    for name, architecture in zip(LEARNED, made, strict=True):
        network = KerasNetwork(architecture, affine=name == LEARNED[0]).export_network()
        found[name] = LearnedNetwork(network).take
    return found


def measure_rate(job: Callable[[Any], Any], batch: Any, seconds: float) -> float:
    """Return images per second."""
    count, began = 0, time.perf_counter()
    while time.perf_counter() - began < seconds:
        job(batch)
        count += len(batch)
    return count / (time.perf_counter() - began)


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--channels", type=int, default=1, choices=(1, 3))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.0, help="of one measurement")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    rates: dict[int, dict[str, list[float]]] = {}
    for size in NETWORK_SIZES:
        length = FeatureSettings(size=size).batch_size
        batch = np.random.default_rng(0).integers(0, 256, (length, size, size, 3), np.uint8)
        made = make_jobs(size, given.channels)
        for job in made.values():
            job(batch)
        rates[size] = {name: [] for name in made}
        for _ in range(given.rounds):
            for name, job in made.items():
                rates[size][name].append(measure_rate(job, batch, given.seconds))
    write_json(given.json, rates)
    header = ("px", *VGG16, *LEARNED, *(f"{name} / {VGG16[0]}" for name in LEARNED))
    print_table(
        f"Images per second, medians of {given.rounds} rounds",
        header,
        [_row(*one) for one in rates.items()],
    )


def _row(size: int, rates: dict[str, list[float]]) -> tuple[str, ...]:
    medians = [f"{np.median(rates[name]):.0f}" for name in (*VGG16, *LEARNED)]
    ratios = [describe_spread(list(np.divide(rates[name], rates[VGG16[0]])), 1, 2) for name in LEARNED]
    return (str(size), *medians, *ratios)


if __name__ == "__main__":
    main()
