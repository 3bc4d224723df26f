"""Good images in an object store, of whose requests some fail: the model of the same images in a folder."""

import socket

import fsspec
import numpy as np
import pytest
from object_store import ACCOUNT, object_store, upload
from parts import save_parts

from anomaly_gui.cluster.local_engine import LocalEngine
from anomaly_gui.cluster.places import url_paths
from anomaly_gui.cluster.places.url_paths import as_path
from anomaly_gui.cluster.training.training import train_on_cluster
from anomaly_gui.detection.datasets.train_request import TrainRequest
from anomaly_gui.detection.model.model_file import open_model, save_model
from anomaly_gui.detection.settings.train_settings import TrainSettings
from anomaly_gui.progress import SilentProgress

pytest.importorskip("moto.server")


def _find_port():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


@pytest.fixture
def store(tmp_path, monkeypatch):
    good = save_parts(tmp_path / "good", 20)
    with object_store(_find_port(), 20) as address:
        for name, value in {**ACCOUNT, "AWS_ENDPOINT_URL": address}.items():
            monkeypatch.setenv(name, value)
        url_paths._open_system.cache_clear()
        upload(good, "images/good")
        yield good
        url_paths._open_system.cache_clear()
        fsspec.filesystem("s3").clear_instance_cache()


def test_images_at_an_address_are_learned_as_those_in_a_folder(store, tmp_path):
    settings = TrainSettings(detector="pooled", size=32)
    there, here = (
        TrainRequest((place,), settings=settings) for place in (as_path("s3://images/good"), store)
    )
    with LocalEngine(2) as engine:
        own = train_on_cluster(here, engine, tmp_path / "own", SilentProgress(), images_a_part=8)
        found = train_on_cluster(there, engine, tmp_path / "parts", SilentProgress(), images_a_part=8)
    assert np.array_equal(found.model.training.held_out, own.model.training.held_out)
    save_model(found.model, tmp_path / "model.anomaly")
    first = open_model(tmp_path / "model.anomaly").training.images[0]
    assert str(as_path(first.path)) == "s3://images/good/part_0.png"
