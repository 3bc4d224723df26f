"""Images and results in an object store, of whose requests some fail."""

import json
import socket

import fsspec
import pytest
from command_line import run
from object_store import ACCOUNT, count_failures, object_store, upload
from parts import save_parts

from anomaly_gui.cluster import manifest
from anomaly_gui.cluster.places import url_paths
from anomaly_gui.cluster.places.url_paths import PlaceError, UrlPath, as_path, ask_place
from anomaly_gui.cluster.scored.unfinished_place import DamagedError, UnfinishedPlace

pytest.importorskip("moto.server")


def find_port():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("made")
    save_parts(made / "train", 20)
    save_parts(made / "images" / "good", 60, seed=1)
    save_parts(made / "images" / "bad", 9, seed=2, defect=True)
    (made / "images" / "notes.txt").write_text("none")
    (made / "images" / "bad" / "torn.png").write_bytes(b"torn")
    options = ["--detector", "pooled", "--layer", "block2_pool", "--size", "32", "--false-alarm-rate", "0.1"]
    assert run("train", made / "train", "--out", made / "m.anomaly", *options).returncode == 0
    return made


@pytest.fixture(scope="module")
def store(folder):
    with pytest.MonkeyPatch.context() as patch, object_store(find_port(), 20) as address:
        for name, value in {**ACCOUNT, "AWS_ENDPOINT_URL": address}.items():
            patch.setenv(name, value)
        url_paths._open_system.cache_clear()
        upload(folder / "images", "images")
        yield address
        url_paths._open_system.cache_clear()
        fsspec.filesystem("s3").clear_instance_cache()


@pytest.mark.parametrize("cluster", ["local", "auto"])
def test_images_in_a_store_are_judged_as_those_in_a_folder(folder, store, tmp_path, monkeypatch, cluster):
    monkeypatch.setattr(manifest, "PART", 16)
    results, parts = {}, f"s3://images/parts-{cluster}"
    before = count_failures(store)
    for name, images, more in (
        ("folder", folder / "images", ()),
        ("store", "s3://images/good", ("s3://images/bad", "--parts", parts)),
    ):
        out = ("--json", tmp_path / f"{name}.json", "--cluster", cluster)
        ran = run("score", folder / "m.anomaly", images, *more, *out)
        assert ran.returncode == 3, ran.stderr
        results[name] = json.loads((tmp_path / f"{name}.json").read_text())["images"]
    assert count_failures(store) > before
    judged = {one["path"].replace("s3://images", str(folder / "images")): one for one in results["store"]}
    expected = {one["path"]: one for one in results["folder"]}
    assert judged.keys() == expected.keys() and len(judged) == 70
    for path, one in judged.items():
        assert one["verdict"] == expected[path]["verdict"] and one["reason"] == expected[path]["reason"]
        score = expected[path]["score"]
        assert one["score"] == (score if score is None else pytest.approx(score, rel=1e-6))
    names = [name.rsplit("/", 1)[-1] for name in fsspec.filesystem("s3").ls(parts[5:], refresh=True)]
    assert (
        sum(name.endswith(".done") for name in names) == sum(name.endswith(".parquet") for name in names) == 5
    )


def test_a_part_without_its_mark_is_judged_again(folder, store, tmp_path):
    command = ["score", folder / "m.anomaly", "s3://images/good", "--json", tmp_path / "s.json"]
    options = ["--cluster", "local", "--parts", "s3://images/parts-again"]
    assert run(*command, *options).returncode == 0
    system = fsspec.filesystem("s3")
    marks = [name for name in system.ls("images/parts-again", refresh=True) if name.endswith(".done")]
    assert run(*command, *options).returncode == 0
    assert json.loads((tmp_path / "s.json").read_text())["taken_over"] == 60
    system.rm_file(marks[0])
    assert run(*command, *options).returncode == 0
    assert json.loads((tmp_path / "s.json").read_text())["taken_over"] == 0


def test_what_is_judged_so_far_is_kept_in_a_store(folder, store):
    place, system = UnfinishedPlace("s3://images/parts-so-far"), fsspec.filesystem("s3")
    assert place.read("part") is None
    place.write("part", b"rows")
    place.write("other", b"rows")
    assert place.read("part") == b"rows"
    system.pipe_file("images/parts-so-far/unfinished/part", b"torn")
    with pytest.raises(DamagedError):
        place.read("part")
    place.remove_all(["part", "gone"])
    assert place.read("part") is None and place.read("other") == b"rows"


def test_a_part_in_a_store_goes_on_where_it_ended(folder, store, tmp_path):
    parts = "s3://images/parts-torn"
    command = ["score", folder / "m.anomaly", "s3://images/good", "--json", tmp_path / "s.json"]
    options = ["--cluster", "local", "--parts", parts]
    assert run(*command, *options).returncode == 0
    system, whole = fsspec.filesystem("s3"), json.loads((tmp_path / "s.json").read_text())["images"]
    (mark,) = [name for name in system.ls(parts[5:], refresh=True) if name.endswith(".done")]
    name = mark.rsplit("/", 1)[-1].removesuffix(".done")
    system.rm_file(mark)
    UnfinishedPlace(parts).write(name, b"no rows at all")
    ran = run(*command, *options)
    assert ran.returncode == 0
    assert "What had been judged of part 1 was damaged: all of it was judged again." in ran.stderr
    assert json.loads((tmp_path / "s.json").read_text())["images"] == whole
    assert UnfinishedPlace(parts).read(name) is None


def test_nothing_secret_gets_into_files(folder, store, tmp_path):
    options = ["--cluster", "local", "--parts", tmp_path / "parts", "--json", tmp_path / "s.json"]
    assert run("score", folder / "m.anomaly", "s3://images/bad", *options).returncode == 3
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files and not any(b"made-up" in path.read_bytes() for path in files)


def test_a_store_without_the_folder_is_told(folder, store):
    ran = run("score", folder / "m.anomaly", "s3://images/nothing", "--cluster", "local")
    assert ran.returncode == 2 and "s3://images/nothing does not exist" in ran.stderr


def test_a_store_that_does_not_answer_is_told(monkeypatch):
    monkeypatch.setattr(url_paths, "_FIRST_PAUSE", 0.001)
    asked = []

    def fail(system, path):
        asked.append(path)
        raise ConnectionError("https://key:secret@host")

    with pytest.raises(PlaceError, match="ConnectionError") as told:
        ask_place("s3://bucket/x", fail)
    assert len(asked) == url_paths._TRIES and "secret" not in str(told.value)


def test_an_address_stays_what_it_is(tmp_path):
    path = as_path("s3://bucket/a folder/part_1.png")
    assert isinstance(path, UrlPath)
    assert str(path) == "s3://bucket/a folder/part_1.png" == str(path.parent / path.name)
    assert as_path(tmp_path) == tmp_path and not isinstance(as_path(tmp_path), UrlPath)
