"""The automatic detector takes shape, size and pose from the good images, and says so."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from parts import arrow, draw_hooks, place_on_hook, scatter_hook
from PIL import Image

from anomaly_gui.detection.arrays.cell_store import CellStore
from anomaly_gui.detection.datasets.input_shape import settle_shape
from anomaly_gui.detection.datasets.train_request import TrainRequest
from anomaly_gui.detection.densities.patch_memory import REMEMBERED, PatchMemory
from anomaly_gui.detection.detectors.anomaly_maps import SMOOTHING
from anomaly_gui.detection.detectors.opinions import (
    LOCAL,
    WEIGHTS,
    WEIGHTS_IN_PLACE,
    WHOLE,
    choose_weights,
)
from anomaly_gui.detection.grouping.groups import merge_groups
from anomaly_gui.detection.images.region_of_interest import RegionOfInterest, Shape
from anomaly_gui.detection.model.model_file import open_model, save_model
from anomaly_gui.detection.scoring import ScoreRequest, score
from anomaly_gui.detection.settings.train_settings import TrainSettings
from anomaly_gui.detection.training import train
from anomaly_gui.progress import SilentProgress

SCRATCH = slice(150, 190)  # pixels across


def _stripes(rng, *, scratched=False):
    """Return a long image, (96, 300) uint8: stripes, noise, and maybe a dark scratch on the right."""
    image = 128 + 40 * np.sin(np.arange(300) / 9)[None] + rng.normal(0, 8, (96, 300))
    if scratched:
        image[40:52, SCRATCH] = 10
    return np.clip(image, 0, 255).astype(np.uint8)


def _save(folder, images):
    folder.mkdir()
    for number, image in enumerate(images):
        Image.fromarray(image).save(folder / f"{number:02}.png")
    return folder


@pytest.fixture(scope="module")
def long_images(tmp_path_factory):
    folder, rng = tmp_path_factory.mktemp("long"), np.random.default_rng(0)
    good = _save(folder / "good", [_stripes(rng) for _ in range(24)])
    bad = _save(folder / "bad", [_stripes(rng, scratched=True) for _ in range(3)])
    return good, bad


def test_long_images_keep_their_shape_and_defects_are_marked_where_they_are(long_images):
    good, bad = long_images
    settings = TrainSettings(group_by="none", false_alarm_rate=0.1)
    trained = train(TrainRequest((good,), settings=settings), SilentProgress())
    plan = trained.model.detector.plan
    assert (trained.model.detector.kind, plan.backbone) == ("auto", "efficientnet-lite2")
    assert plan.features.shape == (192, 576)
    assert plan.shape[1] == 3 * plan.shape[0]
    assert set(trained.model.detector.weights) == {*LOCAL, WHOLE}
    assert trained.findings.approach.endswith("judged place by place and as a whole, at 576 x 192 px.")
    assert trained.findings.advice is None
    for result in score(ScoreRequest(trained.model, (bad,)), SilentProgress()).images:
        assert result.verdict == "defect"
        across = result.map.values.max(axis=0).argmax() / result.map.values.shape[1] * 300
        assert SCRATCH.start - 20 < across < SCRATCH.stop + 20
    _check_opinion_alone(trained.model, bad)


def test_maps_of_models_that_do_not_say_otherwise_are_smoothed_as_they_were(long_images):
    good, _ = long_images
    settings = TrainSettings(group_by="none", false_alarm_rate=0.1)
    detector = train(TrainRequest((good,), settings=settings), SilentProgress()).model.detector
    described, arrays = detector.state()
    assert type(detector).restore(detector.plan, described, arrays).local.smoothing < SMOOTHING
    del described["smoothing"]
    assert type(detector).restore(detector.plan, described, arrays).local.smoothing == SMOOTHING


def _check_opinion_alone(model, bad):
    """What counts is stored with a model; where the whole counts alone, no place is said to tell."""
    alone = replace(model.detector, weights={**dict.fromkeys(LOCAL, 0.0), WHOLE: 1.0})
    file = bad.parent / "alone.anomaly"
    save_model(replace(model, detector=alone), file)
    opened = open_model(file)
    assert opened.detector.weights == alone.weights
    for result in score(ScoreRequest(opened, (bad,), threshold=1e9), SilentProgress()).images:
        assert result.map.by_places is (result.score > 0)


def test_parts_in_any_direction_are_aligned_in_a_square(tmp_path):
    rng = np.random.default_rng(1)
    drawn = [
        arrow(rng.uniform(0, 6.28), (0.0, 0.0), (128, 171), int(rng.integers(1 << 30))) for _ in range(24)
    ]
    for image in drawn:  # something at the edge: this is no plain ground
        image[: 12 + int(rng.integers(12)), int(rng.integers(60)) :][:, :40] = 190
    trained = train(
        TrainRequest((_save(tmp_path / "good", drawn),), settings=TrainSettings(size=128, group_by="none")),
        SilentProgress(),
    )
    plan = trained.model.detector.plan
    assert plan.alignment is not None
    assert plan.features.shape == (128, 128)
    assert "The parts are aligned, and judged place by place" in trained.findings.approach


@pytest.fixture(scope="module")
def hooks(tmp_path_factory):
    """Return the folder of hooks in any direction, and the model trained on them."""
    folder, rng = tmp_path_factory.mktemp("hooks") / "good", np.random.default_rng(6)
    _save(folder, [draw_hooks([scatter_hook(rng)], seed=number) for number in range(20)])
    settings = TrainSettings(size=128, group_by="none", false_alarm_rate=0.1)
    return folder, train(TrainRequest((folder,), settings=settings), SilentProgress())


def _judge(model, folder, *images):
    return score(ScoreRequest(model, (_save(folder, images),)), SilentProgress()).images


def test_parts_on_a_plain_ground_are_found_and_cropped_to(hooks, tmp_path):
    trained = hooks[1]
    plan = trained.model.detector.plan
    assert trained.findings.placement.located_gain > trained.findings.placement.gain
    assert plan.locator.pieces == 1
    assert plan.alignment is None
    height, width = plan.features.shape
    assert width > height
    assert trained.findings.approach == (
        "The parts lie on a plain ground: each is found, turned and cropped, and judged place by place and "
        f"as a whole, at {width} x {height} px."
    )
    lie = (2.2, 0.45, 0.53, False)
    marked, good, empty = _judge(
        trained.model,
        tmp_path / "new",
        draw_hooks([lie], seed=90, marked=(0.1, 0.0)),
        draw_hooks([(5.0, 0.5, 0.5, False)], seed=91),
        draw_hooks([], seed=92),
    )
    assert (marked.verdict, good.verdict, empty.verdict) == ("defect", "good", "cannot judge")
    assert "shows no part on the ground" in empty.reason
    row, column = np.unravel_index(marked.map.values.argmax(), marked.map.values.shape)
    there = (np.array([column, row]) + 0.5) / marked.map.values.shape[1] * 160
    np.testing.assert_allclose(there, place_on_hook((0.1, 0.0), lie, (160, 160)), atol=8)


def test_a_model_of_located_parts_judges_alike_after_it_was_saved(hooks, tmp_path):
    model = hooks[1].model
    save_model(model, tmp_path / "hooks.anomaly")
    again = open_model(tmp_path / "hooks.anomaly")
    image = draw_hooks([(1.3, 0.5, 0.5, False)], seed=93, marked=(-0.2, 0.0))
    (before,), (after,) = _judge(model, tmp_path / "one", image), _judge(again, tmp_path / "two", image)
    assert before.score == pytest.approx(after.score, rel=1e-6)
    np.testing.assert_array_equal(before.map.values, after.map.values)


def test_what_lies_outside_the_region_on_the_part_does_not_count(tmp_path):
    rng = np.random.default_rng(7)
    lies = [(0.0, 0.5, 0.5, False), *(scatter_hook(rng) for _ in range(15))]
    folder = _save(tmp_path / "good", [draw_hooks([lie], seed=n) for n, lie in enumerate(lies)])
    left = RegionOfInterest((Shape("rectangle", ((0.0, 0.0), (0.5, 1.0)), keep=True),))  # of the first image
    settings = TrainSettings(size=128, group_by="none", false_alarm_rate=0.1)
    first = folder / "00.png"  # the region stays where it was drawn when that image is excluded
    request = TrainRequest((folder,), settings=settings, interest=left, excluded=(first,))
    model = train(request, SilentProgress()).model
    lie = (2.6, 0.5, 0.5, False)
    inside, outside = _judge(
        model,
        tmp_path / "new",
        draw_hooks([lie], seed=90, marked=(-0.2, 0.0)),
        draw_hooks([lie], seed=90, marked=(0.22, 0.0)),
    )
    assert (inside.verdict, outside.verdict) == ("defect", "good")


def test_of_several_parts_the_worst_counts(tmp_path):
    rng = np.random.default_rng(8)
    lies = [[(float(rng.uniform(0, 6)), x, 0.5, False) for x in (0.27, 0.73)] for _ in range(16)]
    size = (240, 160)
    folder = _save(
        tmp_path / "good", [draw_hooks(two, size, seed=n, reach=0.5) for n, two in enumerate(lies)]
    )
    settings = TrainSettings(size=128, group_by="none", false_alarm_rate=0.1)
    trained = train(TrainRequest((folder,), settings=settings), SilentProgress())
    plan = trained.model.detector.plan
    assert plan.pieces == 2
    assert trained.findings.approach.startswith("2 parts lie in each image on a plain ground: each is found")
    two = [(1.0, 0.27, 0.5, False), (4.0, 0.73, 0.5, False)]
    marked, missing = _judge(
        trained.model,
        tmp_path / "new",
        draw_hooks(two[::-1], size, seed=60, reach=0.5, marked=(0.0, 0.0)),
        draw_hooks(two[:1], size, seed=61, reach=0.5),
    )
    assert (marked.verdict, missing.verdict) == ("defect", "defect")
    assert missing.reason == "shows 1 part where the good images show 2"
    assert marked.map.values[:, marked.map.values.shape[1] // 2 :].max() == marked.map.values.max() > 1


def test_size_and_shape_are_those_of_the_images_unless_named(long_images):
    files = sorted(long_images[0].iterdir())
    settled = settle_shape(TrainSettings(), files)
    assert (settled.size, settled.proportions) == (320, 0.32)
    assert settle_shape(TrainSettings(size=128, proportions=1.0), files).features.shape == (128, 128)
    assert settle_shape(TrainSettings(detector="positional"), files) == TrainSettings(detector="positional")
    assert settle_shape(TrainSettings(), []) == TrainSettings()


def test_small_images_are_not_enlarged_more_than_twice(tmp_path):
    folder = _save(tmp_path / "small", [np.full((48, 48), 9, np.uint8)] * 3)
    settled = settle_shape(TrainSettings(), [*sorted(folder.iterdir()), tmp_path / "gone.png"])
    assert (settled.size, settled.proportions) == (96, 1.0)


def _fill_store(images=12, cells=50, channels=60):
    store, rng = CellStore(cells, channels), np.random.default_rng(0)
    for _ in range(images):
        store.append(rng.normal(size=(cells, channels)))
    return store


def test_what_is_remembered_is_no_distance_away_but_is_when_its_part_is_held_out():
    store = _fill_store()
    memory = PatchMemory.fit(store)
    assert len(memory.cells) <= REMEMBERED
    cells, parts = store.read_cells(np.arange(12)), np.arange(12) // 2
    known = memory.distances(cells)
    assert np.mean(known < 1e-2) == pytest.approx(len(memory.cells) / known.size, abs=0.01)
    held_out = np.concatenate([distances for _, distances in memory.held_out(store, parts)])
    assert held_out.min() > 1
    assert (held_out >= known - 1e-2).all()


def test_a_memory_of_cells_that_are_all_alike_is_refused():
    store = CellStore(50, 60)
    for _ in range(3):
        store.append(np.ones((50, 60)))
    with pytest.raises(ValueError, match="nothing to learn"):
        PatchMemory.fit(store)


def test_merged_groups_stay_whole():
    numbers = np.random.default_rng(0).integers(0, 40, 200)
    merged = merge_groups(numbers, 8)
    assert len(np.unique(merged)) == 8
    assert all(len(np.unique(merged[numbers == number])) == 1 for number in np.unique(numbers))
    assert merge_groups(np.array([5, 5, 9]), 8).tolist() == [0, 0, 1]


@pytest.mark.parametrize(("alike", "weights"), [(3.0, WEIGHTS_IN_PLACE), (0.0, WEIGHTS)])
@pytest.mark.parametrize("pieces", [1, 2])
def test_what_counts_depends_on_whether_cells_of_one_place_are_alike(alike, weights, pieces):
    rng = np.random.default_rng(1)
    means = alike * rng.normal(size=(64, 8))
    plan = SimpleNamespace(piece_cells=(8, 8), used_piece_cells=np.ones(64, np.bool_), pieces=pieces)
    store = CellStore(64 * pieces, 8)
    for _ in range(20):
        store.append(np.tile(means, (pieces, 1)) + rng.normal(size=(64 * pieces, 8)))
    assert choose_weights(store, plan, 20) == weights


def test_one_image_does_not_tell_where_cells_lie():
    plan = SimpleNamespace(piece_cells=(8, 8), used_piece_cells=np.ones(64, np.bool_), pieces=1)
    store = CellStore(64, 8)
    store.append(np.random.default_rng(1).normal(size=(64, 8)))
    assert choose_weights(store, plan, 1) == WEIGHTS
