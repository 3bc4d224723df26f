"""Images that one worker cannot read are read by others; what nobody can read is named, and tried again."""

from dataclasses import fields

import made_work
import pytest
from command_line import run
from image_places import away
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
from anomaly_gui.detection.model.model_file import open_model
from anomaly_gui.detection.runtimes.protocol import default_runtime
from anomaly_gui.progress import SilentProgress

IMAGES, PART = 40, 8


class Listener(SilentProgress):
    def __init__(self):
        self.said = []

    def fail(self, text):
        self.said.append(text)


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made")
    save_parts(folder / "train", 20)
    options = ["--detector", "pooled", "--layer", "block2_pool", "--size", "32", "--false-alarm-rate", "0.1"]
    assert run("train", folder / "train", "--out", folder / "m.anomaly", *options).returncode == 0
    content = (folder / "m.anomaly").read_bytes()
    outfit = Outfit.of(content)
    return outfit, WorkerModel.of(outfit.sha256, open_model(folder / "m.anomaly"), default_runtime(), None)


@pytest.fixture
def images(tmp_path, monkeypatch):
    monkeypatch.setattr(manifests, "PART", PART)
    return save_parts(tmp_path / "images", IMAGES, seed=1)


@pytest.fixture
def work(trained, tmp_path):
    (tmp_path / "parts").mkdir()
    return JudgePart(trained[1], None, ResultPlace(str(tmp_path / "parts")), "as ever")


def judge(cluster, outfit, work, manifest, workers=2):
    """Return the run, the results and what was said."""
    progress = Listener()
    with open_engine(cluster, outfit, print, workers=workers) as engine:
        ran = PartRun(engine, work, manifest, progress)
        ran.run()
    return ran, list(ran.read_results()), progress.said


def read_badly(work, tmp_path, **options):
    values = {each.name: getattr(work, each.name) for each in fields(JudgePart)}
    return made_work.ReadBadly(**values, once=tmp_path / "once", **options)


@pytest.mark.parametrize("cluster", ["local", "auto"])
def test_a_worker_that_reads_no_image_is_refused_and_the_other_judges_all(
    trained, images, work, tmp_path, cluster
):
    bad = read_badly(work, tmp_path)
    ran, results, _ = judge(cluster, trained[0], bad, make_manifest([images]))
    assert len(results) == IMAGES and all(result.readable for result in results)
    assert (tmp_path / "once").exists() and ran.failures == 0


def test_a_worker_that_is_refused_says_why(trained, images, work, tmp_path):
    with pytest.raises(WorkerRefusedError, match=r"A worker cannot read .*part_0.png, which was read where"):
        judge("local", trained[0], read_badly(work, tmp_path), make_manifest([images]), workers=1)
    assert not list((tmp_path / "parts").glob("*.parquet"))


def test_a_worker_that_cannot_read_some_of_the_images_is_refused(trained, images, work, tmp_path):
    bad = read_badly(work, tmp_path, lost=("part_3.png", "part_21.png", "part_30.png"))
    ran, results, said = judge("local", trained[0], bad, make_manifest([images]))
    assert all(result.readable for result in results)
    assert ran.failures in (1, 2, 3) and "cannot be read (Input/output error)" in said[0]


def test_an_image_that_cannot_be_read_once_is_read_again(trained, images, work, tmp_path):
    bad = read_badly(work, tmp_path, lost=("part_3.png", "part_5.png"), heals=True)
    ran, results, said = judge("local", trained[0], bad, make_manifest([images]), workers=1)
    assert all(result.readable for result in results) and ran.failures == 1
    assert "part_3.png: cannot be read" in said[0]


@pytest.mark.parametrize("cluster", ["local", "auto"])
def test_what_nobody_can_read_is_named_and_tried_again_by_the_next_command(
    trained, images, work, tmp_path, cluster
):
    manifest = make_manifest([images])
    gone = [images / name for name in ("part_2.png", "part_12.png", "part_15.png")]
    kept = {path: path.read_bytes() for path in gone}
    for path in gone:
        path.unlink()
    ran, results, _ = judge(cluster, trained[0], work, manifest)
    assert [result.path for result in results if not result.readable] == gone
    assert {result.reason for result in results if not result.readable} == {
        "is gone; was it moved, or the drive taken away?"
    }
    assert ran.failures == 2 and not (tmp_path / "parts" / "unfinished").exists()
    for path, content in kept.items():
        path.write_bytes(content)
    whole = make_manifest([images])
    whole._sizes, whole._tags = manifest._sizes, manifest._tags  # as if only rights had changed
    ran, results, _ = judge(cluster, trained[0], work, whole)
    assert ran.taken_over == IMAGES - 2 * PART and ran.failures == 0
    assert all(result.readable for result in results)


def test_nothing_is_read_here_of_parts_that_are_finished(trained, images, work, monkeypatch):
    judge("local", trained[0], work, make_manifest([images]))
    manifest = make_manifest([images])
    with away():
        ran, results, _ = judge("local", trained[0], work, manifest)
    assert ran.taken_over == IMAGES == len(results) and not manifest.readable._by_folder


def test_results_go_with_those_of_runs_that_ended(trained, images, work, tmp_path):
    ran, _, _ = judge("local", trained[0], work, make_manifest([images]))
    parts = tmp_path / "parts"
    other = f"{0:09}-{4:03}-{'0a' * 16}"
    for name in (f"{other}.parquet", f".{'1b' * 8}.part"):
        (parts / name).write_bytes(b"of a run that ended")
    (parts / "unfinished").mkdir()
    for name in (other, f"{other}.0a1b2c3d"):
        (parts / "unfinished" / name).write_bytes(b"of a run that ended")
    (parts / "notes.txt").write_text("the user's own")
    ran.remove_results()
    assert [path.name for path in parts.iterdir()] == ["notes.txt"]
    (parts / "notes.txt").unlink()
    ran.remove_results()
    assert not parts.exists()
    ran.remove_results()


def test_what_cannot_be_read_here_any_more_is_not_blamed_on_images(images):
    readable = make_manifest([images]).readable
    assert readable.list_readable(0, PART) == (images / "part_0.png",)
    with away():
        readable.check([3])
    assert readable.list_unreadable(0, PART) == frozenset()
    with away(("part_3.png",)):
        readable.check([3, 4])
    assert readable.list_unreadable(0, PART) == {3}
    assert readable.list_readable(0, PART) == (images / "part_4.png",)
    assert readable.list_readable(PART, 2 * PART) == (images / "part_0.png",)
