"""What a killed window, or an earlier version, left of a project comes back."""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from parts import save_parts
from PySide6.QtTest import QTest
from windows import train_in_panel, wait

from anomaly_gui.detection.images.region_of_interest import RegionOfInterest, Shape
from anomaly_gui.detection.model.model_file import open_model, save_model
from anomaly_gui.gui.state.image_table import ImageLabel
from tests.benchmarks.made_session import is_kept
from tests.benchmarks.window.kills import kill_once

REGION = RegionOfInterest((Shape("rectangle", ((0.1, 0.1), (0.9, 0.9)), keep=True),))


def test_after_a_kill_the_project_is_opened_again(make, tmp_path):
    window = make()
    place = tmp_path / "caps.anomalyproj"
    window.services.projects.make_project(place)
    window.panel.region.set_region(REGION)
    QTest.qWait(20)
    data = tmp_path / "after"
    shutil.copytree(window.services.project.data_folder, data)  # as a killed window leaves it
    for lock in data.rglob("lock"):
        lock.unlink()
    assert window.close()
    another = make(data)
    assert another.services.recovery.restore_left_over()
    assert another.services.project.name == "caps" and another.panel.region.region == REGION


def test_what_an_earlier_version_left_is_taken_over(make, small, tmp_path):
    old = tmp_path / "old" / "windows" / "abc"
    old.mkdir(parents=True)
    save_model(open_model(small.session.model.file), old / "model.anomaly")
    threshold = json.dumps(_THRESHOLD)
    rows = json.dumps({"rows": [["/line/1.png", -3.25, 2, 3, "", [2, 0], "abc", None]]})
    (old / "journal.jsonl").write_text(f'{{"threshold": {threshold}}}\n{rows}\n{{"marks": [[0], [2]]}}\n')
    window = make(tmp_path / "old")
    assert window.services.recovery.restore_left_over()
    wait(window)
    session = window.session
    assert session.threshold.value == -5.5 and session.table.labels[0] == ImageLabel.DEFECT
    assert session.table.paths[-1] == Path("/line/1.png")
    assert [entry.good for entry in window.services.project.document.models] == [24]


_THRESHOLD = {
    "value": -5.5,
    "rule": "manual",
    "basis": "set by hand",
    "asked_rate": 0.01,
    "promised_rate": None,
    "sigmas": None,
    "expected": None,
    "unsure": 1.5,
    "warnings": [],
}


def test_a_window_killed_at_random_moments_loses_nothing(make, tmp_path):
    window = make()
    save_parts(tmp_path / "line", 12, 7)
    made = tmp_path / "parts.anomalyproj"
    window.services.projects.make_project(made)
    train_in_panel(window, save_parts(tmp_path / "good", 24))
    assert window.close()
    with ThreadPoolExecutor(3) as pool:
        runs = list(pool.map(lambda seed: kill_once(made, seed, at_work=2.0), range(5)))
    assert [run.lost for run in runs] == [""] * 5
    assert sum(run.decisions for run in runs) > 20


def test_the_check_of_kills_sees_what_is_lost():
    before = {"labels": {"a": 1}, "note": "x"}
    assert is_kept(before, before, {})
    assert is_kept({"labels": {"a": 2}, "note": "x"}, before, {"labels": {"a": 2}})
    assert not is_kept({"labels": {"a": 2}, "note": "x"}, before, {"note": "y"})
    assert not is_kept({"labels": {}, "note": "x"}, before, {"labels": {"a": 2}})
