import os
import time

import numpy as np
import pytest
from PIL import Image

from anomaly_gui.detection.datasets.train_request import TrainRequest
from anomaly_gui.detection.settings.train_settings import TrainSettings
from anomaly_gui.worker.client import Worker
from anomaly_gui.worker.jobs.models import OpenJob, SaveJob
from anomaly_gui.worker.jobs.sample import SampleJob
from anomaly_gui.worker.jobs.scoring import ScoreJob, ScoringDone
from anomaly_gui.worker.jobs.training import Trained, TrainJob
from anomaly_gui.worker.messages import (
    LAST,
    Advanced,
    Cancelled,
    Crashed,
    Failed,
    Finished,
    Scored,
    Stage,
    Warned,
)
from anomaly_gui.worker.model_summary import ModelSummary

SETTINGS = TrainSettings(detector="pooled", layer="block2_pool", size=32, false_alarm_rate=0.1)


@pytest.fixture(scope="module")
def worker():
    worker = Worker()
    yield worker
    worker.close()
    assert not worker.is_running


def _messages(worker, number, seconds=60):
    """Return a job's messages up to its last."""
    messages, until = [], time.monotonic() + seconds
    while time.monotonic() < until:
        messages += [message for of, message in worker.receive(0.1) if of == number]
        if messages and isinstance(messages[-1], LAST):
            return messages
    raise AssertionError(f"no end after {seconds} s: {messages}")


def _answer(worker, job):
    last = _messages(worker, worker.send(job))[-1]
    assert isinstance(last, Finished), last
    return last.answer


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    place = tmp_path_factory.mktemp("worker")
    rng = np.random.default_rng(0)
    for name, count, step in (("good", 30, 0), ("defects", 4, 90)):
        (place / name).mkdir()
        for index in range(count):
            pixels = rng.normal(100, 12, (48, 48, 3))
            pixels[::2] += step
            Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(place / name / f"{index}.png")
    return place


@pytest.fixture(scope="module")
def trained(worker, place):
    request = TrainRequest((place / "good",), (), (place / "defects",), SETTINGS)
    return _answer(worker, TrainJob(request, place / "kept.anomaly"))


def test_training_keeps_the_model_and_answers_with_plain_values(trained, place):
    assert isinstance(trained, Trained)
    assert len(trained.view.training.scores) == 30
    assert [image.verdict for image in trained.defects] == ["defect"] * 4
    assert trained.view.file == place / "kept.anomaly"
    assert trained.view.file.exists()


def test_scoring_streams_results_with_the_nearest_training_images(worker, trained, place):
    paths = (place / "good", place / "gone.png")
    *messages, last = _messages(worker, worker.send(ScoreJob(trained.view.file, paths)))
    assert last.answer == ScoringDone(0, 0)
    images = [image for message in messages if isinstance(message, Scored) for image in message.images]
    assert len(images) == 31
    assert images[0].verdict == "cannot judge"
    scores = {image.path: image.score for image in images}
    for index, record in enumerate(trained.view.training.images):
        assert scores[record.path] == pytest.approx(trained.view.training.scores[index], abs=0.05)
        assert next(image for image in images if image.path == record.path).nearest[0] == index
    assert any(isinstance(message, Stage) and message.total == 30 for message in messages)


def test_a_cache_that_cannot_be_used_is_told_once_and_the_work_goes_on(trained, place, tmp_path, monkeypatch):
    (tmp_path / "in the way").write_text("")
    monkeypatch.setenv("ANOMALY_GUI_CACHE", str(tmp_path / "in the way"))
    worker = Worker()
    told = []
    for _ in range(2):
        *messages, last = _messages(worker, worker.send(ScoreJob(trained.view.file, (place / "defects",))))
        assert isinstance(last, Finished)
        assert sum(len(message.images) for message in messages if isinstance(message, Scored)) == 4
        told += [message.text for message in messages if isinstance(message, Warned)]
    worker.close()
    assert len(told) == 1
    assert "in the way" in told[0] and "the work goes on" in told[0]


def test_saving_and_opening_keep_the_moved_threshold(worker, trained, place):
    moved = trained.view.threshold.moved_to(-7.5)
    _answer(worker, SaveJob(trained.view.file, moved, (), place / "saved.anomaly"))
    view = _answer(worker, OpenJob(place / "saved.anomaly", place / "again.anomaly"))
    assert isinstance(view, ModelSummary)
    assert view.threshold == moved
    assert view.warning is None
    assert (place / "again.anomaly").exists()


def test_a_mistake_is_one_sentence(worker, place):
    (place / "no.anomaly").write_text("no model")
    last = _messages(worker, worker.send(OpenJob(place / "no.anomaly", place / "x.anomaly")))[-1]
    assert isinstance(last, Failed)
    assert "is not a model file" in last.sentence
    assert not (place / "x.anomaly").exists()


def test_a_cancelled_training_leaves_nothing(worker, place, tmp_path):
    sample = _answer(worker, SampleJob(tmp_path / "digits"))
    request = TrainRequest(sample.fit, settings=TrainSettings(detector="pooled", size=224))
    began = time.monotonic()
    number = worker.send(TrainJob(request, place / "never.anomaly"))
    while not any(isinstance(message, Advanced) for of, message in worker.receive(0.1) if of == number):
        assert time.monotonic() - began < 30
    worker.cancel(number)
    assert _messages(worker, number)[-1] == Cancelled()
    assert not (place / "never.anomaly").exists()


def test_a_job_can_be_cancelled_before_it_begins(worker, place):
    first = worker.send(TrainJob(TrainRequest((place / "good",), settings=SETTINGS), place / "a.anomaly"))
    second = worker.send(TrainJob(TrainRequest((place / "good",), settings=SETTINGS), place / "b.anomaly"))
    worker.cancel(second)
    messages = []
    while not any(of == second and isinstance(message, LAST) for of, message in messages):
        messages += worker.receive(1)
    assert (second, Cancelled()) in messages
    assert any(of == first and isinstance(message, Finished) for of, message in messages)
    assert not (place / "b.anomaly").exists()


def test_a_worker_that_died_is_reported_and_replaced(place, trained):
    worker = Worker()
    number = worker.send(SampleJob(place / "digits"))
    _messages(worker, number)
    dying = worker.send(TrainJob(TrainRequest((place / "digits",)), place / "c.anomaly"))
    os.kill(worker._process.pid, 9)
    last = _messages(worker, dying)[-1]
    assert isinstance(last, Crashed)
    assert "-9" in last.report
    assert isinstance(_answer(worker, OpenJob(trained.view.file, place / "d.anomaly")), ModelSummary)
    worker.close()


def test_closing_while_it_works_ends_the_process(place):
    worker = Worker()
    sample = _answer(worker, SampleJob(place / "more digits"))
    worker.send(TrainJob(TrainRequest(sample.fit), place / "e.anomaly"))
    time.sleep(1)
    began = time.monotonic()
    worker.close()
    assert time.monotonic() - began < 8
    assert not worker.is_running
    assert not (place / "e.anomaly").exists()
