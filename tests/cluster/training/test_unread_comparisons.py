"""Comparisons whose images a worker cannot read, or that a worker of another version would make."""

from dataclasses import replace

import numpy as np
import pytest
from image_places import away
from parts import save_parts
from plain_engine import PlainEngine

from anomaly_gui.cluster.engine import PartFailedError, WorkerRefusedError
from anomaly_gui.cluster.readable_files import UnreadPart
from anomaly_gui.cluster.training.comparing import compare_on_cluster
from anomaly_gui.detection.candidates.request import CompareRequest
from anomaly_gui.detection.comparison import compare
from anomaly_gui.progress import SilentProgress

GOOD = 24


class Listener(SilentProgress):
    def __init__(self):
        self.said = []

    def fail(self, text):
        self.said.append(text)


class TroubledEngine(PlainEngine):
    """Calls `trouble` with work and trial in place of the work, so many times."""

    def __init__(self, trouble, times=1):
        super().__init__()
        self.trouble, self.times = trouble, times

    def map_parts(self, work, parts):
        for number, part in enumerate(parts):
            self.times -= 1
            yield number, self.trouble(work, part) if self.times >= 0 else work(part)


@pytest.fixture
def request_made(tmp_path):
    good, bad = save_parts(tmp_path / "good", GOOD), save_parts(tmp_path / "bad", 6, seed=9, defect=True)
    return CompareRequest((good,), (bad,), sizes=(64,), backbones=("efficientnet-lite0",))


def lose(*names):
    """Return a trouble of a worker that cannot read files of these names."""

    def work_without(work, trial):
        with away(names):
            return work(trial)

    return work_without


def describe(result):
    return [(str(one), one.auroc, one.threshold.value) for one in result.candidates]


def test_images_that_a_worker_cannot_read_for_a_while_are_compared_on(request_made):
    own, progress = compare(request_made, SilentProgress()), Listener()
    found = compare_on_cluster(request_made, TroubledEngine(lose("part_3.png")), progress)
    assert found.normal.count == own.normal.count and not found.unreadable
    assert [name for name, _, _ in describe(found)] == [name for name, _, _ in describe(own)]
    assert np.allclose([one.auroc for one in found.candidates], [one.auroc for one in own.candidates])
    (said,) = progress.said
    assert said.startswith("Part 1 failed: ") and "part_3.png: cannot be read" in said


def test_a_trial_whose_images_are_lost_three_times_ends_the_comparison(request_made):
    engine = TroubledEngine(lose("part_3.png"), 9)
    with pytest.raises(WorkerRefusedError, match=r"A worker cannot read .*part_3.png"):
        compare_on_cluster(request_made, engine, Listener())

    def lose_another(work, trial):
        with away((f"part_{engine.times}.png",)):
            return work(trial)

    engine = TroubledEngine(lose_another, 9)
    with pytest.raises(PartFailedError, match=r"part_6.png: cannot be read"):
        compare_on_cluster(request_made, engine, Listener())


def test_a_worker_that_reads_no_image_is_refused(request_made):
    with pytest.raises(WorkerRefusedError, match=r"A worker cannot read .*part_0.png, which was read where"):
        compare_on_cluster(request_made, TroubledEngine(lose()), Listener())


def test_what_only_later_trials_cannot_read_is_found_too(request_made):
    outcomes = []

    def lose_later(work, trial):
        outcomes.append(lose("part_2.png")(work, trial) if outcomes else work(trial))
        return outcomes[-1]

    compare_on_cluster(request_made, TroubledEngine(lose_later, 2), Listener())
    assert isinstance(outcomes[1], UnreadPart) and outcomes[1].places == (2, GOOD + 2)


def test_what_nobody_can_read_is_named(request_made):
    gone = request_made.normal[0] / "part_11.png"

    def take_away(work, trial):
        gone.unlink(missing_ok=True)
        return work(trial)

    found = compare_on_cluster(request_made, TroubledEngine(take_away, 9), Listener())
    (refused,) = found.unreadable
    assert refused.path == gone and refused.reason.startswith("is gone")
    assert found.normal.count == GOOD - 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda agreed: {"version": "0.0"}, "install the same everywhere"),
        (lambda agreed: {"runtime": "abacus 1"}, "would run the network with"),
        (lambda agreed: {"vectors": agreed.vectors * 1.01}, "makes other features of the same pixels"),
    ],
)
def test_a_worker_that_would_compare_otherwise_is_refused(request_made, change, said):
    def differ(work, trial):
        return work(replace(trial, agreed=replace(trial.agreed, **change(trial.agreed))))

    with pytest.raises(WorkerRefusedError, match=said):
        compare_on_cluster(request_made, TroubledEngine(differ), Listener())
