"""Parts of a training whose images cannot be read by a worker, by nobody, or for a while."""

from dataclasses import replace

import numpy as np
import pytest
from image_places import away
from parts import save_parts
from plain_engine import PlainEngine

from anomaly_gui.cluster.engine import Failure, PartFailedError, WorkerRefusedError
from anomaly_gui.cluster.readable_files import UnreadPart
from anomaly_gui.cluster.training import collecting
from anomaly_gui.cluster.training.collecting import Agreed, CollectPart
from anomaly_gui.cluster.training.image_parts import ImageParts
from anomaly_gui.cluster.training.steady_runtime import steady_runtime
from anomaly_gui.cluster.training.steps import ReadSamples
from anomaly_gui.cluster.training.training import train_on_cluster
from anomaly_gui.detection.datasets.train_request import TrainRequest
from anomaly_gui.detection.features.plan import Plan
from anomaly_gui.detection.images.folders import list_images
from anomaly_gui.detection.settings.train_settings import TrainSettings
from anomaly_gui.progress import SilentProgress

IMAGES, PART = 24, 8


@pytest.fixture
def good(tmp_path):
    return save_parts(tmp_path / "good", IMAGES)


class Listener(SilentProgress):
    def __init__(self):
        self.said = []

    def fail(self, text):
        self.said.append(text)


def learn(good, engine, folder, progress=None):
    settings = TrainSettings(detector="pooled", size=32, group_by="none")
    request = TrainRequest((good,), settings=settings)
    return train_on_cluster(request, engine, folder, progress or Listener(), images_a_part=PART)


class FailingEngine(PlainEngine):
    """Has troubles with parts of images, as often as `times` says of each.

    `trouble` is called with work, number and part, and returns an outcome.
    """

    def __init__(self, times, trouble):
        super().__init__()
        self.times, self.trouble = times, trouble

    def map_parts(self, work, parts):
        for number, part in enumerate(parts):
            if self.times and hasattr(part, "files"):
                self.times -= 1
                yield number, self.trouble(work, number, part)
            else:
                yield from ((number, found) for _, found in super().map_parts(work, [part]))


def lose_one(work, number, part):
    with away((part.files[3].name,)):
        return work(part)


def fail(work, number, part):
    return Failure(number, "The network is away.", ends_worker=False)


def test_images_that_cannot_be_read_for_a_while_are_learned_from(good, tmp_path):
    whole = learn(good, PlainEngine(), tmp_path / "whole")
    progress = Listener()
    found = learn(good, FailingEngine(2, lose_one), tmp_path / "parts", progress)
    assert not found.findings.unreadable
    assert np.array_equal(found.model.training.held_out, whole.model.training.held_out)
    assert len(progress.said) == 2 and "part_3.png: cannot be read" in progress.said[0]


def test_features_of_a_part_with_lost_images_are_not_computed_again(good, tmp_path, monkeypatch):
    reused, collect = [], collecting.collect_features

    def note(*arguments, **options):
        found = collect(*arguments, **options)
        reused.append(found.reused)
        return found

    monkeypatch.setattr(collecting, "collect_features", note)
    learn(good, FailingEngine(1, lose_one), tmp_path / "parts")
    assert sorted(reused) == [0, 0, 0, PART - 1]
    reused.clear()
    learn(good, TakenAwayEngine(good / "part_11.png"), tmp_path / "others")
    assert sorted(reused) == [0, 0, 0, PART - 1]
    assert not (tmp_path / "others" / "unfinished").exists()


def test_samples_that_a_worker_cannot_read_are_read_by_another(good, tmp_path):
    whole = learn(good, PlainEngine(), tmp_path / "whole").model.reference.pixels

    class LosingSamples(PlainEngine):
        """Loses an image once all parts were read, so many times."""

        def __init__(self, times):
            super().__init__()
            self.times = times

        def map_parts(self, work, parts):
            if not isinstance(work, ReadSamples) or not self.times:
                yield from super().map_parts(work, parts)
                return
            self.times -= 1
            for number, part in enumerate(parts):
                yield number, lose_one(work, number, part)

    found = learn(good, LosingSamples(1), tmp_path / "once")
    assert np.array_equal(found.model.reference.pixels, whole)
    with pytest.raises(WorkerRefusedError, match=r"A worker cannot read .*part_3.png"):
        learn(good, LosingSamples(2), tmp_path / "twice")


def test_a_part_that_fails_is_tried_three_times(good, tmp_path):
    found = learn(good, FailingEngine(5, fail), tmp_path / "parts")
    assert found.model.training.count == IMAGES
    with pytest.raises(PartFailedError, match="The network is away"):
        learn(good, FailingEngine(9, fail), tmp_path / "others")


def make_work(good, folder, **changes):
    plan = Plan(TrainSettings(detector="pooled", size=32).features)
    agreed = replace(Agreed.find(plan, steady_runtime()), **changes)
    return CollectPart(folder, plan, 10**8, False, None, agreed), ImageParts(list_images([good]).files, PART)


def test_a_worker_that_reads_no_image_is_refused(good, tmp_path):
    work, parts = make_work(good, tmp_path / "parts")
    part = parts[1]
    with away(), pytest.raises(WorkerRefusedError, match=r"cannot read .*part_8.png"):
        work(part)
    with away((part.files[2].name,)):
        outcome = work(part)
    assert isinstance(outcome, UnreadPart) and outcome.places == (2,)
    parts.check(1, outcome.places)
    with away((part.files[2].name,)), pytest.raises(WorkerRefusedError):
        work(parts[1])
    assert len(work(parts[1]).which) == PART


def test_a_worker_of_another_version_is_refused(good, tmp_path):
    work, parts = make_work(good, tmp_path / "parts", version="0.0")
    with pytest.raises(WorkerRefusedError, match="install the same everywhere"):
        work(parts[0])


def test_reasons_are_told_in_the_language_of_who_asks(good, tmp_path, monkeypatch):
    monkeypatch.setenv("LANGUAGE", "en")  # of the worker; it stays so for other tests
    (good / "part_3.png").write_bytes(b"no image")
    work, parts = make_work(good, tmp_path / "parts")
    (own,) = work(parts[0]).refused
    (other,) = replace(work, language="zh_CN")(parts[0]).refused
    assert own.reason.isascii() and not other.reason.isascii()


class TakenAwayEngine(PlainEngine):
    """Takes an image away once all are listed."""

    def __init__(self, path):
        super().__init__()
        self.path = path

    def map_parts(self, work, parts):
        self.path.unlink(missing_ok=True)
        yield from super().map_parts(work, parts)


def test_what_nobody_can_read_is_named_and_tried_again(good, tmp_path):
    gone = good / "part_11.png"
    content = gone.read_bytes()
    found = learn(good, TakenAwayEngine(gone), tmp_path / "parts")
    (refused,) = found.findings.unreadable
    assert refused.path == gone and refused.reason.startswith("is gone")
    assert found.model.training.count == IMAGES - 1
    gone.write_bytes(content)
    again = learn(good, PlainEngine(), tmp_path / "parts")
    assert not again.findings.unreadable and again.model.training.count == IMAGES


class MurkyEngine(PlainEngine):
    """Loses its worker over one image, and fails otherwise over another while each is tried alone."""

    def map_parts(self, work, parts):
        for number, part in enumerate(parts):
            files = [
                file.name for place, file in enumerate(getattr(part, "files", ())) if place not in part.ending
            ]
            if "part_11.png" in files:
                yield number, Failure(number, "ends the process that works on it", ends_worker=True)
            elif files == ["part_12.png"]:
                yield number, Failure(number, "The network is away.", ends_worker=False)
            else:
                yield number, work(part)


def test_only_what_ends_workers_is_left_out_for_that(good, tmp_path):
    found = learn(good, MurkyEngine(), tmp_path / "parts")
    assert [one.path.name for one in found.findings.unreadable] == ["part_11.png"]
    assert found.model.training.count == IMAGES - 1
