"""A part that comes to rest in view is seen once; light, noise and what passes by are not."""

import numpy as np

from anomaly_gui.station.capture.cameras.rest import RestWatch, shrink_frame
from anomaly_gui.station.settings.trigger_settings import ChangeTrigger

SHAPE = (240, 320, 3)


class Belt:
    """Frames of a belt, with noise as cameras have it."""

    def __init__(self, seed=0):
        self._random = np.random.default_rng(seed)
        self.watch = RestWatch(ChangeTrigger())
        self.level = 90.0

    def show(self, frames, part=None, step=0):
        """Return how often a part was seen at rest; `part` is where, `step` how far it moves."""
        seen = 0
        for number in range(frames):
            pixels = np.full(SHAPE, self.level, np.float32)
            if part is not None:
                left = part + number * step
                pixels[50:150, max(0, left // 2) : max(0, left // 2 + 100)] = 200
            pixels += self._random.normal(0, 5, SHAPE)
            seen += self.watch.see_frame(pixels.clip(0, 255).astype(np.uint8))
        return seen


def test_each_part_that_stops_is_seen_once():
    belt = Belt()
    assert belt.show(20) == 0
    for _ in range(3):
        assert belt.show(10, part=-200, step=40) == 0
        assert belt.show(30, part=200) == 1
        assert belt.show(10, part=200, step=45) == 0
        assert belt.show(20) == 0


def test_a_part_that_follows_without_a_gap_is_another():
    belt = Belt()
    belt.show(10)
    assert belt.show(20, part=100) == 1
    belt.show(8, part=100, step=30)
    assert belt.show(20, part=340) == 1


def test_what_passes_without_a_stop_is_no_part():
    belt = Belt()
    belt.show(10)
    assert belt.show(20, part=-200, step=40) == 0
    assert belt.show(20) == 0


def test_light_that_changes_slowly_is_no_part():
    belt = Belt()
    for _ in range(300):
        belt.level += 0.25
        assert belt.show(1) == 0
    assert belt.show(10, part=200) == 1


def test_a_watch_goes_on_with_the_background_of_an_earlier_one():
    belt = Belt()
    belt.show(10)
    belt.watch = RestWatch(ChangeTrigger(), belt.watch.background)
    assert belt.show(10, part=200) == 1


def test_frames_of_16_bits_and_of_grey_are_seen_alike():
    grey = np.arange(0, 65536, 64, np.uint16).reshape(32, 32)
    assert shrink_frame(grey).max() <= 255
    assert np.allclose(shrink_frame(grey), shrink_frame((grey // 257).astype(np.uint8)), atol=1.5)
