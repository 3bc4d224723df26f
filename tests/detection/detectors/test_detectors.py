"""Every detector is held to what `Detector` promises, each on a model trained with the real network."""

from typing import NamedTuple

import numpy as np
import pytest
from parts import arrow
from PIL import Image

from anomaly_gui.detection.datasets.train_request import TrainRequest
from anomaly_gui.detection.datasets.variants import share_variants
from anomaly_gui.detection.detectors.fitting import fit_detector, judge_all
from anomaly_gui.detection.features.collection import collect_features
from anomaly_gui.detection.features.extraction import extract_features
from anomaly_gui.detection.features.network_outputs import ImageFeatures
from anomaly_gui.detection.grouping.groups import Groups
from anomaly_gui.detection.images.loading import load_image
from anomaly_gui.detection.images.region_of_interest import RECTANGLE, RegionOfInterest, Shape
from anomaly_gui.detection.model.archive.archive_reading import read_archive
from anomaly_gui.detection.model.archive.archive_writing import write_archive
from anomaly_gui.detection.model.model_file import open_model, save_model
from anomaly_gui.detection.runtimes.keras_runtime import KerasRuntime
from anomaly_gui.detection.scoring import ScoreRequest, score
from anomaly_gui.detection.settings.choices import AUTO, POOLED, POSITIONAL, TEXTURE
from anomaly_gui.detection.settings.detector_kinds import DETECTORS, LEARNED
from anomaly_gui.detection.settings.train_settings import TrainSettings
from anomaly_gui.detection.training import train
from anomaly_gui.errors import ModelFileError
from anomaly_gui.progress import SilentProgress

FREE, ALIGNED = "texture free", "texture aligned"
KINDS = (POOLED, POSITIONAL, FREE, ALIGNED, AUTO)
WITH_MAPS = KINDS[1:]
RATE = 0.1
GOOD, NEW, FEW = 24, 6, 13
LEFT_STRIP = RegionOfInterest((Shape(RECTANGLE, ((0, 0), (0.27, 1)), False),))


def _settings(kind, seed=0):
    """Arrows are aligned from 128 pixels on; below, parts are taken for a surface."""
    detector = TEXTURE if kind in (FREE, ALIGNED) else kind
    size = 128 if kind == ALIGNED else 64
    return TrainSettings(
        detector=detector, size=size, channels=50, seed=seed, false_alarm_rate=RATE, group_by="none"
    )


def _read_at(kind):
    return 171 if kind == ALIGNED else 64


def _picture(kind, rng, side):
    """Return a good image, (side, side, 3) uint8."""
    if kind == FREE:
        coarse = Image.fromarray(rng.integers(60, 200, (side // 2, side // 2, 3), np.uint8))
        return np.asarray(coarse.resize((side, side), Image.Resampling.BICUBIC))
    direction = rng.uniform(0, 2 * np.pi) if kind == ALIGNED else 0.5
    return arrow(direction, (0.0, 0.0), (side, side), int(rng.integers(1 << 30)))


def _faulty(pixels):
    side = len(pixels)
    faulty = pixels.copy()
    faulty[side * 3 // 8 : side * 5 // 8, side * 3 // 8 : side * 5 // 8] = (250, 20, 20)
    return faulty


def _save(folder, pictures):
    folder.mkdir()
    for index, pixels in enumerate(pictures):
        Image.fromarray(pixels).save(folder / f"{index:03}.png")
    return folder


class Trained(NamedTuple):
    kind: str
    model: object
    good: object  # folder
    new: object  # folder
    faulty: object  # folder

    @property
    def detector(self):
        return self.model.detector

    def few(self):
        return tuple(sorted(self.good.iterdir())[:FEW])


@pytest.fixture(scope="module")
def runtime():
    return KerasRuntime()


@pytest.fixture(scope="module", params=KINDS)
def trained(request, tmp_path_factory, runtime):
    kind, folder = request.param, tmp_path_factory.mktemp("trained")
    rng, side = np.random.default_rng(0), _read_at(request.param)
    good = _save(folder / "good", (_picture(kind, rng, side) for _ in range(GOOD)))
    fresh = [_picture(kind, rng, side) for _ in range(NEW)]
    new = _save(folder / "new", fresh)
    faulty = _save(folder / "faulty", map(_faulty, fresh))
    result = train(TrainRequest((good,), settings=_settings(kind)), SilentProgress(), runtime)
    return Trained(kind, result.model, good, new, faulty)


def _observed(detector, folder, runtime):
    options = detector.plan.reading_options(10**8)
    images = [
        detector.plan.prepare_image(load_image(path, options)).pixels for path in sorted(folder.iterdir())
    ]
    return extract_features(np.stack(images), detector.plan, runtime)


def _scored(model, folder, runtime):
    return score(ScoreRequest(model, (folder,)), SilentProgress(), runtime).images


def _retrained(trained, runtime, seed=0, interest=None):
    settings = _settings(trained.kind, seed)
    request = TrainRequest(trained.few(), settings=settings, interest=interest or RegionOfInterest())
    return train(request, SilentProgress(), runtime).model


def test_all_kinds_are_tried(trained):
    assert {_settings(kind).detector for kind in KINDS} == set(DETECTORS) - set(LEARNED)
    assert trained.detector.kind == _settings(trained.kind).detector
    assert (trained.detector.plan.alignment is not None) == (trained.kind == ALIGNED)
    assert trained.detector.settings == trained.detector.plan.features


def test_an_image_is_judged_alike_in_any_batch(trained, runtime):
    observed = _observed(trained.detector, trained.new, runtime)
    together = trained.detector.judge(observed)
    shuffled = np.random.default_rng(0).permutation(NEW)
    some = trained.detector.judge(_taken(observed, shuffled))
    np.testing.assert_allclose(some.scores, together.scores[shuffled], rtol=1e-5)
    for place in range(NEW):
        alone = trained.detector.judge(observed[place])
        np.testing.assert_allclose(alone.scores, together.scores[[place]], rtol=1e-5)
        if together.maps is not None:
            np.testing.assert_allclose(alone.maps[0], together.maps[place], rtol=1e-4)


def _taken(observed, places):
    cells = None if observed.cells is None else observed.cells[places]
    return ImageFeatures(observed.vectors[places], cells)


def test_an_image_has_the_same_score_whatever_is_scored_with_it(trained, runtime):
    together = [image.score for image in _scored(trained.model, trained.new, runtime)]
    alone = [_scored(trained.model, path, runtime)[0].score for path in sorted(trained.new.iterdir())[:3]]
    spread = np.std(trained.model.training.held_out)
    np.testing.assert_allclose(alone, together[:3], atol=1e-3 * spread)


def test_defects_score_below_every_good_image(trained, runtime):
    judged = trained.detector.judge(_observed(trained.detector, trained.faulty, runtime))
    assert judged.scores.shape == (NEW,)
    assert judged.scores.dtype == np.float64
    assert np.isfinite(judged.scores).all()
    assert judged.scores.max() < trained.model.training.held_out.min()
    good = trained.detector.judge(_observed(trained.detector, trained.new, runtime)).scores
    assert np.isfinite(good).all()
    assert np.median(good) > judged.scores.max()


def test_held_out_scores_are_below_those_of_the_fit_and_like_those_of_new_images(trained, runtime):
    training = trained.model.training
    assert (training.held_out < training.scores).mean() > 0.9
    new = trained.detector.judge(_observed(trained.detector, trained.new, runtime)).scores
    assert abs(np.median(new) - np.median(training.held_out)) < 2.5 * np.std(training.held_out)


def test_maps_are_finite_and_not_negative(trained, runtime):
    observed = _observed(trained.detector, trained.faulty, runtime)
    maps = trained.detector.judge(observed).maps
    if trained.kind == POOLED:
        assert maps is None
        return
    assert maps.shape == (NEW, *trained.detector.plan.grid.settings.shape)
    assert maps.dtype == np.float32
    assert np.isfinite(maps).all()
    assert maps.min() >= 0


def test_maps_show_where_the_defect_is(trained, runtime):
    if trained.kind == POOLED:
        pytest.skip("no maps")
    for image in _scored(trained.model, trained.faulty, runtime):
        pixels = image.map.at_size(64, 64)
        row, column = np.unravel_index(pixels.argmax(), pixels.shape)
        assert 64 * 2 / 8 <= row <= 64 * 6 / 8
        assert 64 * 2 / 8 <= column <= 64 * 6 / 8
        assert image.map.regions


def test_a_level_divides_maps_and_leaves_scores(trained, runtime):
    observed = _observed(trained.detector, trained.faulty, runtime)
    before = trained.detector.judge(observed)
    after = trained.detector.with_level(4.0).judge(observed)
    np.testing.assert_array_equal(after.scores, before.scores)
    if before.maps is not None:
        np.testing.assert_allclose(after.maps, before.maps / 4, rtol=1e-6)
    twice = trained.detector.with_level(4.0).with_level(0.25).judge(observed)
    if before.maps is not None:
        np.testing.assert_allclose(twice.maps, before.maps, rtol=1e-6)


def test_few_good_maps_exceed_the_level(trained, runtime):
    if trained.kind == POOLED:
        pytest.skip("no maps")
    training = trained.model.training
    files = [record.path for record in training.images]
    settings = _settings(trained.kind)
    images = collect_features(
        files,
        trained.detector.plan,
        10**8,
        runtime,
        SilentProgress(),
        with_fingerprints=False,
        variants=share_variants(files, settings.used_variants),
    )
    fitted = fit_detector(settings, trained.detector.plan, images, Groups(training.groups, "as trained"))
    np.testing.assert_allclose(fitted.held_out, training.held_out, rtol=1e-3)
    np.testing.assert_allclose(judge_all(fitted.detector, images)[0], training.scores, rtol=1e-3)
    peaks = fitted.peaks / trained.detector.local.level
    assert np.mean(peaks > 1.0001) <= RATE + 1 / GOOD
    assert peaks.max() >= 0.999


def test_a_model_comes_back_from_its_file(trained, runtime, tmp_path):
    path = tmp_path / "m.anomaly"
    save_model(trained.model, path)
    assert path.stat().st_size < 100e6
    again = open_model(path).detector
    assert again.kind == trained.detector.kind
    for folder in (trained.new, trained.faulty):
        observed = _observed(trained.detector, folder, runtime)
        expected, found = trained.detector.judge(observed), again.judge(observed)
        np.testing.assert_array_equal(found.scores, expected.scores)
        if expected.maps is not None:
            np.testing.assert_array_equal(found.maps, expected.maps)
    for old, new in zip(
        _scored(trained.model, trained.faulty, runtime),
        _scored(open_model(path), trained.faulty, runtime),
        strict=True,
    ):
        assert new.score == pytest.approx(old.score, rel=1e-5)
        assert (new.map is None) == (old.map is None)
        if old.map is not None:
            np.testing.assert_allclose(new.map.values, old.map.values, rtol=2e-3)


@pytest.fixture(scope="module")
def interested(trained, runtime):
    return _retrained(trained, runtime, interest=LEFT_STRIP)


def _pairs(kind, side):
    """Return images, and the same with other pixels where they are ignored."""
    ignored, rng = ~LEFT_STRIP.draw_mask(side, side)[..., None], np.random.default_rng(5)
    pictures = [_picture(kind, rng, side) for _ in range(4)]
    noise = rng.integers(0, 256, (side, side, 3), np.uint8)
    return pictures, [np.where(ignored, noise, one) for one in pictures]


def _check_alike(some, others):
    assert [image.score for image in others] == [image.score for image in some]
    for one, other in zip(some, others, strict=True):
        if one.map is not None:
            np.testing.assert_array_equal(other.map.values, one.map.values)


def test_what_is_ignored_changes_nothing(trained, interested, runtime, tmp_path):
    pictures, changed = _pairs(trained.kind, _read_at(trained.kind))
    plain = _scored(interested, _save(tmp_path / "plain", pictures), runtime)
    _check_alike(plain, _scored(interested, _save(tmp_path / "changed", changed), runtime))
    faulty = _scored(interested, _save(tmp_path / "faulty", map(_faulty, pictures)), runtime)
    assert max(image.score for image in faulty) < min(image.score for image in plain)


def test_what_is_ignored_changes_nothing_in_larger_images(trained, interested, runtime, tmp_path):
    pictures, changed = _pairs(trained.kind, 230)
    plain = _scored(interested, _save(tmp_path / "plain", pictures), runtime)
    _check_alike(plain, _scored(interested, _save(tmp_path / "changed", changed), runtime))


def test_training_is_deterministic(trained, runtime):
    first, again = (_retrained(trained, runtime) for _ in range(2))
    other = _retrained(trained, runtime, seed=1)
    spread = np.std(first.training.held_out)
    np.testing.assert_allclose(again.training.held_out, first.training.held_out, atol=1e-3 * spread)
    np.testing.assert_allclose(again.training.scores, first.training.scores, atol=1e-3 * spread)
    assert again.threshold.value == pytest.approx(first.threshold.value, abs=1e-3 * spread)
    if trained.kind == POOLED:  # draws nothing
        np.testing.assert_allclose(other.training.scores, first.training.scores, atol=1e-3 * spread)
        return
    assert again.detector.local.level == pytest.approx(first.detector.local.level, rel=1e-3)
    assert np.abs(other.training.held_out - first.training.held_out).max() > 0.01 * spread


@pytest.fixture
def content(trained, tmp_path):
    path = tmp_path / "m.anomaly"
    save_model(trained.model, path)
    manifest, arrays = read_archive(path, {})
    return path, {key: manifest[key] for key in manifest if key != "arrays"}, arrays


def _refused(path, manifest, arrays):
    write_archive(path, manifest, arrays)
    with pytest.raises(ModelFileError) as error:
        open_model(path)
    assert str(path) in str(error.value)
    assert "\n" not in str(error.value)


def test_a_model_without_any_of_its_arrays_is_refused(content):
    path, manifest, arrays = content
    for name in set(arrays) - {"training.looks"}:  # models made before there were looks open, too
        _refused(path, manifest, {other: arrays[other] for other in arrays if other != name})


def test_a_model_with_an_array_of_another_shape_or_type_is_refused(content):
    path, manifest, arrays = content
    for name, values in arrays.items():
        if name.startswith("calibration."):
            continue
        _refused(path, manifest, {**arrays, name: values[:-1] if values.ndim else values[None]})
        _refused(path, manifest, {**arrays, name: values[..., None]})
        other = np.float16 if values.dtype != np.float16 else np.float32
        with np.errstate(over="ignore"):
            _refused(path, manifest, {**arrays, name: np.nan_to_num(values.astype(other))})


def test_an_array_that_no_model_has_is_refused(content):
    path, manifest, arrays = content
    for name in ("density.more", "more"):
        _refused(path, manifest, {**arrays, name: np.zeros(3)})


@pytest.mark.parametrize("value", [0, -1])
def test_usual_distances_that_are_not_positive_are_refused(trained, content, value):
    if trained.kind == POOLED:
        pytest.skip("no maps")
    path, manifest, arrays = content
    for name in [name for name in arrays if name.endswith("usual")]:
        usual = arrays[name].copy()
        usual[3] = value
        _refused(path, manifest, {**arrays, name: usual})


@pytest.mark.parametrize("level", [0, -1, "high", None])
def test_an_impossible_level_is_refused(trained, content, level):
    if trained.kind == POOLED:
        pytest.skip("no maps")
    path, manifest, arrays = content
    _refused(path, {**manifest, "detector": {**manifest["detector"], "level": level}}, arrays)


@pytest.mark.parametrize("deviation", [0, -1])
def test_an_impossible_spread_is_refused(trained, content, deviation, request):
    if trained.detector.kind != TEXTURE:
        pytest.skip("has no spreads")
    path, manifest, arrays = content
    for name in ("local_spread", "whole_spread"):
        detector = {**manifest["detector"], name: [manifest["detector"][name][0], deviation]}
        _refused(path, {**manifest, "detector": detector}, arrays)


def test_what_belongs_to_another_kind_is_refused(trained, content):
    path, manifest, arrays = content
    for kind in DETECTORS:
        if kind != trained.detector.kind:
            _refused(path, {**manifest, "detector": {**manifest["detector"], "kind": kind}}, arrays)
    for name in ("grid", "alignment", "level", "density", "local_spread"):
        if name in manifest["detector"]:
            left = {key: value for key, value in manifest["detector"].items() if key != name}
            _refused(path, {**manifest, "detector": left}, arrays)


def test_features_without_places_are_not_judged_by_a_detector_of_places(trained):
    vectors = np.ones((1, trained.detector.settings.length), np.float32)
    if trained.kind == POOLED:
        assert np.isfinite(trained.detector.judge(ImageFeatures(vectors)).scores).all()
        return
    with pytest.raises(ValueError, match="features of places"):
        trained.detector.judge(ImageFeatures(vectors))
