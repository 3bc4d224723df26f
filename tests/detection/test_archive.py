import io
import json
import zipfile

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anomaly_gui.detection import archive
from anomaly_gui.detection.archive import Limits, read_archive, write_archive
from anomaly_gui.errors import ModelFileError

SCHEMA = {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}}
MANIFEST = {"name": "Flaschenverschlüsse"}
ARRAYS = {"mean": np.arange(6, dtype=np.float32).reshape(2, 3), "few": np.array([1, 2], np.uint8)}


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "瓶盖.anomaly"
    write_archive(path, MANIFEST, ARRAYS)
    return path


def _rewrite(path, change):
    """Write the file's members anew after `change(members)`; the manifest's digest follows the manifest."""
    with zipfile.ZipFile(path) as file:
        members = {name: file.read(name) for name in file.namelist()}
    change(members)
    if "manifest.json" in members:
        members["manifest.sha256"] = archive.hashlib.sha256(members["manifest.json"]).hexdigest().encode()
    with zipfile.ZipFile(path, "w") as file:
        for name, data in members.items():
            file.writestr(name, data)


def _edit_manifest(path, **changes):
    def change(members):
        members["manifest.json"] = json.dumps({**json.loads(members["manifest.json"]), **changes}).encode()

    _rewrite(path, change)


def test_gives_back_what_was_written(path):
    manifest, arrays = read_archive(path, SCHEMA)
    assert manifest["name"] == MANIFEST["name"]
    assert arrays.keys() == ARRAYS.keys()
    for name, array in arrays.items():
        np.testing.assert_array_equal(array, ARRAYS[name])
        assert array.dtype == ARRAYS[name].dtype


def test_equal_content_gives_equal_bytes(path, tmp_path):
    write_archive(tmp_path / "again", MANIFEST, ARRAYS)
    assert path.read_bytes() == (tmp_path / "again").read_bytes()


def test_interrupted_save_leaves_the_old_file_whole(path, monkeypatch):
    before = path.read_bytes()

    def fails(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archive, "_add", fails)
    with pytest.raises(ModelFileError, match="cannot be written"):
        write_archive(path, {"name": "other"}, ARRAYS)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def _npy(array, **options):
    file = io.BytesIO()
    np.save(file, array, **options)
    return file.getvalue()


def _swap(name, data, listing=None):
    def change(members):
        members[f"arrays/{name}.npy"] = data
        manifest = json.loads(members["manifest.json"])
        manifest["arrays"][name]["sha256"] = archive.hashlib.sha256(data).hexdigest()
        manifest["arrays"][name].update(listing or {})
        members["manifest.json"] = json.dumps(manifest).encode()

    return lambda path: _rewrite(path, change)


def _put(name, data):
    return lambda path: _rewrite(path, lambda members: members.__setitem__(name, data))


def _compress(path):
    with zipfile.ZipFile(path) as file:
        members = {name: file.read(name) for name in file.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members.items():
            file.writestr(name, data)


BAD = {
    "empty": (lambda path: path.write_bytes(b""), "not a model file"),
    "text": (lambda path: path.write_text("hello"), "not a model file"),
    "truncated": (lambda path: path.write_bytes(path.read_bytes()[:-40]), "not a model file"),
    "gone": (lambda path: path.unlink(), "does not exist"),
    "no manifest": (lambda path: _rewrite(path, lambda m: m.pop("manifest.json")), "no manifest"),
    "traversal": (_put("../evil.py", b"x"), "it holds '../evil.py'"),
    "absolute": (_put("/etc/passwd", b"x"), "it holds '/etc/passwd'"),
    "compressed": (_compress, "compressed"),
    "not json": (_put("manifest.json", b"{"), "is damaged"),
    "deep json": (_put("manifest.json", b"[" * 200_000), "is damaged"),
    "double key": (_put("manifest.json", b'{"a": 1, "a": 2}'), "a key twice"),
    "nan": (_put("manifest.json", b'{"a": NaN}'), "holds NaN"),
    "list": (_put("manifest.json", b"[]"), "not an object"),
    "other format": (lambda path: _edit_manifest(path, format="x"), "not a model file of Anomaly GUI"),
    "newer": (lambda path: _edit_manifest(path, format_version=2), "newer version"),
    "schema": (lambda path: _edit_manifest(path, name=3), r"\$.name"),
    "unlisted": (_put("arrays/more.npy", b"x"), "missing or not listed"),
    "changed": (_put("arrays/few.npy", _npy(np.array([1, 3], np.uint8))), "few was changed"),
    "shape": (_swap("few", _npy(np.zeros(3, np.uint8))), "not as listed"),
    "object": (_swap("few", _npy(np.array([None]), allow_pickle=True)), "is damaged"),
    "not finite": (_swap("mean", _npy(np.full((2, 3), np.nan, np.float32))), "not finite"),
    "too short": (_swap("few", _npy(ARRAYS["few"])[:-1]), "not as listed"),
}


@pytest.mark.parametrize("kind", BAD)
def test_bad_files_are_refused_in_one_sentence(path, kind):
    spoil, reason = BAD[kind]
    spoil(path)
    with pytest.raises(ModelFileError, match=reason) as refused:
        read_archive(path, SCHEMA)
    assert path.name in str(refused.value)
    assert "\n" not in str(refused.value)


def test_limits(path):
    with pytest.raises(ModelFileError, match="larger than any model"):
        read_archive(path, SCHEMA, Limits(array_bytes=50))


@pytest.mark.parametrize("array", [np.array([np.inf]), np.array(["a"]), np.array([None])])
def test_what_cannot_be_read_again_is_not_written(tmp_path, array):
    with pytest.raises(ValueError, match=r"cannot be stored|not finite"):
        write_archive(tmp_path / "a", MANIFEST, {"array": array})


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    changes=st.lists(
        st.tuples(st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=4)), min_size=1
    ),
    cut=st.one_of(st.just(1.0), st.floats(0, 1)),
)
def test_mutated_files_are_refused_or_whole(path, changes, cut):
    whole = path.read_bytes()
    data = bytearray(whole)
    for place, new in changes:
        at = int(place * len(data))
        data[at : at + len(new)] = new
    mutated = path.with_name("mutated.anomaly")
    mutated.write_bytes(data[: int(cut * len(data))])
    try:
        manifest, arrays = read_archive(mutated, SCHEMA)
    except ModelFileError:
        return
    assert manifest["name"] == MANIFEST["name"]
    for name, array in arrays.items():
        np.testing.assert_array_equal(array, ARRAYS[name])
