"""What is done ahead of the first image never ends the worker."""

from anomaly_gui.worker.child import _warm_up
from anomaly_gui.worker.context import Engine


def test_without_a_model_nothing_is_done():
    Engine().warm_up()


def test_a_failure_ahead_of_the_first_image_does_not_end_the_worker(tmp_path):
    engine = Engine()
    engine._open = (tmp_path / "m.anomaly", 1, object())  # no model at all
    _warm_up(engine)
    assert engine._warm == engine._open[:2]  # and it is not tried again
