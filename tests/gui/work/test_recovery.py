"""A window that ends without closing loses nothing."""

import os
import shutil
import signal
import subprocess
import sys
import time

import pytest
from parts import save_parts
from windows import PATIENCE, give_up, wait

from anomaly_gui.gui.state.image_table import ImageLabel, Origin
from anomaly_gui.gui.state.journal_record import read_journal
from anomaly_gui.project.folder import find_journal

KILLED = """
import sys, time
from pathlib import Path
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from anomaly_gui.detection.settings.train_settings import TrainSettings
from anomaly_gui.detection.datasets.train_request import TrainRequest
from anomaly_gui.gui.state.image_table import ImageLabel
from anomaly_gui.gui.main_window import MainWindow

if __name__ == "__main__":
    place, good, line, kept = map(Path, sys.argv[1:])
    app = QApplication([])
    window = MainWindow(place)
    settings = TrainSettings(detector="pooled", layer="block2_pool", size=32, false_alarm_rate=0.1)
    window.workshop.train_model(TrainRequest((good,), settings=settings))
    while window.workshop.is_busy:
        QTest.qWait(20)
    window.workshop.save_model(kept)
    while window.workshop.is_busy:
        QTest.qWait(20)
    window.workshop.score_images((line,))
    while window.workshop.is_busy:
        QTest.qWait(20)
    window.session.label_rows([2], ImageLabel.DEFECT)
    window.session.label_rows([len(window.session.table) - 1], ImageLabel.GOOD)
    window.session.thresholds.set_value(-123.25)
    print("ready", flush=True)
    time.sleep(600)
"""


@pytest.fixture(scope="module")
def killed(tmp_path_factory):
    """A folder with the place of a window that was killed, and the model it had saved."""
    folder = tmp_path_factory.mktemp("killed")
    place, kept = folder / "place", folder / "parts.anomaly"
    place.mkdir()
    good, line = save_parts(folder / "good", 24), save_parts(folder / "line", 3, 1)
    (folder / "killed.py").write_text(KILLED)
    command = [sys.executable, str(folder / "killed.py"), *map(str, (place, good, line, kept))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as window:
        assert window.stdout.readline() == "ready\n"
        window.send_signal(signal.SIGKILL if os.name != "nt" else signal.SIGTERM)
    return folder


@pytest.fixture
def left(killed, tmp_path):
    """A place where a window was killed."""
    return shutil.copytree(killed / "place", tmp_path / "place")


def _restored(window):
    assert window.services.recovery.restore_left_over()
    wait(window)
    return window.session


def test_model_labels_and_threshold_are_there_after_a_kill(left, killed, make):
    window = make(left)
    session = _restored(window)
    assert session.threshold.value == -123.25
    assert session.threshold.rule == "manual"
    assert len(session.table) == 27
    assert [session.table.read_row(row).origin for row in (23, 24)] == [Origin.TRAINING, Origin.DROPPED]
    assert session.table.labels[2] == ImageLabel.DEFECT
    assert session.table.labels[26] == ImageLabel.GOOD
    assert window.documents.file == killed / "parts.anomaly"
    assert window.isWindowModified()
    assert "as they were" in window.status_line.label.text()
    assert len(list((left / "windows").iterdir())) == 1  # of the new window
    window.workshop.save_model(window.documents.file)
    wait(window)
    assert [move.new for move in session.moves] == [-123.25]


def test_what_was_restored_is_safe_again_and_given_up_by_closing(left, make):
    first = make(left)
    _restored(first)
    kept = read_journal(find_journal(first.session.model.file))
    assert kept.threshold.value == -123.25
    assert len(kept.rows) == 3
    give_up(first)
    assert first.close()
    assert list((left / "windows").iterdir()) == []
    assert not make(left).services.recovery.restore_left_over()


def test_a_line_torn_by_the_crash_costs_only_itself(left, make):
    (folder,) = (left / "windows").iterdir()
    journal = folder / "models" / "0001.jsonl"
    journal.write_bytes(journal.read_bytes()[:-40])  # the last move of the threshold
    session = _restored(make(left))
    assert session.threshold.rule != "manual"
    assert session.table.labels[26] == ImageLabel.GOOD


def test_a_model_that_cannot_be_opened_is_put_where_a_person_finds_it(left, make):
    (folder,) = (left / "windows").iterdir()
    (folder / "models" / "0001.anomaly").write_bytes(b"torn")
    window = make(left)
    assert window.services.recovery.restore_left_over()
    deadline = time.monotonic() + PATIENCE
    while window.workshop.is_busy and time.monotonic() < deadline:
        wait(window)
    assert (left / "not restored" / folder.name / "models" / "0001.jsonl").exists()
    assert "cannot be restored" in window.panel.message.text()
    assert not make(left).services.recovery.restore_left_over()


def test_a_place_that_is_full_is_said_once_and_work_goes_on(small):
    said = []
    small.services.journal.failed.connect(said.append)
    journal = find_journal(small.session.model.file)
    journal.unlink()
    journal.mkdir()
    small.session.label_rows([1], ImageLabel.DEFECT)
    small.session.label_rows([2], ImageLabel.DEFECT)
    assert len(said) == 1
    assert small.session.table.labels[2] == ImageLabel.DEFECT
    journal.rmdir()
    small.session.label_rows([3], ImageLabel.DEFECT)
    assert journal.exists()
