import os
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest

# what the tests of stations share
sys.path.insert(0, str(Path(__file__).parents[2] / "station"))
sys.path.insert(0, str(Path(__file__).parents[2] / "station" / "records"))
sys.path.insert(0, str(Path(__file__).parents[2] / "station" / "server"))

from line import make_line, restart_seeds
from parts import save_parts
from PySide6.QtCore import QSettings
from station_waiting import wait_for

from anomaly_gui.detection.datasets.train_request import TrainRequest
from anomaly_gui.detection.model.model_file import save_model
from anomaly_gui.detection.settings.train_settings import TrainSettings
from anomaly_gui.detection.training import train
from anomaly_gui.gui.station.station_window import StationWindow
from anomaly_gui.progress import SilentProgress
from anomaly_gui.station.lock import is_claimed

SETTINGS = TrainSettings(
    detector="positional", backbone="vgg16", layer="block2_pool", size=64, false_alarm_rate=0.02
)
_MEMORY = Path("/dev/shm")


@pytest.fixture
def tmp_path(tmp_path):
    """A disk that syncs at once: how long a real one takes under load says nothing of the window."""
    if not os.access(_MEMORY, os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(prefix="station-window-", dir=_MEMORY) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def model_file(own_home, tmp_path_factory):
    """A model with maps."""
    folder = tmp_path_factory.mktemp("model")
    good = save_parts(folder / "good", 40, 0)
    save_model(
        train(TrainRequest((good,), settings=SETTINGS), SilentProgress()).model, folder / "part.anomaly"
    )
    return folder / "part.anomaly"


@pytest.fixture(autouse=True)
def same_pictures():
    """No test depends on how many pictures others made before it."""
    restart_seeds()


@pytest.fixture
def line(tmp_path, model_file):
    return make_line(tmp_path / "line 1", model_file)


@pytest.fixture(autouse=True)
def nothing_remembered(own_home):
    """No test knows what another remembered: which stations were open, and that they were locked."""
    QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "anomaly-gui", "anomaly-gui").clear()


@pytest.fixture
def open_window(qapp, closed):
    """Make windows of stations that are closed whatever happens."""
    made = []

    def make(*paths):
        window = StationWindow()
        made.append(window)
        window.resize(1280, 800)
        window.show()
        for path in paths:
            window.open_station(path)
        return window

    yield make
    for window in made:
        window.hand_over()
    for thread in threading.enumerate():
        if thread.name == "tasks":  # what nobody waits for still reads what is about to be removed
            thread.join(30)
    closed.extend(made)


@pytest.fixture
def uncaught(monkeypatch):
    """What was raised where nobody catches it."""
    raised = []
    monkeypatch.setattr(sys, "excepthook", lambda *error: raised.append(error))
    return raised


@pytest.fixture
def running():
    """Run stations without the window; each is ended whatever happens."""
    started = []

    def start(line):
        command = [sys.executable, "-m", "anomaly_gui", "station", "run", str(line.file)]
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
        quiet = subprocess.DEVNULL
        started.append(subprocess.Popen(command, env=environment, stdout=quiet, stderr=quiet))
        wait_for(lambda: is_claimed(line.file.parent / "records"), "it runs")
        return started[-1]

    yield start
    for process in started:
        if process.poll() is None:
            process.send_signal(signal.SIGCONT)
            process.kill()
        process.wait()
