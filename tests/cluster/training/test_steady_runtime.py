import numpy as np
import pytest

from anomaly_gui.cluster.training.steady_runtime import SteadyRuntime, _make_runtime, steady_runtime
from anomaly_gui.detection.runtimes.protocol import default_runtime
from anomaly_gui.detection.settings.backbones import BACKBONES
from anomaly_gui.errors import ParameterError

PIXELS = np.random.default_rng(0).integers(0, 256, (5, 64, 64, 3), np.uint8)


@pytest.mark.parametrize("backbone", BACKBONES.values(), ids=list(BACKBONES))
def test_features_are_the_same_bits_however_images_are_batched_and_shared(backbone):
    layers = backbone.default_layers
    one, two = (SteadyRuntime(lambda: _make_runtime("auto"), networks) for networks in (1, 2))
    whole = one.pooled(PIXELS, layers, backbone)
    apart = [two.pooled(PIXELS[some], layers, backbone) for some in (slice(0, 2), slice(2, 5))]
    for layer, values in enumerate(whole):
        assert np.array_equal(values, np.concatenate([each[layer] for each in apart]))


def test_grids_are_the_same_bits_and_near_those_of_a_usual_runtime():
    backbone = BACKBONES["vgg16"]
    asked = backbone.default_layers, backbone.grid_layers, (8, 8), backbone
    pooled, grid = steady_runtime().gridded(PIXELS, *asked)
    usual_pooled, usual_grid = default_runtime().gridded(PIXELS, *asked)
    assert grid.shape == usual_grid.shape
    np.testing.assert_allclose(grid, usual_grid, rtol=1e-3, atol=1e-3 * np.abs(usual_grid).max())
    np.testing.assert_allclose(pooled[0], usual_pooled[0], rtol=1e-3, atol=1e-3)
    assert np.array_equal(grid[3:], steady_runtime().gridded(PIXELS[3:], *asked)[1])


def test_keras_is_refused():
    with pytest.raises(ParameterError, match="rounds otherwise"):
        steady_runtime("keras")
