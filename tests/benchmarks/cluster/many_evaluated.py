"""An evaluation of very many made-up results with maps: the memory of who asks, with JSON and plots.

Workers make results up; files are empty, and nothing of them is read.

    .venv/bin/python -m tests.benchmarks.cluster.many_evaluated --work FOLDER
"""

from __future__ import annotations

import argparse
import resource
import shutil
import time
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from anomaly_gui.cli.commands.evaluate import _result_to_json
from anomaly_gui.cli.output.evaluation_plots import save_plots
from anomaly_gui.cluster.local_engine import LocalEngine
from anomaly_gui.cluster.result_place import ResultPlace
from anomaly_gui.cluster.scored.judging_part import JudgePart, PartReport
from anomaly_gui.cluster.scored.part_rows import write_rows
from anomaly_gui.cluster.scoring import Cluster, evaluate_on_cluster
from anomaly_gui.detection.detectors.anomaly_maps import AnomalyMap
from anomaly_gui.detection.evaluating import EvaluateRequest
from anomaly_gui.detection.images.look import Look
from anomaly_gui.detection.judging.verdicts import Verdict
from anomaly_gui.detection.model.image_result import ImageResult
from anomaly_gui.detection.model.model_file import open_model
from anomaly_gui.detection.runtimes.protocol import default_runtime
from anomaly_gui.progress import SilentProgress
from anomaly_gui.results import write_json as write_results
from tests.benchmarks.common import print_table, write_json
from tests.benchmarks.made_cluster import add_options, make_model

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from anomaly_gui.cluster.manifest import Part

_SIDE, _FEATURES = 28, 256
_MAPS = 256  # that are drawn; each image has one of them
_IN_A_FOLDER = 1000


@dataclass(frozen=True)
class MakeResults:
    """Writes made-up results in place of images' own.

    Parameters
    ----------
    judge : what would judge them
    threshold : of the model
    """

    judge: JudgePart
    threshold: float

    def __call__(self, part: Part) -> PartReport:
        """Return the report on a part."""
        results = [self._make_result(path) for path in part.paths]
        self.judge.place.write(part.name(self.judge.identity), write_rows(part, results))
        return PartReport.of(results)

    def _make_result(self, path: Path) -> ImageResult:
        number, is_good = int(path.stem), path.parts[-3] == "good"
        random = np.random.default_rng([number, is_good])
        score = float(random.normal(self.threshold + (30 if is_good else -30), 25))
        return ImageResult(
            path,
            score,
            Verdict.DEFECT if score < self.threshold else Verdict.GOOD,
            sha256=random.bytes(32).hex(),
            map=_draw_map(number % _MAPS),
            look=Look(*map(float, random.normal(100, 9, 4))),
            vector=random.normal(size=_FEATURES).astype(np.float32) if is_good else None,
        )


@cache
def _draw_map(number: int) -> AnomalyMap:
    values = np.random.default_rng(number).normal(0.5, 0.1, (_SIDE, _SIDE)).astype(np.float32)
    values[5:8, 9:14] += 1
    return AnomalyMap.of(values, 600, 400)


@dataclass(frozen=True)
class MadeUpEngine:
    """Lets the workers of an engine make results up."""

    engine: LocalEngine
    threshold: float

    def map_parts(self, work: JudgePart, parts: Sequence[Part]) -> Iterator[tuple[int, Any]]:
        """Yield the report on each part."""
        yield from self.engine.map_parts(MakeResults(work, self.threshold), parts)


def make_files(folder: Path, count: int) -> Path:
    """Make so many empty files in folders, and return the folder of these."""
    for number in range(count):
        inside = folder / f"{number // _IN_A_FOLDER:05}"
        if number % _IN_A_FOLDER == 0:
            inside.mkdir(parents=True, exist_ok=True)
        (inside / f"{number:07}.png").touch()
    return folder


def main() -> None:
    """Print the row of memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_options(parser, images=1_000_000)
    parser.add_argument("--good", type=int, default=20_000, help="how many of them are good ones")
    given = parser.parse_args()
    model_file = make_model(given.work)
    model, place = open_model(model_file), given.work / "parts"
    good, bad = (
        make_files(given.work / name, count)
        for name, count in (("good", given.good), ("bad", given.images - given.good))
    )
    shutil.rmtree(place, ignore_errors=True)
    began, rows = time.perf_counter(), []
    request, progress = EvaluateRequest(model, (good,), (bad,)), SilentProgress()
    with LocalEngine(2) as engine:
        made_up = MadeUpEngine(engine, model.threshold.value)
        cluster = Cluster(made_up, "0" * 64, ResultPlace(str(place)), default_runtime(), None)
        cluster.place.prepare()
        with evaluate_on_cluster(request, cluster, progress, keep_parts=False) as result:
            rows.append(_measure("evaluated", began))
            write_results(given.work / "result.json", _result_to_json(model_file, result, {}, ()))
            rows.append(_measure("JSON written", began))
            save_plots(result.evaluation, result.threshold, given.work, progress, None)
            rows.append(_measure("plots drawn", began))
    print_table(f"{given.images:,} images, {given.good:,} good", ("so far", "seconds", "client, peak"), rows)
    write_json(given.json, rows)


def _measure(what: str, began: float) -> tuple[str, str, str]:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    return what, f"{time.perf_counter() - began:.0f}", f"{peak:.0f} MB"


if __name__ == "__main__":
    main()
