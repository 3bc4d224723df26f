"""Which good images of an evaluation show one part, found by workers: the parts one machine finds."""

from pathlib import Path

import numpy as np
import pytest
from plain_engine import PlainEngine
from scipy.ndimage import gaussian_filter

from anomaly_gui.cluster.scored import shown_parts
from anomaly_gui.cluster.scored.shown_parts import number_shown_parts
from anomaly_gui.detection.images.fingerprint import compute_fingerprint
from anomaly_gui.detection.judging.verdicts import Verdict
from anomaly_gui.detection.model.image_result import ImageResult
from anomaly_gui.detection.model.judged_columns import JudgedColumns
from anomaly_gui.detection.model.promise_check import number_parts

PARTS, TWICE = 20, (3, 5, 8, 13)


class CountingEngine(PlainEngine):
    def __init__(self):
        super().__init__()
        self.asked = 0

    def map_parts(self, work, parts):
        self.asked += 1
        return super().map_parts(work, parts)


@pytest.fixture(scope="module")
def judged():
    """Results of parts of which some were shot twice, and one is too small to tell."""
    random = np.random.default_rng(0)
    shown = gaussian_filter(random.normal(size=(PARTS, 192, 192)), (0, 2, 2)) * 8
    made = []
    for number in (*range(PARTS), *TWICE):
        pixels = (128 + 40 * shown[number] + random.normal(0, 4, (192, 192))).clip(0, 255).astype(np.uint8)
        fingerprint = None if number == 1 else compute_fingerprint(pixels)
        vector = (shown[number, 0, :24] + random.normal(0, 0.01, 24)).astype(np.float32)
        path = Path(f"{len(made)}.png")
        made.append(ImageResult(path, -1.0, Verdict.GOOD, vector=vector, fingerprint=fingerprint))
    return JudgedColumns.of(made)


@pytest.mark.parametrize("which", [range(PARTS + len(TWICE)), range(2, PARTS + 2)])
def test_workers_find_the_parts_that_one_machine_finds(judged, tmp_path, monkeypatch, which):
    monkeypatch.setattr(shown_parts, "EXACT_UP_TO", 10)
    monkeypatch.setattr(shown_parts, "_ROWS_A_PART", 7)
    (tmp_path / "compared" / "of a command that ended").mkdir(parents=True)
    engine, which = CountingEngine(), np.array(which)
    found = number_shown_parts(engine, tmp_path, judged, which)
    assert found.tolist() == number_parts(judged, which).tolist()
    assert len(np.unique(found)) == len(which) - sum(which >= PARTS)
    assert engine.asked and not list(tmp_path.iterdir())


def test_few_images_are_compared_here(judged, tmp_path):
    engine, which = CountingEngine(), np.arange(PARTS)
    assert number_shown_parts(engine, tmp_path, judged, which).tolist() == list(range(PARTS))
    assert not engine.asked


def test_without_a_folder_that_all_reach_images_are_compared_here(judged, monkeypatch):
    monkeypatch.setattr(shown_parts, "EXACT_UP_TO", 10)
    engine, which = CountingEngine(), np.arange(PARTS + 1)
    assert number_shown_parts(engine, None, judged, which).tolist() == number_parts(judged, which).tolist()
    assert not engine.asked
