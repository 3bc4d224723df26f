"""What a worker that ended had judged of its part is not judged again, and the results are the same."""

from dataclasses import fields, replace

import made_work
import pytest
from command_line import run
from parts import save_parts

from anomaly_gui.cluster import manifest as manifests
from anomaly_gui.cluster.manifest import make_manifest
from anomaly_gui.cluster.opening import open_engine
from anomaly_gui.cluster.outfit import Outfit
from anomaly_gui.cluster.result_place import ResultPlace
from anomaly_gui.cluster.scored import part_so_far
from anomaly_gui.cluster.scored.judging_part import JudgePart
from anomaly_gui.cluster.scored.part_rows import read_rows, write_rows
from anomaly_gui.cluster.scored.part_run import PartRun
from anomaly_gui.cluster.scored.part_so_far import Pace, PartSoFar
from anomaly_gui.cluster.scored.unfinished_place import DamagedError, UnfinishedPlace
from anomaly_gui.cluster.scored.worker_model import WorkerModel
from anomaly_gui.detection.model.model_file import open_model
from anomaly_gui.detection.runtimes.protocol import default_runtime
from anomaly_gui.progress import SilentProgress

IMAGES, BATCH = 64, 9  # eight that can be read, and one that is torn


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made")
    save_parts(folder / "train", 20)
    save_parts(folder / "images", IMAGES, seed=1)
    (folder / "images" / "part_5.png").write_bytes(b"torn")
    options = ["--detector", "pooled", "--layer", "block2_pool", "--false-alarm-rate", "0.1"]
    assert run("train", folder / "train", "--out", folder / "m.anomaly", *options).returncode == 0
    return folder


@pytest.fixture(autouse=True)
def parts_of_half(monkeypatch):
    monkeypatch.setattr(manifests, "PART", IMAGES // 2)


@pytest.fixture(scope="module")
def judge(made):
    outfit, opened = Outfit.of((made / "m.anomaly").read_bytes()), open_model(made / "m.anomaly")
    model = WorkerModel.of(outfit.sha256, opened, default_runtime(), None)
    return outfit, JudgePart(model, None, ResultPlace(str(made / "parts")), "as ever")


class Listener(SilentProgress):
    def __init__(self):
        self.said = []

    def warn(self, text):
        self.said.append(text)


def work_in(engine, made, judge, folder, *, ends):
    """Judge all images, with or without a worker that ends; return the result files and what was counted."""
    (folder / "seen").mkdir(parents=True)
    place = ResultPlace(str(folder / "parts"))
    place.prepare()
    if not ends:
        (folder / "seen" / "ended").touch()
    values = {each.name: getattr(judge, each.name) for each in fields(judge)}
    work = made_work.EndOverBatch(**{**values, "place": place}, folder=folder / "seen")
    PartRun(engine, work, make_manifest([made / "images"]), SilentProgress()).run()
    judged = sum(file.stat().st_size for file in (folder / "seen").iterdir())
    return {file.name: file.read_bytes() for file in (folder / "parts").iterdir()}, judged


@pytest.mark.parametrize("cluster", ["local", "auto"])
def test_a_killed_worker_costs_one_batch(made, judge, tmp_path, cluster):
    outfit, work = judge
    with open_engine(cluster, outfit, print, workers=2) as engine:
        whole, once = work_in(engine, made, work, tmp_path / "whole", ends=False)
        found, judged = work_in(engine, made, work, tmp_path / "ended", ends=True)
    assert (tmp_path / "ended" / "seen" / "ended").exists()
    assert once == IMAGES and once < judged <= once + BATCH
    assert found == whole and len(found) == 2


def judge_here(judge, part, folder):
    """Judge a part in this process; return its report and results."""
    place = ResultPlace(str(folder))
    place.prepare()
    work = replace(judge, place=place)
    report = work(part)
    return report, read_rows(part, place.read(part.name(work.identity)))


@pytest.fixture
def judged_here(judge, made, tmp_path):
    """A part, its name, and its results."""
    outfit, work = judge
    outfit.receive()
    part = make_manifest([made / "images"])[0]
    _, results = judge_here(work, part, tmp_path / "first")
    return work, part, part.name(work.identity), results


def test_what_was_kept_is_taken_up(judged_here, tmp_path):
    work, part, name, results = judged_here
    changed = [replace(one, reason="of another worker") for one in results[:BATCH]]
    (tmp_path / "again").mkdir()
    UnfinishedPlace(str(tmp_path / "again")).write(name, write_rows(part, changed))
    report, found = judge_here(work, part, tmp_path / "again")
    assert [one.reason for one in found] == [one.reason for one in changed + results[BATCH:]]
    assert [one.score for one in found] == [one.score for one in results] and not report.was_damaged
    assert not any((tmp_path / "again" / "unfinished").iterdir())


@pytest.mark.parametrize("damage", ["torn", "of another part", "of another model", "too many"])
def test_what_is_damaged_is_judged_again_and_told(judged_here, tmp_path, damage):
    work, part, name, results = judged_here
    folder = tmp_path / "again"
    folder.mkdir()
    place, rows = UnfinishedPlace(str(folder)), write_rows(part, results[:BATCH])
    if damage == "too many":
        rows = write_rows(part, results + results[:1])
    place.write(name if damage in ("torn", "too many") else "other", rows)
    kept = folder / "unfinished" / name
    if damage == "torn":
        kept.write_bytes(kept.read_bytes()[:-9])
    elif damage == "of another part":
        kept.write_bytes((folder / "unfinished" / "other").read_bytes())
    elif damage == "of another model":
        other = part.name("another model")
        place.write(other, rows)
        (folder / "unfinished" / other).replace(kept)
    report, found = judge_here(work, part, folder)
    assert report.was_damaged and found == results


def test_who_asks_tells_of_damage_and_leaves_nothing_behind(judge, made, tmp_path):
    outfit, work = judge
    work = replace(work, place=ResultPlace(str(tmp_path)))
    manifest, progress = make_manifest([made / "images"]), Listener()
    (tmp_path / "unfinished").mkdir()
    name = manifest[1].name(work.identity)
    (tmp_path / "unfinished" / name).write_bytes(b"torn")
    (tmp_path / "unfinished" / f"{name}.0a1b2c3d").write_bytes(b"a worker ended while it wrote this")
    with open_engine("local", outfit, print, workers=1) as engine:
        PartRun(engine, work, manifest, progress).run()
    assert progress.said == ["What had been judged of part 2 was damaged: all of it was judged again."]
    assert not (tmp_path / "unfinished").exists()


def test_what_others_keep_stays(tmp_path):
    place = UnfinishedPlace(str(tmp_path))
    place.write("own", b"rows")
    place.write("others", b"rows")
    place.remove_all(["own"])
    assert place.read("own") is None and place.read("others") == b"rows"


def test_a_place_that_cannot_be_written_to_is_no_trouble(tmp_path):
    place = UnfinishedPlace(str(tmp_path / "gone"))
    place.write("part", b"rows")
    assert place.read("part") is None
    place.remove_all(["part"])


def test_rows_are_those_of_their_name(tmp_path):
    place = UnfinishedPlace(str(tmp_path))
    place.write("one", b"rows")
    (tmp_path / "unfinished" / "one").replace(tmp_path / "unfinished" / "two")
    with pytest.raises(DamagedError):
        place.read("two")


def test_keeping_takes_a_small_share_of_the_time(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(part_so_far.time, "monotonic", lambda: now[0])
    pace = Pace()
    kept = 0
    for _ in range(1000):
        now[0] += 0.05
        if pace.is_due():
            now[0] += 0.04
            pace.note(0.04)
            kept += 1
    assert 0.01 < kept * 0.04 / (now[0] - 100) < 0.021
    pace.note(0.0001)
    now[0] += 0.25
    assert pace.is_due()
    pace.begin()
    assert not pace.is_due()


def test_nothing_is_kept_of_a_part_that_is_whole(judged_here, tmp_path, monkeypatch):
    _, part, name, results = judged_here
    monkeypatch.setattr(Pace, "is_due", lambda _: True)
    place = UnfinishedPlace(str(tmp_path))
    so_far = PartSoFar(part, name, place)
    so_far.add(results[:BATCH])
    assert len(read_rows(part, place.read(name), of_all=False)) == BATCH
    so_far.add(results[BATCH:])
    assert len(read_rows(part, place.read(name), of_all=False)) == BATCH
    so_far.end()
    assert place.read(name) is None
