import pytest
from parts import save_parts
from windows import SMALL, close, wait

from anomaly_gui.detection.datasets.train_request import TrainRequest
from anomaly_gui.gui.main_window import MainWindow
from anomaly_gui.gui.style.dressing import dress_application


@pytest.fixture(scope="module")
def language():
    """The language of the window of a module, which may have another."""
    return "en"


@pytest.fixture(scope="module")
def small(qapp, language, own_home, tmp_path_factory, closed):
    """One window with a small model for the tests of a module: they change nothing others would miss."""
    place = tmp_path_factory.mktemp("looks")
    (place / "window").mkdir()
    window = MainWindow(place / "window")
    window.show()
    good = save_parts(place / "good", 24)
    defects = save_parts(place / "defects", 4, seed=1, defect=True)
    window.workshop.train_model(TrainRequest((good,), (), (defects,), SMALL))
    wait(window)
    yield window
    close(window, closed)


@pytest.fixture
def dressing(qapp):
    """The application in its look, and after the test in the one before."""
    palette = qapp.palette()
    dressing = dress_application(qapp)
    yield dressing
    qapp.setStyleSheet("")
    qapp.setPalette(palette)
    qapp.focusChanged.disconnect(dressing.rings._on_focus_changed)
