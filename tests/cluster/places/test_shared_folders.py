"""Images and results in a folder that another computer shares."""

import json
from pathlib import Path

import pytest
from command_line import run
from parts import save_parts
from share_server import PASSWORD, ShareServer, needs_samba

from anomaly_gui.cluster import manifest
from anomaly_gui.cluster.places import url_paths
from anomaly_gui.cluster.places.url_paths import PlaceError, UrlPath, ask_place

smbclient = pytest.importorskip("smbclient")
pytestmark = needs_samba


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("made")
    save_parts(made / "train", 20)
    save_parts(made / "shared" / "good", 40, seed=1)
    save_parts(made / "shared" / "bad", 5, seed=2, defect=True)
    (made / "shared" / "bad" / "notes.txt").write_text("none")
    (made / "shared" / "bad" / "torn.png").write_bytes(b"torn")
    options = ["--detector", "pooled", "--layer", "block2_pool", "--size", "32", "--false-alarm-rate", "0.1"]
    assert run("train", made / "train", "--out", made / "m.anomaly", *options).returncode == 0
    return made


@pytest.fixture(scope="module")
def server(folder, tmp_path_factory):
    server = ShareServer(folder / "shared", tmp_path_factory.mktemp("samba"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SMB_USERNAME", server.user)
        patch.setenv("SMB_PASSWORD", PASSWORD)
        url_paths._open_system.cache_clear()
        yield server.start()
        server.stop()
        url_paths._open_system.cache_clear()


@pytest.fixture
def share(server):
    return f"smb://127.0.0.1:{server.port}/parts"


def score(folder, *more):
    ran = run("score", folder / "m.anomaly", *more, "--cluster", "local")
    assert ran.returncode in (0, 3), ran.stderr
    return ran


def test_images_of_a_share_are_judged_as_those_of_a_disk(folder, share, tmp_path, monkeypatch):
    monkeypatch.setattr(manifest, "PART", 16)
    results = {}
    for name, root, more in (
        ("disk", folder / "shared", ()),
        ("share", share, ("--parts", f"{share}/made/before")),
    ):
        out = tmp_path / f"{name}.json"
        assert score(folder, f"{root}/good", f"{root}/bad", *more, "--json", out).returncode == 3
        results[name] = json.loads(out.read_text())["images"]
    judged = [{**one, "path": one["path"].replace(share, str(folder / "shared"))} for one in results["share"]]
    assert judged == results["disk"] and len(judged) == 46
    kept = [path.suffix for path in (folder / "shared" / "made" / "before").iterdir() if path.is_file()]
    assert kept.count(".done") == kept.count(".parquet") == 3


def test_what_is_finished_is_taken_over(folder, share, tmp_path):
    command = [f"{share}/good", "--parts", f"{share}/again", "--json", tmp_path / "s.json"]
    score(folder, *command)
    score(folder, *command)
    assert json.loads((tmp_path / "s.json").read_text())["taken_over"] == 40
    next((folder / "shared" / "again").glob("*.done")).unlink()
    score(folder, *command)
    assert json.loads((tmp_path / "s.json").read_text())["taken_over"] == 0


def test_nothing_secret_gets_into_files(folder, share, tmp_path):
    score(folder, f"{share}/bad", "--parts", tmp_path / "parts", "--json", tmp_path / "s.json")
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files and not any(PASSWORD.encode() in path.read_bytes() for path in files)


def test_a_file_is_the_same_by_its_name_and_by_its_folder(folder, share):
    (named,) = ask_place(f"{share}/bad/torn.png", lambda system, path: system.ls(path))
    listed = ask_place(f"{share}/bad", lambda system, path: system.ls(path))
    assert named in listed and named["size"] == 4
    assert {Path(one["name"]).name for one in listed} >= {"notes.txt", "torn.png"}
    assert UrlPath(f"{share}/bad/torn.png").stat().st_size == 4


def test_what_is_not_there_is_told(folder, share):
    for place in (f"{share}/nothing", f"{share}-of-nobody/good", share.rpartition("/")[0]):
        ran = run("score", folder / "m.anomaly", place, "--cluster", "local")
        assert ran.returncode == 2 and f"{place} does not exist: check the address" in ran.stderr, ran.stderr


def test_a_wrong_password_is_told(folder, share, monkeypatch):
    def forget():
        url_paths._open_system.cache_clear()
        smbclient.reset_connection_cache()

    monkeypatch.setenv("SMB_PASSWORD", "another")
    forget()
    ran = run("score", folder / "m.anomaly", f"{share}/good", "--cluster", "local")
    forget()
    assert ran.returncode == 2 and "may not be read: check the credentials of the environment" in ran.stderr


def test_a_computer_that_went_and_came_is_asked_again(server, share, monkeypatch):
    monkeypatch.setattr(url_paths, "_FIRST_PAUSE", 0.01)
    image = UrlPath(f"{share}/bad/torn.png")
    assert image.read_bytes() == b"torn"
    server.stop()
    with pytest.raises(PlaceError, match="does not answer as it should"):
        image.read_bytes()
    server.start()
    assert image.read_bytes() == b"torn"
