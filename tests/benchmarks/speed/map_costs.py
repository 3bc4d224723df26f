"""What maps cost: scoring with them over scoring without, the fit beyond the network, and memory.

Solar cells (ELPV mono), 400 to fit, 224 px. Times are taken in turns in one process and given as ratios of
medians; each training runs in a process of its own, whose peak memory is compared with the pooled one's.

    python -m tests.benchmarks.speed.map_costs
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image

from anomaly_gui.detection.datasets.training_sets import TrainRequest
from anomaly_gui.detection.image_judging import judge_images
from anomaly_gui.detection.model import assembly
from anomaly_gui.detection.model.model_file import open_model, save_model
from anomaly_gui.detection.runtimes.protocol import default_runtime
from anomaly_gui.detection.settings.detector_kinds import DETECTORS
from anomaly_gui.detection.settings.train_settings import TrainSettings
from anomaly_gui.detection.training import train
from anomaly_gui.progress import SilentProgress
from tests.benchmarks.common import command_to_restart, load_solar_cells, print_table, write_json

TO_FIT, TO_SCORE, ROUNDS = 400, 64, 5
_MEGA = 1e6


def train_detector(folder: Path, detector: str, out: Path) -> None:
    """Train, save, and print the seconds of the fit and the peak memory."""
    seconds = []
    fit = assembly.fit_detector

    def timed(*given: object) -> object:
        began = time.perf_counter()
        fitted = fit(*given)  # type: ignore[arg-type]
        seconds.append(time.perf_counter() - began)
        return fitted

    assembly.fit_detector = timed  # type: ignore[assignment]
    request = TrainRequest((folder,), settings=TrainSettings(detector=detector))
    result = train(request, SilentProgress())
    save_model(result.model, out)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / _MEGA
    print(json.dumps({"fit": seconds[0], "peak_mb": peak, "file_mb": out.stat().st_size / _MEGA}))


def time_scoring(models: dict[str, Path], files: list[Path]) -> dict[str, float]:
    """Return each model's median seconds an image."""
    runtime, opened = default_runtime(), {name: open_model(file) for name, file in models.items()}
    times: dict[str, list[float]] = {name: [] for name in models}
    for turn in range(ROUNDS + 1):  # the first compiles
        for name, model in opened.items():
            began = time.perf_counter()
            for _ in judge_images(model, files, SilentProgress(), runtime=runtime):
                pass
            times[name] += [(time.perf_counter() - began) / len(files)] if turn else []
    return {name: float(np.median(those)) for name, those in times.items()}


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        train_detector(Path(given.one[0]), given.one[1], Path(given.one[2]))
        return
    cells, rows, models = load_solar_cells("mono"), {}, {}
    with tempfile.TemporaryDirectory() as work:
        folder, others = Path(work, "good"), Path(work, "others")
        for where, chosen in ((folder, cells.normal[:TO_FIT]), (others, cells.normal[TO_FIT:][:TO_SCORE])):
            where.mkdir()
            for index in chosen:
                Image.fromarray(cells.images[index]).save(where / f"{index:05}.png")
        for detector in DETECTORS:
            models[detector] = Path(work, f"{detector}.anomaly")
            command = command_to_restart(__spec__.name, "--one", folder, detector, models[detector])
            ran = subprocess.run(command, check=True, capture_output=True, text=True)
            rows[detector] = json.loads(ran.stdout.splitlines()[-1])
        times = time_scoring(models, sorted(others.iterdir()))
    write_json(given.json, {"training": rows, "seconds_an_image": times})
    print_table(
        f"{TO_FIT} cells to fit, {TO_SCORE} scored",
        ("detector", "scoring, over pooled", "ms an image", "fit, s", "peak, MB over pooled", "file, MB"),
        [
            (
                name,
                f"{times[name] / times['pooled']:.2f}",
                f"{1000 * times[name]:.0f}",
                f"{rows[name]['fit']:.1f}",
                f"{rows[name]['peak_mb'] - rows['pooled']['peak_mb']:+.0f}",
                f"{rows[name]['file_mb']:.0f}",
            )
            for name in DETECTORS
        ],
    )


if __name__ == "__main__":
    main()
