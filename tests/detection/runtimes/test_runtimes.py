import hashlib
import shutil
import subprocess
import sys

import numpy as np
import pytest

from anomaly_gui.detection.benchmarking.network_speed import start_runtime
from anomaly_gui.detection.features.extraction import extract_features
from anomaly_gui.detection.features.plan import Plan
from anomaly_gui.detection.runtimes import gpu, protocol, weights
from anomaly_gui.detection.runtimes import mnn_runtime as mnn_module
from anomaly_gui.detection.runtimes.mnn_runtime import MnnRuntime
from anomaly_gui.detection.runtimes.protocol import KERAS, MNN, default_runtime
from anomaly_gui.detection.settings.backbones import VGG16
from anomaly_gui.detection.settings.feature_settings import FeatureSettings
from anomaly_gui.errors import ParameterError, UserError
from anomaly_gui.paths import resource

BATCH = np.random.default_rng(0).integers(0, 256, (3, 32, 32, 3), np.uint8)
LAYERS = {layer.name: layer.channels for layer in VGG16.layers}
GRID_LAYERS = VGG16.grid_layers
LARGEST_DIFFERENCE = 1e-3  # of the largest feature of a layer


@pytest.fixture(scope="module")
def keras_runtime():
    return default_runtime(KERAS)


@pytest.fixture(scope="module")
def mnn_runtime():
    return default_runtime(MNN)


@pytest.fixture(params=[KERAS, MNN])
def runtime(request):
    return request.getfixturevalue(f"{request.param}_runtime")


def _assert_alike(one, other):
    assert one.shape == other.shape
    assert np.abs(one - other).max() <= LARGEST_DIFFERENCE * np.abs(other).max()


def test_is_keras_own_vgg16_pooled(runtime):
    import keras

    whole = keras.applications.VGG16(
        weights=str(resource("weights", VGG16.weights)),
        include_top=False,
        input_shape=(32, 32, 3),
        pooling="avg",
    )
    inputs = keras.applications.vgg16.preprocess_input(BATCH.astype(np.float32))
    expected = whole.predict(inputs, verbose=0)
    np.testing.assert_allclose(runtime.pooled(BATCH, ["block5_pool"])[0], expected, rtol=1e-3, atol=1e-3)


def test_all_layers_come_from_one_pass_in_the_order_asked(runtime):
    names = list(LAYERS)[::-1]
    outputs = runtime.pooled(BATCH, names)
    assert [output.shape for output in outputs] == [(3, LAYERS[name]) for name in names]
    alone = runtime.pooled(BATCH[:1], ["block3_pool"])[0]
    _assert_alike(outputs[names.index("block3_pool")][:1], alone)


@pytest.mark.parametrize(
    ("size", "count"),
    [((32, 32), 5), ((50, 50), 3), ((64, 64), 2), ((224, 224), 2), ((32, 320), 2), ((160, 96), 3)],
)
def test_runtimes_agree_on_every_layer(mnn_runtime, keras_runtime, size, count):
    batch = np.random.default_rng(size).integers(0, 256, (count, *size, 3), np.uint8)
    for one, other in zip(
        mnn_runtime.pooled(batch, list(LAYERS)), keras_runtime.pooled(batch, list(LAYERS)), strict=True
    ):
        _assert_alike(one, other)


@pytest.mark.parametrize(
    ("size", "shape"),
    [
        ((64, 64), (8, 8)),
        ((224, 224), (28, 28)),
        ((384, 384), (24, 24)),
        ((352, 128), (44, 16)),
        ((64, 288), (8, 36)),
        ((512, 416), (32, 26)),
        ((256, 320), (11, 13)),
    ],
)
def test_runtimes_agree_on_grids(mnn_runtime, keras_runtime, size, shape):
    batch = np.random.default_rng(size).integers(0, 256, (2, *size, 3), np.uint8)
    pooled, grid = mnn_runtime.gridded(batch, ["block5_conv3", "block1_pool"], GRID_LAYERS, shape)
    others, other = keras_runtime.gridded(batch, ["block5_conv3", "block1_pool"], GRID_LAYERS, shape)
    assert grid.shape == (2, shape[0] * shape[1], VGG16.grid_channels)
    for one, its_other in zip([*pooled, grid], [*others, other], strict=True):
        _assert_alike(one, its_other)


def test_batches_of_any_length_give_the_same(mnn_runtime):
    batch = np.random.default_rng(3).integers(0, 256, (7, 64, 64, 3), np.uint8)
    whole = mnn_runtime.pooled(batch, ["block3_conv3"])[0]
    for length in (1, 5, 2):
        _assert_alike(mnn_runtime.pooled(batch[:length], ["block3_conv3"])[0], whole[:length])


def test_networks_are_built_anew_when_more_are_asked_for_than_are_kept(mnn_runtime):
    before = mnn_runtime.pooled(BATCH, ["block1_pool"])[0]
    for layer in ("block2_pool", "block1_conv1", "block2_conv1"):
        mnn_runtime.pooled(BATCH, [layer])
    np.testing.assert_array_equal(mnn_runtime.pooled(BATCH, ["block1_pool"])[0], before)


# --- MNN: one network, or two side by side

LAYER = ["block2_pool"]
SEVEN = np.random.default_rng(4).integers(0, 256, (7, 64, 64, 3), np.uint8)


@pytest.fixture
def built(monkeypatch):
    """Say on how many threads networks run, each time that some are built; the machine has four cores."""
    calls, build = [], mnn_module._Networks._build_networks

    def noted(networks, threads):
        build(networks, threads)
        calls.append(threads)

    monkeypatch.setattr(mnn_module._Networks, "_build_networks", noted)
    monkeypatch.setattr(mnn_module, "count_cores", lambda: 4)
    return calls


@pytest.mark.parametrize("number_of_cores", [1, 2, 3])
def test_two_networks_yield_what_one_does_in_the_same_order(monkeypatch, number_of_cores):
    monkeypatch.setattr(mnn_module, "count_cores", lambda: number_of_cores)
    two, one = MnnRuntime(patience=0), MnnRuntime(patience=1000)
    asked = (["block2_pool"], GRID_LAYERS[:1], (8, 8))
    expected, its_grid = one.gridded(SEVEN, *asked)
    for length in (7, 3, 2):
        pooled, grid = two.gridded(SEVEN[:length], *asked)
        _assert_alike(pooled[0], expected[0][:length])
        _assert_alike(grid, its_grid[:length])


def test_single_images_and_few_batches_get_one_network_on_all_cores(built):
    runtime = MnnRuntime(patience=2)
    for length in (1, 1, 1, 1, 7, 7, 1, 7, 7):
        runtime.pooled(SEVEN[:length], LAYER)
    assert built == [(4,)]


def test_after_some_batches_two_networks_share_the_cores_until_single_images_come(built):
    runtime = MnnRuntime(patience=2)
    for length in (7, 7, 7, 7, 1, 1, 7, 1, 1, 1, 1):
        runtime.pooled(SEVEN[:length], LAYER)
    assert built == [(4,), (2, 2), (4,)]


def test_three_cores_are_all_used(built, monkeypatch):
    monkeypatch.setattr(mnn_module, "count_cores", lambda: 3)
    MnnRuntime(patience=0).pooled(SEVEN, LAYER)
    assert built == [(3,), (2, 1)]


def test_without_room_for_two_networks_one_works_on(monkeypatch, built):
    runtime = MnnRuntime(patience=1)
    before = runtime.pooled(SEVEN, LAYER)[0]

    def full(_):
        raise UserError("The folder for temporary files is full.")

    with monkeypatch.context() as patched:
        patched.setattr(mnn_module, "_file_with", full)
        for _ in range(5):
            np.testing.assert_array_equal(runtime.pooled(SEVEN, LAYER)[0], before)
    assert built == [(4,)]
    for _ in range(2):
        _assert_alike(runtime.pooled(SEVEN, LAYER)[0], before)
    assert built == [(4,), (2, 2)]


def test_two_networks_are_not_built_where_memory_is_short(monkeypatch, built):
    runtime = MnnRuntime(patience=1)
    monkeypatch.setattr(mnn_module, "measure_free_memory", lambda: 10**9)
    for _ in range(5):
        runtime.pooled(SEVEN, LAYER)
    assert built == [(4,)]


def test_after_a_failure_to_build_two_networks_the_next_batch_gets_one(monkeypatch, built):
    runtime = MnnRuntime(patience=1)
    before = runtime.pooled(SEVEN, LAYER)[0]
    with monkeypatch.context() as patched, pytest.raises(MemoryError):
        patched.setattr(mnn_module, "_Network", _failing)
        for _ in range(3):
            runtime.pooled(SEVEN, LAYER)
    np.testing.assert_array_equal(runtime.pooled(SEVEN, LAYER)[0], before)
    assert built == [(4,), (4,)]


def _failing(*_):
    raise MemoryError


def test_a_benchmark_measures_what_long_runs_get(built):
    start_runtime(VGG16, MNN).pooled(SEVEN, LAYER)
    assert built == [(4,), (2, 2)]


def test_hellinger_features_do_not_depend_on_scale(runtime):
    settings = FeatureSettings(("block1_pool", "block3_pool"), 32)
    features = extract_features(BATCH, Plan(settings), runtime).vectors
    assert features.shape == (3, settings.length)
    np.testing.assert_allclose((features**2).mean(axis=1), 1, rtol=1e-5)


def test_a_grid_holds_each_layer_averaged_onto_its_cells(runtime):
    batch = np.random.default_rng(1).integers(0, 256, (2, 64, 64, 3), np.uint8)
    pooled, grid = runtime.gridded(batch, ["block5_conv3"], GRID_LAYERS, (8, 8))
    assert grid.shape == (2, 64, VGG16.grid_channels)
    _assert_alike(pooled[0], runtime.pooled(batch, ["block5_conv3"])[0])
    averages = np.concatenate(runtime.pooled(batch, GRID_LAYERS), axis=1)
    np.testing.assert_allclose(grid.mean(axis=1), averages, rtol=1e-3, atol=1e-3)


def test_cells_of_a_rectangle_are_in_rows_from_the_top(runtime):
    batch = np.zeros((1, 64, 160, 3), np.uint8)
    batch[0, 48:56, 16:24] = 255  # the cell in row 6, column 2
    _, grid = runtime.gridded(batch, ["block1_pool"], ["block1_pool"], (8, 20))
    _, black = runtime.gridded(np.zeros_like(batch), ["block1_pool"], ["block1_pool"], (8, 20))
    change = np.abs(grid - black).sum(axis=2).reshape(8, 20)
    assert np.unravel_index(change.argmax(), change.shape) == (6, 2)
    assert not change[:5].any() and not change[:, 4:].any()


@pytest.mark.parametrize("content", [b"other weights", None])
@pytest.mark.parametrize("name", [KERAS, MNN])
def test_other_or_missing_weights_are_refused(tmp_path, monkeypatch, content, name):
    path = tmp_path / VGG16.weights
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setattr(weights, "resource", lambda *_: path)
    with pytest.raises(UserError, match="install again"):
        default_runtime(name).pooled(BATCH, ["block1_pool"])


def test_all_runtimes_take_the_one_file_of_weights():
    assert hashlib.sha256(weights.check_weights(VGG16).read_bytes()).hexdigest() == VGG16.sha256
    assert weights.check_weights(VGG16) == resource("weights", VGG16.weights)


# --- which one is taken


def test_names(mnn_runtime, keras_runtime):
    assert mnn_runtime.name.startswith("mnn 3.")
    assert keras_runtime.name.startswith("keras ")
    assert "tensorflow" in keras_runtime.name


def test_mnn_is_taken_unless_tensorflow_sees_a_gpu(monkeypatch, mnn_runtime, keras_runtime):
    monkeypatch.delenv(protocol.VARIABLE, raising=False)
    assert type(default_runtime().for_backbone(VGG16)) is type(mnn_runtime)
    monkeypatch.setattr(gpu, "tensorflow_sees_a_gpu", lambda: True)
    assert type(default_runtime()) is type(keras_runtime)
    assert type(default_runtime(MNN)) is type(mnn_runtime)


def test_tensorflow_is_not_even_imported_where_the_driver_has_no_gpu(monkeypatch):
    monkeypatch.setattr(gpu, "nvidia_devices", lambda: 0)
    monkeypatch.setitem(sys.modules, "anomaly_gui.detection.runtimes.keras_runtime", None)
    assert not gpu.tensorflow_sees_a_gpu()


def test_the_environment_names_a_runtime_where_nothing_else_does(monkeypatch, mnn_runtime, keras_runtime):
    monkeypatch.setenv(protocol.VARIABLE, KERAS)
    assert type(default_runtime()) is type(keras_runtime)
    assert type(default_runtime(MNN)) is type(mnn_runtime)


def test_an_unknown_runtime_is_refused():
    with pytest.raises(ParameterError, match="no runtime named 'torch'"):
        default_runtime("torch")


def test_without_tensorflow_the_runtime_keras_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorflow", None)
    with pytest.raises(UserError, match=r'pip install "anomaly-gui\[tensorflow\]"'):
        default_runtime(KERAS)
    assert default_runtime().name.startswith("mnn")


def test_without_mnn_keras_is_taken(monkeypatch, keras_runtime):
    monkeypatch.setitem(sys.modules, "MNN", None)
    assert type(default_runtime()) is type(keras_runtime)
    monkeypatch.setitem(sys.modules, "tensorflow", None)
    with pytest.raises(UserError, match="MNN"):
        default_runtime()


# --- what it must not do

_RUN = """
import sys
import numpy as np
from anomaly_gui.detection.runtimes.mnn_runtime import MnnRuntime
runtime = MnnRuntime(patience=1)
runtime.name
for _ in range(3):
    runtime.pooled(np.zeros((2, 32, 32, 3), np.uint8), ["block5_conv3"])
runtime.pooled(np.zeros((1, 48, 48, 3), np.uint8), ["block2_pool"])
"""


def _alone(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)


def test_mnn_prints_nothing():
    ran = _alone(_RUN)
    assert (ran.stdout, ran.stderr) == ("", "")


def test_what_a_program_prints_around_it_comes_through_in_order():
    ran = _alone("print('before')\n" + _RUN + "print('after')")
    assert ran.stdout == "before\nafter\n"


def test_it_works_without_a_standard_output():
    code = "import os\nos.close(1)\n" + _RUN + "sys.stderr.write('done')"
    assert _alone(code).stderr == "done"


def test_neither_the_converter_nor_tensorflow_is_imported():
    asked = "{'_tools', 'MNN.tools', 'tensorflow', 'keras', 'urllib.request'}"
    assert _alone(_RUN + f"print(sorted({asked} & set(sys.modules)))").stdout == "[]\n"


@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")
def test_no_connection_is_tried(tmp_path):
    log = tmp_path / "calls"
    command = ["strace", "-f", "-e", "trace=%network", "-o", str(log), sys.executable, "-c", _RUN]
    subprocess.run(command, check=True, capture_output=True)
    assert [line for line in log.read_text().splitlines() if "connect(" in line or "sendto(" in line] == []
