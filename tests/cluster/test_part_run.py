"""Parts that fail, and images that end who reads them."""

import os
from dataclasses import replace

import made_work
import pytest
from command_line import run
from parts import save_parts

from anomaly_gui.cluster import manifest as manifests
from anomaly_gui.cluster.engine import WorkerRefusedError
from anomaly_gui.cluster.manifest import make_manifest
from anomaly_gui.cluster.opening import open_engine
from anomaly_gui.cluster.outfit import Outfit
from anomaly_gui.cluster.result_place import ResultPlace
from anomaly_gui.cluster.scored.judging_part import JudgePart
from anomaly_gui.cluster.scored.part_run import PartRun
from anomaly_gui.cluster.scored.worker_model import WorkerModel
from anomaly_gui.detection.judging.verdicts import Verdict
from anomaly_gui.detection.model.model_file import open_model
from anomaly_gui.detection.runtimes.protocol import default_runtime
from anomaly_gui.errors import UserError
from anomaly_gui.progress import SilentProgress


class Listener(SilentProgress):
    def __init__(self):
        self.said, self.steps, self.failures = [], 0, 0

    def advance(self, steps=1):
        self.steps += steps

    def warn(self, text):
        self.said.append(text)

    def fail(self, text):
        self.failures += 1
        self.warn(text)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made")
    save_parts(folder / "train", 20)
    save_parts(folder / "images", 30, seed=1)
    options = ["--detector", "pooled", "--layer", "block2_pool", "--size", "32", "--false-alarm-rate", "0.1"]
    assert run("train", folder / "train", "--out", folder / "m.anomaly", *options).returncode == 0
    return folder


@pytest.fixture(autouse=True)
def small_parts(monkeypatch):
    monkeypatch.setattr(manifests, "PART", 8)


@pytest.fixture
def model(made):
    content = (made / "m.anomaly").read_bytes()
    opened = open_model(made / "m.anomaly")
    outfit = Outfit.of(content)
    return outfit, WorkerModel.of(outfit.sha256, opened, default_runtime(), None)


def prepare(made, model, place):
    place.mkdir()
    return JudgePart(model[1], None, ResultPlace(str(place)), "as ever"), make_manifest([made / "images"])


@pytest.mark.parametrize("cluster", ["local", "auto"])
def test_an_image_that_ends_workers_is_found_by_halving(made, model, tmp_path, cluster):
    work, manifest = prepare(made, model, tmp_path / "parts")
    progress = Listener()
    with open_engine(cluster, model[0], print, workers=2) as engine:
        run = PartRun(engine, made_work.EndOnImage(work, "part_11.png"), manifest, progress)
        run.run()
    results = list(run.read_results())
    assert [path.name for path in run.ended_readers] == ["part_11.png"]
    assert [result.path for result in results] == list(manifest.listing.files)
    (bad,) = [result for result in results if not result.readable]
    assert bad.path.name == "part_11.png" and bad.verdict == Verdict.CANNOT_JUDGE
    assert bad.reason.startswith("ends the reader")
    assert progress.steps == 30 and any("halved" in said for said in progress.said)
    again = PartRun(None, work, manifest, Listener())  # all is known: no engine is asked
    assert again._take_over_finished() == []


def test_a_part_that_fails_for_a_while_is_tried_again(made, model, tmp_path):
    work, manifest = prepare(made, model, tmp_path / "parts")
    (tmp_path / "failed").mkdir()
    progress = Listener()
    with open_engine("local", model[0], print, workers=2) as engine:
        run = PartRun(engine, made_work.FailTwice(work, tmp_path / "failed"), manifest, progress)
        run.run()
    assert len(list(run.read_results())) == 30 == progress.steps
    assert run.failures == 8 == progress.failures and "Part 1 failed: The network is away." in progress.said


def test_what_cannot_be_written_ends_the_run(made, model, tmp_path):
    work, manifest = prepare(made, model, tmp_path / "parts")
    (tmp_path / "file").write_text("no folder")
    work = replace(work, place=ResultPlace(str(tmp_path / "file" / "parts")))
    with (
        open_engine("local", model[0], print, workers=1) as engine,
        pytest.raises(UserError, match="4 parts of the images could not be worked on"),
    ):
        PartRun(engine, work, manifest, Listener()).run()


def test_what_failed_over_a_half_is_said(made, model, tmp_path):
    work, manifest = prepare(made, model, tmp_path / "parts")
    progress = Listener()
    with (
        open_engine("local", model[0], print, workers=2) as engine,
        pytest.raises(UserError, match="1 part of the images could not be worked on"),
    ):
        PartRun(engine, made_work.FailOverHalves(work, 8), manifest, progress).run()
    assert progress.said.count("Part 1 failed: The disk is full.") == 3


def test_times_before_1970_tell_images_apart(tmp_path):
    (tmp_path / "old.png").write_bytes(b"image")
    names = []
    for seconds in (-86400, -86401, 86400):
        os.utime(tmp_path / "old.png", (seconds, seconds))
        names.append(make_manifest([tmp_path])[0].sha256)
    assert len(set(names)) == 3


@pytest.mark.parametrize("cluster", ["local", "auto"])
@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"expected": (1.0, 2.0)}, "workers must judge alike"),
        ({"version": "0.0"}, "install the same everywhere"),
        ({"used": "another 1.0"}, "runs the network by"),
        ({"sha256": "0" * 64}, "has not received the model whole"),
    ],
)
def test_a_worker_that_would_judge_otherwise_is_refused(made, model, tmp_path, cluster, change, said):
    work, manifest = prepare(made, model, tmp_path / "parts")
    if "expected" in change:
        change = {"expected": tuple(score + 1 for score in model[1].expected)}
    work = replace(work, model=replace(model[1], **change))
    with (
        open_engine(cluster, model[0], print, workers=1) as engine,
        pytest.raises(WorkerRefusedError, match=said),
    ):
        PartRun(engine, work, manifest, Listener()).run()


def test_a_worker_that_does_not_reach_the_images_is_refused(made, model, tmp_path):
    save_parts(tmp_path / "away", 3)
    work, _ = prepare(made, model, tmp_path / "parts")
    manifest = make_manifest([tmp_path / "away"])
    (tmp_path / "away").rename(tmp_path / "elsewhere")
    with (
        open_engine("local", model[0], print, workers=1) as engine,
        pytest.raises(WorkerRefusedError, match="does not reach"),
    ):
        PartRun(engine, work, manifest, Listener()).run()


def test_results_that_were_damaged_are_told(made, model, tmp_path):
    work, manifest = prepare(made, model, tmp_path / "parts")
    with open_engine("local", model[0], print, workers=1) as engine:
        run = PartRun(engine, work, manifest, Listener())
        run.run()
    first = min((tmp_path / "parts").iterdir())
    first.write_bytes(first.read_bytes()[:200])
    with pytest.raises(UserError, match="damaged or gone"):
        list(run.read_results())
