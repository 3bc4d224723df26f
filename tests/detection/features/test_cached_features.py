"""Features that were computed once are found again, and only where nothing that decides them has changed."""

import shutil
from dataclasses import replace

import numpy as np
import pytest
from parts import save_parts
from PIL import Image

from anomaly_gui.detection.datasets.train_request import TrainRequest
from anomaly_gui.detection.detectors.placement import placement, placement_finder
from anomaly_gui.detection.features.feature_cache import FeatureCache
from anomaly_gui.detection.features.plan import Plan
from anomaly_gui.detection.image_judging import judge_images
from anomaly_gui.detection.images.loading import load_image
from anomaly_gui.detection.images.region_of_interest import RECTANGLE, RegionOfInterest, Shape
from anomaly_gui.detection.images.variants.relighting import Relighting
from anomaly_gui.detection.images.variants.variation import Variation
from anomaly_gui.detection.runtimes.protocol import default_runtime
from anomaly_gui.detection.settings.train_settings import TrainSettings
from anomaly_gui.detection.training import train
from anomaly_gui.progress import CancelledError, SilentProgress

SETTINGS = TrainSettings(detector="pooled", layer="block2_pool", size=64, false_alarm_rate=0.1)
QUIET = SilentProgress()


class Counting:
    """A runtime that counts the images it sees."""

    def __init__(self):
        self._runtime = default_runtime()
        self.name = self._runtime.name
        self.images = 0

    def for_backbone(self, _):
        return self

    def pooled(self, batch, layers, backbone):
        self.images += len(batch)
        return self._runtime.pooled(batch, layers, backbone)

    def gridded(self, batch, layers, grid_layers, shape, backbone):
        self.images += len(batch)
        return self._runtime.gridded(batch, layers, grid_layers, shape, backbone)


@pytest.fixture(scope="module")
def runtime():
    return Counting()


@pytest.fixture
def cache(tmp_path):
    cache = FeatureCache(tmp_path / "cache")
    yield cache
    assert not cache.trouble
    cache.close()


@pytest.fixture
def good(tmp_path):
    return save_parts(tmp_path / "good", 20)


def _train(good, runtime, cache, settings=SETTINGS, progress=QUIET, **more):
    before = runtime.images
    result = train(TrainRequest((good,), settings=settings, **more), progress, runtime, cache)
    return result, runtime.images - before


def test_a_second_training_needs_no_network(good, runtime, cache):
    first, seen = _train(good, runtime, cache)
    assert (first.findings.reused, seen) == (0, 20)
    again, seen = _train(good, runtime, cache, replace(SETTINGS, density="gmm", normalization="none"))
    assert (again.findings.reused, seen) == (20, 0)
    same, _ = _train(good, runtime, cache)
    np.testing.assert_array_equal(same.model.training.scores, first.model.training.scores)
    np.testing.assert_array_equal(same.model.training.held_out, first.model.training.held_out)
    assert same.model.training.images == first.model.training.images


def test_only_images_that_are_new_or_have_changed_need_the_network(good, runtime, cache):
    _train(good, runtime, cache)
    save_parts(good, 3, seed=9, name="new")
    Image.new("RGB", (48, 48), "red").save(good / "part_7.png")
    result, seen = _train(good, runtime, cache)
    assert (result.findings.reused, seen) == (19, 4)
    anew, _ = _train(good, runtime, None)
    np.testing.assert_allclose(result.model.training.scores, anew.model.training.scores, rtol=1e-3)


def test_copies_and_renamed_files_are_known_by_their_bytes(good, runtime, cache):
    _train(good, runtime, cache)
    moved = good.with_name("moved")
    shutil.copytree(good, moved)
    (moved / "part_3.png").rename(moved / "another name.png")
    result, _ = _train(moved, runtime, cache)
    assert result.findings.reused == 20
    assert moved / "another name.png" in [record.path for record in result.model.training.images]


@pytest.mark.parametrize(
    "change",
    [
        {"settings": replace(SETTINGS, layer="block2_conv1")},
        {"settings": replace(SETTINGS, size=96)},
        {"settings": replace(SETTINGS, detector="positional")},
        {
            "interest": RegionOfInterest.from_values(
                [{"kind": "rectangle", "keep": False, "points": [[0, 0], [0.3, 0.3]]}]
            )
        },
    ],
    ids=["layer", "size", "places", "interest"],
)
def test_whatever_decides_the_features_makes_them_others(good, runtime, cache, change):
    _train(good, runtime, cache)
    assert _train(good, runtime, cache, **change)[0].findings.reused == 0
    assert _train(good, runtime, cache, **change)[0].findings.reused == 20


def test_variants_in_other_light_are_cached_as_well(good, runtime, cache):
    settings = replace(SETTINGS, detector="auto", layer="auto", channels=50, variants=1)
    first, seen = _train(good, runtime, cache, settings)
    assert seen == 40
    again, seen = _train(good, runtime, cache, settings)
    assert (again.findings.reused, seen) == (20, 0)
    np.testing.assert_array_equal(again.model.training.held_out, first.model.training.held_out)
    assert again.model.admission.light == first.model.admission.light
    assert _train(good, runtime, cache, replace(settings, variants=2))[1] == 20
    assert _train(good, runtime, cache, replace(settings, variants=0))[1] == 0


def test_a_variant_leaves_alone_what_does_not_count(good):
    interest = RegionOfInterest((Shape(RECTANGLE, ((0, 0), (0.5, 1)), True),))
    plan = Plan(replace(SETTINGS.features, size=64), interest=interest)
    image = load_image(min(good.iterdir()), plan.reading_options(10**8))
    pixels, light = plan.prepare_variant(image.pixels, Variation(Relighting(exposure=0.5)), None)
    np.testing.assert_array_equal(pixels[:, 34:], image.pixels[:, 34:])
    assert pixels[:, :30].mean() == pytest.approx(image.pixels[:, :30].mean() / 2, rel=0.02)
    assert light.levels[2] == pytest.approx(plan.measure_light(image.pixels).levels[2] / 2, rel=0.05)


def test_a_layer_of_several_is_known_from_them(good, runtime, cache):
    _train(good, runtime, cache, replace(SETTINGS, layer="block2_pool,block3_pool"))
    assert _train(good, runtime, cache, replace(SETTINGS, layer="block3_pool"))[0].findings.reused == 20


@pytest.mark.parametrize("detector", ["pooled", "positional", "texture"])
def test_images_score_the_same_whether_their_features_were_kept_or_not(good, runtime, cache, detector):
    model = _train(good, runtime, cache, replace(SETTINGS, detector=detector))[0].model
    files = [*sorted(good.iterdir()), *sorted(save_parts(good.with_name("new"), 9, 5).iterdir())]
    fresh = list(judge_images(model, files, QUIET, runtime=runtime))
    for _ in range(2):
        kept = list(judge_images(model, files, QUIET, runtime=runtime, cache=cache))
        spread = np.std(model.training.held_out)
        scores = np.array([[one.score, other.score] for one, other in zip(fresh, kept, strict=True)])
        assert np.abs(np.diff(scores)).max() < 1e-3 * spread
        assert [one.verdict for one in fresh] == [other.verdict for other in kept]
        if detector != "pooled":
            np.testing.assert_allclose(fresh[3].map.values, kept[3].map.values, atol=0.01)


def test_a_training_that_was_cut_off_goes_on_where_it_was(tmp_path, runtime, cache):
    class Cut(SilentProgress):
        def advance(self, steps=1):
            if runtime.images > start + 100:
                raise CancelledError

    good, start = save_parts(tmp_path / "many", 300), runtime.images
    with pytest.raises(CancelledError):
        _train(good, runtime, cache, progress=Cut())
    done = runtime.images - start
    result, seen = _train(good, runtime, cache)
    assert 90 < result.findings.reused <= done
    assert seen == 300 - result.findings.reused


def test_how_parts_lie_is_found_out_once(tmp_path, runtime, cache, monkeypatch):
    good = save_parts(tmp_path / "good", 14)
    settings = replace(SETTINGS, size=128)
    first, seen = _train(good, runtime, cache, settings)
    assert first.findings.placement.kind != placement.UNKNOWN
    assert first.findings.reused == 0
    if first.findings.placement.kind == placement.IN_PLACE:
        assert seen == 14  # each image once, for the look and for the training
    monkeypatch.setattr(placement_finder._Sample, "find_placement", lambda *_: pytest.fail("looked again"))
    again, _ = _train(good, runtime, cache, settings)
    assert (again.findings.placement.kind, again.findings.placement.gain) == (
        first.findings.placement.kind,
        first.findings.placement.gain,
    )
    if first.findings.placement.alignment is not None:
        np.testing.assert_array_equal(
            again.findings.placement.alignment.template, first.findings.placement.alignment.template
        )


def test_an_unreadable_file_is_refused_each_time(good, runtime, cache):
    (good / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nbroken")
    for _ in range(2):
        result, _ = _train(good, runtime, cache)
        assert [error.path.name for error in result.findings.unreadable] == ["broken.png"]
        assert len(result.model.training.images) == 20
