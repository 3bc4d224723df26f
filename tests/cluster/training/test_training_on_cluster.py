"""Training in parts: the same model from any number of workers, and as of one pass on one machine."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from parts import save_parts
from plain_engine import PlainEngine

from anomaly_gui.cluster.engine import Failure, PartFailedError
from anomaly_gui.cluster.local_engine import LocalEngine
from anomaly_gui.cluster.training import collecting
from anomaly_gui.cluster.training.gathering import SeenImages
from anomaly_gui.cluster.training.steady_runtime import steady_runtime
from anomaly_gui.cluster.training.steps import ClusterSteps
from anomaly_gui.cluster.training.training import remove_parts, tell_time, train_on_cluster
from anomaly_gui.detection.datasets.train_request import TrainRequest
from anomaly_gui.detection.model.model_file import open_model, save_model
from anomaly_gui.detection.model.updatable import require_kept
from anomaly_gui.detection.settings.train_settings import TrainSettings
from anomaly_gui.detection.training import train
from anomaly_gui.errors import ParameterError, TrainingError
from anomaly_gui.progress import SilentProgress

TIME = "2026-01-02T03:04:05+00:00"
PART = 8


@pytest.fixture(scope="module")
def images(tmp_path_factory):
    """Good images, of which some are copies, shot twice, or no images; and good ones of another day."""
    folder = tmp_path_factory.mktemp("images")
    good = save_parts(folder / "good", 30)
    shutil.copy(good / "part_3.png", good / "part_29_copy.png")
    (good / "part_7_torn.png").write_bytes(b"no image")
    save_parts(folder / "calibration", 9, seed=5)
    return folder


def _request(images, detector="pooled", **settings):
    asked = TrainSettings(detector=detector, size=64, **settings)
    return TrainRequest((images / "good",), (images / "calibration",), settings=asked)


def _train(images, engine, folder, **settings):
    request = _request(images, **settings)
    return train_on_cluster(request, engine, folder, SilentProgress(), created=TIME, images_a_part=PART)


def _save(result, path):
    save_model(result.model, path)
    return path.read_bytes()


@pytest.mark.parametrize("detector", ["pooled", "positional"])
def test_one_two_and_four_workers_make_the_same_bytes(images, tmp_path, detector):
    made = set()
    for workers in (1, 2, 4):
        with LocalEngine(workers) as engine:
            result = _train(images, engine, tmp_path / f"{workers}", detector=detector)
        made.add(_save(result, tmp_path / "model.anomaly"))
    assert len(made) == 1
    assert open_model(tmp_path / "model.anomaly").created == TIME


def test_the_model_is_that_of_one_pass_on_one_machine(images, tmp_path):
    request = _request(images)
    own = train(request, SilentProgress(), steady_runtime())
    found = _train(images, PlainEngine(1), tmp_path / "parts")
    _assert_alike(found.model.training.held_out, own.model.training.held_out)
    _assert_alike(found.model.training.scores, own.model.training.scores)
    _assert_alike(found.model.training.calibration_scores, own.model.training.calibration_scores)
    _assert_alike(found.model.threshold.value, own.model.threshold.value)
    state, expected = found.model.detector.state(), own.model.detector.state()
    _assert_alike(state[1]["location"], expected[1]["location"])
    _assert_alike(state[1]["variances"], expected[1]["variances"])
    assert np.array_equal(found.model.training.vectors, own.model.training.vectors)
    assert found.model.training.images == own.model.training.images
    assert np.array_equal(found.model.reference.pixels, own.model.reference.pixels)
    assert found.model.training.groups.tolist() == own.model.training.groups.tolist()
    assert found.model.admission == own.model.admission


def _assert_alike(found, expected):
    np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-10 * np.abs(expected).max())


def test_the_findings_are_those_of_one_machine(images, tmp_path):
    own = train(_request(images), SilentProgress(), steady_runtime()).findings
    found = _train(images, PlainEngine(2), tmp_path / "parts").findings
    assert found.duplicates == own.duplicates and len(found.duplicates) == 1
    assert [str(one) for one in found.unreadable] == [str(one) for one in own.unreadable]
    assert found.warnings == own.warnings
    assert found.alleged_copies == own.alleged_copies


def test_places_are_those_of_one_machine(images, tmp_path):
    own = train(_request(images, "positional"), SilentProgress(), steady_runtime()).model
    found = _train(images, PlainEngine(3), tmp_path / "parts", detector="positional").model
    _assert_alike(found.training.held_out, own.training.held_out)
    _assert_alike(found.training.scores, own.training.scores)
    _assert_alike(found.training.calibration_scores, own.training.calibration_scores)
    _assert_alike(found.threshold.value, own.threshold.value)
    (_, state), (_, expected) = found.detector.state(), own.detector.state()
    assert state.keys() == expected.keys()
    for name, values in expected.items():
        _assert_alike(state[name], values)
    assert found.training.kept.cells.shape == own.training.kept.cells.shape


def test_images_shot_twice_are_held_out_together_across_parts(images, tmp_path):
    good = tmp_path / "shots"
    shutil.copytree(images / "good", good / "a")
    request = TrainRequest((good,), settings=TrainSettings(detector="pooled", size=64, group_by=r"_(\d+)"))
    shutil.copytree(images / "good", good / "b")
    for number, file in enumerate(sorted((good / "b").glob("part_*.png"))):
        file.write_bytes(file.read_bytes() + bytes([number]))  # the same pixels, other bytes
    own = train(request, SilentProgress(), steady_runtime()).model.training
    progress, folder = SilentProgress(), tmp_path / "parts"
    found = train_on_cluster(request, PlainEngine(), folder, progress, created=TIME, images_a_part=PART)
    assert found.model.training.groups.tolist() == own.groups.tolist()
    assert max(np.bincount(own.groups)) > 1
    _assert_alike(found.model.training.held_out, own.held_out)


def test_only_the_first_images_that_can_be_used_are_samples(images, tmp_path):
    good = tmp_path / "good"
    shutil.copytree(images / "good", good)
    for file in sorted(good.glob("*.png"))[: PART + 2]:  # the first part, and some of the second
        file.write_bytes(b"no image")
    request = replace(_request(images), normal=(good,))
    own = train(request, SilentProgress(), steady_runtime()).model.reference.pixels
    progress, folder = SilentProgress(), tmp_path / "parts"
    found = train_on_cluster(request, PlainEngine(), folder, progress, created=TIME, images_a_part=PART)
    assert len(own) and np.array_equal(found.model.reference.pixels, own)
    assert not list(folder.rglob("samples.npy"))


def test_a_training_goes_on_with_the_parts_that_were_finished(images, tmp_path, monkeypatch):
    first = _save(_train(images, PlainEngine(), tmp_path / "parts"), tmp_path / "model.anomaly")
    monkeypatch.setattr(collecting, "collect_features", _refuse)
    again = _save(_train(images, PlainEngine(5), tmp_path / "parts"), tmp_path / "model.anomaly")
    assert again == first


def _refuse(*_, **__):
    raise AssertionError("a finished part is read again")


def test_parts_go_once_they_are_of_no_use(images, tmp_path):
    _train(images, PlainEngine(), tmp_path / "parts")
    assert list((tmp_path / "parts").iterdir())
    remove_parts(tmp_path / "parts")
    assert not (tmp_path / "parts").exists()


class DeadlyEngine(PlainEngine):
    """Loses its worker wherever one image is in a part."""

    deadly = "part_11.png"

    def map_parts(self, work, parts):
        for number, part in enumerate(parts):
            files = [
                file for place, file in enumerate(getattr(part, "files", ())) if place not in part.ending
            ]
            if any(file.name == self.deadly for file in files):
                yield number, Failure(number, "ends the process that works on it", ends_worker=True)
            else:
                yield number, work(part)


def test_an_image_that_ends_the_reader_is_named_and_all_others_are_used(images, tmp_path):
    found = _train(images, DeadlyEngine(), tmp_path / "parts")
    (deadly,) = [one for one in found.findings.unreadable if one.path.name == DeadlyEngine.deadly]
    assert deadly.reason.startswith("ends the reader")
    without = replace(_request(images), excluded=(images / "good" / DeadlyEngine.deadly,))
    own = train(without, SilentProgress(), steady_runtime())
    assert found.model.training.images == own.model.training.images
    _assert_alike(found.model.training.held_out, own.model.training.held_out)


def test_a_part_that_fails_by_itself_ends_the_training(images, tmp_path):
    (tmp_path / "parts").write_text("a file where the folder should be")
    with pytest.raises(PartFailedError, match="cannot be written to"):
        _train(images, PlainEngine(), tmp_path / "parts")


def test_a_model_of_very_many_images_names_some_of_them(images, tmp_path):
    request, folder = _request(images, group_by="none"), tmp_path / "parts"
    steps = ClusterSteps(
        PlainEngine(), folder, SilentProgress(), steady_runtime(), None, TIME, PART, most_recorded=12
    )
    result = train(request, SilentProgress(), steady_runtime(), None, steps)
    whole = _train(images, PlainEngine(), tmp_path / "others", group_by="none")
    save_model(result.model, tmp_path / "model.anomaly")
    opened = open_model(tmp_path / "model.anomaly")
    assert len(opened.training.images) == 12 and opened.training.count == len(whole.model.training.images)
    assert opened.threshold.value == whole.model.threshold.value
    assert opened.training.held_out.min() == whole.model.training.held_out.min()
    with pytest.raises(TrainingError, match="keeps only some"):
        require_kept(opened)


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"detector": "auto"}, "remembers cells"),
        ({"detector": "texture"}, "fitted anew"),
        ({"detector": "deep-svdd"}, "step by step"),
        ({"density": "gmm"}, "density gmm"),
        ({"images_per_second": 5.0}, "name the size"),
    ],
)
def test_what_is_not_offered_is_said_before_anything_is_read(tmp_path, settings, why):
    request = TrainRequest((tmp_path,), settings=TrainSettings(**{"detector": "pooled", **settings}))
    with pytest.raises(ParameterError, match=why):
        train_on_cluster(request, PlainEngine(), tmp_path, SilentProgress())


def test_the_time_of_a_model_may_be_named(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767323045")
    assert tell_time() == "2026-01-02T03:04:05+00:00"


def test_copies_are_found_across_parts_and_sets():
    digests = np.repeat(np.arange(6, dtype=np.uint8)[:, None], 32, axis=1)
    first, second = [Path(f"a{number}") for number in range(6)], [Path(f"b{number}") for number in range(4)]
    seen = SeenImages()
    assert seen.add(digests[[0, 1, 0, 2, 0, 3]], first, np.arange(6)) == {2: Path("a0"), 4: Path("a0")}
    assert seen.add(digests[[3, 4, 4, 0]], second, np.arange(4)) == {
        0: Path("a5"),
        2: Path("b1"),
        3: Path("a0"),
    }
