from dataclasses import replace

import numpy as np
import pytest
from small_model import small_model

from anomaly_gui.detection.detectors.protocol import score_pixels
from anomaly_gui.detection.model.model import Reference
from anomaly_gui.detection.model.model_file import save_model
from anomaly_gui.detection.model.self_check import judging_difference, load_model
from anomaly_gui.detection.runtimes.protocol import default_runtime
from anomaly_gui.progress import SilentProgress


class Listening(SilentProgress):
    def __init__(self):
        self.warnings = []

    def warn(self, text):
        self.warnings.append(text)


@pytest.fixture(scope="module")
def runtime():
    return default_runtime()


def _model(runtime, off_by_spreads):
    """A model whose reference scores are off by so many standard deviations of its held-out scores."""
    model = small_model()
    pixels = model.reference.pixels
    off = off_by_spreads * np.std(model.training.held_out)
    scores = score_pixels(model.detector, pixels, runtime) + off
    return replace(model, reference=Reference(pixels, scores))


def test_the_machine_that_trained_says_nothing(runtime):
    assert judging_difference(_model(runtime, 0.0), runtime) is None
    assert judging_difference(_model(runtime, 0.009), runtime) is None


@pytest.mark.parametrize("off", [-0.02, 0.02, 5.0])
def test_a_machine_that_would_judge_differently_says_so(runtime, tmp_path, off):
    path, progress = tmp_path / "m.anomaly", Listening()
    save_model(_model(runtime, off), path)
    load_model(path, progress, runtime)
    assert len(progress.warnings) == 1
    assert str(path) in progress.warnings[0]
    assert "may judge differently" in progress.warnings[0]


def test_rounding_within_a_batch_of_another_size_is_no_difference(runtime):
    model = _model(runtime, 0.0)
    one_by_one = np.concatenate(
        [score_pixels(model.detector, one[None], runtime) for one in model.reference.pixels]
    )
    model = replace(model, reference=Reference(model.reference.pixels, one_by_one))
    assert judging_difference(model, runtime) is None
