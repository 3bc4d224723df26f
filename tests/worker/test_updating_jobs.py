"""A model is updated in the worker: with the threshold in use, and kept where the window has its own."""

from parts import save_parts

from anomaly_gui.detection.datasets.train_request import TrainRequest
from anomaly_gui.detection.datasets.updates.update_request import UpdateRequest
from anomaly_gui.detection.settings.train_settings import TrainSettings
from anomaly_gui.worker.client import Worker
from anomaly_gui.worker.jobs.training import TrainJob
from anomaly_gui.worker.jobs.updating import UpdateJob
from anomaly_gui.worker.messages import Failed, Finished

SETTINGS = TrainSettings(detector="pooled", layer="block2_pool", size=32, false_alarm_rate=0.1)


def _carry_out(worker, job):
    number, messages = worker.send(job), []
    while not messages or not isinstance(messages[-1], Finished | Failed):
        messages += [message for at, message in worker.receive(20.0) if at == number]
    return messages[-1]


def test_updates_the_model_it_keeps(tmp_path):
    good, more = save_parts(tmp_path / "good", 14), save_parts(tmp_path / "more", 3, 1, name="more")
    keep = tmp_path / "kept.anomaly"
    worker = Worker()
    try:
        trained = _carry_out(worker, TrainJob(TrainRequest((good,), settings=SETTINGS), keep)).answer
        moved = trained.view.threshold.moved_to(-7.25)
        request = UpdateRequest((more,), without=(good / "part_2.png",))
        updated = _carry_out(worker, UpdateJob(keep, moved, (), request, keep)).answer
        assert len(updated.findings.added) == 3
        assert updated.findings.removed == (good / "part_2.png",)
        assert updated.view.threshold.value == -7.25
        assert len(updated.view.training.images) == len(trained.view.training.images) + 2
        assert updated.view.training.kept is None
        failed = _carry_out(worker, UpdateJob(keep, moved, (), request, keep))
        assert isinstance(failed, Failed)
        assert "was used already" in failed.sentence or "did not learn from it" in failed.sentence
    finally:
        worker.close()
