import pytest
from line import make_line

from anomaly_gui.station.ledger.ledger import Ledger
from anomaly_gui.station.run import make_place
from anomaly_gui.station.settings.reading import read_settings


@pytest.fixture
def records(tmp_path, model_file):
    asked = read_settings(make_line(tmp_path, model_file).file)
    with Ledger(asked.ledger_file, make_place(asked)) as ledger:
        yield ledger, asked
