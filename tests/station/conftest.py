import os
import shutil
import tempfile
from contextlib import contextmanager
from multiprocessing.context import SpawnProcess
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from crew import add_crew, approve, release
from line import make_line, restart_seeds
from parts import save_parts

from anomaly_gui.detection.datasets.train_request import TrainRequest
from anomaly_gui.detection.model.model_file import save_model
from anomaly_gui.detection.settings.train_settings import TrainSettings
from anomaly_gui.detection.training import train
from anomaly_gui.progress import SilentProgress
from anomaly_gui.station.access import clock, passwords
from anomaly_gui.station.judging.judge import open_judge
from anomaly_gui.station.ledger.engine import open_engine

SETTINGS = TrainSettings(detector="pooled", layer="block2_pool", size=32, false_alarm_rate=0.01)


_MEMORY = Path("/dev/shm")
"""A disk that syncs at once: how long a real one takes under load says nothing of the station."""


@pytest.fixture
def tmp_path(tmp_path):
    if not os.access(_MEMORY, os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(prefix="station-", dir=_MEMORY) as folder:
        yield Path(folder)


@pytest.fixture(autouse=True)
def same_pictures():
    """No test depends on how many pictures others made before it."""
    restart_seeds()


@pytest.fixture(scope="session")
def model_file(tmp_path_factory):
    folder = tmp_path_factory.mktemp("model")
    good = save_parts(folder / "good", 60, 0)
    model = train(TrainRequest((good,), settings=SETTINGS), SilentProgress()).model
    save_model(model, folder / "part.anomaly")
    return folder / "part.anomaly"


@pytest.fixture
def line(tmp_path, model_file):
    return make_line(tmp_path, model_file)


@pytest.fixture(scope="session")
def judge(model_file):
    return open_judge(model_file)


@pytest.fixture(scope="session")
def quick():
    """Hashes of little work, for what is not about hashes."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture
def own_line(tmp_path, model_file):
    """A line with a model of its own, which can be swapped."""
    model = shutil.copy(model_file, tmp_path / "part.anomaly")
    return make_line(tmp_path, model)


@pytest.fixture
def crew(own_line, monkeypatch, quick):
    """The line with its people."""
    monkeypatch.setattr(passwords, "_HASHER", quick)
    engine = open_engine(own_line.ledger)
    add_crew(engine)
    engine.dispose()
    return own_line


@pytest.fixture
def released(crew):
    """The line with its people, its model released, all of it approved."""
    assert release(crew, crew.folder / "part.anomaly").error == ""
    assert approve(crew).error == ""
    return crew


@pytest.fixture
def time_goes(monkeypatch):
    """Returns a function that lets seconds go by."""
    now = [clock.read_clock()]
    monkeypatch.setattr(clock, "read_clock", lambda: now[0])

    def go(seconds):
        now[0] += seconds

    return go


@pytest.fixture
def short_of_memory(monkeypatch):
    """Returns a context in which the system starts no process."""

    def refuse(_):
        raise OSError(12, "Cannot allocate memory")

    @contextmanager
    def refusing():
        with monkeypatch.context() as patch:
            patch.setattr(SpawnProcess, "start", refuse)
            yield

    return refusing


@pytest.fixture
def stream():
    """A camera of the network that sends pictures one by one over HTTP."""
    from camera_peers import MotionJpeg  # beside the tests that ask for it

    with MotionJpeg() as server:
        yield server


@pytest.fixture
def rtsp():
    """A server of RTSP."""
    from camera_peers import RtspServer

    with RtspServer() as server:
        yield server
