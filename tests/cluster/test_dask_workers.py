"""Workers of Dask that go for good, and what each command takes from them when it ends."""

import contextlib
import subprocess
import sys
import threading
import time
from types import SimpleNamespace

import made_work
import numpy as np
import pytest
from distributed import Client
from side_commands import started

from anomaly_gui.cluster.dask_engine import DaskEngine
from anomaly_gui.cluster.engine import EngineGoneError, WorkerRefusedError
from anomaly_gui.cluster.on_dask import dask_workers
from anomaly_gui.cluster.on_dask.dask_parts import OutfitPlugin, WorkPlugin
from anomaly_gui.cluster.opening import start_cluster
from anomaly_gui.cluster.outfit import Outfit, find_outfit
from anomaly_gui.cluster.threads import CORES_VARIABLE
from anomaly_gui.cluster.training import part_store

WORKER = SimpleNamespace(name="one")
PORT = 18789


@pytest.mark.parametrize("reduced", [False, True])
def test_without_any_worker_left_a_wait_for_the_last_part_ends(monkeypatch, reduced):
    monkeypatch.setattr(dask_workers, "_PATIENCE", 3.0)
    with (
        start_cluster(1) as cluster,
        contextlib.closing(Client(cluster, set_as_default=False)) as client,
    ):
        engine = DaskEngine(client)  # nobody starts workers anew
        ends = [threading.Timer(1, cluster.scale, (0,)), threading.Timer(40, engine.cancel)]
        for end in ends:
            end.start()
        try:
            with pytest.raises(EngineGoneError, match="has no worker"):
                if reduced:
                    engine.reduce_parts(made_work.sleep_long, made_work.join, [0])
                else:
                    list(engine.map_parts(made_work.sleep_long, [0]))
        finally:
            for end in ends:
                end.cancel()


def test_the_first_command_that_ends_leaves_the_model_to_another(monkeypatch):
    monkeypatch.delenv(CORES_VARIABLE, raising=False)
    outfit = Outfit.of(b"a model of two commands")
    first, second = OutfitPlugin(outfit, 0), OutfitPlugin(outfit, 0)
    assert first.name != second.name
    first.setup(WORKER)
    second.setup(WORKER)
    first.teardown(WORKER)
    assert find_outfit(outfit.sha256) == outfit.content
    second.teardown(WORKER)
    with pytest.raises(WorkerRefusedError):
        find_outfit(outfit.sha256)


def list_plugins(client):
    found = client.run_on_scheduler(lambda dask_scheduler: list(dask_scheduler.worker_plugins))
    return [name for name in found if name.startswith("anomaly-gui/")]


def test_what_a_killed_command_had_given_to_workers_is_forgotten():
    address = f"tcp://127.0.0.1:{PORT}"
    code = f"""
from distributed import Client
from anomaly_gui.cluster.dask_engine import DaskEngine
from anomaly_gui.cluster.outfit import Outfit
engine = DaskEngine(Client("{address}"), Outfit.of(b"a model"))
print("given", flush=True)
input()
"""
    with (
        started("cluster", "scheduler", "--port", PORT, says="listens at"),
        started("cluster", "worker", address, "--workers", 1, says="Workers at"),
        contextlib.closing(Client(address, set_as_default=False)) as other,
    ):
        command = subprocess.Popen([sys.executable, "-c", code], stdin=-1, stdout=-1, text=True)
        assert command.stdout.readline() == "given\n"
        kept = DaskEngine(other, Outfit.of(b"another model"))
        assert len(list_plugins(other)) == 2
        command.kill()
        command.communicate()
        end = time.monotonic() + 20
        while len(list_plugins(other)) > 1 and time.monotonic() < end:
            time.sleep(0.1)
        assert list_plugins(other) == [kept._plugin.name]


def test_files_that_were_read_are_closed_once_work_is_done(tmp_path):
    shared = part_store.write_shared(tmp_path, "fit", {"means": np.arange(3.0)})
    plugin = WorkPlugin(made_work.square)
    plugin.setup(WORKER)
    assert shared.read("means").tolist() == [0, 1, 2]
    assert part_store._map_array.cache_info().currsize > 0
    plugin.teardown(WORKER)
    assert part_store._map_array.cache_info().currsize == 0
