"""Images that go away after they were read cost nothing; those that went before are named."""

import numpy as np
import pytest
from parts import save_parts

from anomaly_gui.detection.candidates.request import CompareRequest
from anomaly_gui.detection.comparison import compare
from anomaly_gui.detection.datasets.image_sets import regrouped
from anomaly_gui.detection.datasets.train_request import TrainRequest
from anomaly_gui.detection.evaluating import EvaluateRequest, evaluate
from anomaly_gui.detection.features.feature_cache import FeatureCache
from anomaly_gui.detection.grouping.groups import Groups
from anomaly_gui.detection.model.model_file import open_model, save_model
from anomaly_gui.detection.model.self_check import judging_difference
from anomaly_gui.detection.runtimes.protocol import default_runtime
from anomaly_gui.detection.scoring import ScoreRequest, score
from anomaly_gui.detection.settings.choices import AUTO
from anomaly_gui.detection.settings.train_settings import TrainSettings
from anomaly_gui.detection.training import train
from anomaly_gui.progress import SilentProgress

SETTINGS = TrainSettings(
    detector="pooled", layer="block2_pool", size=32, false_alarm_rate=0.1, group_by="none"
)


class Deleting(SilentProgress):
    """Deletes files once so many images are done."""

    def __init__(self, files, after=1):
        self.files, self.left = files, after

    def advance(self, steps=1):
        self.left -= steps
        if self.left <= 0:
            for file in self.files:
                file.unlink(missing_ok=True)


@pytest.fixture(scope="module")
def runtime():
    return default_runtime()


@pytest.fixture
def good(tmp_path):
    return save_parts(tmp_path / "good", 24)


@pytest.fixture
def cache(tmp_path):
    with_features = FeatureCache(tmp_path / "cache.sqlite")
    yield with_features
    with_features.close()


def files_of(folder):
    return sorted(folder.iterdir())


@pytest.mark.parametrize("is_kept", [False, True])
def test_training_reads_no_image_twice(good, tmp_path, runtime, cache, is_kept):
    request = TrainRequest((good,), settings=SETTINGS)
    before = train(request, SilentProgress(), runtime, cache if is_kept else None)
    result = train(request, Deleting(files_of(good), 24), runtime, cache if is_kept else None)
    assert not files_of(good)
    assert result.findings.reused == (24 if is_kept else 0) and not result.findings.unreadable
    pixels = result.model.reference.pixels
    np.testing.assert_array_equal(pixels, before.model.reference.pixels)
    assert len(pixels) == 4
    save_model(result.model, tmp_path / "m.anomaly")
    assert judging_difference(open_model(tmp_path / "m.anomaly"), runtime) is None


def test_training_goes_on_without_what_went_before_it_was_read(tmp_path, runtime):
    good = save_parts(tmp_path / "good", 80)
    listed = [good / f"part_{number}.png" for number in range(80)]
    result = train(TrainRequest((good,), settings=SETTINGS), Deleting(listed[70:]), runtime)
    assert len(result.model.training.images) + len(result.findings.unreadable) == 80
    assert all("is gone" in error.reason for error in result.findings.unreadable)


@pytest.mark.parametrize("detector", ["pooled", "texture"])
def test_scoring_and_evaluating_read_no_image_twice(good, tmp_path, runtime, detector):
    size = 32 if detector == "pooled" else 64
    settings = TrainSettings(layer="block2_pool", size=size, false_alarm_rate=0.1, detector=detector)
    model = train(TrainRequest((good,), settings=settings), SilentProgress(), runtime).model
    unseen, bent = save_parts(tmp_path / "unseen", 6, 1), save_parts(tmp_path / "bent", 6, 2, defect=True)
    result = score(ScoreRequest(model, (unseen,)), Deleting(files_of(unseen), 6), runtime)
    assert len(result.images) == 6 and not result.not_judged
    unseen = save_parts(tmp_path / "unseen", 6, 1)
    judged = evaluate(
        EvaluateRequest(model, (unseen,), (bent,)),
        Deleting([*files_of(unseen), *files_of(bent)], 12),
        runtime,
    )
    assert len(judged.evaluation.images) == 12 and not judged.not_judged


def test_a_comparison_goes_on_with_the_images_that_are_left(tmp_path, runtime):
    good, bent = save_parts(tmp_path / "good", 24), save_parts(tmp_path / "bent", 6, 2, defect=True)
    lost = [good / "part_1.png", good / "part_2.png", bent / "part_0.png"]
    request = CompareRequest((good,), (bent,), SETTINGS, (32, 40))
    result = compare(request, Deleting(lost, 26), runtime)
    assert {one.size for one in result.candidates if one.detector != AUTO} == {32, 40}
    assert [one.detector for one in result.candidates].count(AUTO) == 1


def test_groups_of_the_images_that_are_left(good, runtime):
    request = TrainRequest((good,), settings=SETTINGS)

    class Read:
        def __init__(self, records):
            self.records = records

    training = train(request, SilentProgress(), runtime).model.training
    groups = Groups(np.arange(24) // 2, "as told")
    everything = Read(training.images)
    assert regrouped(groups, everything, everything) is groups
    fewer = regrouped(groups, everything, Read(training.images[1:5]))
    assert fewer.numbers.tolist() == [0, 1, 1, 2]
    more = regrouped(
        Groups(groups.numbers[:4], "as told"), Read(training.images[:4]), Read(training.images[2:6])
    )
    assert more.numbers.tolist() == [0, 0, 1, 2]
