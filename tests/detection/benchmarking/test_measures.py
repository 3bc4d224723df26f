"""What the measures rest on: clocks, recorded outputs, made-up files, a look at another process."""

import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from anomaly_gui.detection.benchmarking import made_images
from anomaly_gui.detection.benchmarking.made_images import write_images
from anomaly_gui.detection.benchmarking.recorded import RecordedDistances, RecordedRuntime
from anomaly_gui.detection.benchmarking.request import BenchRequest
from anomaly_gui.detection.benchmarking.stopwatch import Duration, time_jobs
from anomaly_gui.detection.benchmarking.uses import measure_peak_memory
from anomaly_gui.detection.settings.backbones import BACKBONES, VGG16
from anomaly_gui.errors import ParameterError, UserError

LIGHT = "efficientnet-lite2"


def test_jobs_take_turns_after_each_was_run_once():
    ran = []
    times = time_jobs({"a": lambda: ran.append("a"), "b": lambda: time.sleep(0.02)}, 3)
    assert ran == ["a"] * 4
    assert times["b"].seconds > 0.015 > times["b"].core_seconds


def test_nothing_is_left_of_a_part_that_took_longer_than_the_whole():
    assert Duration(3, 1, 0) - Duration(2, 2, 0) == Duration(1, 0, 0)


class Counting:
    """A `Runtime` and a `CellDistances` that counts how often it is asked."""

    name, asked = "counting", 0

    def pooled(self, batch, *_):
        self.asked += 1
        return [np.full((len(batch), 2), self.asked)]

    def gridded(self, batch, *_):
        self.asked += 1
        return [], np.full((len(batch), 4, 2), self.asked)

    def distances(self, cells):
        self.asked += 1
        return cells.sum(axis=2)


@pytest.mark.parametrize("ask", ["pooled", "gridded"])
def test_a_recorded_network_runs_once_and_again_when_it_is_told(ask):
    inner, batch = Counting(), np.zeros((3, 8, 8, 3), np.uint8)
    recorded = RecordedRuntime(inner).for_backbone(VGG16)
    words = (batch, ["block1_pool"]) if ask == "pooled" else (batch, ["block1_pool"], ["block1_pool"], 2)
    first, again = (getattr(recorded, ask)(*words) for _ in range(2))
    assert first is again and inner.asked == 1
    recorded.run_again()
    assert (inner.asked, recorded.name) == (2, "counting")


def test_recorded_distances_are_those_of_the_density():
    inner, cells = Counting(), np.ones((2, 4, 3))
    recorded = RecordedDistances(inner, cells)
    for _ in range(2):
        np.testing.assert_array_equal(recorded.distances(cells), np.full((2, 4), 3))
    assert inner.asked == 1


@pytest.mark.parametrize("kind", made_images.KINDS)
def test_made_images_have_the_size_asked_for_and_some_are_alike(tmp_path, monkeypatch, kind):
    monkeypatch.setattr(made_images, "_DIFFERENT", 2)
    files = write_images(tmp_path / kind, kind, 4, 0.02)
    with Image.open(files[0]) as picture:
        assert picture.format == kind
        assert picture.width * picture.height == pytest.approx(20_000, rel=0.02)
    first, second, third, fourth = (file.read_bytes() for file in files)
    assert (first, second) == (third, fourth) and first != second


def test_made_images_are_copied_where_a_drive_has_no_links(tmp_path, monkeypatch):
    def refuse(*_):
        raise OSError("no links here")

    monkeypatch.setattr(made_images, "_DIFFERENT", 1)
    monkeypatch.setattr(Path, "hardlink_to", refuse)
    first, second = write_images(tmp_path / "PNG", "PNG", 2, 0.02)
    assert first.read_bytes() == second.read_bytes()


def test_the_memory_of_another_process_is_seen():
    peak = measure_peak_memory([sys.executable, "-c", "import time; b = bytes(9) * 10**7; time.sleep(0.1)"])
    assert 90_000_000 < peak < 300_000_000


def test_a_process_that_fails_says_why():
    with pytest.raises(UserError, match="could not be measured: no room"):
        measure_peak_memory([sys.executable, "-c", "raise SystemExit('no room')"])


def test_each_backbone_has_its_depths_and_runtimes():
    request = BenchRequest()
    light = BACKBONES[LIGHT]
    assert request.declared_backbones == (VGG16, light)
    assert request.layers_of(light) == light.grid_layers
    assert request.runtimes_of(light)[0] == "onnx" and request.runtimes_of(VGG16)[0] == "mnn"
    named = BenchRequest(layers=("stage2", "block1_pool"), runtimes=("keras",))
    assert (named.layers_of(light), named.layers_of(VGG16)) == (("stage2",), ("block1_pool",))
    assert named.runtimes_of(light) == named.runtimes_of(VGG16) == ("keras",)


@pytest.mark.parametrize("asked", [{"layers": ()}, {"layers": ("stage9",)}, {"backbones": ("resnet",)}])
def test_what_is_not_known_is_refused(asked):
    with pytest.raises(ParameterError, match="There is no"):
        BenchRequest(**asked)
