"""Every backbone: what is declared of it is so, runtimes build the same, and stages are the right ones."""

import sys

import numpy as np
import pytest

from anomaly_gui.detection.features.extraction import extract_outputs
from anomaly_gui.detection.features.grids import reduce_cells
from anomaly_gui.detection.features.plan import Grid, Plan
from anomaly_gui.detection.runtimes import protocol, weights
from anomaly_gui.detection.runtimes.graph import Convolution, build_nodes
from anomaly_gui.detection.runtimes.protocol import KERAS, MNN, ONNX, default_runtime
from anomaly_gui.detection.settings.backbones import BACKBONES, find_backbone
from anomaly_gui.detection.settings.choices import UNIT_LENGTH
from anomaly_gui.detection.settings.feature_settings import FeatureSettings
from anomaly_gui.detection.settings.grid_settings import GridSettings
from anomaly_gui.detection.settings.train_settings import TrainSettings
from anomaly_gui.errors import ParameterError, UserError
from anomaly_gui.paths import resource

LIGHT = ("efficientnet-lite0", "efficientnet-lite2")
LARGEST_DIFFERENCE = 1e-3  # of the largest feature of a layer
STRIDES = (1, 2, 2, 2, 1, 2, 1)  # of the first block of each stage


@pytest.fixture(scope="module")
def runtimes():
    return {name: default_runtime(name) for name in (MNN, KERAS)}


@pytest.fixture(scope="module")
def onnx():
    pytest.importorskip("onnxruntime")
    return default_runtime(ONNX)


def _assert_alike(one, other):
    assert one.shape == other.shape
    assert np.abs(one - other).max() <= LARGEST_DIFFERENCE * np.abs(other).max()


def _make_batch(size, count=2):
    """Return a batch of squares, or of a height and a width."""
    height, width = size if isinstance(size, tuple) else (size, size)
    return np.random.default_rng(size).integers(0, 256, (count, height, width, 3), np.uint8)


# --- what is declared


@pytest.mark.parametrize("name", BACKBONES)
def test_channels_strides_and_operations_are_those_of_the_nodes(name):
    backbone, strides, operations = BACKBONES[name], {"input": 1}, 0.0
    layers = iter(backbone.layers)
    layer = next(layers)
    for node in build_nodes(weights.check_weights(backbone), backbone, backbone.layer_names[-1]):
        strides[node.name] = strides[node.above] * getattr(node, "stride", 1)
        if isinstance(node, Convolution):
            operations += node.kernel.size / strides[node.name] ** 2
            channels = len(node.kernel)
        elif node.name.endswith("_pool"):
            strides[node.name] *= 2
        if node.name == layer.name:
            found = (layer.name, channels, strides[node.name], pytest.approx(operations))
            assert (layer.name, layer.channels, layer.stride, layer.operations) == found
            layer, operations = next(layers, None), 0.0
    assert layer is None


@pytest.mark.parametrize("name", BACKBONES)
def test_the_notice_has_the_licence_of_every_file_of_weights(name):
    notice = resource("NOTICE").read_text("utf-8")
    assert BACKBONES[name].weights in notice
    assert BACKBONES[name].licence in notice.replace("Apache License 2.0", "Apache-2.0")


def test_a_light_backbone_takes_a_fraction_of_the_multiplications():
    vgg16, light = find_backbone("vgg16"), find_backbone("efficientnet-lite0")
    times = vgg16.count_pixel_operations(["block5_pool"]) / light.count_pixel_operations(["stage6"])
    assert 40 < times < 50


def test_settings_resolve_by_the_backbone():
    plain, light = (
        TrainSettings(detector="pooled"),
        TrainSettings(detector="pooled", backbone="efficientnet-lite2"),
    )
    assert plain.features == FeatureSettings(("block4_conv3",), 224, "hellinger", None, "vgg16")
    assert light.features.layers == ("stage1", "stage2", "stage4", "stage5")
    assert (light.features.length, light.features.normalization) == (400, "none")
    assert (plain.grid.normalization, light.grid.normalization) == ("hellinger", UNIT_LENGTH)
    told = TrainSettings(
        detector="pooled", backbone="efficientnet-lite0", layer="stage3", normalization="hellinger"
    ).features
    assert (told.layers, told.length, told.normalization) == (("stage3",), 80, "hellinger")


def test_impossible_choices_are_refused():
    with pytest.raises(
        ParameterError, match="no layer named 'block4_conv3' in EfficientNet-Lite0: take of st"
    ):
        TrainSettings(detector="pooled", backbone="efficientnet-lite0", layer="block4_conv3")
    with pytest.raises(ParameterError, match="no backbone named 'resnet'"):
        FeatureSettings(backbone="resnet")
    with pytest.raises(ParameterError, match="take from 50 to 368"):
        TrainSettings(detector="positional", backbone="efficientnet-lite0", channels=400)
    with pytest.raises(ParameterError, match="no normalization of cells"):
        GridSettings(normalization="whitened")


# --- what runs what


@pytest.mark.parametrize("name", BACKBONES)
@pytest.mark.parametrize(
    ("size", "shape", "count"),
    [
        (64, (8, 8), 1),
        (200, (25, 25), 3),
        (448, (28, 28), 2),
        ((352, 128), (44, 16), 2),
        ((64, 288), (8, 36), 1),
        ((256, 320), (11, 13), 2),
    ],
)
def test_onnx_runtime_yields_the_same(runtimes, onnx, name, size, shape, count):
    backbone, batch = BACKBONES[name], _make_batch(size, count)
    asked = (backbone.layer_names, backbone.grid_layers, shape, backbone)
    pooled, grid = onnx.gridded(batch, *asked)
    others, other = runtimes[MNN].gridded(batch, *asked)
    for one, its_other in zip([*pooled, grid], [*others, other], strict=True):
        _assert_alike(one, its_other)
    _assert_alike(onnx.pooled(batch, backbone.layer_names[:2], backbone)[1], others[1])


def test_light_backbones_are_run_by_onnx_runtime_where_it_is_installed(monkeypatch):
    monkeypatch.delenv(protocol.VARIABLE, raising=False)
    monkeypatch.setattr(protocol, "is_installed", lambda module: module != "tensorflow")
    runtime = default_runtime()
    used = {name: type(runtime.for_backbone(BACKBONES[name])).__name__ for name in BACKBONES}
    assert used == {"vgg16": "MnnRuntime", **dict.fromkeys(LIGHT, "OnnxRuntime")}
    batch = _make_batch(32)
    alone = default_runtime(MNN).pooled(batch, ["block1_pool"])
    np.testing.assert_array_equal(runtime.pooled(batch, ["block1_pool"])[0], alone[0])


def test_without_onnx_runtime_mnn_runs_all_and_onnx_says_what_to_install(monkeypatch):
    monkeypatch.delenv(protocol.VARIABLE, raising=False)
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    assert type(default_runtime()).__name__ == "MnnRuntime"
    with pytest.raises(UserError, match="pip install onnxruntime"):
        default_runtime(ONNX)


# --- what is computed


@pytest.mark.parametrize("name", LIGHT)
@pytest.mark.parametrize(
    ("size", "shape"),
    [
        (64, (8, 8)),
        (200, (25, 25)),
        (224, (28, 28)),
        (448, (28, 28)),
        ((352, 128), (44, 16)),
        ((32, 640), (4, 80)),
        ((512, 416), (32, 26)),
    ],
)
def test_runtimes_agree_on_all_stages_pooled_and_on_one_grid_in_one_pass(runtimes, name, size, shape):
    backbone, batch = BACKBONES[name], _make_batch(size)
    asked = (backbone.layer_names, backbone.layer_names, shape, backbone)
    pooled, grid = runtimes[MNN].gridded(batch, *asked)
    others, other = runtimes[KERAS].gridded(batch, *asked)
    ends = np.cumsum([layer.channels for layer in backbone.layers])[:-1]
    for one, its_other in zip(pooled, others, strict=True):
        _assert_alike(one, its_other)
    for one, its_other in zip(np.split(grid, ends, axis=2), np.split(other, ends, axis=2), strict=True):
        _assert_alike(one, its_other)


@pytest.mark.parametrize("size", [33, 50])
def test_runtimes_agree_where_strides_do_not_divide_the_size(runtimes, size):
    backbone, batch = BACKBONES["efficientnet-lite0"], _make_batch(size, 3)
    asked = batch, backbone.layer_names, backbone
    for one, other in zip(runtimes[MNN].pooled(*asked), runtimes[KERAS].pooled(*asked), strict=True):
        _assert_alike(one, other)


@pytest.mark.parametrize("name", LIGHT)
def test_stages_are_those_of_a_plain_computation(runtimes, name):
    backbone, batch = BACKBONES[name], _make_batch(32, 1)
    expected = _compute_stages(backbone, batch[0])
    found = runtimes[MNN].pooled(batch, backbone.layer_names, backbone)
    for one, stage in zip(found, expected, strict=True):
        _assert_alike(one[0], stage.mean(axis=(1, 2)))


def test_coarse_stages_are_filled_in_between_and_fine_ones_averaged(runtimes):
    backbone, batch = BACKBONES["efficientnet-lite0"], _make_batch(64)
    _, grid = runtimes[MNN].gridded(batch, ["stage0"], ["stage1", "stage5"], (8, 8), backbone)
    fine, coarse = np.split(grid.reshape(2, 8, 8, -1), [24], axis=3)
    averages = runtimes[MNN].pooled(batch, ["stage1", "stage5"], backbone)
    _assert_alike(fine.mean(axis=(1, 2)), averages[0])
    _assert_alike(coarse.mean(axis=(1, 2)), averages[1])
    steps = np.diff(coarse[:, :, :, :], axis=1)  # 2 positions become 8: 2 alike, then 4 equal steps, 2 alike
    np.testing.assert_allclose(steps[:, [0, 6]], 0, atol=1e-5)
    np.testing.assert_allclose(steps[:, 2], steps[:, 4], atol=1e-4)


def test_backbones_are_run_side_by_side_by_one_runtime(runtimes):
    batch, runtime = _make_batch(64), runtimes[MNN]
    first = [runtime.pooled(batch, BACKBONES[name].default_layers, BACKBONES[name]) for name in LIGHT]
    again = [runtime.pooled(batch, BACKBONES[name].default_layers, BACKBONES[name]) for name in LIGHT]
    for one, other in zip(first, again, strict=True):
        for layer, its_other in zip(one, other, strict=True):
            np.testing.assert_array_equal(layer, its_other)
    assert first[0][2].shape != first[1][2].shape


def test_cells_keep_their_sign_and_lose_the_contrast_of_the_image():
    outputs = np.random.default_rng(0).normal(size=(3, 16, 60)).astype(np.float32)
    directions = np.eye(60, 50, dtype=np.float32)
    cells = reduce_cells(outputs, directions, UNIT_LENGTH)
    np.testing.assert_allclose(cells, reduce_cells(7 * outputs, directions, UNIT_LENGTH), rtol=1e-5)
    assert (np.sign(cells) == np.sign(outputs[..., :50])).all()
    assert not reduce_cells(0 * outputs, directions, UNIT_LENGTH).any()


def test_a_plan_takes_cells_of_its_backbone(runtimes):
    settings = TrainSettings(detector="positional", backbone="efficientnet-lite0", size=64)
    plan = Plan(settings.features, Grid.from_settings(settings.grid))
    found = extract_outputs(_make_batch(64), plan, runtimes[MNN])
    assert list(found.pooled) == list(settings.features.layers)
    assert found.cells.shape == (2, 64, plan.channels)
    assert (found.cells < 0).any()


@pytest.mark.parametrize("content", [b"other weights", None])
def test_other_or_missing_weights_are_refused(tmp_path, monkeypatch, runtimes, content):
    backbone = BACKBONES["efficientnet-lite2"]
    if content is not None:
        (tmp_path / backbone.weights).write_bytes(content)
    monkeypatch.setattr(weights, "resource", lambda *_: tmp_path / backbone.weights)
    for runtime in (type(runtimes[MNN])(), type(runtimes[KERAS])()):
        with pytest.raises(UserError, match=r"the weights of EfficientNet-Lite2 .*; install again"):
            runtime.pooled(_make_batch(32), ["stage0"], backbone)


def _compute_stages(backbone, image):
    """Return each stage's output, (channels, height, width), in plain numpy, from the file's own names."""
    stored = np.load(resource("weights", backbone.weights))
    part = {name: stored[name].astype(np.float64) for name in stored}
    value, stages = (image.transpose(2, 0, 1).astype(np.float64) - 127) / 128, []
    value = _convolve(value, part["stem.kernel"], part["stem.bias"], 2).clip(0, 6)
    for stage, its_stride in enumerate(STRIDES):
        block = 0
        while f"stage{stage}.block{block}.project.kernel" in part:
            value = _run_block(value, part, f"stage{stage}.block{block}", 1 if block else its_stride)
            block += 1
        stages.append(value)
    return stages


def _run_block(value, part, name, stride):
    within = value
    if f"{name}.expand.kernel" in part:
        within = _convolve(within, part[f"{name}.expand.kernel"], part[f"{name}.expand.bias"], 1).clip(0, 6)
    depthwise = part[f"{name}.depthwise.kernel"], part[f"{name}.depthwise.bias"]
    within = _convolve(within, *depthwise, stride).clip(0, 6)
    within = _convolve(within, part[f"{name}.project.kernel"], part[f"{name}.project.bias"], 1)
    return within + value if within.shape == value.shape else within


def _convolve(value, kernel, bias, stride):
    """Convolve (channels, size, size) with TensorFlow's "same" padding."""
    side, size = kernel.shape[2], value.shape[1]
    missing = max(0, (-(-size // stride) - 1) * stride + side - size)
    around = (missing // 2, missing - missing // 2)
    padded = np.pad(value, ((0, 0), around, around))
    seen = np.lib.stride_tricks.sliding_window_view(padded, (side, side), axis=(1, 2))[:, ::stride, ::stride]
    if kernel.shape[1] == 1 and len(kernel) == len(value):
        output = np.einsum("chwij,cij->chw", seen, kernel[:, 0])
    else:
        output = np.tensordot(kernel, seen, axes=((1, 2, 3), (0, 3, 4)))
    return output + bias[:, None, None]
