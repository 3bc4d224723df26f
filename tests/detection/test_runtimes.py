import numpy as np
import pytest

from anomaly_gui.detection.features import LAYERS, WEIGHTS_FILE, FeatureSettings
from anomaly_gui.detection.grids import GRID_CHANNELS, GRID_LAYERS
from anomaly_gui.detection.observing import Plan, observe
from anomaly_gui.detection.runtimes import keras_runtime
from anomaly_gui.detection.runtimes.keras_runtime import KerasRuntime
from anomaly_gui.errors import UserError
from anomaly_gui.paths import resource

BATCH = np.random.default_rng(0).integers(0, 256, (3, 32, 32, 3), np.uint8)


@pytest.fixture(scope="module")
def runtime():
    return KerasRuntime()


def test_is_keras_own_vgg16_pooled(runtime):
    import keras

    whole = keras.applications.VGG16(
        weights=str(resource("weights", WEIGHTS_FILE)),
        include_top=False,
        input_shape=(32, 32, 3),
        pooling="avg",
    )
    inputs = keras.applications.vgg16.preprocess_input(BATCH.astype(np.float32))
    expected = whole.predict(inputs, verbose=0)
    np.testing.assert_allclose(runtime.pooled(BATCH, ["block5_pool"])[0], expected, rtol=1e-4, atol=1e-4)


def test_all_layers_come_from_one_pass_in_the_order_asked(runtime):
    names = list(LAYERS)[::-1]
    outputs = runtime.pooled(BATCH, names)
    assert [output.shape for output in outputs] == [(3, LAYERS[name]) for name in names]
    alone = runtime.pooled(BATCH[:1], ["block3_pool"])[0]
    np.testing.assert_allclose(outputs[names.index("block3_pool")][:1], alone, rtol=1e-4, atol=1e-4)


def test_hellinger_features_do_not_depend_on_scale(runtime):
    settings = FeatureSettings(("block1_pool", "block3_pool"), 32)
    features = observe(BATCH, Plan(settings), runtime).vectors
    assert features.shape == (3, settings.length)
    np.testing.assert_allclose((features**2).mean(axis=1), 1, rtol=1e-5)


def test_a_grid_holds_each_layer_averaged_onto_its_cells(runtime):
    batch = np.random.default_rng(1).integers(0, 256, (2, 64, 64, 3), np.uint8)
    pooled, grid = runtime.gridded(batch, ["block5_conv3"], GRID_LAYERS, 8)
    assert grid.shape == (2, 64, GRID_CHANNELS)
    np.testing.assert_allclose(pooled[0], runtime.pooled(batch, ["block5_conv3"])[0], rtol=1e-4, atol=1e-4)
    averages = np.concatenate(runtime.pooled(batch, GRID_LAYERS), axis=1)
    np.testing.assert_allclose(grid.mean(axis=1), averages, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("content", [b"other weights", None])
def test_other_or_missing_weights_are_refused(tmp_path, monkeypatch, content):
    path = tmp_path / WEIGHTS_FILE
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setattr(keras_runtime, "resource", lambda *_: path)
    with pytest.raises(UserError, match="install again"):
        KerasRuntime().pooled(BATCH, ["block1_pool"])
