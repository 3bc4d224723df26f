import hashlib
import io
import json
import os
import subprocess
import sys
import time
import zipfile
from errno import EACCES, ENOSPC
from pathlib import Path

import numpy as np
import pytest
from archive_samples import ARRAYS, MANIFEST, members_of

from anomaly_gui.detection.model.archive import archive_reading, archive_writing
from anomaly_gui.detection.model.archive.archive_layout import Limits
from anomaly_gui.detection.model.archive.archive_reading import read_archive
from anomaly_gui.detection.model.archive.archive_writing import write_archive
from anomaly_gui.errors import ModelFileError

SCHEMA = {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}}


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "瓶盖 ü.anomaly"
    write_archive(path, MANIFEST, ARRAYS)
    return path


def _digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_gives_back_what_was_written(path):
    manifest, arrays = read_archive(path, SCHEMA)
    assert {key: manifest[key] for key in MANIFEST} == MANIFEST
    assert (manifest["format"], manifest["format_version"]) == ("anomaly-gui-model", 2)
    assert manifest["arrays"]["mean"]["shape"] == [2, 3]
    assert arrays.keys() == ARRAYS.keys()
    for name, array in arrays.items():
        np.testing.assert_array_equal(array, ARRAYS[name], strict=True)
        assert array.flags.writeable
        assert array.flags.aligned


def test_other_programs_can_open_it(path):
    with zipfile.ZipFile(path) as file:
        assert file.namelist() == ["manifest.json", "arrays/few.npy", "arrays/kept.npy", "arrays/mean.npy"]
        assert file.testzip() is None
        assert json.loads(file.read("manifest.json"))["name"] == MANIFEST["name"]
        for name, array in ARRAYS.items():
            stored = np.load(io.BytesIO(file.read(f"arrays/{name}.npy")), allow_pickle=False)
            np.testing.assert_array_equal(stored, array, strict=True)


def test_the_layout_is_that_of_pythons_own_zip_writer(path):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        for name, data in members_of(path).items():
            info = zipfile.ZipInfo(name)
            info.create_system, info.external_attr = 3, 0o600 << 16
            file.writestr(info, data)
        digest = hashlib.sha256(members_of(path)["manifest.json"]).hexdigest()
        file.comment = f"manifest.json SHA-256 {digest}".encode()
    assert path.read_bytes() == packed.getvalue()


def test_equal_content_gives_equal_bytes(path, tmp_path):
    turned_round = dict(reversed(MANIFEST.items())), dict(reversed(ARRAYS.items()))
    write_archive(tmp_path / "again", *turned_round)
    assert path.read_bytes() == (tmp_path / "again").read_bytes()


DIGESTS = {
    1: "e8f69a136b220e46e874fe247a6f08b4fcc6118445ccc6798f2ed3106fa902ae",
    2: "31294a8c7cf01be5676ee0441bc3c1d4756fd882917637e9dd85bb3072cdf88e",
}


@pytest.mark.parametrize("version", DIGESTS)
def test_the_bytes_stay_the_same_from_version_to_version(tmp_path, monkeypatch, version):
    # The reader compares files with what it would write: other bytes here means old files no longer open.
    monkeypatch.setattr(archive_writing, "FORMAT_VERSION", version)
    write_archive(tmp_path / "a", MANIFEST, ARRAYS)
    assert _digest(tmp_path / "a") == DIGESTS[version]
    assert read_archive(tmp_path / "a", SCHEMA)[1].keys() == ARRAYS.keys()


@pytest.mark.parametrize(
    "array",
    [
        np.array(3.5, np.float16),
        np.zeros((0, 5)),
        np.arange(12, dtype=">i4").reshape(3, 4),
        np.asfortranarray(np.arange(12.0).reshape(3, 4)),
        np.arange(20, dtype=np.int64)[::-2],
        np.array([-0.0, 5e-324, 1.7e308]),
        np.zeros((1, 2, 1, 2, 1, 2, 1, 2), np.uint64),
    ],
    ids=["number", "empty", "big endian", "Fortran order", "strided", "extreme", "eight axes"],
)
def test_arrays_of_every_layout_come_back(tmp_path, array):
    write_archive(tmp_path / "a", {}, {"odd-name_1.x": array})
    again = read_archive(tmp_path / "a", {})[1]["odd-name_1.x"]
    np.testing.assert_array_equal(again, array)
    assert (again.dtype, again.shape) == (array.dtype.newbyteorder("<"), array.shape)
    assert again.flags.c_contiguous


def test_names_of_files_that_are_not_utf8_come_back(tmp_path):
    name = os.fsdecode(b"teil\xff.png") if os.name == "posix" else "teil\udcff.png"
    write_archive(tmp_path / "a", {"name": name}, {})
    assert read_archive(tmp_path / "a", SCHEMA)[0]["name"] == name
    assert members_of(tmp_path / "a")["manifest.json"].decode("utf-8")


@pytest.mark.parametrize(
    ("name", "array"),
    [
        ("a", np.array([np.inf])),
        ("a", np.array([np.nan], np.float16)),
        ("a", np.array(["text"])),
        ("a", np.array([None])),
        ("a", np.array([1j])),
        ("a", np.array(["2026-01-01"], "datetime64[D]")),
        ("a", np.zeros(2, [("x", "f4")])),
        ("a", np.zeros((1,) * 9)),
        ("", np.zeros(1)),
        ("../a", np.zeros(1)),
        ("A", np.zeros(1)),
        ("a\n", np.zeros(1)),
        ("a" * 101, np.zeros(1)),
    ],
)
def test_arrays_that_could_not_be_read_are_not_written(tmp_path, name, array):
    with pytest.raises(ValueError, match=r"cannot be stored|not finite"):
        write_archive(tmp_path / "a", MANIFEST, {name: array})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 10**40, {"1": 0, 1: 0}])
def test_manifests_that_could_not_be_read_are_not_written(tmp_path, value):
    with pytest.raises((ValueError, TypeError)):
        write_archive(tmp_path / "a", {"value": value}, {})
    assert list(tmp_path.iterdir()) == []


def test_a_write_that_fails_midway_leaves_the_old_file_whole(path):
    resource = pytest.importorskip("resource", reason="limits of a process are POSIX's")
    before, (soft, hard) = _digest(path), resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        with pytest.raises(ModelFileError, match="cannot be saved: File too large; choose another place"):
            write_archive(path, MANIFEST, {"large": np.zeros(100_000)})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert _digest(path) == before
    assert list(path.parent.iterdir()) == [path]


ENDLESS_SAVING = """
import sys
from pathlib import Path
import numpy as np
from anomaly_gui.detection.model.archive.archive_writing import write_archive
while True:
    for value in (1.0, 2.0):
        write_archive(Path(sys.argv[1]), {"value": value}, {"large": np.full(2_000_000, value)})
"""


def test_a_save_that_is_killed_leaves_the_old_file_whole(tmp_path):
    path, left = tmp_path / "a.anomaly", []
    for _ in range(20):  # a kill may hit the moment between two saves
        with subprocess.Popen([sys.executable, "-c", ENDLESS_SAVING, path]) as process:
            try:
                _wait_until(
                    lambda: path.exists() and any(part.stat().st_size for part in tmp_path.glob(".*.part"))
                )
            finally:
                process.kill()
        if left := list(tmp_path.glob(".*.part")):
            break
    assert left
    manifest, arrays = read_archive(path, {})
    assert np.unique(arrays["large"]).tolist() == [manifest["value"]]


def _wait_until(holds):
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            if holds():
                return
        except FileNotFoundError:  # renamed between being listed and being looked at
            continue
        time.sleep(0.001)
    pytest.fail("nothing was saved in 30 seconds")


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        ("no folder/a.anomaly", "its folder does not exist; make the folder"),
        ("file/a.anomaly", "its folder does not exist"),
        ("folder", "a folder has this name; choose another name"),
        ("n" * 300, "choose another place"),
    ],
)
def test_places_that_cannot_be_written_are_named(tmp_path, place, reason):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    with pytest.raises(ModelFileError, match=f"{place} cannot be saved: .*{reason}"):
        write_archive(tmp_path / place, MANIFEST, ARRAYS)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["file", "folder"]


def test_a_folder_without_a_name_is_no_place_either(tmp_path):
    with pytest.raises(ModelFileError, match="a folder has this name"):
        write_archive(Path(tmp_path.anchor), MANIFEST, ARRAYS)


@pytest.mark.parametrize(
    ("number", "reason"), [(EACCES, "writing there is not allowed"), (ENOSPC, "the disk is full; free some")]
)
def test_errors_of_the_system_are_put_into_words(path, monkeypatch, number, reason):
    def fails(*_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(archive_writing, "atomic_write", fails)
    with pytest.raises(ModelFileError, match=f"{path.name} cannot be saved: {reason}"):
        write_archive(path, MANIFEST, ARRAYS)


@pytest.mark.parametrize(
    ("limits", "what"),
    [
        (Limits(manifest_bytes=100), "bytes of manifest"),
        (Limits(array_bytes=200), "bytes of arrays"),
        (Limits(members=3), "4 members"),
    ],
)
def test_limits_hold_for_reading_and_writing(path, monkeypatch, limits, what):
    with pytest.raises(ModelFileError, match=f"larger than a model file may be.*{what}"):
        read_archive(path, SCHEMA, limits)
    monkeypatch.setattr(archive_writing, "DEFAULT_LIMITS", limits)
    with pytest.raises(ModelFileError, match=f"cannot be saved.*{what}.*train a smaller model"):
        write_archive(path, MANIFEST, ARRAYS)


def test_limits_themselves_are_allowed(path):
    sizes = {name: len(data) for name, data in members_of(path).items()}
    manifest_bytes = sizes.pop("manifest.json")
    limits = Limits(manifest_bytes, sum(sizes.values()), members=len(sizes) + 1)
    assert read_archive(path, SCHEMA, limits)[1].keys() == ARRAYS.keys()


def test_an_empty_array_with_an_axis_beyond_limits_is_not_written(tmp_path):
    with pytest.raises(ModelFileError, match="bytes of arrays"):
        write_archive(tmp_path / "a", {}, {"empty": np.zeros((0, 2**40))})


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are POSIX's")
def test_a_pipe_is_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ModelFileError, match="is not an ordinary file"):
        read_archive(tmp_path / "pipe", SCHEMA)


@pytest.mark.parametrize("error", [OSError(EACCES, "Permission denied"), MemoryError()])
def test_what_the_machine_refuses_is_put_into_words(path, monkeypatch, error):
    def fails(*_):
        raise error

    monkeypatch.setattr(archive_reading, "_read_checked", fails)
    with pytest.raises(ModelFileError, match=r"cannot be read: Permission denied|more memory than is free"):
        read_archive(path, SCHEMA)


def test_names_no_system_knows_are_refused(tmp_path):
    with pytest.raises(ModelFileError, match=r"cannot be read|does not exist"):
        read_archive(tmp_path / ("n" * 300), SCHEMA)
