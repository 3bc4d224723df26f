import os
import tempfile
from pathlib import Path

import pytest
from line import make_line
from parts import save_parts

from anomaly_gui.detection.datasets.train_request import TrainRequest
from anomaly_gui.detection.model.model_file import save_model
from anomaly_gui.detection.settings.train_settings import TrainSettings
from anomaly_gui.detection.training import train
from anomaly_gui.progress import SilentProgress
from anomaly_gui.station.judging.judge import open_judge

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
