"""The automatic detector takes shape, size and pose from the good images, and says so."""

from dataclasses import replace

import numpy as np
import pytest
from parts import arrow
from PIL import Image

from anomaly_gui.detection.arrays.cell_store import CellStore
from anomaly_gui.detection.datasets.input_shape import settle_shape
from anomaly_gui.detection.datasets.train_request import TrainRequest
from anomaly_gui.detection.densities.patch_memory import REMEMBERED, PatchMemory
from anomaly_gui.detection.detectors.automatic import LOCAL, WHOLE
from anomaly_gui.detection.grouping.groups import merge_groups
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
    trained = train(
        TrainRequest((_save(tmp_path / "good", drawn),), settings=TrainSettings(size=128, group_by="none")),
        SilentProgress(),
    )
    plan = trained.model.detector.plan
    assert plan.alignment is not None
    assert plan.features.shape == (128, 128)
    assert "The parts are aligned, and judged place by place" in trained.findings.approach


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
