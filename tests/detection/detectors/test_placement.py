from contextlib import closing

import numpy as np
import pytest
from parts import arrow, draw_hooks, scatter_hook
from PIL import Image

from anomaly_gui.detection.detectors.placement.placement import (
    FREE,
    IN_PLACE,
    LOCATED,
    NONE,
    STRONG,
    TURNED,
    UNKNOWN,
    Placement,
)
from anomaly_gui.detection.detectors.placement.placement_finder import find_placement
from anomaly_gui.detection.detectors.registry import make_plan
from anomaly_gui.detection.features.feature_cache import FeatureCache
from anomaly_gui.detection.images.locating.locator_state import describe_locator
from anomaly_gui.detection.images.region_of_interest import RegionOfInterest, Shape
from anomaly_gui.detection.runtimes.keras_runtime import KerasRuntime
from anomaly_gui.detection.settings.choices import AUTO, POOLED, POSITIONAL, TEXTURE
from anomaly_gui.detection.settings.detector_kinds import DETECTORS
from anomaly_gui.detection.settings.feature_settings import FeatureSettings
from anomaly_gui.detection.settings.grid_settings import MOST_CHANNELS
from anomaly_gui.detection.settings.train_settings import TrainSettings
from anomaly_gui.progress import SilentProgress

SIZE = 128
COUNT = 14


@pytest.fixture(scope="module")
def runtime():
    return KerasRuntime()


def _saved(folder, images):
    paths = []
    for index, pixels in enumerate(images):
        paths.append(folder / f"Teil_部品_{index}.png")
        Image.fromarray(pixels).save(paths[-1])
    return paths


def _turned(seed=0, size=(180, 180)):
    rng = np.random.default_rng(seed)
    for index in range(COUNT):
        yield arrow(rng.uniform(0, 2 * np.pi), tuple(rng.uniform(-0.02, 0.02, 2)), size, index)


def _in_place(seed=0):
    rng = np.random.default_rng(seed)
    for index in range(COUNT):
        yield arrow(0.4 + rng.normal(0, 0.02), tuple(rng.normal(0, 0.004, 2)), (180, 180), index)


def _noise(seed=0):
    rng = np.random.default_rng(seed)
    for _ in range(COUNT):
        coarse = Image.fromarray(rng.integers(0, 256, (60, 60, 3), np.uint8))
        yield np.asarray(coarse.resize((180, 180), Image.Resampling.BICUBIC))


def _look(files, runtime, size=SIZE, interest=None, proportions=1.0, **other):
    settings = FeatureSettings(size=size, proportions=proportions)
    region = interest or RegionOfInterest()
    return find_placement(files, settings, region, 10**8, runtime, SilentProgress(), **other)


def test_parts_in_place_are_told_each_time(tmp_path, runtime):
    files = _saved(tmp_path, _in_place())
    lying, again = _look(files, runtime), _look(files, runtime)
    assert (lying.kind, lying.recommended) == (IN_PLACE, AUTO)
    assert lying.gain > STRONG
    assert lying.alignment is None
    assert again.gain == pytest.approx(lying.gain, rel=1e-5)


def test_round_parts_in_place_are_told(tmp_path, runtime):
    rng, out = np.random.default_rng(0), np.hypot(*(np.mgrid[:180, :180] - 89.5))
    rings = 120 + 60 * np.sin(out / 4) * (out < 70)
    images = [np.repeat((rings + rng.normal(0, 4, rings.shape))[..., None], 3, 2) for _ in range(COUNT)]
    lying = _look(_saved(tmp_path, (image.clip(0, 255).astype(np.uint8) for image in images)), runtime)
    assert (lying.kind, lying.recommended) == (IN_PLACE, AUTO)


@pytest.mark.parametrize("size", [(180, 180), (240, 160)])
def test_parts_in_any_direction_are_told_and_brought_into_one_pose(tmp_path, runtime, size):
    lying = _look(_saved(tmp_path, _turned(size=size)), runtime)
    assert (lying.kind, lying.recommended) == (TURNED, AUTO)
    assert lying.gain < NONE
    assert lying.turned_gain >= STRONG
    assert lying.alignment.aspect == pytest.approx(size[0] / size[1])


@pytest.mark.parametrize(
    "interest", [None, RegionOfInterest((Shape("rectangle", ((0, 0), (1, 0.9)), True),))]
)
def test_parts_in_place_are_told_on_inputs_that_are_no_squares(tmp_path, runtime, interest):
    rng = np.random.default_rng(0)
    images = [arrow(0.4 + rng.normal(0, 0.02), (0.0, 0.0), (360, 160), index) for index in range(COUNT)]
    lying = _look(_saved(tmp_path, images), runtime, interest=interest, proportions=160 / 360)
    assert (lying.kind, lying.recommended) == (IN_PLACE, AUTO)


def test_turning_is_tried_on_squares(tmp_path, runtime):
    files = _saved(tmp_path, _turned(size=(240, 160)))
    lying = _look(files, runtime, proportions=160 / 240)
    assert lying.kind == TURNED
    assert lying.turned_gain == pytest.approx(_look(files, runtime).turned_gain, rel=1e-4)
    plan = _plan(TEXTURE, lying, proportions=160 / 240)
    assert (plan.features.shape, plan.grid.settings.shape) == ((SIZE, SIZE), (16, 16))
    assert _plan(TEXTURE, Placement(FREE), proportions=2.5).features.shape == (192, 96)


def test_surfaces_without_places_are_told(tmp_path, runtime):
    lying = _look(_saved(tmp_path, _noise()), runtime)
    assert (lying.kind, lying.recommended, lying.alignment) == (FREE, AUTO, None)
    assert max(lying.gain, lying.turned_gain) < NONE


def test_nothing_is_said_of_few_small_or_unreadable_images(tmp_path, runtime):
    files = _saved(tmp_path, _in_place())
    assert _look(files[:11], runtime).kind == UNKNOWN
    assert _look(files, runtime, size=120).kind == UNKNOWN
    assert _look(files, runtime, size=132).kind == UNKNOWN
    assert _look([], runtime).kind == UNKNOWN
    for file in files[:5]:
        file.write_bytes(b"")
    lying = _look(files, runtime)
    assert (lying.kind, lying.gain, lying.recommended) == (UNKNOWN, None, None)


def test_files_that_cannot_be_read_are_left_out(tmp_path, runtime):
    files = _saved(tmp_path, _in_place())
    files[3].write_bytes(b"")
    assert _look([*files, tmp_path / "gone.png"], runtime).kind == IN_PLACE


KNOWN = [
    Placement(IN_PLACE, 2.0),
    Placement(IN_PLACE, 0.2),
    Placement(TURNED, 0.0, 2.0),
    Placement(FREE, 0.0, 0.0),
]
WRONG = [
    *((POSITIONAL, lying, "needs parts in place") for lying in KNOWN[2:]),
    *((POSITIONAL, lying, "detector auto") for lying in KNOWN),
    *((TEXTURE, lying, "detector auto") for lying in KNOWN),
    *((POOLED, lying, "detector auto") for lying in KNOWN),
]


@pytest.mark.parametrize("lying", KNOWN)
def test_who_took_the_automatic_detector_hears_nothing(lying):
    assert lying.advice(AUTO) is None
    assert lying.recommended == AUTO


@pytest.mark.parametrize(("detector", "lying", "said"), WRONG)
def test_who_took_another_detector_hears_a_sentence(detector, lying, said):
    advice = lying.advice(detector)
    assert said in advice
    assert advice.endswith(".") and "\n" not in advice


@pytest.mark.parametrize("detector", DETECTORS)
def test_nothing_is_advised_where_nothing_is_known(detector):
    assert Placement(UNKNOWN).advice(detector) is None
    assert Placement(UNKNOWN).recommended is None


def _plan(detector, lying, **told):
    return make_plan(TrainSettings(detector=detector, size=SIZE, **told), RegionOfInterest(), lying)


def test_each_detector_is_given_what_it_needs():
    turned = Placement(TURNED, 0.0, 2.0, object())
    assert _plan(POOLED, turned).grid is None
    assert _plan(POSITIONAL, turned).alignment is None
    assert _plan(TEXTURE, turned).alignment is turned.alignment
    assert _plan(TEXTURE, turned).grid.settings.channels == 100
    assert _plan(TEXTURE, Placement(FREE)).grid.settings.channels == 300
    assert _plan(TEXTURE, Placement(UNKNOWN), channels=500).grid.settings.channels == MOST_CHANNELS


@pytest.fixture
def cache(tmp_path):
    with closing(FeatureCache(tmp_path / "cache")) as cache:
        yield cache


def test_parts_on_a_plain_ground_are_located_where_the_detector_takes_that(tmp_path, runtime, cache):
    rng = np.random.default_rng(0)
    files = _saved(tmp_path, (draw_hooks([scatter_hook(rng)], seed=n) for n in range(COUNT)))
    lying = _look(files, runtime, cache=cache, may_locate=True)
    assert lying.kind == LOCATED
    assert lying.located_gain > STRONG
    assert _plan(AUTO, lying).locator is lying.locator
    assert _plan(TEXTURE, lying).locator is None
    again = _look(files, runtime, cache=cache, may_locate=True)
    assert describe_locator(again.locator) == describe_locator(lying.locator)
    assert again.located_gain == lying.located_gain
    assert _look(files, runtime, cache=cache).locator is None


def test_parts_of_few_pixels_are_not_cropped_to(tmp_path, runtime):
    """Enlarged twice, what is left of them is no input with cells."""
    rng = np.random.default_rng(0)
    hooks = (draw_hooks([scatter_hook(rng)], seed=n) for n in range(COUNT))
    files = _saved(tmp_path, (np.asarray(Image.fromarray(one).resize((40, 40))) for one in hooks))
    assert _look(files, runtime, may_locate=True).locator is None


def test_parts_of_free_shapes_on_a_plain_ground_are_left(tmp_path, runtime):
    rng = np.random.default_rng(0)
    files = _saved(tmp_path, (_draw_blob(rng) for _ in range(COUNT)))
    lying = _look(files, runtime, may_locate=True)
    assert lying.locator is None
    assert lying.located_gain is not None


def _draw_blob(rng):
    """Return a blotched blob of no particular shape on a plain ground."""
    y, x = np.mgrid[:160, :160] - 79.5
    angle, wave = np.arctan2(y, x), rng.uniform(0, 6.28, 3)
    edge = 44 + sum(7 * np.sin(k * angle + wave[k - 2]) for k in (2, 3, 4))
    coarse = Image.fromarray(rng.integers(0, 256, (14, 14), np.uint8)).resize((160, 160))
    grey = np.where(np.hypot(y, x) < edge, np.asarray(coarse), 170) + rng.normal(0, 2, (160, 160))
    return np.repeat(grey.clip(0, 255).astype(np.uint8)[..., None], 3, axis=2)
