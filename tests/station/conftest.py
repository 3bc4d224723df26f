import pytest
from line import make_line
from parts import save_parts

from anomaly_gui.detection.datasets.train_request import TrainRequest
from anomaly_gui.detection.model.model_file import save_model
from anomaly_gui.detection.settings.train_settings import TrainSettings
from anomaly_gui.detection.training import train
from anomaly_gui.progress import SilentProgress

SETTINGS = TrainSettings(detector="pooled", layer="block2_pool", size=32, false_alarm_rate=0.1)


@pytest.fixture(scope="session")
def model_file(tmp_path_factory):
    folder = tmp_path_factory.mktemp("model")
    good = save_parts(folder / "good", 40, 0)
    model = train(TrainRequest((good,), settings=SETTINGS), SilentProgress()).model
    save_model(model, folder / "part.anomaly")
    return folder / "part.anomaly"


@pytest.fixture
def line(tmp_path, model_file):
    return make_line(tmp_path, model_file)
