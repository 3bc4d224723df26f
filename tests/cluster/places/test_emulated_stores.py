"""Images and results in Google's and Azure's stores, as emulators of them answer on loopback.

They are run where they are installed: `pip install gcsfs gcp-storage-emulator adlfs`, `npm install azurite`.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import fsspec
import pytest
from command_line import run
from parts import save_parts
from share_server import find_port, is_listening

from anomaly_gui.cluster import manifest
from anomaly_gui.cluster.places import url_paths
from anomaly_gui.cluster.places.place_listing import PlaceSearch
from anomaly_gui.cluster.places.url_paths import as_path, ask_place
from anomaly_gui.errors import UserError

EMULATORS = {
    "gs": ("gcsfs", "gcp-storage-emulator"),
    "az": ("adlfs", "azurite-blob"),
}
ACCOUNT = "devstoreaccount1"
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
"""Which all installations of Azurite have, by its documentation."""


def find_emulator(scheme):
    beside = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    return shutil.which(EMULATORS[scheme][1], path=beside)


def name_command(scheme, port, folder):
    if scheme == "gs":
        return ["start", "--host", "127.0.0.1", "--port", port, "--in-memory", "--default-bucket", "images"]
    places = ["--blobHost", "127.0.0.1", "--blobPort", port, "--location", folder]
    return [*places, "--silent", "--skipApiVersionCheck", "--disableTelemetry"]


def name_environment(scheme, port):
    if scheme == "gs":
        return {"STORAGE_EMULATOR_HOST": f"http://127.0.0.1:{port}"}
    place = f"BlobEndpoint=http://127.0.0.1:{port}/{ACCOUNT}"
    said = f"DefaultEndpointsProtocol=http;AccountName={ACCOUNT};AccountKey={KEY};{place};"
    return {"AZURE_STORAGE_CONNECTION_STRING": said}


@pytest.fixture(params=sorted(EMULATORS))
def scheme(request, tmp_path, monkeypatch):
    scheme = request.param
    if find_emulator(scheme) is None or find_spec(EMULATORS[scheme][0]) is None:
        pytest.skip(f"{' and '.join(EMULATORS[scheme])} are not installed")
    port, nothing = find_port(), subprocess.DEVNULL
    for name, value in name_environment(scheme, port).items():
        monkeypatch.setenv(name, value)
    words = [find_emulator(scheme), *map(str, name_command(scheme, port, tmp_path / "store"))]
    with subprocess.Popen(words, stdin=nothing, stdout=nothing, stderr=nothing) as emulator:
        until = time.monotonic() + 30
        while not is_listening(port):
            assert emulator.poll() is None and time.monotonic() < until
            time.sleep(0.1)
        url_paths._open_system.cache_clear()
        yield scheme
        emulator.kill()
        url_paths._open_system.cache_clear()
        fsspec.filesystem(scheme).clear_instance_cache()


def upload(folder, place):
    bucket = place.partition("://")[2]
    if place.startswith("az"):
        ask_place(place, lambda system, _: system.mkdir(bucket))
    for path in sorted(folder.rglob("*.png")):
        url, content = f"{place}/{path.relative_to(folder).as_posix()}", path.read_bytes()
        ask_place(url, lambda system, at, content=content: system.pipe_file(at, content))


def test_images_in_an_emulated_store_are_judged_as_those_of_a_disk(scheme, tmp_path, monkeypatch):
    monkeypatch.setattr(manifest, "PART", 16)
    place, results = f"{scheme}://images", {}
    save_parts(tmp_path / "train", 20)
    save_parts(tmp_path / "images" / "good", 30, seed=1)
    save_parts(tmp_path / "images" / "bad", 5, seed=2, defect=True)
    options = ["--detector", "pooled", "--layer", "block2_pool", "--size", "32", "--false-alarm-rate", "0.1"]
    run("train", tmp_path / "train", "--out", tmp_path / "m.anomaly", *options)
    upload(tmp_path / "images", place)
    for name, root, more in (
        ("disk", tmp_path / "images", ()),
        ("store", place, ("--parts", f"{place}/made")),
    ):
        out = tmp_path / f"{name}.json"
        command = ("score", tmp_path / "m.anomaly", f"{root}/good", f"{root}/bad", "--json", out)
        for _ in range(2):
            ran = run(*command, "--cluster", "local", *more)
            assert ran.returncode == 0, ran.stderr
        results[name] = json.loads(out.read_text())
    assert results["store"]["taken_over"] == 35
    judged = [
        {**one, "path": one["path"].replace(place, str(tmp_path / "images"))}
        for one in results["store"]["images"]
    ]
    assert judged == results["disk"]["images"] and len(judged) == 35


def test_what_is_not_in_an_emulated_store_is_told(scheme):
    for place in (f"{scheme}://images/nothing", f"{scheme}://of-nobody/good"):
        with pytest.raises(UserError, match="does not exist: check the address"):
            PlaceSearch([as_path(place)]).look_at(as_path(place))
