"""An evaluation on a cluster reads images from what workers wrote: only numbers of them stay in memory."""

import hashlib
import pathlib
import tracemalloc
from contextlib import nullcontext
from functools import cache

import numpy as np
import pytest
from command_line import run
from image_places import folder_place
from parts import save_parts

from anomaly_gui.cluster.places.url_paths import as_path
from anomaly_gui.cluster.result_place import ResultPlace
from anomaly_gui.cluster.scored.judging_part import PartReport
from anomaly_gui.cluster.scored.part_rows import write_rows
from anomaly_gui.cluster.scoring import Cluster, evaluate_on_cluster
from anomaly_gui.detection.detectors.anomaly_maps import AnomalyMap
from anomaly_gui.detection.evaluating import EvaluateRequest, evaluate
from anomaly_gui.detection.images.folders import list_images
from anomaly_gui.detection.images.look import Look
from anomaly_gui.detection.judging.verdicts import Verdict
from anomaly_gui.detection.model.image_result import ImageResult
from anomaly_gui.detection.model.model_file import open_model
from anomaly_gui.detection.runtimes.protocol import default_runtime
from anomaly_gui.detection.scoring import SameFiles, ScoreResult
from anomaly_gui.errors import UserError
from anomaly_gui.progress import SilentProgress
from anomaly_gui.results import write_json

SIDE = 28
MOST_BYTES = 500  # of memory an image: a map alone takes three times as much


@pytest.fixture(scope="module")
def model_file(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made")
    save_parts(folder / "train", 20)
    options = ["--detector", "pooled", "--layer", "block2_pool", "--size", "32", "--false-alarm-rate", "0.1"]
    assert run("train", folder / "train", "--out", folder / "m.anomaly", *options).returncode == 0
    return folder / "m.anomaly"


@cache
def make_map(number):
    """Return a map with a spot."""
    values = np.random.default_rng(number).normal(0.5, 0.05, (SIDE, SIDE)).astype(np.float32)
    values[number, 2 : 4 + number] = 1.5
    return AnomalyMap.of(values, 600, 400)


def make_result(path):
    """Return a made-up result with a map, which hangs on the name alone; every 50th image is unreadable."""
    number = int(path.stem)
    random = np.random.default_rng(number)
    if number % 50 == 3:
        return ImageResult(path, None, Verdict.CANNOT_JUDGE, "is damaged; copy it again", readable=False)
    score = float(random.normal(-500, 50))
    return ImageResult(
        path,
        score,
        Verdict.DEFECT if score < -520 else Verdict.GOOD,
        sha256=hashlib.sha256(b"%d" % (number - number % 7)).hexdigest(),
        map=make_map(number % 8),
        look=Look(*map(float, random.normal(100, 9, 4))),
        vector=random.normal(size=16).astype(np.float32) if path.parent.name == "good" else None,
    )


class MadeUpEngine:
    """Writes made-up results in place of images' own."""

    def map_parts(self, work, parts):
        for number, part in enumerate(parts):
            results = [make_result(path) for path in part.paths]
            work.place.write(part.name(work.identity), write_rows(part, results))
            yield number, PartReport.of(results)


def make_files(folder, count):
    folder.mkdir(parents=True)
    for number in range(count):
        (folder / f"{number}.png").touch()
    return folder


def ask(model_file, tmp_path, good, defects):
    made = make_files(tmp_path / "good", good), make_files(tmp_path / "bad" / "scratch", defects)
    return EvaluateRequest(open_model(model_file), *((folder,) for folder in made))


@pytest.fixture
def cluster(tmp_path):
    (tmp_path / "parts").mkdir()
    return Cluster(MadeUpEngine(), "0" * 64, ResultPlace(str(tmp_path / "parts")), default_runtime(), None)


def evaluate_in_memory(request):
    """Return what an evaluation makes of the same results, all of them in memory."""

    def score_one(asked):
        files, same = list_images(asked.paths).files, SameFiles()
        images = tuple(same.add_remark(make_result(path)) for path in files)
        return ScoreResult(asked.used_threshold, images, 0, 0)

    return evaluate(request, SilentProgress(), default_runtime(), None, score_one)


def write_results(result, file):
    from anomaly_gui.cli.commands.evaluate import _result_to_json

    write_json(file, _result_to_json(file.parent / "m.anomaly", result, {}, ()))
    return file.read_bytes()


def test_results_are_those_of_an_evaluation_in_memory(model_file, tmp_path, cluster):
    request = ask(model_file, tmp_path, 300, 270)
    (tmp_path / "m.anomaly").write_bytes(model_file.read_bytes())
    whole = evaluate_in_memory(request)
    with evaluate_on_cluster(request, cluster, SilentProgress(), keep_parts=False) as found:
        assert write_results(found, tmp_path / "many.json") == write_results(whole, tmp_path / "one.json")
        assert found.warnings == whole.warnings and len(found.warnings) >= 3
        assert found.promise == whole.promise
        assert found.not_judged == whole.not_judged and len(found.unreadable) == 12
        assert list(found.evaluation.misses) == list(whole.evaluation.misses)
        assert "same file as" in found.anomalous.images[4].reason
        assert found.normal.images[-1].map.values.shape == (SIDE, SIDE)
    assert not (tmp_path / "parts").exists()


@pytest.mark.parametrize("trouble", [None, "full disk"])
def test_parts_stay_as_long_as_results_are_not_written(model_file, tmp_path, cluster, trouble):
    request = ask(model_file, tmp_path, 5, 5)
    with (
        pytest.raises(OSError, match=trouble) if trouble else nullcontext(),
        evaluate_on_cluster(request, cluster, SilentProgress(), keep_parts=False),
    ):
        assert list((tmp_path / "parts").iterdir())
        if trouble:
            raise OSError(trouble)
    assert (tmp_path / "parts").exists() == (trouble is not None)


def test_an_image_at_an_address_is_not_both_good_and_a_defect(model_file, tmp_path, cluster, monkeypatch):
    make_files(tmp_path / "line" / "lot", 3)
    with folder_place(monkeypatch, tmp_path):
        images = (as_path("s3://line/lot"),)
        asked = evaluate_on_cluster(
            EvaluateRequest(open_model(model_file), images, images),
            cluster,
            SilentProgress(),
            keep_parts=False,
        )
        with pytest.raises(UserError, match="3 images are given both as good and as defects"), asked:
            pass


def test_memory_holds_numbers_of_images_only(model_file, tmp_path, cluster):
    (tmp_path / "m.anomaly").write_bytes(model_file.read_bytes())
    few = ask(model_file, tmp_path / "few", 20, 20)
    with evaluate_on_cluster(few, cluster, SilentProgress(), keep_parts=True) as found:  # imports all
        write_results(found, tmp_path / "few.json")
    good, defects = 1000, 5000
    request = ask(model_file, tmp_path / "many", good, defects)
    tracemalloc.start()
    try:
        with evaluate_on_cluster(request, cluster, SilentProgress(), keep_parts=False) as found:
            write_results(found, tmp_path / "many.json")
            held = tracemalloc.take_snapshot()
    finally:
        tracemalloc.stop()
    assert found.evaluation.miss.total == defects * 0.98
    own = held.filter_traces([tracemalloc.Filter(False, pathlib.__file__)])  # it keeps names of all paths
    assert sum(one.size for one in own.statistics("filename")) / (good + defects) < MOST_BYTES
