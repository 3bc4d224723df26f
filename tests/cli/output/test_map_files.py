"""A map outlives its image: who takes the picture away loses the picture only."""

import numpy as np
import pytest
from PIL import Image

from anomaly_gui.cli.output.map_files import MapWriter
from anomaly_gui.detection.detectors.anomaly_maps import AnomalyMap
from anomaly_gui.detection.model.image_result import ImageResult
from anomaly_gui.progress import SilentProgress


class Listening(SilentProgress):
    def __init__(self):
        self.warnings = []

    def warn(self, text):
        self.warnings.append(text)


@pytest.mark.parametrize(("width", "height", "size"), [(300, 200, (300, 200)), (4000, 2, (1280, 1))])
def test_the_map_of_an_image_that_went_away_is_drawn_on_grey(tmp_path, width, height, size):
    values, progress = np.zeros((16, 16), np.float32), Listening()
    image = ImageResult(tmp_path / "gone.png", -1.0, "defect", map=AnomalyMap.of(values, width, height))
    writer = MapWriter(tmp_path, 10**9, progress)
    files = writer.write_map(3, image)
    with Image.open(tmp_path / files["overlay"]) as overlay:
        assert overlay.size == size
    assert (tmp_path / files["map"]).exists() and writer.lost == 0
    assert "is gone" in progress.warnings[0] and "drawn on grey" in progress.warnings[0]
