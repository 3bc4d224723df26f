"""What is asked of every engine."""

import os
import threading
import time

import made_work
import psutil
import pytest

from anomaly_gui.cluster.engine import (
    EngineGoneError,
    Failure,
    PartFailedError,
    WorkerRefusedError,
    list_merges,
)
from anomaly_gui.cluster.local_engine import LocalEngine
from anomaly_gui.cluster.opening import open_engine
from anomaly_gui.cluster.outfit import Outfit
from anomaly_gui.cluster.threads import keep_to_cores, limit_threads
from anomaly_gui.progress import CancelledError

OUTFIT = Outfit.of(b"what every worker needs")


@pytest.fixture(scope="module", params=["local", "auto"])
def engine(request):
    with open_engine(request.param, OUTFIT, print, workers=2) as made:
        yield made


@pytest.fixture(params=["local", "auto"])
def own_engine(request):
    """An engine of a test's own, for those that lose workers for good."""
    with open_engine(request.param, OUTFIT, print, workers=2) as made:
        yield made


def test_each_part_has_its_result_once(engine):
    results = list(engine.map_parts(made_work.square, range(20)))
    assert sorted(results) == [(number, number**2) for number in range(20)]


def test_no_part_has_no_result(engine):
    assert list(engine.map_parts(made_work.square, [])) == []


def test_parts_are_worked_on_by_several_processes(engine):
    assert len({pid for _, pid in engine.map_parts(made_work.name_process, range(8))}) == 2


@pytest.mark.parametrize(
    ("count", "tree"),
    [(1, "0"), (2, "(01)"), (3, "((01)2)"), (5, "(((01)(23))4)"), (7, "(((01)(23))((45)6))")],
)
def test_results_are_merged_in_a_tree_by_number(engine, count, tree):
    assert engine.reduce_parts(made_work.write_number, made_work.join, range(count)) == tree


def test_nothing_cannot_be_reduced(engine):
    with pytest.raises(ValueError, match="no part"):
        engine.reduce_parts(made_work.write_number, made_work.join, [])


def test_a_part_that_raises_what_a_user_can_mend_has_a_failure(engine):
    results = dict(engine.map_parts(made_work.refuse_three, range(6)))
    assert results.pop(3) == Failure(3, "Three is not to be had.", ends_worker=False)
    assert results == {number: number for number in (0, 1, 2, 4, 5)}


def test_a_bug_is_raised(engine):
    with pytest.raises(KeyError, match="three"):
        list(engine.map_parts(made_work.break_on_three, range(6)))
    assert dict(engine.map_parts(made_work.square, range(3))) == {0: 0, 1: 1, 2: 4}


def test_a_part_that_ends_workers_has_a_failure(engine):
    results = dict(engine.map_parts(made_work.end_on_three, range(6)))
    failed = results.pop(3)
    assert failed.ends_worker and failed.number == 3 and failed.reason
    assert results == {number: number for number in (0, 1, 2, 4, 5)}


def test_a_part_whose_worker_ended_once_is_repeated(engine, tmp_path):
    results = list(engine.map_parts(made_work.EndOnce(tmp_path), range(3)))
    assert sorted(results) == [(0, 0), (1, 1), (2, 2)]


def test_a_reduction_without_one_part_fails(engine):
    with pytest.raises(PartFailedError, match="Part 4: Three is not to be had"):
        engine.reduce_parts(made_work.refuse_three, made_work.join, range(6))


def test_each_worker_has_received_the_outfit(engine):
    lengths = dict(engine.map_parts(made_work.count_outfit, [OUTFIT.sha256] * 4))
    assert set(lengths.values()) == {len(OUTFIT.content)}


def test_work_goes_to_each_process_once(engine):
    """It may be large: a scheduler that held it for each part would be full."""
    work = made_work.LargeWork(bytes(1 << 20))
    assert set(dict(engine.map_parts(work, range(12))).values()) == {1}
    assert engine.reduce_parts(work, made_work.take_larger, range(12)) <= 2


def test_work_that_is_cancelled_ends(own_engine):
    threading.Timer(1.0, own_engine.cancel).start()
    began = time.perf_counter()
    with pytest.raises(CancelledError):
        list(own_engine.map_parts(made_work.sleep_long, range(4)))
    assert time.perf_counter() - began < 20


def test_work_goes_on_after_some_results_were_not_asked_for(engine):
    results = iter(engine.map_parts(made_work.square, range(10)))
    next(results)
    results.close()
    assert len(list(engine.map_parts(made_work.square, range(5)))) == 5


def test_a_worker_that_is_refused_gets_no_other_part(own_engine, tmp_path):
    results = list(own_engine.map_parts(made_work.RefuseFirst(tmp_path), range(6)))
    assert sorted(results) == [(number, number) for number in range(6)]


def test_without_a_worker_left_the_reason_is_told(own_engine):
    with pytest.raises(WorkerRefusedError, match="All judge otherwise"):
        list(own_engine.map_parts(made_work.refuse, range(3)))


def test_what_did_not_arrive_whole_is_not_used():
    with LocalEngine(1, Outfit(b"torn", OUTFIT.sha256)) as engine, pytest.raises(WorkerRefusedError):
        list(engine.map_parts(made_work.count_outfit, [OUTFIT.sha256]))


@pytest.mark.parametrize("count", [1, 2, 3, 6, 13, 64, 100])
def test_merges_cover_all_parts(count):
    reached = {number: number + 1 for number in range(count)}
    for first, second, end in list_merges(count):
        assert reached[first] == second and reached.pop(second) == end
        reached[first] = end
    assert reached == {0: count}


def test_a_process_keeps_to_its_cores(engine):
    assert set(dict(engine.map_parts(made_work.count_threads, range(2))).values()) == {(1, "1")}


def test_a_process_that_ends_while_nobody_waits_has_its_part_repeated(tmp_path):
    with LocalEngine(2) as engine:
        results = engine.map_parts(made_work.EndLater(tmp_path), range(4))
        first = next(results)
        while not (tmp_path / "1").exists():
            time.sleep(0.05)
        time.sleep(2)  # it ends meanwhile
        threading.Timer(30, engine.cancel).start()
        assert sorted([first, *results]) == [(number, number) for number in range(4)]


def test_a_process_that_cannot_start_is_blamed_on_no_part(capfd):
    with LocalEngine(1, made_work.NoOutfit()) as engine, pytest.raises(EngineGoneError, match="before they"):
        list(engine.map_parts(made_work.square, range(3)))
    assert "no room for it" in capfd.readouterr().err


def test_work_goes_on_with_the_processes_that_could_start(tmp_path):
    with LocalEngine(2, made_work.OutfitForOne(tmp_path)) as engine:
        found = dict(engine.map_parts(made_work.name_process, range(120)))
        assert len(engine.pids) == 1 and set(found.values()) == set(engine.pids)


def test_cores_that_a_process_may_not_be_bound_to_are_left_alone(monkeypatch):
    for name in limit_threads(1):
        monkeypatch.setenv(name, "8")
    asked = []

    def refuse(_, cores):
        asked.append(cores)
        raise psutil.AccessDenied

    monkeypatch.setattr(psutil.Process, "cpu_affinity", refuse)
    keep_to_cores((0,))
    assert asked == [[0]] and os.environ["OMP_NUM_THREADS"] == "1"
