"""A training whose worker ends in the midst of a part: what it had found is taken up, to the same bytes."""

import pytest
from parts import save_parts
from plain_engine import PlainEngine

from anomaly_gui.cluster.training import collecting
from anomaly_gui.cluster.training.steady_runtime import SteadyRuntime
from anomaly_gui.cluster.training.training import train_on_cluster
from anomaly_gui.detection.datasets.train_request import TrainRequest
from anomaly_gui.detection.model.model_file import save_model
from anomaly_gui.detection.settings.train_settings import TrainSettings
from anomaly_gui.progress import CancelledError, SilentProgress

TIME, PART, BATCH = "2026-01-02T03:04:05+00:00", 40, 8


class Ending(SilentProgress):
    """Ends with the third batch, as a worker does that is killed."""

    def __init__(self):
        self._batches = 0

    def advance(self, steps=1):
        self._batches += 1
        if self._batches == 3:
            raise CancelledError


@pytest.fixture
def passed(monkeypatch):
    """How many images of parts went through the network each time."""
    found, run_each, collect = [], SteadyRuntime._run_each, collecting.collect_features

    def note(self, batch, run):
        found.append(len(batch))
        return run_each(self, batch, run)

    def collect_noted(*arguments, **options):
        with monkeypatch.context() as patch:
            patch.setattr(SteadyRuntime, "_run_each", note)
            return collect(*arguments, **options)

    monkeypatch.setattr(collecting, "collect_features", collect_noted)
    return found


@pytest.mark.parametrize("detector", ["pooled", "positional"])
def test_a_part_goes_on_where_it_ended(tmp_path, monkeypatch, passed, detector):
    good = save_parts(tmp_path / "good", 32)
    for number in (1, 3, 4, 6, 7):  # so samples are not of the first eight
        (good / f"part_{number}.png").write_bytes(b"no image")

    def learn(name):
        settings = TrainSettings(detector=detector, layer="block2_pool", size=224)
        request, parts = TrainRequest((good,), settings=settings), tmp_path / f"{name}.parts"
        options = {"created": TIME, "images_a_part": PART}
        result = train_on_cluster(request, PlainEngine(), parts, SilentProgress(), **options)
        save_model(result.model, tmp_path / name)
        assert not (parts / "unfinished").exists()
        return (tmp_path / name).read_bytes()

    whole = learn("whole")
    passed.clear()
    with monkeypatch.context() as patch:
        patch.setattr(collecting, "SilentProgress", Ending)
        with pytest.raises(CancelledError):
            learn("ended")
    assert sum(passed) == 3 * BATCH
    assert any((tmp_path / "ended.parts" / "unfinished").iterdir())
    passed.clear()
    assert learn("ended") == whole
    assert sum(passed) == 27 - 3 * BATCH
