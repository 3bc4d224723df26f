"""Images added to a model and taken out: as a training on the images there are would have it."""

import shutil
from dataclasses import replace

import numpy as np
import pytest
from parts import save_parts
from PIL import Image

from anomaly_gui.detection.datasets.train_request import TrainRequest
from anomaly_gui.detection.datasets.updates.update_request import UpdateRequest
from anomaly_gui.detection.detectors.fitting import judge_all
from anomaly_gui.detection.features.collection import collect_features
from anomaly_gui.detection.features.feature_cache import FeatureCache
from anomaly_gui.detection.model.model_file import open_model, save_model
from anomaly_gui.detection.model.updatable import require_kept
from anomaly_gui.detection.runtimes.protocol import default_runtime
from anomaly_gui.detection.settings.train_settings import TrainSettings
from anomaly_gui.detection.training import train
from anomaly_gui.detection.updating import update_model
from anomaly_gui.errors import ModelFileError, ParameterError, TrainingError
from anomaly_gui.progress import SilentProgress

QUIET = SilentProgress()
SAME = {"size": 64, "group_by": "none", "suspects": "keep", "false_alarm_rate": 0.1}
SMALL = TrainSettings(detector="pooled", layer="block2_pool", **(SAME | {"size": 32}))
SETTINGS = {
    "auto": TrainSettings(variants=0, **SAME),
    "variants": TrainSettings(variants=3, **SAME),
    "positional": TrainSettings(detector="positional", backbone="efficientnet-lite0", **SAME),
    "texture": TrainSettings(detector="texture", backbone="efficientnet-lite0", **SAME),
    "pooled": SMALL,
    "textbook": replace(SMALL, density="gmm", covariance="diag"),
    "mixture": replace(SMALL, density="gmm", covariance="diag", components=2),
}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    place = tmp_path_factory.mktemp("updating")
    for number, (name, count, defect) in enumerate(
        (("first", 14, False), ("second", 8, False), ("bad", 4, True))
    ):
        save_parts(place / name, count, number, defect=defect, name=name)
    return place


def _train(settings, *paths):
    return train(TrainRequest(paths, settings=settings), QUIET).model


def _without_files(folder, copied, file, settings):
    """Return a model of copied images as it is opened from its file, and let the images go."""
    shutil.copytree(folder, copied)
    model = _train(settings, copied)
    save_model(model, file)
    shutil.rmtree(copied)
    return open_model(file)


@pytest.fixture(scope="module", params=SETTINGS)
def grown(request, place, tmp_path_factory):
    """A model whose second images came when the first were gone; one of all images; that of the first."""
    folder, settings = tmp_path_factory.mktemp(request.param), SETTINGS[request.param]
    first = _without_files(place / "first", folder / "first", folder / "first.anomaly", settings)
    updated = update_model(first, UpdateRequest((place / "second",)), QUIET).model
    return updated, _train(settings, place / "first", place / "second"), first


def _judge(model, folder):
    files = sorted(folder.iterdir())
    taken = collect_features(files, model.detector.plan, 10**9, default_runtime(), QUIET)
    return judge_all(model.detector, taken)[0]


def _list_densities(detector):
    if hasattr(detector, "opinions"):
        found = {name: one.local.cell_distances for name, one in detector.opinions.items()}
        return {name: found[name] for name in ("shared", "places")}  # a memory is chosen, not summed up
    return {"local": detector.local.cell_distances} if hasattr(detector, "local") else {}


def test_fits_are_those_of_a_training_on_all_images(grown):
    updated, whole, _ = grown
    for name, density in _list_densities(updated.detector).items():
        other = _list_densities(whole.detector)[name]
        channels = (density.means if hasattr(density, "means") else density.mean).shape[-1]
        shape = (3, int(whole.detector.plan.used_cells.sum()), channels)
        cells = np.random.default_rng(0).normal(0, 1, shape).astype(np.float32)
        apart = np.abs(density.distances(cells) / other.distances(cells) - 1)
        assert apart.mean() < 5e-5
        assert apart.max() < 1e-3


def test_scores_are_those_of_a_training_on_all_images(grown, place):
    updated, whole, first = grown
    tolerance = 0.1 if hasattr(whole.detector, "local") else 1e-5
    names = [record.path.name for record in whole.training.images]
    assert [record.path.name for record in updated.training.images] == names
    spread = whole.training.held_out.std()
    apart = _judge(updated, place / "bad") - _judge(whole, place / "bad")
    assert np.abs(apart / _judge(whole, place / "bad")).max() < tolerance
    # the memory, which counts double in place, keeps other cells than one that chose among all at once
    assert np.abs(updated.training.held_out - whole.training.held_out).mean() < max(0.35 * spread, 1e-9)
    assert updated.threshold.rule == whole.threshold.rule == "false-alarm-rate"
    assert updated.threshold.promised_rate == whole.threshold.promised_rate
    assert updated.threshold.expected.images == 22
    assert len(first.training.images) == 14
    assert (_judge(updated, place / "bad") < updated.threshold.value).all()


def test_a_model_file_holds_what_the_next_update_needs(grown, tmp_path):
    updated = grown[0]
    save_model(updated, tmp_path / "grown.anomaly")
    again = open_model(tmp_path / "grown.anomaly")
    assert require_kept(again).fingerprints.shape[0] == 22
    np.testing.assert_array_equal(again.training.vectors, updated.training.vectors)


def test_an_image_taken_out_and_put_back_leaves_the_model_as_it_was(grown, place):
    updated = grown[0]
    file = place / "second" / "second_3.png"
    out = update_model(updated, UpdateRequest(without=(file,)), QUIET)
    assert out.findings.removed == (file,)
    assert file not in [record.path for record in out.model.training.images]
    back = update_model(out.model, UpdateRequest((file,)), QUIET).model
    assert len(back.training.images) == 22
    scores, before = _judge(back, place / "bad"), _judge(updated, place / "bad")
    np.testing.assert_allclose(scores, before, rtol=0.02)
    assert back.threshold.value == pytest.approx(updated.threshold.value, rel=0.05)


def test_what_is_learned_already_is_left_out_and_named(place, tmp_path):
    first = _train(SMALL, place / "first")
    shutil.copytree(place / "second", tmp_path / "new")
    shutil.copy(place / "first" / "first_2.png", tmp_path / "new" / "copy.png")
    (tmp_path / "new" / "broken.png").write_bytes(b"")
    Image.new("RGB", (480, 48)).save(tmp_path / "new" / "long.png")
    found = update_model(first, UpdateRequest((tmp_path / "new",)), QUIET).findings
    assert len(found.added) == 8
    assert [(copy.name, known.name) for copy, known in found.copies] == [("copy.png", "first_2.png")]
    assert sorted(error.path.name for error in found.unreadable) == ["broken.png", "long.png"]
    with pytest.raises(TrainingError, match="was used already"):
        update_model(first, UpdateRequest((place / "first",)), QUIET)


def test_new_images_of_known_parts_join_their_groups(place, tmp_path):
    settings = replace(SETTINGS["positional"], group_by=r"_(\d+)\.png")
    first = _train(settings, place / "first")
    result = update_model(first, UpdateRequest((place / "second",)), QUIET)
    groups = result.model.training.groups
    assert result.findings.joined == 8
    assert len(set(groups.tolist())) == 14
    assert result.model.threshold.expected.parts == 14
    held_out = result.model.training.held_out
    for index, number in enumerate(groups[14:], 14):
        assert held_out[index] <= held_out[:14][groups[:14] == number].mean() + 1e-9


def test_near_duplicates_of_known_parts_are_found(tmp_path):
    random = np.random.default_rng(0)
    parts = [np.kron(random.normal(128, 30, (64, 64)), np.ones((3, 3))) for _ in range(12)]
    for folder, seed in (("first", 1), ("again", 2)):
        (tmp_path / folder).mkdir()
        noise = np.random.default_rng(seed)
        for index, part in enumerate(parts if folder == "first" else parts[:4]):
            shot = (part + noise.normal(0, 4, part.shape)).clip(0, 255).astype(np.uint8)
            Image.fromarray(shot).save(tmp_path / folder / f"{folder}{index}.png")
    save_parts(tmp_path / "others", 3, 5)
    first = _train(replace(SMALL, group_by="auto"), tmp_path / "first")
    shutil.rmtree(tmp_path / "first")
    result = update_model(first, UpdateRequest((tmp_path / "again",)), QUIET)
    groups = result.model.training.groups
    assert groups[:4].tolist() == groups[12:].tolist()
    assert (result.findings.joined, len(set(groups.tolist()))) == (4, 12)


def test_a_foreign_image_is_left_out_among_the_new_ones(place, tmp_path):
    first = _train(replace(SMALL, suspects="leave-out"), place / "first")
    shutil.copytree(place / "second", tmp_path / "new")
    Image.new("RGB", (48, 48)).save(tmp_path / "new" / "black.png")
    found = update_model(first, UpdateRequest((tmp_path / "new",)), QUIET).findings
    assert [one.path.name for one in found.suspects] == ["black.png"]
    assert (found.suspects_left_out, len(found.added)) == (True, 8)
    kept = update_model(first, UpdateRequest((tmp_path / "new",), suspects="keep"), QUIET).findings
    assert (kept.suspects_left_out, len(kept.added)) == (False, 9)


def test_images_that_the_model_took_for_defects_are_told_of(place):
    first = _train(SMALL, place / "first")
    found = update_model(first, UpdateRequest((place / "bad",)), QUIET).findings
    assert found.rejected == 4
    assert any("took 4 of the 4 new images for defects" in warning for warning in found.warnings)


def test_an_image_whose_file_is_gone_is_taken_out_by_what_is_cached(place, tmp_path):
    shutil.copytree(place / "first", tmp_path / "first")
    settings, cache = SETTINGS["positional"], FeatureCache(tmp_path / "cache")
    request = TrainRequest((tmp_path / "first",), settings=settings)
    model = train(request, QUIET, cache=cache).model
    gone = tmp_path / "first" / "first_4.png"
    there = update_model(model, UpdateRequest(without=(gone,)), QUIET).model
    gone.write_bytes(b"another image now")
    cached = update_model(model, UpdateRequest(without=(gone,)), QUIET, cache=cache).model
    np.testing.assert_allclose(cached.training.held_out, there.training.held_out, rtol=0.01)
    with pytest.raises(TrainingError, match="its file is gone or has changed"):
        update_model(model, UpdateRequest(without=(gone,)), QUIET)


def test_calibration_images_are_judged_again_and_have_to_be_there(place, tmp_path):
    shutil.copytree(place / "second", tmp_path / "day")
    shutil.copytree(place / "first", tmp_path / "new")
    model = train(TrainRequest((place / "first",), (tmp_path / "day",), settings=SMALL), QUIET).model
    save_parts(tmp_path / "new", 5, 7, name="new")
    added = UpdateRequest((tmp_path / "new",))
    updated = update_model(model, added, QUIET).model
    assert updated.threshold.basis == "scores of the calibration images"
    assert not np.allclose(updated.training.calibration_scores, model.training.calibration_scores)
    (tmp_path / "day" / "second_1.png").unlink()
    with pytest.raises(TrainingError, match="rests on calibration images"):
        update_model(model, added, QUIET)


def test_a_threshold_set_by_hand_stays(place):
    first = _train(SMALL, place / "first")
    moved = replace(first, threshold=first.threshold.moved_to(-12.5))
    result = update_model(moved, UpdateRequest((place / "second",)), QUIET)
    assert result.model.threshold.value == -12.5
    assert any("set by hand" in warning for warning in result.findings.warnings)


def test_says_in_a_sentence_why_a_model_cannot_be_updated(place, monkeypatch):
    model = _train(SMALL, place / "first")
    request = UpdateRequest((place / "second",))
    with pytest.raises(ParameterError, match="Nothing is to be added"):
        update_model(model, UpdateRequest(), QUIET)
    with pytest.raises(ParameterError, match="did not learn from it"):
        update_model(model, UpdateRequest(without=(place / "second" / "second_1.png",)), QUIET)
    with pytest.raises(TrainingError, match="not enough to learn from"):
        update_model(model, UpdateRequest(without=tuple((place / "first").iterdir())), QUIET)
    former = replace(model, training=replace(model.training, kept=None))
    with pytest.raises(TrainingError, match="earlier version, which did not keep the sums"):
        update_model(former, request, QUIET)
    by_defects = replace(model, threshold=replace(model.threshold, rule="best-f1"))
    with pytest.raises(TrainingError, match="rests on known defects"):
        update_model(by_defects, request, QUIET)
    monkeypatch.setattr(type(model.detector), "kind", "deep-svdd")
    with pytest.raises(TrainingError, match=r"network of the detector deep-svdd was trained on its images"):
        update_model(model, request, QUIET)


def test_what_is_promised_counts_all_images(place):
    settings = replace(SMALL, false_alarm_rate=0.05)
    first = _train(settings, place / "first")
    assert first.threshold.promised_rate == pytest.approx(1 / 15)
    updated = update_model(first, UpdateRequest((place / "second",)), QUIET).model
    assert updated.threshold.promised_rate == pytest.approx(0.05)


def test_an_opinion_that_known_defects_chose_counts_alone_afterwards_too(place):
    model = _train(SETTINGS["auto"], place / "first")
    alone = {**dict.fromkeys(model.detector.weights, 0.0), "whole": 1.0}
    model = replace(model, detector=replace(model.detector, weights=alone))
    updated = update_model(model, UpdateRequest((place / "second",)), QUIET).model
    assert updated.detector.weights == alone
    assert np.isfinite(updated.training.held_out).all()
    assert updated.detector.local.level > 0


@pytest.fixture(scope="module")
def relit(place, tmp_path_factory):
    """A default model, whose variants are as many as suit, updated when its images were gone."""
    folder, settings = tmp_path_factory.mktemp("relit"), TrainSettings(**SAME)
    first = _without_files(place / "first", folder / "first", folder / "first.anomaly", settings)
    updated = update_model(first, UpdateRequest((place / "second",)), QUIET).model
    save_model(updated, folder / "updated.anomaly")
    return first, updated, open_model(folder / "updated.anomaly")


def test_variants_come_with_new_images_as_many_as_suit_them_all(relit):
    first, updated, _ = relit
    before, after = first.training.kept.variants, updated.training.kept.variants
    assert np.bincount(before.sources).tolist() == [4] * 14
    assert np.bincount(after.sources).tolist() == [4] * 14 + [3] * 8
    np.testing.assert_array_equal(after.vectors[: len(before.sources)], before.vectors)
    assert updated.training.kept.traces.shape[0] == 22 + len(after.sources)
    assert updated.training.kept.peaks.shape == (22,)


def test_cells_are_kept_of_images_with_all_their_variants(relit):
    for model in relit:
        kept, count = model.training.kept, len(model.training.images)
        sources = np.concatenate([np.arange(count), kept.variants.sources])
        images = kept.cells_of[kept.cells_of < count]
        assert len(images) == 7  # of 36 items, 5 each
        np.testing.assert_array_equal(kept.cells_of, np.flatnonzero(np.isin(sources, images)))


def test_the_light_that_is_judged_follows(relit, place):
    first, updated, again = relit
    whole = _train(TrainSettings(variants=4, **SAME), place / "first", place / "second")
    found, wanted = updated.admission.light, whole.admission.light
    assert again.admission.light == found
    np.testing.assert_allclose(found.low, wanted.low)
    np.testing.assert_allclose(found.high, wanted.high)
    for end, other in zip(found.ends, wanted.ends, strict=True):
        assert (end is None) == (other is None)
    np.testing.assert_allclose(found.usual, wanted.usual)
    assert found.usual != first.admission.light.usual


def test_an_image_goes_with_its_variants_and_its_remembered_cells(relit, place):
    again = relit[2]
    out = update_model(again, UpdateRequest(without=(place / "second",)), QUIET).model
    assert np.bincount(out.training.kept.variants.sources).tolist() == [4] * 14
    owners = out.detector.opinions["memory"].local.cell_distances.owners
    assert owners.max() < 14 * 5
    first = relit[0]
    for name, density in _list_densities(out.detector).items():
        cells = np.random.default_rng(0).normal(0, 1, (2, *_shape_of(out, density))).astype(np.float32)
        other = _list_densities(first.detector)[name]
        np.testing.assert_allclose(density.distances(cells), other.distances(cells), rtol=2e-3)
    apart = np.abs(out.training.held_out - first.training.held_out).mean()
    assert apart < 0.25 * first.training.held_out.std()


def _shape_of(model, density):
    channels = (density.means if hasattr(density, "means") else density.mean).shape[-1]
    return int(model.detector.plan.used_cells.sum()), channels


def test_remembered_cells_are_known_by_image_and_variant_as_in_a_training(relit, place):
    updated = relit[1]
    memory = updated.detector.opinions["memory"].local.cell_distances
    variants = updated.training.kept.variants
    names = [record.path.name for record in updated.training.images]
    wanted = names.index("second_3.png")
    read = collect_features(
        [place / "second" / "second_3.png"],
        updated.detector.plan,
        10**9,
        default_runtime(),
        QUIET,
        variants={place / "second" / "second_3.png": 3},
    )
    cells = read.all_cells.read_cells(np.arange(4))[:, :, : memory.cells.shape[1]] / memory.spread
    items = [wanted, *(22 + np.flatnonzero(variants.sources == wanted))]
    remembered = 0
    for item, own in zip(items, cells, strict=True):
        for cell in memory.cells[memory.owners == item]:
            assert np.abs(own - cell).max(axis=1).min() < 0.05
            remembered += 1
    assert remembered


def test_variants_of_an_image_whose_file_is_gone_are_taken_out_by_what_is_cached(place, tmp_path):
    shutil.copytree(place / "first", tmp_path / "first")
    cache, request = (
        FeatureCache(tmp_path / "cache"),
        TrainRequest((tmp_path / "first",), settings=SETTINGS["variants"]),
    )
    model = train(request, QUIET, cache=cache).model
    gone = tmp_path / "first" / "first_4.png"
    there = update_model(model, UpdateRequest(without=(gone,)), QUIET).model
    gone.unlink()
    cached = update_model(model, UpdateRequest(without=(gone,)), QUIET, cache=cache).model
    np.testing.assert_allclose(cached.training.held_out, there.training.held_out, rtol=0.01, atol=0.01)
    with pytest.raises(TrainingError, match="its file is gone or has changed"):
        update_model(model, UpdateRequest(without=(gone,)), QUIET)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("sources", lambda values: values[::-1]),
        ("sources", lambda values: values + 1),
        ("numbers", lambda values: values + 20),
    ],
)
def test_a_file_whose_variants_cannot_be_is_refused(relit, tmp_path, name, change):
    model = relit[1]
    kept = model.training.kept
    variants = replace(kept.variants, **{name: change(getattr(kept.variants, name))})
    wrong = replace(model, training=replace(model.training, kept=replace(kept, variants=variants)))
    save_model(wrong, tmp_path / "wrong.anomaly")
    with pytest.raises(ModelFileError, match=r"training\.variants"):
        open_model(tmp_path / "wrong.anomaly")
