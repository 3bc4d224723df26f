import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "records"))  # made records

from postgres_peer import Server

from anomaly_gui.station.ledger.ledger import Ledger, Place


@pytest.fixture(scope="session")
def cluster():
    server = Server()
    yield server
    server.close()


@pytest.fixture
def server(cluster):
    cluster.start_if_stopped()
    cluster.empty()
    return cluster


@pytest.fixture
def records(tmp_path):
    with Ledger(tmp_path / "records" / "ledger.sqlite3", Place("Plant 1", "Line 1", "Cell 1")) as ledger:
        yield ledger
