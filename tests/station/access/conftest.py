import shutil

import pytest
from argon2 import PasswordHasher
from crew import add_crew, approve, release
from line import make_line

from anomaly_gui.station.access import clock, passwords
from anomaly_gui.station.ledger.engine import open_engine


@pytest.fixture(scope="session")
def quick():
    """Hashes of little work, for what is not about hashes."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture
def line(tmp_path, model_file):
    """A line with a model of its own, which can be swapped."""
    model = shutil.copy(model_file, tmp_path / "part.anomaly")
    return make_line(tmp_path, model)


@pytest.fixture
def crew(line, monkeypatch, quick):
    """The line with its people."""
    monkeypatch.setattr(passwords, "_HASHER", quick)
    engine = open_engine(line.ledger)
    add_crew(engine)
    engine.dispose()
    return line


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
