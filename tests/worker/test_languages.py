"""The worker tells of a job in the language that the window spoke when it sent it."""

import time

import pytest

from anomaly_gui.language import use_language
from anomaly_gui.worker.client import Worker
from anomaly_gui.worker.jobs.models import OpenJob
from anomaly_gui.worker.messages import LAST


@pytest.fixture
def worker():
    worker = Worker()
    yield worker
    worker.close()


def last_message(worker, number, seconds=60):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for of, message in worker.receive(0.1):
            if of == number and isinstance(message, LAST):
                return message
    raise AssertionError(f"no end after {seconds} s")


def test_a_running_worker_changes_its_language(worker, tmp_path, monkeypatch):
    monkeypatch.setenv("LANGUAGE", "en")
    job, said = OpenJob(tmp_path / "none.anomaly", tmp_path / "kept.anomaly"), []
    for language in ("en", "zh_CN", "en"):
        use_language(language)
        said.append(last_message(worker, worker.send(job)).sentence)
    assert said[0] == said[2] == f"{job.file} does not exist: check its name."
    assert said[1] == f"{job.file} 不存在：请检查名称。"
