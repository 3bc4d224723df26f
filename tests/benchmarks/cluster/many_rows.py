"""How much memory who asks takes while a cluster trains on very many images, and how long that takes.

Features are drawn by chance on the workers, in place of a network: what comes after that is measured. Needs
2 kB of disk for each row. With `--engine dask` scheduler and workers are processes of their own, and the
scheduler's memory is told, too.

    .venv/bin/python -m tests.benchmarks.cluster.many_rows --rows 1000000 --engine dask
"""

import argparse
import resource
import tempfile
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from anomaly_gui.cluster.local_engine import LocalEngine
from anomaly_gui.cluster.opening import open_engine
from anomaly_gui.cluster.training.collecting import DIGEST, IMAGES_A_PART, LOOK, PartFacts
from anomaly_gui.cluster.training.gathering import FactColumns, SeenImages, collect_parts, gather_set
from anomaly_gui.cluster.training.part_store import write_part
from anomaly_gui.cluster.training.steady_runtime import steady_runtime
from anomaly_gui.cluster.training.steps import ClusterSteps
from anomaly_gui.detection.datasets.image_sets import ImageSet
from anomaly_gui.detection.datasets.train_request import TrainRequest
from anomaly_gui.detection.features.plan import Plan
from anomaly_gui.detection.images.folders import ImageListing
from anomaly_gui.detection.images.path_list import PathList
from anomaly_gui.detection.model.assembly import KnownDefects
from anomaly_gui.detection.model.model_file import open_model, save_model
from anomaly_gui.detection.settings.train_settings import TrainSettings
from anomaly_gui.progress import SilentProgress
from tests.benchmarks.cluster.rows import Watch
from tests.benchmarks.made_cluster import started

TIME = "2026-01-01T00:00:00+00:00"
LOCAL, DASK = "local", "dask"
PORT = 18793


@dataclass(frozen=True)
class DrawPart:
    """Writes made-up features of a part, of parts that are alike in a few directions."""

    folder: Path
    length: int

    def __call__(self, part):
        number = int(part.files[0].stem)
        random, count = np.random.default_rng(number), len(part.files)
        directions = np.random.default_rng(0).normal(size=(40, self.length)).astype(np.float32)
        vectors = random.normal(size=(count, 40)).astype(np.float32) @ directions
        vectors += 3 + random.normal(0, 0.3, (count, self.length)).astype(np.float32)
        key = f"{number:09}"
        write_part(self.folder, key, {"vectors": vectors}, {})
        return PartFacts(
            key,
            np.arange(count),
            random.integers(0, 256, (count, DIGEST), np.uint8),
            np.full((count, 2), 600, np.int32),
            np.tile(np.array([120, 30, 20, 0], np.float32), (count, 1)) + np.zeros((count, LOOK), np.float32),
            np.zeros(count, np.bool_),
            {},
            0,
            (),
            (),
        )


def draw_samples(plan):
    """Return made-up inputs of the network, of the first images."""
    return np.random.default_rng(0).integers(0, 256, (8, *plan.features.shape, 3), np.uint8)


@contextmanager
def open_measured(kind, workers):
    """Yield an engine; with Dask print what the scheduler's memory was at most."""
    if kind == LOCAL:
        with LocalEngine(workers) as engine:
            yield engine
        return
    address = f"tcp://127.0.0.1:{PORT}"
    with ExitStack() as ends:
        scheduler = ends.enter_context(started("cluster", "scheduler", "--port", PORT, says="listens at"))
        ends.enter_context(started("cluster", "worker", address, "--workers", workers, says="Workers at"))
        watch = Watch(scheduler.pid)
        watch.start()
        yield ends.enter_context(open_engine(address, None, print))
        watch.ends.set()
        print(f"scheduler: most memory {watch.peak:.0f} MB", flush=True)


def train_on_rows(rows, kind, workers, folder):
    """Print how long each step takes, and how much memory this process took at most."""
    settings = TrainSettings(detector="pooled", size=64, group_by="none")
    plan, progress = Plan(settings.features), SilentProgress()
    files = PathList()
    for number in range(rows):
        files.append(Path(f"/archive/{number // 1000:06}/{number}.png"))
    nothing = ImageListing((), 0, 0, ())
    with open_measured(kind, workers) as engine:
        steps = ClusterSteps(engine, folder, progress, steady_runtime(), None, TIME)
        began = time.monotonic()
        work = DrawPart(folder, plan.length)
        facts = collect_parts(engine, work, files, IMAGES_A_PART, progress)
        images = gather_set(facts, files, folder, plan, SeenImages())
        images = replace(images, samples=draw_samples(plan))
        del facts  # as `read` lets go of them
        began = _tell("features drawn", began)
        read = ImageSet(ImageListing(files, 0, 0, ()), images)
        request = TrainRequest((Path("/archive"),), settings=settings)
        good = steps.screen(read, request, plan)
        began = _tell("screened", began)
        del images, read  # as `train` lets go of them
        empty = gather_set(FactColumns(0, IMAGES_A_PART), PathList(), folder, plan, SeenImages())
        others = steps.screen(ImageSet(nothing, empty), request, plan).screened
        known = KnownDefects(empty, np.arange(0))
        model, _ = steps.assemble(settings, plan, good.screened, others, known, None)
        began = _tell("fitted, scored and put together", began)
        save_model(model, folder / "model.anomaly")
        _tell("saved", began)
    opened = open_model(folder / "model.anomaly")
    size = (folder / "model.anomaly").stat().st_size / 1e6
    print(f"learned from {opened.training.count:,}, named {len(opened.training.images):,}; {size:.0f} MB")


def _tell(what, began):
    now, peak = time.monotonic(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    print(f"{what}: {now - began:.1f} s; most memory so far {peak:.0f} MB", flush=True)
    return now


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--engine", choices=[LOCAL, DASK], default=LOCAL)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        train_on_rows(asked.rows, asked.engine, asked.workers, Path(folder))


if __name__ == "__main__":
    main()
