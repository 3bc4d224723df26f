from dataclasses import replace

import pytest
from line import make_line

from anomaly_gui.station.settings.keep_settings import KeepRule, KeepSettings
from anomaly_gui.station.settings.reading import read_settings


@pytest.fixture
def settings(tmp_path):
    line = make_line(tmp_path, "part.anomaly")
    return replace(read_settings(line.file), keep=KeepSettings({"good": KeepRule(days=30)}))
