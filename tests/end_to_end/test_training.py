import numpy as np
import pytest
from parts import save_parts
from PIL import Image

from anomaly_gui.detection.datasets.train_request import TrainRequest
from anomaly_gui.detection.scoring import ScoreRequest, score
from anomaly_gui.detection.settings.train_settings import TrainSettings
from anomaly_gui.detection.training import train
from anomaly_gui.errors import ParameterError, TrainingError
from anomaly_gui.progress import CancelledError, SilentProgress

SETTINGS = TrainSettings(detector="pooled", layer="block2_pool", size=32, false_alarm_rate=0.1)


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    folder = save_parts(tmp_path_factory.mktemp("data") / "good", 24, 0)
    (folder / "copy.png").write_bytes((folder / "part_3.png").read_bytes())
    (folder / "broken.png").write_bytes(b"")
    return folder


@pytest.fixture(scope="module")
def result(good):
    return train(TrainRequest((good,), settings=SETTINGS), SilentProgress())


def test_every_file_is_used_or_named(result):
    assert len(result.model.training.images) == 24
    assert [error.path.name for error in result.findings.unreadable] == ["broken.png"]
    assert [(copy.name, first.name) for copy, first in result.findings.duplicates] == [
        ("part_3.png", "copy.png")
    ]


def test_says_what_it_rests_on(result):
    assert result.model.threshold.basis == "held-out scores of the training images"
    assert "taken to be independent" in result.model.training.grouped_by
    assert any("another day" in warning for warning in result.findings.warnings)
    assert any("Only 24 good parts" in warning for warning in result.findings.warnings)


def test_judges_defects_good_parts_and_what_it_cannot(result, tmp_path):
    defects = save_parts(tmp_path / "defects", 5, 1, defect=True)
    Image.new("RGB", (300, 40)).save(tmp_path / "wide.png")
    (tmp_path / "junk.png").write_text("junk")
    paths = (defects, tmp_path / "wide.png", tmp_path / "junk.png", tmp_path / "gone.png")
    scored = score(ScoreRequest(result.model, paths), SilentProgress())
    assert [image.verdict for image in scored.images] == ["defect"] * 5 + ["cannot judge"] * 3
    assert "another shape" in scored.images[5].reason
    assert [image.path.name for image in scored.unreadable] == ["junk.png", "gone.png"]


def test_scores_of_the_training_images_are_those_it_kept(result, good):
    scored = score(ScoreRequest(result.model, (good,)), SilentProgress())
    values = {image.path.name: image.score for image in scored.images}
    kept = result.model.training
    expected = [values[record.path.name] for record in kept.images]
    np.testing.assert_allclose(kept.scores, expected, rtol=1e-4)
    assert (kept.held_out < kept.scores).all()


def test_calibration_images_set_the_threshold(good, tmp_path):
    other_day = save_parts(tmp_path / "other", 12, 5)
    (other_day / "again.png").write_bytes((good / "part_1.png").read_bytes())
    model = train(TrainRequest((good,), calibration=(other_day,), settings=SETTINGS), SilentProgress()).model
    assert len(model.training.calibration) == 12
    assert model.threshold.basis == "scores of the calibration images"
    lowest, next_one = np.sort(model.training.calibration_scores)[:2]
    rank = model.threshold.asked_rate * 13
    assert model.threshold.value == pytest.approx(lowest + (rank - 1) * (next_one - lowest))


def test_cancelling_passes_through(good):
    class Impatient(SilentProgress):
        def advance(self, steps=1):
            raise CancelledError

    with pytest.raises(CancelledError):
        train(TrainRequest((good,), settings=SETTINGS), Impatient())


def test_one_image_or_none_is_refused(good, tmp_path):
    with pytest.raises(TrainingError, match="One good image is not enough"):
        train(TrainRequest((good / "part_1.png",), settings=SETTINGS), SilentProgress())
    with pytest.raises(TrainingError, match="no image in"):
        train(TrainRequest((tmp_path,), settings=SETTINGS), SilentProgress())


@pytest.mark.parametrize(
    "wrong",
    [
        {"layer": "block6"},
        {"layer": ""},
        {"size": 16},
        {"density": "kde"},
        {"rule": "manual"},
        {"false_alarm_rate": 2.0},
        {"threshold": 3.0},
        {"sigmas": float("nan")},
    ],
)
def test_wrong_settings_are_refused(wrong):
    with pytest.raises(ParameterError):
        TrainSettings(**wrong)
