"""Detectors on learned features, trained on made-up parts: what holds for others holds for them, too."""

import sys
from pathlib import Path
from subprocess import run

import numpy as np
import pytest
from parts import save_parts
from PIL import Image

from anomaly_gui.detection.candidates.request import CompareRequest
from anomaly_gui.detection.comparison import compare
from anomaly_gui.detection.datasets.train_request import TrainRequest
from anomaly_gui.detection.features.extraction import extract_features
from anomaly_gui.detection.features.feature_cache import FeatureCache
from anomaly_gui.detection.judging.thresholds import CALIBRATION, HELD_OUT
from anomaly_gui.detection.learning.forward import network_input
from anomaly_gui.detection.learning.plan_networks import LearnedNetwork, smooth_residual
from anomaly_gui.detection.learning.split import CALIBRATING
from anomaly_gui.detection.model.archive.archive_reading import read_archive
from anomaly_gui.detection.model.archive.archive_writing import write_archive
from anomaly_gui.detection.model.model_file import open_model, save_model
from anomaly_gui.detection.model.self_check import judging_difference
from anomaly_gui.detection.runtimes.mnn_runtime import MnnRuntime
from anomaly_gui.detection.scoring import ScoreRequest, score
from anomaly_gui.detection.settings.choices import AUTO, AUTOENCODER, DEEP_SVDD, POOLED
from anomaly_gui.detection.settings.detector_kinds import LEARNED
from anomaly_gui.detection.settings.train_settings import TrainSettings
from anomaly_gui.detection.training import train
from anomaly_gui.errors import ModelFileError, TrainingError
from anomaly_gui.progress import CancelledError, SilentProgress

GOOD, NEW = 80, 12
QUIET = SilentProgress()


def _settings(kind, **more):
    return TrainSettings(
        detector=kind, learned_size="32", latent_size=4, steps=60, false_alarm_rate=0.1, **more
    )


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    place = tmp_path_factory.mktemp("learned")
    save_parts(place / "good", GOOD)
    save_parts(place / "new", NEW, 1)
    save_parts(place / "bent", NEW, 2, defect=True)
    return place


@pytest.fixture(scope="module", params=LEARNED)
def model(request, folders):
    request_ = TrainRequest((folders / "good",), settings=_settings(request.param))
    return train(request_, QUIET, MnnRuntime()).model


def _scored(model, *folders):
    return score(ScoreRequest(model, folders), QUIET, MnnRuntime()).images


def test_what_the_network_never_saw_sets_the_threshold(model):
    training = model.training
    assert len(training.images) == GOOD
    assert training.unseen.sum() == len(training.judged) == round(CALIBRATING * GOOD)
    assert model.threshold.basis == HELD_OUT
    assert model.threshold.expected.images == round(CALIBRATING * GOOD)
    below = np.mean(training.held_out[training.judged] < model.threshold.value)
    assert below <= 0.1


def test_defects_are_told_from_good_parts(model, folders):
    good = [one.score for one in _scored(model, folders / "new")]
    bent = [one.score for one in _scored(model, folders / "bent")]
    assert max(bent) < min(good)
    assert max(bent) < model.threshold.value


def test_a_saved_model_judges_the_same(model, folders, tmp_path):
    before = [one.score for one in _scored(model, folders / "new", folders / "bent")]
    save_model(model, tmp_path / "m.anomaly")
    opened = open_model(tmp_path / "m.anomaly")
    assert [one.score for one in _scored(opened, folders / "new", folders / "bent")] == before
    assert judging_difference(opened, MnnRuntime()) is None
    assert opened.versions["runtime"] == f"numpy {np.__version__}"
    np.testing.assert_array_equal(opened.training.unseen, model.training.unseen)
    save_model(opened, tmp_path / "again.anomaly")
    assert (tmp_path / "again.anomaly").read_bytes() == (tmp_path / "m.anomaly").read_bytes()


def test_an_image_scores_the_same_alone_and_among_others(model, folders):
    files = sorted((folders / "new").iterdir())
    pixels = np.stack([np.asarray(Image.open(file).resize((32, 32))) for file in files])
    plan = model.detector.plan
    together = model.detector.judge(extract_features(pixels, plan, MnnRuntime()))
    for place, image in enumerate(pixels):
        alone = model.detector.judge(extract_features(image[None], plan, MnnRuntime()))
        assert alone.scores[0] == pytest.approx(together.scores[place], rel=1e-4)


def test_only_the_autoencoder_has_a_map_and_it_lights_the_defect(model, folders, tmp_path):
    spotted = np.asarray(Image.open(folders / "new" / "part_0.png")).copy()
    spotted[6:16, 30:40] = 255
    Image.fromarray(spotted).save(tmp_path / "spotted.png")
    found = _scored(model, tmp_path)[0].map
    if model.detector.kind == DEEP_SVDD:
        assert found is None
        return
    row, column = np.unravel_index(found.values.argmax(), found.values.shape)
    assert 0 <= row <= 3  # of 8 cells along 48 pixels
    assert 4 <= column <= 7
    assert found.values.max() > 1
    good = [one.map.values.max() for one in _scored(model, folders / "new")]
    assert np.mean(np.array(good) > 1) <= 0.5


def test_scoring_needs_no_tensorflow(model, folders, tmp_path):
    save_model(model, tmp_path / "m.anomaly")
    code = (
        "import sys; sys.modules['tensorflow'] = sys.modules['keras'] = None\n"
        "from anomaly_gui.cli.app import main\nmain()"
    )
    words = ["score", tmp_path / "m.anomaly", folders / "bent", "--no-cache"]
    ran = run([sys.executable, "-c", code, *map(str, words)], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert f"defect: {NEW}" in ran.stdout


def test_an_autoencoder_shows_what_it_makes_of_an_image(folders):
    settings = _settings(AUTOENCODER)
    model = train(TrainRequest((folders / "good",), settings=settings), QUIET, MnnRuntime()).model
    image = np.asarray(Image.open(folders / "new" / "part_0.png").resize((32, 32)))
    network = model.detector.plan.network
    assert isinstance(network, LearnedNetwork)
    made = network.reconstruct_images(image[None])[0]
    assert made.shape == image.shape
    assert np.abs(made.astype(float) - image).mean() < 30
    pixels, _ = network_input(image[None], network.network.architecture.channels)
    residual = network.network.decode_vectors(network.network.encode_images(pixels)) - pixels
    blocks = (smooth_residual(residual, 3) ** 2).reshape(8, 4, 8, 4, -1).mean(axis=(1, 3, 4))
    np.testing.assert_allclose(network.take(image[None]).cells.ravel(), blocks.ravel(), rtol=2e-3)


def test_images_of_another_day_calibrate_and_all_others_are_learned_from(folders):
    request = TrainRequest((folders / "good",), (folders / "new",), settings=_settings(DEEP_SVDD))
    model = train(request, QUIET, MnnRuntime()).model
    assert model.threshold.basis == CALIBRATION
    assert not model.training.unseen.any()
    assert model.threshold.expected.images == NEW


def test_they_are_compared_with_the_others_when_asked(folders):
    given = (folders / "good",), (folders / "bent",)
    wanted = CompareRequest(*given, _settings(AUTOENCODER), sizes=(32,), learned=True, backbones=("vgg16",))
    result = compare(wanted, QUIET, MnnRuntime())
    learned = {one.detector: one for one in result.candidates if one.detector in LEARNED}
    assert set(learned) == set(LEARNED)
    for kind, one in learned.items():
        assert one.choice == {"detector": kind, "learned_size": "32"}
        assert one.auroc == 1
        assert one.training_seconds > 0
        assert one.threshold.expected.images == round(CALIBRATING * GOOD)
    assert {one.training_seconds for one in result.candidates if one.detector not in LEARNED} == {None}


def test_one_that_cannot_be_trained_is_told_and_the_others_are_compared(folders, monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorflow", None)
    wanted = CompareRequest((folders / "good",), settings=_settings(AUTOENCODER), sizes=(32,), learned=True)
    result = compare(wanted, QUIET, MnnRuntime())
    assert {one.detector for one in result.candidates} == {POOLED, AUTO}
    assert [kind in sentence for kind, sentence in zip(LEARNED, result.skipped, strict=True)] == [True, True]
    assert "anomaly-gui[tensorflow]" in result.skipped[0]


@pytest.mark.parametrize("kind", LEARNED)
def test_a_folder_without_images_is_told(kind, tmp_path):
    (tmp_path / "none").mkdir()
    with pytest.raises(TrainingError, match="There is no image in"):
        train(TrainRequest((tmp_path / "none",), settings=_settings(kind)), QUIET, MnnRuntime())


def test_pretraining_is_not_repeated_once_deep_svdd_has_a_checkpoint(folders, tmp_path, monkeypatch):
    monkeypatch.setattr("anomaly_gui.detection.learning.learner._SAVED_EVERY", 0.0)

    class Cut(SilentProgress):
        stages, epochs = (), 0

        def stage(self, name, total=None):
            self.stages += (name,)

        def epoch(self, epoch):
            self.epochs += epoch.name.startswith("Learning to map")
            if cut_after is not None and self.epochs > cut_after:
                raise CancelledError

    request = TrainRequest((folders / "good",), settings=_settings(DEEP_SVDD, pretrain="yes"))
    cache, cut_after, first = FeatureCache(tmp_path), 3, Cut()
    with pytest.raises(CancelledError):
        train(request, first, MnnRuntime(), cache)
    cut_after, again = None, Cut()
    train(request, again, MnnRuntime(), cache)
    cache.close()
    assert "Learning to reconstruct first" in first.stages
    assert "Learning to reconstruct first" not in again.stages
    assert list((tmp_path / "checkpoints").iterdir()) == []


def test_too_few_parts_are_refused_in_a_sentence(folders, tmp_path):
    few = save_parts(tmp_path / "few", 12)
    with pytest.raises(TrainingError, match="too few to learn features from"):
        train(TrainRequest((few,), settings=_settings(AUTOENCODER)), QUIET, MnnRuntime())


def test_without_tensorflow_a_sentence_says_what_to_install(folders, monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorflow", None)
    with pytest.raises(TrainingError, match=r"Learning features needs TensorFlow.*anomaly-gui\[tensorflow\]"):
        train(TrainRequest((folders / "good",), settings=_settings(AUTOENCODER)), QUIET, MnnRuntime())


@pytest.mark.parametrize("change", ["architecture", "weights", "kind"])
def test_a_changed_network_is_refused(model, tmp_path, change):
    file = tmp_path / "m.anomaly"
    save_model(model, file)
    manifest, arrays = read_archive(file, {})
    described = manifest["detector"]
    if change == "architecture":
        described["network"]["encoder"][0]["units"] += 1
    elif change == "weights":
        del arrays["network.encoder.0.bias"]
    else:
        described["kind"] = DEEP_SVDD if described["kind"] == AUTOENCODER else AUTOENCODER
    kept = {name: manifest[name] for name in manifest if name not in ("format", "format_version", "arrays")}
    write_archive(file, kept, arrays)
    with pytest.raises(ModelFileError, match=Path(file).name):
        open_model(file)
