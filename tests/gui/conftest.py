import gc

import pytest
import shiboken6
from parts import save_parts
from PySide6.QtCore import QSettings
from spare_worker import SpareWorker
from windows import SMALL, give_up, wait

from anomaly_gui.detection.datasets.train_request import TrainRequest
from anomaly_gui.gui.help.help_window import discard_help_window
from anomaly_gui.gui.main_window import MainWindow
from anomaly_gui.worker.client import Worker


@pytest.fixture(autouse=True)
def no_garbage_is_collected():
    """A program has one window until its end. Of the dozens here none may be taken apart while others live.

    Widgets of Python's and of Qt's half each do not survive to be collected in any order: what is there after
    a test is never looked at again. Of tests of other rooms in the same process garbage is collected.
    """
    gc.disable()
    yield
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session", autouse=True)
def no_help_window_is_left():
    yield
    discard_help_window()


@pytest.fixture(scope="session")
def closed():
    """Windows that were closed: Python's half of each is kept to the end."""
    return []


@pytest.fixture(autouse=True)
def closed_windows_are_gone(closed):
    """Qt's half goes after each test: dozens would take gigabytes, and every change of colours minutes."""
    yield
    for window in closed:
        if shiboken6.isValid(window):
            shiboken6.delete(window)


@pytest.fixture(scope="session")
def spare():
    """The worker that goes from window to window."""
    kept = SpareWorker()
    yield kept
    kept.end()


@pytest.fixture(autouse=True)
def worker_goes_from_window_to_window(spare, monkeypatch):
    monkeypatch.setattr(Worker, "start", lambda worker: spare.start(worker))
    monkeypatch.setattr(Worker, "close", lambda worker: spare.close(worker))


@pytest.fixture(scope="session", autouse=True)
def own_home(tmp_path_factory):
    """Settings, logs and models of the tests stay among themselves."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
            patch.setenv(name, str(home))
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(home))
        yield home


@pytest.fixture
def make(qapp, tmp_path, closed):
    """Make windows that are closed whatever happens."""
    made = []

    def make_window(place=None):
        if place is None:
            place = tmp_path / f"place {len(made)}"
            place.mkdir()
        made.append(MainWindow(place))
        made[-1].show()
        return made[-1]

    yield make_window
    for window in made:
        give_up(window)
        window.close()
    closed.extend(made)


@pytest.fixture
def small(make, tmp_path):
    """A window with a model of a few small images."""
    window = make()
    good = save_parts(tmp_path / "good", 24)
    defects = save_parts(tmp_path / "defects", 4, seed=1, defect=True)
    window.workshop.train_model(TrainRequest((good,), (), (defects,), SMALL))
    wait(window)
    return window
