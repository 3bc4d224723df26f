"""What becomes of pictures: one verdict each, any fault is the verdict "error", and where they go."""

import json
import os
import tempfile
import time
from pathlib import Path

import pytest
from line import make_line, save_picture
from PIL import Image
from shop import count_left, opened_station, work_until

from anomaly_gui.station import files
from anomaly_gui.station.judging import judge as judging

OUTPUT = '[outputs.mes]\nkind = "csv"\npath = "all.csv"\n'


def _verdicts(line):
    return dict(line.ask("SELECT image_path, verdict FROM result"))


def _names(line):
    return {Path(path).name: (Path(path).parent.name, verdict) for path, verdict in _verdicts(line).items()}


def test_each_verdict_has_its_folder(line, judge):
    save_picture(line.incoming / "cap_1.png", seed=1)
    save_picture(line.incoming / "cap_2.png", seed=2, defect=True)
    Image.new("RGB", (300, 40)).save(line.incoming / "wide.png")
    (line.incoming / "torn.png").write_bytes(b"\x89PNG\r\n\x1a\n half")
    work_until(line, judge, lambda: count_left(line) == 0)
    assert _names(line) == {
        "cap_1.png": ("good", "good"),
        "cap_2.png": ("defect", "defect"),
        "wide.png": ("cannot_judge", "cannot_judge"),
        "torn.png": ("bad", "error"),
    }
    assert line.ask("SELECT part, brightness > 0 FROM result WHERE image_path LIKE '%cap_1%'") == [
        ("cap_1", 1)
    ]


def test_a_fault_of_judging_is_an_error_of_that_part_alone(line, judge, monkeypatch):
    real = judging.judge_images

    def fail_on_one(model, paths, progress, **options):
        if any("bomb" in path.name for path in paths):
            raise RuntimeError("the network fell over")
        return real(model, paths, progress, **options)

    monkeypatch.setattr(judging, "judge_images", fail_on_one)
    for name in ("cap_1", "bomb", "cap_2"):
        save_picture(line.incoming / f"{name}.png", seed=len(name))
    work_until(line, judge, lambda: count_left(line) == 0)
    assert _names(line)["bomb.png"] == ("error", "error")
    assert [verdict for _, verdict in _names(line).values()].count("good") == 2
    assert line.ask("SELECT reason FROM result WHERE verdict = 'error'") == [
        ("RuntimeError: the network fell over",)
    ]


def test_pictures_that_stay_are_judged_once_in_all(tmp_path, model_file, judge):
    line = make_line(tmp_path, model_file, 'after = "stay"')
    for number in range(3):
        save_picture(line.incoming / f"cap_{number}.png")
    work_until(line, judge, _count_steps_of(line, 3))
    save_picture(line.incoming / "cap_3.png")
    work_until(line, judge, _count_steps_of(line, 4))
    assert sorted(Path(path).name for path in _verdicts(line)) == [f"cap_{number}.png" for number in range(4)]
    assert count_left(line) == 4


def _count_steps_of(line, count):
    return lambda: line.ask("SELECT COUNT(*) FROM step WHERE step = 'MOVED'") == [(count,)]


def test_the_same_name_again_is_another_part_and_overwrites_nothing(line, judge):
    for seed in (1, 2):
        save_picture(line.incoming / "cap.png", seed=seed)
        work_until(line, judge, lambda: count_left(line) == 0)
    assert len(_verdicts(line)) == 2
    assert all(Path(path).is_file() for path in _verdicts(line))


def test_judged_pictures_on_another_disk(tmp_path, model_file, judge):
    with tempfile.TemporaryDirectory(dir=Path(__file__).parent) as other:
        line = make_line(tmp_path, model_file, f'judged = "{other}"')
        if os.stat(other).st_dev == line.incoming.stat().st_dev:  # noqa: PTH116
            pytest.skip("there is one disk only")
        path = save_picture(line.incoming / "cap.png", seed=1)
        content, when = path.read_bytes(), path.stat().st_mtime_ns
        work_until(line, judge, lambda: count_left(line) == 0)
        moved = Path(other, "good", "cap.png")
        assert moved.read_bytes() == content
        assert abs(moved.stat().st_mtime_ns - when) < 2e9
        assert [path.name for path in Path(other, "good").iterdir()] == ["cap.png"]


def test_a_picture_that_was_renamed_between_verdict_and_move_is_the_same_part(line, judge, monkeypatch):
    path = save_picture(line.incoming / "cap.png", seed=1)
    real = files.rename_file

    def rename_meanwhile(source, target):
        if source.name == "cap.png" and source.exists():
            source.rename(source.with_name("other.png"))
        real(source, target)

    monkeypatch.setattr(files, "rename_file", rename_meanwhile)
    work_until(line, judge, lambda: count_left(line) == 0)
    assert _names(line) == {"cap.png": ("good", "good")}
    assert not path.exists()


def test_a_picture_that_is_gone_before_it_is_judged_is_an_error(line, judge):
    path = save_picture(line.incoming / "cap.png", seed=1)
    with opened_station(line, judge) as (_, ledger, capture):
        pictures = []
        while not pictures:
            pictures = capture.take_pictures(1)
            capture.wait_for_more(0.05)
        ledger.see_pictures(pictures)
        path.unlink()
    work_until(line, judge, lambda: _verdicts(line))
    assert list(_verdicts(line).values()) == ["error"]
    assert "gone before it could be judged" in line.ask("SELECT reason FROM result")[0][0]


def test_what_waits_too_long_alarms_and_is_not_dropped(tmp_path, model_file, judge):
    line = make_line(tmp_path, model_file, "alarm_after = 1", OUTPUT)
    for number in range(20):
        save_picture(line.incoming / f"cap_{number}.png")
    with opened_station(line, judge) as (station, _, capture):
        until = time.monotonic() + 20
        while not line.ask("SELECT COUNT(*) FROM audit WHERE what = 'alarm'")[0][0]:
            assert time.monotonic() < until
            capture.take_pictures(0)
            station._beat()
            station._state.record_alarms()
            time.sleep(0.05)
    assert line.ask("SELECT before, after FROM audit WHERE what = 'alarm'") == [("backlog", "came")]
    assert json.loads(line.ask("SELECT alarm FROM outbox")[0][0])["is_active"] is True
    work_until(line, judge, lambda: count_left(line) == 0)
    assert len(_verdicts(line)) == 20
    assert [row[0] for row in line.ask("SELECT seq FROM outbox WHERE seq IS NOT NULL")] == list(range(1, 21))


def test_what_cannot_be_moved_alarms_and_is_moved_later(line, judge, monkeypatch):
    def refuse(*_):
        raise OSError(28, "No space left on device")

    save_picture(line.incoming / "cap.png", seed=1)
    with monkeypatch.context() as patch:
        patch.setattr(files, "rename_file", refuse)
        work_until(line, judge, lambda: "moving" in _read_alarms(line))
    assert count_left(line) == 1
    work_until(line, judge, lambda: count_left(line) == 0)
    assert len(_verdicts(line)) == 1


def _read_alarms(line):
    file = line.folder / "records" / "state.json"
    return (
        [alarm["alarm"] for alarm in json.loads(file.read_text("utf-8"))["alarms"]] if file.exists() else []
    )


def test_results_name_the_shift(tmp_path, model_file, judge):
    line = make_line(tmp_path, model_file)
    text = line.file.read_text("utf-8").replace(
        'name = "Cell 1"', 'name = "Cell 1"\nshifts = {all = "00:00"}'
    )
    line.file.write_text(text, "utf-8")
    save_picture(line.incoming / "cap.png", seed=1)
    work_until(line, judge, lambda: count_left(line) == 0)
    assert line.ask("SELECT shift FROM result") == [("all",)]
