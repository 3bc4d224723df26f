"""A station that ends anywhere goes on where it was: nothing is lost, nothing is recorded twice."""

import errno
import os
import shutil
import time
from pathlib import Path

import pytest
from line import make_line, save_picture
from shop import EndOfProcess, Faults, count_left, opened_station, run_to_end, work_until

from anomaly_gui.station.ledger.engine import LedgerError, open_engine
from anomaly_gui.station.ledger.verifying import verify_ledger

PICTURES = 3


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pictures")
    for number in range(PICTURES):
        save_picture(folder / f"cap_{number}.png", defect=number == 1, seed=number)
    shutil.copy2(folder / "cap_0.png", folder / "copy_0.png")
    return folder


def _make_filled_line(folder, model_file, pictures):
    line = make_line(folder, model_file)
    line.file.write_text(line.file.read_text("utf-8").replace("every = 0.1", "every = 0.05"), "utf-8")
    for path in pictures.iterdir():
        shutil.copy2(path, line.incoming / path.name)
        (line.incoming / f"{path.name}.done").touch()
    return line


def is_all_done(line, seconds=60):
    """Return what tells that all is done: every picture moved."""
    until = time.monotonic() + seconds

    def tell():
        assert time.monotonic() < until, "it did not come to its end"
        return count_left(line) == 0 and line.ask("SELECT COUNT(*) FROM step WHERE step = 'MOVED'") == [(3,)]

    return tell


def check_nothing_lost(line):
    results = line.ask("SELECT verdict, image_sha256, image_path FROM result")
    assert len(results) == PICTURES == len({digest for _, digest, _ in results})
    assert sorted(verdict for verdict, _, _ in results) == ["defect", "good", "good"]
    assert all(Path(path).is_file() for _, _, path in results)
    assert len([name for name in line.list_files() if name.startswith("duplicate/")]) == 1
    assert len(line.list_files()) == PICTURES + 1
    assert line.ask("SELECT COUNT(*) FROM audit WHERE what = 'copy'") == [(1,)]
    engine = open_engine(line.ledger)
    found = verify_ledger(engine)
    engine.dispose()
    assert found.faults == []


def _count_calls(line, judge, monkeypatch):
    with monkeypatch.context() as patch:
        faults = Faults(patch, lambda _: EndOfProcess())
        work_until(line, judge, is_all_done(line))
    return faults.calls


@pytest.mark.parametrize("every", [7, pytest.param(1, marks=pytest.mark.slow)])
def test_an_end_after_any_step_loses_nothing(tmp_path, model_file, judge, pictures, monkeypatch, every):
    line = _make_filled_line(tmp_path / "count", model_file, pictures)
    calls = _count_calls(line, judge, monkeypatch)
    check_nothing_lost(line)
    assert calls >= 15
    reached = 0
    tried = range(1, calls + 1, every)
    for at in tried:
        line = _make_filled_line(tmp_path / str(at), model_file, pictures)
        with monkeypatch.context() as patch:
            faults = Faults(patch, lambda _: EndOfProcess(), at, afterwards=at > 1)
            run_to_end(line, judge, is_all_done(line))
        reached += faults.failed
        work_until(line, judge, is_all_done(line))
        check_nothing_lost(line)
    assert reached >= len(tried) - 3  # how many calls there are hangs on what a turn finds ready


@pytest.mark.parametrize("every", [8, pytest.param(1, marks=pytest.mark.slow)])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
def test_a_full_or_broken_disk_loses_nothing(
    tmp_path, model_file, judge, pictures, monkeypatch, number, every
):
    monkeypatch.setattr("anomaly_gui.station.station._FIRST_PAUSE", 0.05)
    monkeypatch.setattr("anomaly_gui.station.capture.folder._TRY_AGAIN", 0.05)

    def make_error(of_ledger):
        return LedgerError(os.strerror(number)) if of_ledger else OSError(number, os.strerror(number))

    for at in range(1, 26, every):
        line = _make_filled_line(tmp_path / str(at), model_file, pictures)
        with opened_station(line, judge) as (station, _, _), monkeypatch.context() as patch:
            faults = Faults(patch, make_error, at % 20 + 1, 2, afterwards=at > 20)
            station.run_until(is_all_done(line))
        assert faults.failed
        check_nothing_lost(line)
