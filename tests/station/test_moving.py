"""Moving what is judged: disks that fail or do not answer, long names, many pictures, some stuck."""

import errno
import json
import os
import shutil
import time
from dataclasses import replace
from pathlib import Path

import pytest
from line import make_line, save_picture
from shop import count_left, opened_station, work_until

from anomaly_gui.station import files, moving
from anomaly_gui.station.capture.picture import Picture
from anomaly_gui.station.ledger.ledger import Ledger, PartSteps, Place
from anomaly_gui.station.ledger.tables import JUDGED

LONG = "a" * 249 + ".png"
"""A name of 253 bytes: a disk takes two more."""


def _in_time(is_so, seconds=20):
    end = time.monotonic() + seconds

    def is_over():
        assert time.monotonic() < end, "it took too long"
        return is_so()

    return is_over


def _is_all_moved(line):
    return _in_time(lambda: count_left(line) == 0)


def _alarms(line):
    file = line.folder / "records" / "state.json"
    return [one["alarm"] for one in json.loads(file.read_text("utf-8"))["alarms"]] if file.exists() else []


def _has_moved(line):
    return _in_time(lambda: line.ask("SELECT step FROM step") == [("MOVED",)])


def _alarms_that_it_cannot_move(line):
    return _in_time(lambda: "moving" in _alarms(line))


def _let_fail(patch, owner, name, error, *, only):
    """Let a function on files fail for some paths."""
    real = getattr(owner, name)

    def fail_for_some(path, *arguments, **options):
        if only(Path(path)):
            raise OSError(error, os.strerror(error), str(path))
        return real(path, *arguments, **options)

    patch.setattr(owner, name, fail_for_some)


def test_a_folder_that_does_not_answer_ends_nothing_and_nothing_is_overwritten(line, judge, monkeypatch):
    save_picture(line.incoming / "cap_1.png", seed=1)
    good = line.incoming / "good"
    with monkeypatch.context() as patch:
        _let_fail(patch, Path, "stat", errno.EIO, only=lambda path: good in path.parents)
        work_until(line, judge, _alarms_that_it_cannot_move(line))
    work_until(line, judge, _is_all_moved(line))
    ((part, path),) = line.ask("SELECT id, image_path FROM result")
    assert Path(path) == good / f"cap_1.{part}.png"
    assert Path(path).is_file()


def test_long_names_are_moved_and_one_that_is_taken_is_shortened(line, judge):
    for seed in (1, 2):
        save_picture(line.incoming / LONG, seed=seed)
        work_until(line, judge, _is_all_moved(line))
    (first, _), (second, part) = line.ask("SELECT image_path, id FROM result ORDER BY seq")
    assert Path(first).name == LONG
    assert (Path(second).name[:100], Path(second).suffixes[0]) == ("a" * 100, f".{part[-8:]}")
    assert Path(first).is_file() and Path(second).is_file()


def test_a_long_name_goes_to_another_disk(tmp_path, monkeypatch):
    (tmp_path / "other").mkdir()
    (tmp_path / LONG).write_bytes(b"a picture")
    _let_fail(monkeypatch, Path, "rename", errno.EXDEV, only=lambda _: True)
    files.rename_file(tmp_path / LONG, tmp_path / "other" / LONG)
    assert [path.name for path in tmp_path.rglob("*")] == ["other", LONG]
    assert (tmp_path / "other" / LONG).read_bytes() == b"a picture"


def test_a_name_gets_shorter_by_whole_letters():
    name = "ü" * 120 + ".png"
    places = moving.Places(Path("/judged"), lambda path: path.name == name)
    assert places.choose_target(name, "good", "0123-456789ab").name == "ü" * 63 + ".456789ab.png"


def test_a_renamed_picture_is_the_same_part_once_the_disk_says_so(line, judge, monkeypatch):
    path, good = save_picture(line.incoming / "cap.png", seed=1), line.incoming / "good"
    with monkeypatch.context() as patch:
        _let_fail(patch, files, "rename_file", errno.EIO, only=lambda _: True)
        work_until(line, judge, _alarms_that_it_cannot_move(line))
    path.rename(path.with_name("other.png"))
    with opened_station(line, judge) as (station, _, capture), monkeypatch.context() as patch:
        given_back, real = [], capture.give_back
        patch.setattr(capture, "give_back", lambda some: given_back.extend(some) or real(some))
        _let_fail(patch, Path, "stat", errno.EACCES, only=lambda path: good in path.parents)
        station.run_until(_in_time(lambda: given_back))
    work_until(line, judge, _is_all_moved(line))
    assert line.ask("SELECT image_path FROM result") == [(str(good / "cap.png"),)]
    assert line.list_files() == ["good/cap.png"]


def test_a_picture_of_which_the_disk_does_not_say_is_not_gone(line, judge, monkeypatch):
    path = save_picture(line.incoming / "cap.png", seed=1)
    with opened_station(line, judge) as (station, ledger, _):
        status = path.stat()
        ledger.see_pictures([Picture(path, status.st_size, status.st_mtime_ns, "ab" * 32)])
        path.unlink()
        asked = []
        with monkeypatch.context() as patch:
            _let_fail(patch, Path, "stat", errno.ESTALE, only=lambda one: one == path and not asked.append(1))
            station.run_until(_in_time(lambda: len(asked) > 4))
        assert line.count() == 0
        station.run_until(_in_time(lambda: line.count() == 1))
    assert line.ask("SELECT verdict FROM result") == [("error",)]


def test_one_that_cannot_be_moved_holds_up_no_other_and_is_tried_now_and_then(line, judge, monkeypatch):
    monkeypatch.setattr("anomaly_gui.station.station._FIRST_PAUSE", 60)
    save_picture(line.incoming / "stuck.png", seed=1)
    tried = []

    def is_stuck(path):
        return path.name == "stuck.png" and not tried.append(path)

    with opened_station(line, judge) as (station, _, _):
        with monkeypatch.context() as patch:
            _let_fail(patch, files, "rename_file", errno.EPERM, only=is_stuck)
            station.run_until(_alarms_that_it_cannot_move(line))
            for number in range(3):
                save_picture(line.incoming / f"cap_{number}.png", seed=number + 2)
                station.run_until(_in_time(lambda: count_left(line) == 1))
            assert _alarms(line) == ["moving"]
        assert len(tried) == 1
        station._moving_pause.until = 0.0  # a minute goes by
        station.run_until(_is_all_moved(line))
        station.run_until(_in_time(lambda: _list_alarms(line) == ["came", "went"]))


@pytest.mark.parametrize("is_removed", [False, True])
def test_a_copy_that_cannot_be_put_aside_is_one_alarm_until_it_is(line, judge, monkeypatch, is_removed):
    first, copy = save_picture(line.incoming / "cap.png", seed=1), line.incoming / "copy.png"
    kept = shutil.copy2(first, line.folder / "kept.png")
    with opened_station(line, judge) as (station, _, _):
        station.run_until(_is_all_moved(line))
        with monkeypatch.context() as patch:
            _let_fail(patch, files, "rename_file", errno.EPERM, only=lambda path: path == copy)
            shutil.copy2(kept, copy)
            station.run_until(_alarms_that_it_cannot_move(line))
            for number in range(3):
                save_picture(line.incoming / f"cap_{number}.png", seed=number + 2)
                station.run_until(_in_time(lambda: count_left(line) == 1))
            if is_removed:
                copy.unlink()
        station.run_until(_is_all_moved(line))
        station.run_until(_in_time(lambda: len(_list_alarms(line)) > 1))
    assert _list_alarms(line) == ["came", "went"]


def test_an_alarm_of_before_ends_though_nothing_is_to_be_moved(line, judge):
    with opened_station(line, judge) as (station, _, _):
        station._state.restore_alarm("moving", "Judged pictures cannot be moved.")
        station.run_until(_in_time(lambda: _list_alarms(line) == ["went"]))


def _list_alarms(line):
    return [row[0] for row in line.ask("SELECT after FROM audit WHERE what = 'alarm' ORDER BY link")]


def test_many_are_moved_a_few_at_a_time_and_all_have_their_turn(line, judge, monkeypatch):
    monkeypatch.setattr("anomaly_gui.station.station._FIRST_PAUSE", 0.01)
    monkeypatch.setattr(moving, "_MOST_AT_ONCE", 2)
    sizes, real = [], moving.move_pictures

    def count_moves(parts):
        parts = list(parts)
        sizes.append(len(parts))
        return real(parts)

    monkeypatch.setattr("anomaly_gui.station.station.move_pictures", count_moves)
    for number in range(9):
        save_picture(line.incoming / f"cap_{number}.png", seed=number)
    with monkeypatch.context() as patch:
        _let_fail(patch, files, "rename_file", errno.EPERM, only=lambda path: path.name < "cap_4")
        work_until(line, judge, _in_time(lambda: count_left(line) == 4))
    work_until(line, judge, _is_all_moved(line))
    assert max(sizes) == 2


def test_moving_gives_way_after_a_moment(monkeypatch):
    monkeypatch.setattr(moving, "_LONGEST", 0.0)
    unfinished = moving.Unfinished({name: _make_part(name) for name in "abc"})
    tried = [part.id for _ in range(4) for part in unfinished.take_some(with_stuck=True)]
    assert tried == ["a", "b", "c", "a"]
    assert [part.id for part in unfinished.take_some(with_stuck=False)] == []


def _make_part(part_id):
    path = Path("/in", part_id)
    return PartSteps(part_id, JUDGED, path, 1, 1, "ab" * 32, path)


def test_however_many_are_marked_as_moved(tmp_path):
    picture = Picture(Path("/in/cap.png"), 1, 1, "ab" * 32)
    with Ledger(tmp_path / "ledger.sqlite3", Place("Plant 1", "Line 1", "Cell 1")) as ledger:
        (part,) = ledger.see_pictures([picture])
        ledger.mark_moved([replace(part, id=f"{number}") for number in range(260_000)] + [part])
        assert ledger.list_open() == []


@pytest.mark.parametrize("after", ["move", "stay"])
def test_a_picture_is_at_its_end_once_it_is_on_the_disk(tmp_path, model_file, judge, monkeypatch, after):
    line = make_line(tmp_path, model_file, f'after = "{after}"')
    save_picture(line.incoming / "cap.png", seed=1)
    with monkeypatch.context() as patch:
        _let_fail(patch, files, "sync_file", errno.EIO, only=lambda path: path.suffix == ".png")
        work_until(line, judge, _alarms_that_it_cannot_move(line))
    assert line.ask("SELECT step FROM step") == [("JUDGED",)]
    work_until(line, judge, _has_moved(line))


@pytest.mark.parametrize(
    ("after", "error"), [("move", errno.EACCES), ("stay", errno.EACCES), ("stay", errno.ENOENT)]
)
def test_a_picture_that_may_not_be_opened_is_at_its_end_too(
    tmp_path, model_file, judge, monkeypatch, after, error
):
    line = make_line(tmp_path, model_file, f'after = "{after}"')
    save_picture(line.incoming / "cap.png", seed=1)
    _let_fail(monkeypatch, files, "sync_file", error, only=lambda path: path.suffix == ".png")
    work_until(line, judge, _has_moved(line))
    assert _alarms(line) == []
