"""The commands `train` and `compare` with --cluster: the same files as without."""

import json

import pytest
from command_line import run
from parts import save_parts

from anomaly_gui.detection.model.model_file import open_model

OPTIONS = ["--detector", "pooled", "--size", "64", "--cluster", "local"]


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    return save_parts(tmp_path_factory.mktemp("good"), 24)


def test_train_writes_the_same_files_as_without_a_cluster(good, tmp_path):
    named, out = ["--json", str(tmp_path / "cluster.json")], tmp_path / "cluster.anomaly"
    trained = run("train", good, "--out", out, *OPTIONS, *named)
    assert trained.returncode == 0, trained.stderr
    own = run("train", good, "--out", tmp_path / "own.anomaly", *OPTIONS[:4], "--json", tmp_path / "own.json")
    assert own.returncode == 0, own.stderr
    assert not (tmp_path / "cluster.anomaly.parts").exists()
    found, expected = (json.loads((tmp_path / f"{name}.json").read_text()) for name in ("cluster", "own"))
    assert found.keys() == expected.keys()
    assert found["threshold"] == pytest.approx(expected["threshold"], rel=1e-4)
    assert open_model(out).training.images == open_model(tmp_path / "own.anomaly").training.images


def test_parts_stay_where_a_folder_is_named(good, tmp_path):
    out, folder = tmp_path / "model.anomaly", tmp_path / "kept"
    assert run("train", good, "--out", out, *OPTIONS, "--parts", folder).returncode == 0
    assert list(folder.iterdir())


def test_the_automatic_detector_is_refused_in_a_sentence(good, tmp_path):
    refused = run("train", good, "--out", tmp_path / "model.anomaly", "--cluster", "local")
    assert refused.returncode == 2
    assert "remembers cells" in refused.stderr and "positional" in refused.stderr
    assert not (tmp_path / "model.anomaly").exists()
