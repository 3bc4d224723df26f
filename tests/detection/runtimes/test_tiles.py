"""Large inputs run in overlapping tiles, and yield what one pass does: no seam, at any size of a tile."""

import numpy as np
import pytest

from anomaly_gui.detection.runtimes import onnx_tiles
from anomaly_gui.detection.runtimes.onnx_tiles import cut_network, is_tiled, list_extents
from anomaly_gui.detection.runtimes.protocol import ONNX, default_runtime
from anomaly_gui.detection.settings.backbones import BACKBONES, VGG16, find_backbone
from anomaly_gui.detection.settings.feature_settings import FeatureSettings
from anomaly_gui.errors import ParameterError

LITE = find_backbone("efficientnet-lite2")


def _run_onnx(batch, layers, shape, backbone):
    pytest.importorskip("onnxruntime")
    return default_runtime(ONNX).gridded(batch, layers, backbone.grid_layers, shape, backbone)


@pytest.mark.parametrize(
    ("name", "pixels", "shape"),
    [
        ("efficientnet-lite2", (192, 272), (12, 17)),
        ("efficientnet-lite0", (48, 960), (3, 60)),
        ("vgg16", (96, 208), (12, 26)),
    ],
)
def test_tiles_yield_what_one_pass_does(monkeypatch, name, pixels, shape):
    backbone = BACKBONES[name]
    batch = np.random.default_rng(0).integers(0, 256, (2, *pixels, 3), np.uint8)
    whole, grid = _run_onnx(batch, backbone.layer_names, shape, backbone)
    monkeypatch.setattr(onnx_tiles, "LARGEST_WHOLE", 0)
    monkeypatch.setattr(onnx_tiles, "_TILE", 64)
    in_tiles, its_grid = _run_onnx(batch, backbone.layer_names, shape, backbone)
    for one, other in zip([*in_tiles, its_grid], [*whole, grid], strict=True):
        assert np.abs(one - other).max() <= 1e-5 * np.abs(other).max()


def test_a_network_that_ends_early_is_its_fine_half(monkeypatch):
    batch = np.random.default_rng(1).integers(0, 256, (1, 160, 160, 3), np.uint8)
    runtime = default_runtime(ONNX)
    whole = runtime.pooled(batch, ["stage0", "stage1"], LITE)
    monkeypatch.setattr(onnx_tiles, "LARGEST_WHOLE", 0)
    monkeypatch.setattr(onnx_tiles, "_TILE", 64)
    for one, other in zip(
        default_runtime(ONNX).pooled(batch, ["stage0", "stage1"], LITE), whole, strict=True
    ):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5)


def test_the_fine_half_is_what_takes_memory_and_sees_little():
    half = cut_network(LITE.grid_layers, LITE)
    assert [(one.name, one.stride) for one in half.outputs[:2]] == [("stage1", 4), ("stage2", 8)]
    assert half.outputs[-1].stride == 16
    assert half.overlap < 100


def test_tiles_cover_an_edge_and_see_what_lies_beside_them():
    for length in (512, 768, 1008, 2048, 4576):
        extents = list(list_extents(length, 80))
        assert [one.start for one in extents] == [0, *(one.end for one in extents[:-1])]
        assert extents[-1].end == length
        assert all(one.seen_start == max(0, one.start - 80) for one in extents)
        assert max(one.end - one.start for one in extents) <= 512


def test_only_large_inputs_are_tiled_and_only_where_strides_divide_them():
    assert not is_tiled((768, 768))
    assert is_tiled((1024, 1024))
    assert is_tiled((4576, 224))
    assert not is_tiled((1000, 1000))


def test_the_largest_size_is_the_backbones():
    assert FeatureSettings(LITE.default_layers, 2048, backbone=LITE.name).shape == (2048, 2048)
    with pytest.raises(ParameterError, match="not from 32 to 1024 pixels, which VGG16 takes"):
        FeatureSettings(size=1025, backbone=VGG16.name)
