"""Networks that learn in the worker's process: what it tells of them, how they are stopped, what they see."""

import time

import numpy as np
import pytest
from parts import save_parts

from anomaly_gui.detection.candidates.request import CompareRequest
from anomaly_gui.detection.datasets.train_request import TrainRequest
from anomaly_gui.detection.settings.choices import AUTO, POOLED
from anomaly_gui.detection.settings.detector_kinds import LEARNED
from anomaly_gui.detection.settings.train_settings import TrainSettings
from anomaly_gui.progress import Epoch
from anomaly_gui.worker.client import Worker
from anomaly_gui.worker.jobs.comparing import CompareJob
from anomaly_gui.worker.jobs.reconstructing import Reconstructed, ReconstructJob
from anomaly_gui.worker.jobs.training import TrainJob
from anomaly_gui.worker.messages import LAST, Advanced, Failed, Finished, Learning, Stage
from anomaly_gui.worker.post import PipedProgress

LONG = TrainSettings(
    detector="autoencoder", learned_size="32", latent_size=8, steps=200_000, false_alarm_rate=0.2
)


@pytest.fixture(scope="module")
def worker():
    worker = Worker()
    yield worker
    worker.close()


def _until(worker, number, is_there, seconds=120):
    messages, until = [], time.monotonic() + seconds
    while time.monotonic() < until:
        messages += [message for of, message in worker.receive(0.1) if of == number]
        if any(map(is_there, messages)):
            return messages
    raise AssertionError(f"not there after {seconds} s: {messages}")


def _is_last(message):
    return isinstance(message, LAST)


@pytest.fixture(scope="module")
def stopped(worker, tmp_path_factory):
    """The messages of a training that was stopped early, and its folder."""
    folder = tmp_path_factory.mktemp("learning")
    job = TrainJob(TrainRequest((save_parts(folder / "good", 24),), settings=LONG), folder / "kept.anomaly")
    number = worker.send(job)
    messages = _until(worker, number, lambda one: isinstance(one, Learning) and one.epoch.number >= 5)
    worker.stop_early(number)
    return messages + _until(worker, number, _is_last), folder


def test_every_epoch_is_told_after_the_steps_that_led_to_it(stopped):
    messages, _ = stopped
    places = [place for place, one in enumerate(messages) if isinstance(one, Learning)]
    epochs = [messages[place].epoch for place in places]
    assert [epoch.number for epoch in epochs] == list(range(1, len(epochs) + 1))
    stage = next(one for one in messages if isinstance(one, Stage) and one.name == epochs[0].name)
    for place, epoch in zip(places, epochs, strict=True):
        assert messages[place - 1] == Advanced(stage.total // epoch.of * epoch.number) or epoch is epochs[-1]


def test_a_training_that_is_stopped_early_keeps_the_best(stopped):
    messages, folder = stopped
    assert isinstance(messages[-1], Finished), messages[-1]
    view = messages[-1].answer.view
    assert view.detector == "autoencoder"
    assert view.training.unseen.sum() == 7
    assert (folder / "kept.anomaly").exists()


def test_an_image_is_reconstructed(worker, stopped):
    _, folder = stopped
    job = ReconstructJob(folder / "kept.anomaly", folder / "good" / "part_0.png")
    answer = _until(worker, worker.send(job), _is_last)[-1].answer
    assert isinstance(answer, Reconstructed)
    assert answer.image.shape == answer.reconstruction.shape == (32, 32, 3)
    assert answer.image.dtype == answer.reconstruction.dtype == np.uint8
    assert answer.difference.shape == (8, 8)
    assert np.abs(answer.image.mean() - answer.reconstruction.mean()) < 20


def test_a_file_that_cannot_be_reconstructed_is_one_sentence(worker, stopped):
    _, folder = stopped
    (folder / "torn.png").write_bytes(b"torn")
    for name in ("torn.png", "gone.png"):
        last = _until(worker, worker.send(ReconstructJob(folder / "kept.anomaly", folder / name)), _is_last)[
            -1
        ]
        assert isinstance(last, Failed)
        assert name in last.sentence


class _Post:
    """A pipe whose window asked once for the end of the learning."""

    def __init__(self):
        self.stopped, self.sent = {1}, []

    def is_cancelled(self, number):
        return False

    def is_stopped(self, number):
        return number in self.stopped

    def forget_stop(self, number):
        self.stopped.discard(number)

    def send_message(self, number, message):
        self.sent.append(message)


def test_a_stop_is_for_the_network_that_learns_and_not_for_the_next_one():
    post = _Post()
    progress = PipedProgress(post, 1)
    assert progress.stops_early()
    progress.stage("Learning to map good images to one place", 100)
    assert not progress.stops_early()
    progress.advance(7)
    progress.advance(7)
    progress.epoch(Epoch("Learning", 1, 10, 1.0, 1.0, 1))
    assert post.sent[-2] == Advanced(14)


def test_a_comparison_tells_why_features_could_not_be_learned(worker, tmp_path):
    defects = (save_parts(tmp_path / "bad", 3, 2, defect=True),)
    request = CompareRequest((save_parts(tmp_path / "good", 12),), defects, sizes=(32,), learned=True)
    compared = _until(worker, worker.send(CompareJob(request)), _is_last)[-1].answer
    assert {one.detector for one in compared.candidates} == {POOLED, AUTO}
    for kind, sentence in zip(LEARNED, compared.skipped, strict=True):
        assert sentence.startswith(f"The detector {kind} could not be trained. 12 good parts are too few")
