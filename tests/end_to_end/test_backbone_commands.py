"""A light backbone the whole way, a made-up one as one would declare it, and models of before."""

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from command_line import run
from parts import save_parts

from anomaly_gui.detection.candidates.request import CompareRequest
from anomaly_gui.detection.comparison import compare
from anomaly_gui.detection.datasets.train_request import TrainRequest
from anomaly_gui.detection.features.feature_cache import FeatureCache
from anomaly_gui.detection.model.model_file import open_model, save_model
from anomaly_gui.detection.model.self_check import judging_difference
from anomaly_gui.detection.settings.backbones import BACKBONES
from anomaly_gui.detection.settings.train_settings import TrainSettings
from anomaly_gui.detection.training import train
from anomaly_gui.errors import ModelFileError
from anomaly_gui.progress import SilentProgress

LIGHT = "efficientnet-lite0"
OPTIONS = ["--backbone", LIGHT, "--size", "64", "--channels", "50", "--group-by", "none", "--no-cache"]
FORMAT_1 = Path(__file__).parents[1] / "detection" / "model" / "format_1"
QUIET = SilentProgress()


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    place = tmp_path_factory.mktemp("backbones")
    save_parts(place / "good", 16, 0)
    save_parts(place / "test" / "good", 6, 1)
    save_parts(place / "test" / "bent", 6, 2, defect=True)
    return place


def _read(path):
    return json.loads(path.read_text("utf-8"))


@pytest.mark.parametrize("detector", ["positional", "texture"])
def test_a_light_backbone_tells_defects_and_is_named_in_every_result(place, tmp_path, detector):
    model, result = tmp_path / "m.anomaly", tmp_path / "result.json"
    told = ("--detector", detector, "--false-alarm-rate", "0.1", *OPTIONS)
    trained = run("train", place / "good", "--out", model, "--json", result, *told)
    assert trained.returncode == 0, trained.stderr
    assert "Network: EfficientNet-Lite0, " in trained.stdout
    assert _read(result)["backbone"] == LIGHT
    scored = run("score", model, place / "test", "--json", result, "--no-cache")
    assert (scored.returncode, _read(result)["backbone"]) == (0, LIGHT), scored.stderr
    defects = [one["path"] for one in _read(result)["images"] if one["verdict"] == "defect"]
    assert sum("bent" in path for path in defects) == 6
    test = place / "test"
    told = ("--normal", test / "good", "--anomalous", test / "bent", "--json", result, "--no-cache")
    run("evaluate", model, *told)
    assert (_read(result)["backbone"], _read(result)["auroc"]) == (LIGHT, 1.0)
    said = run("info", model).stdout
    assert "EfficientNet-Lite0, SHA-256 1983ba50" in said
    assert "stage1,stage2,stage4,stage5, 64 px, none" in said


@pytest.fixture(scope="module")
def light(place):
    settings = TrainSettings("positional", LIGHT, size=64, channels=50, group_by="none")
    return train(TrainRequest((place / "good",), settings=settings), QUIET).model


def test_a_model_file_brings_the_backbone_back(light, tmp_path):
    save_model(light, tmp_path / "m.anomaly")
    opened = open_model(tmp_path / "m.anomaly")
    assert opened.detector.settings == light.detector.settings
    assert opened.detector.plan.grid.settings == light.detector.plan.grid.settings
    np.testing.assert_array_equal(opened.detector.plan.grid.directions, light.detector.plan.grid.directions)
    assert judging_difference(opened) is None


def test_a_model_of_other_weights_or_of_an_unknown_backbone_is_refused(light, tmp_path):
    save_model(replace(light, weights_sha256="0" * 64), tmp_path / "m.anomaly")
    with pytest.raises(ModelFileError, match="made with other weights of EfficientNet-Lite0"):
        open_model(tmp_path / "m.anomaly")


@pytest.mark.parametrize("file", sorted(FORMAT_1.glob("*.anomaly")), ids=lambda file: file.stem)
def test_models_of_before_are_of_vgg16(file):
    model = open_model(file)
    assert (model.detector.plan.backbone, model.detector.settings.normalization) == ("vgg16", "hellinger")
    assert model.detector.settings.declared_backbone.title == "VGG16"


def test_each_backbone_has_features_of_its_own_in_the_cache(place, tmp_path):
    cache = FeatureCache(tmp_path / "cache")
    settings = TrainSettings("positional", LIGHT, size=64, channels=50)
    for backbone, reused in ((LIGHT, 0), ("vgg16", 0), (LIGHT, 16), ("vgg16", 16)):
        chosen = replace(settings, backbone=backbone)
        found = train(TrainRequest((place / "good",), settings=chosen), QUIET, cache=cache).findings
        assert found.reused == reused
    cache.close()


def test_a_comparison_tries_backbones_and_the_choice_trains(place):
    settings = TrainSettings(detector="pooled", channels=50, group_by="none")
    assert CompareRequest(()).backbones == tuple(BACKBONES)
    backbones = ("efficientnet-lite0", "efficientnet-lite2")
    folders = (place / "good",), (place / "test" / "bent",)
    found = compare(CompareRequest(*folders, settings, sizes=(64,), backbones=backbones), QUIET)
    light = [one for one in found.candidates if one.backbone == "efficientnet-lite2"]
    automatic = light.pop()
    assert (automatic.detector, automatic.layers) == ("auto", ("stage1", "stage2", "stage4", "stage5"))
    assert len(light) == 10
    assert {one.layers for one in light if one.detector == "pooled"} > {("stage0",), ("stage6",)}
    assert len(found.candidates) == 2 * len(light) + 1
    chosen = max(light, key=lambda one: (one.detector == "texture", one.auroc))
    retrained = train(TrainRequest(folders[0], settings=replace(settings, **chosen.choice)), QUIET).model
    assert retrained.detector.plan.backbone == "efficientnet-lite2"
    assert str(chosen) == "texture, efficientnet-lite2, stage1,stage2,stage4,stage5, 64 px"


# --- a third one: its module, its weights, its entry

_MODULE = """
import numpy as np
from anomaly_gui.detection.runtimes.graph import INPUT, Addition, Convolution, MaxPool

def build_nodes(weights, backbone, deepest):
    stored, above = np.load(weights), INPUT
    for layer in backbone.list_layers_until(deepest):
        kernel, bias = stored[f"{layer.name}.kernel"], stored[f"{layer.name}.bias"]
        yield Convolution(f"{layer.name}.one", above, kernel, bias, activation="relu6")
        yield MaxPool(f"{layer.name}.half", f"{layer.name}.one")
        yield Addition(layer.name, f"{layer.name}.half", f"{layer.name}.half")
        above = layer.name
"""

_ENTRY = """
from types import MappingProxyType
from anomaly_gui.detection.settings import backbones

layers = (
    backbones.Layer("step0", 40, 2, 1080.0),
    backbones.Layer("step1", 40, 4, 3600.0),
    backbones.Layer("step2", 40, 8, 900.0),
)
made_up = backbones.Backbone(
    name="made-up", title="MadeUp", licence="ours", graph="made_up_network:build_nodes", layers=layers,
    default_layers=("step1", "step2"), joint_layers=("step0", "step1"), grid_layers=("step0", "step2"),
    normalization="hellinger", cell_normalization="length", cell_channels=60, map_share=0.02,
    mean=(100.0, 110.0, 120.0), scale=0.01,
    weights={weights!r}, sha256={sha256!r},
)
backbones.BACKBONES = MappingProxyType({{**backbones.BACKBONES, "made-up": made_up}})

from anomaly_gui.cli.app import main
main()
"""


@pytest.fixture
def made_up(tmp_path):
    """Return what runs commands with a third backbone declared."""
    random, values = np.random.default_rng(0), {}
    for number, inputs in enumerate((3, 40, 40)):
        values[f"step{number}.kernel"] = random.normal(0, 0.1, (40, inputs, 3, 3)).astype(np.float32)
        values[f"step{number}.bias"] = random.normal(0, 0.1, 40).astype(np.float32)
    weights = tmp_path / "made_up.npz"
    np.savez(weights, **values)
    digest = hashlib.sha256(weights.read_bytes()).hexdigest()
    (tmp_path / "made_up_network.py").write_text(_MODULE)
    (tmp_path / "with_made_up.py").write_text(_ENTRY.format(weights=str(weights), sha256=digest))

    def run_command(*arguments):
        path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
        words = [sys.executable, str(tmp_path / "with_made_up.py"), *map(str, arguments)]
        environment = {**os.environ, "PYTHONPATH": path}
        return subprocess.run(words, capture_output=True, text=True, env=environment, check=False)

    return run_command


def test_a_third_backbone_is_a_module_its_weights_and_one_entry(made_up, place, tmp_path):
    model, result = tmp_path / "m.anomaly", tmp_path / "result.json"
    told = ("--backbone", "made-up", "--detector", "positional", "--size", "64", "--channels", "50")
    trained = made_up("train", place / "good", "--out", model, "--json", result, *told, "--no-cache")
    assert trained.returncode == 0, trained.stderr
    assert _read(result)["backbone"] == "made-up"
    scored = made_up("score", model, place / "test" / "bent", "--json", result, "--no-cache")
    assert scored.returncode == 0, scored.stderr
    assert "cannot judge: 0" in scored.stdout
    assert _read(result)["backbone"] == "made-up"
    with pytest.raises(ModelFileError, match="made with other weights of MadeUp"):
        open_model(model)
