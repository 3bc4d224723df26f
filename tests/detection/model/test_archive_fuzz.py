"""Files spoilt in every way we could name, then in thousands of ways at random."""

import hashlib
import io
import json
import os
import re
import zipfile

import numpy as np
import pytest
from archive_samples import ARRAYS, MANIFEST, members_of
from hypothesis import given, settings
from hypothesis import strategies as st

from anomaly_gui.detection.model.archive.archive_reading import read_archive
from anomaly_gui.detection.model.archive.archive_writing import write_archive
from anomaly_gui.errors import ModelFileError

SCHEMA = {
    "type": "object",
    "required": ["name"],
    "properties": {"name": {"type": "string"}, "marks": {"additionalProperties": {"type": "number"}}},
}


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "瓶盖 ü.anomaly"
    write_archive(path, MANIFEST, ARRAYS)
    return path


def _pack(path, members, comment=None, **fields):
    """Write (name, bytes) pairs with Python's own zip writer, laid out as a model file is."""
    with zipfile.ZipFile(path, "w") as file:
        for name, data in members:
            info = zipfile.ZipInfo(name)
            info.create_system, info.external_attr = 3, 0o600 << 16
            for field, value in fields.items():
                setattr(info, field, value)
            file.writestr(info, data)
        digest = hashlib.sha256(members[0][1]).hexdigest() if members else ""
        file.comment = f"manifest.json SHA-256 {digest}".encode() if comment is None else comment


def _repack(change, **fields):
    """Return what writes a file anew after `change(members)`, with the digest of the manifest made right."""

    def spoil(path):
        members = members_of(path)
        _pack(path, change(members) or list(members.items()), **fields)

    return spoil


def _text(text):
    return _repack(lambda members: members.update({"manifest.json": text}))


def _edit(**changes):
    def change(members):
        manifest = {**json.loads(members["manifest.json"]), **changes}
        members["manifest.json"] = json.dumps(manifest).encode()

    return _repack(change)


def _listed(name, **changes):
    def change(members):
        manifest = json.loads(members["manifest.json"])
        manifest["arrays"][name].update(changes)
        members["manifest.json"] = json.dumps(manifest).encode()

    return _repack(change)


def _array(name, data, **listing):
    """Return what puts another .npy file in the place of an array's, with its digest made right."""

    def spoil(path):
        _repack(lambda members: members.update({f"arrays/{name}.npy": data}))(path)
        _listed(name, sha256=hashlib.sha256(data).hexdigest(), **listing)(path)

    return spoil


def _npy(array, **options):
    file = io.BytesIO()
    np.save(file, array, **options)
    return file.getvalue()


def _bytes(change):
    return lambda path: path.write_bytes(change(path.read_bytes()))


def _header(member, at, new):
    """Return what puts bytes into the header before a member, counted from the header's start."""

    def change(data):
        start = data.index(member.encode()) - 30 + at
        return data[:start] + new + data[start + len(new) :]

    return _bytes(change)


def _few(array, **options):
    return _array("few", _npy(array, **options))


def _version_2_header(npy):
    text = npy[10:]
    return b"\x93NUMPY\x02\x00" + len(text).to_bytes(4, "little") + text


def _folder(path):
    path.unlink()
    path.mkdir()


def _with(name):
    return _repack(lambda members: [*members.items(), (name, b"x")])


def _as_it_is(members):
    return list(members.items())


def _all_entries_point_to_the_manifest(data):
    entries = data.index(b"PK\1\2")
    return data[:entries] + re.sub(b"(PK\1\2.{38}).{4}", rb"\1\0\0\0\0", data[entries:], flags=re.DOTALL)


def _doubled(path):
    """Name two members alike afterwards: the zip writer would warn of the second."""
    write_archive(path, MANIFEST, {**ARRAYS, "fex": ARRAYS["few"]})
    path.write_bytes(path.read_bytes().replace(b"arrays/fex", b"arrays/few"))


def _reversed_behind_the_manifest(members):
    first, *others = members.items()
    return [first, *reversed(others)]


FEW = _npy(ARRAYS["few"])
NO_JSON = "its manifest is not the JSON it should be"
NOT_LISTED = "does not end after what its manifest lists"
MOVED = "few.npy is not where it should be"
CHANGED = "the array few was changed"
BEYOND = "larger than a model file may be"
BAD = {
    "gone": (lambda path: path.unlink(), "does not exist: check its name"),
    "a folder": (_folder, "is a folder: choose a model file"),
    "empty": (_bytes(lambda data: b""), "is empty: copy it again"),
    "a text": (_bytes(lambda data: b"hello" * 100), "is not a model file: choose"),
    "two bytes": (_bytes(lambda data: b"PK"), "is not a model file: choose"),
    "ten bytes": (_bytes(lambda data: data[:10]), "its end is missing"),
    "forty bytes": (_bytes(lambda data: data[:40]), "its end is missing"),
    "cut in the manifest": (_bytes(lambda data: data[:100]), "its end is missing"),
    "cut in the arrays": (_bytes(lambda data: data[: data.index(b"NUMPY")]), "its end is missing"),
    "cut at the end": (_bytes(lambda data: data[:-1]), NOT_LISTED),
    "something behind": (_bytes(lambda data: data + b"\0"), NOT_LISTED),
    "something in front": (_bytes(lambda data: b"\0" + data), "is not a model file: choose"),
    "an empty zip": (lambda path: _pack(path, []), "is not a model file: choose"),
    "no manifest": (_repack(lambda members: list(members.items())[1:]), "does not begin with a manifest"),
    "manifest not first": (_repack(lambda m: list(m.items())[::-1]), "does not begin with a manifest"),
    "compressed": (_repack(_as_it_is, compress_type=zipfile.ZIP_DEFLATED), "encrypted or compressed zip"),
    "encrypted": (_header("manifest.json", 6, b"\1"), "encrypted or compressed zip"),
    "a compressed array": (_header("arrays/few.npy", 8, b"\x08"), "few.npy was changed"),
    "an encrypted array": (_header("arrays/few.npy", 6, b"\1"), "few.npy was changed"),
    "an array of another size": (_header("arrays/few.npy", 22, b"\xff\xff"), "few.npy was changed"),
    "a manifest beyond limits": (_header("manifest.json", 22, b"\xff" * 4), BEYOND),
    "a manifest beyond the file": (_header("manifest.json", 22, b"\0\0\1"), "its end is missing"),
    "an extra field": (_repack(_as_it_is, extra=b"\x99\x99\0\0"), "its manifest was changed"),
    "members that overlap": (_bytes(_all_entries_point_to_the_manifest), NOT_LISTED),
    "not UTF-8": (_text('{"name": "ü"}'.encode("latin-1")), "its manifest is not UTF-8"),
    "not JSON": (_text(b'{"name"'), NO_JSON),
    "a byte order mark": (_text(b"\xef\xbb\xbf{}"), NO_JSON),
    "one key twice": (_text(b'{"a": 1, "\\u0061": 1}'), f"{NO_JSON}: an object has one key twice"),
    "one key twice inside": (_text(b'{"a": [{"b": 1, "b": 1}]}'), "one key twice"),
    "nested deeply": (_text(b"[" * 200_000 + b"]" * 200_000), NO_JSON),
    "a long number": (_text(b'{"a": ' + b"9" * 1_000_000 + b"}"), "a number is too large"),
    "a large number": (_text(b'{"a": 1e999}'), "a number is too large"),
    "NaN": (_text(b'{"a": NaN}'), "not finite"),
    "infinity": (_text(b'{"a": -Infinity}'), "not finite"),
    "a list": (_text(b"[]"), "its manifest is not an object"),
    "another format": (_edit(format="x"), "is not a model file of Anomaly GUI: choose"),
    "no format": (_text(b"{}"), "is not a model file of Anomaly GUI: choose"),
    "a newer version": (
        _edit(format_version=3),
        r"was made by a newer version of Anomaly GUI \(format 3; this version reads 2\): update",
    ),
    "no version": (_edit(format_version=None), "names no format version"),
    "a true version": (_edit(format_version=True), "names no format version"),
    "version 0": (_edit(format_version=0), "names no format version"),
    "an unfit value": (_edit(name=3), r"unfit value at \$.name: 3 is not of type 'string'"),
    "an unfit value at a nasty place": (_edit(marks={"\n\x1b[31m" * 99: ""}), r"unfit value at \$\.marks"),
    "no list of arrays": (_edit(arrays=None), "lists no arrays"),
    "an array by a bad name": (
        _edit(arrays={"../ü": {"dtype": "|u1", "shape": [], "sha256": ""}}),
        "lists an impossible array '../ü'",
    ),
    "an array listed as text": (_edit(arrays={"x": "y"}), "lists an impossible array 'x'"),
    "objects": (_listed("few", dtype="|O"), "lists an impossible array 'few'"),
    "a list as type": (_listed("few", dtype=["<f4"]), "lists an impossible array 'few'"),
    "big endian": (_listed("few", dtype=">f4"), "lists an impossible array 'few'"),
    "a negative shape": (_listed("few", shape=[-1]), "lists an impossible array 'few'"),
    "a broken shape": (_listed("few", shape=[2.0]), "lists an impossible array 'few'"),
    "a true shape": (_listed("few", shape=[True]), "lists an impossible array 'few'"),
    "nine axes": (_listed("few", shape=[1] * 9), "lists an impossible array 'few'"),
    "a huge shape": (_listed("few", shape=[2**40]), BEYOND),
    "a huge empty shape": (_listed("few", shape=[0, 2**62, 2**62]), BEYOND),
    "more than the file": (_listed("few", shape=[2**28]), "its end is missing"),
    "a digest that is a number": (_listed("few", sha256=1), CHANGED),
    "traversal": (_with("../evil.py"), NOT_LISTED),
    "an absolute name": (_with("/etc/passwd"), NOT_LISTED),
    "an odd name": (_with("notes.txt"), NOT_LISTED),
    "not listed": (_with("arrays/more.npy"), NOT_LISTED),
    "one member twice": (_doubled, "fex.npy is not where it should be"),
    "another order": (_repack(_reversed_behind_the_manifest), MOVED),
    "a missing array": (_repack(lambda members: [*members.items()][:1]), "its end is missing"),
    "a missing array among others": (_repack(lambda members: members.pop("arrays/few.npy") and None), MOVED),
    "a renamed array": (_bytes(lambda data: data.replace(b"arrays/few", b"arrays/FEW", 1)), MOVED),
    "another value": (_repack(lambda members: members.update({"arrays/few.npy": FEW[:-1] + b"\3"})), CHANGED),
    "another comment": (_repack(_as_it_is, comment=b"x"), NOT_LISTED),
    "another manifest": (_bytes(lambda data: data.replace(b"0.02", b"0.03")), "its manifest was changed"),
    "another shape": (_few(np.zeros((2, 1), np.uint8)), "not uint8 of shape"),
    "another type": (_few(np.zeros(2, np.int8)), "not uint8 of shape"),
    "pickled objects": (_few(np.array([None]), allow_pickle=True), "few.npy was changed"),
    "Fortran order": (_array("mean", _npy(np.asfortranarray(ARRAYS["mean"]))), "mean is not float32"),
    "no .npy file": (_array("few", b"x" * len(FEW)), "not uint8 of shape"),
    "another magic": (_array("few", b"\x93NUMPX" + FEW[6:]), "not uint8 of shape"),
    "another .npy version": (_array("few", _version_2_header(FEW)), "few.npy was changed"),
    "a value short": (_array("few", FEW[:-1]), "few.npy was changed"),
    "a value more": (_array("few", FEW + b"\1"), "few.npy was changed"),
    "a value that is not finite": (_array("mean", _npy(np.full((2, 3), np.nan, np.float32))), "no finite"),
    "a boolean of 2": (_array("kept", _npy(ARRAYS["kept"])[:-1] + b"\2"), "no finite numbers"),
}


@pytest.mark.parametrize("kind", BAD)
def test_bad_files_are_refused_in_one_sentence(path, kind):
    spoil, reason = BAD[kind]
    spoil(path)
    with pytest.raises(ModelFileError, match=reason) as refused:
        read_archive(path, SCHEMA)
    sentence = str(refused.value)
    assert sentence.startswith(f"{path} ")
    assert sentence.isprintable()
    assert len(sentence) < len(str(path)) + 400


def test_deep_manifests_meet_a_deep_schema(path):
    schema = {"$defs": {"deep": {"items": {"$ref": "#/$defs/deep"}}}}
    schema["properties"] = {"deep": {"$ref": "#/$defs/deep"}}
    _edit(deep=json.loads("[" * 900 + "]" * 900))(path)
    with pytest.raises(ModelFileError, match="nested too deeply"):
        read_archive(path, schema)


# FUZZ_EXAMPLES=100000 for a long run; the deadline (in milliseconds) catches what hangs or swells
EXAMPLES = settings(max_examples=int(os.environ.get("FUZZ_EXAMPLES", "300")), deadline=5000)
PLACE, LENGTH = st.integers(0, 4000), st.integers(0, 4000)
NUMBER = st.sampled_from([0, 1, 2, 8, 43, 99, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF])
CHANGE = st.one_of(
    st.tuples(st.just("flip"), PLACE, st.integers(1, 255)),
    st.tuples(st.just("cut"), PLACE, LENGTH),
    st.tuples(st.just("zero"), PLACE, LENGTH),
    st.tuples(st.just("end"), PLACE, st.none()),
    st.tuples(st.just("insert"), PLACE, st.binary(min_size=1, max_size=50)),
    st.tuples(st.just("overwrite"), PLACE, st.binary(min_size=1, max_size=50)),
    st.tuples(st.just("overwrite"), PLACE, NUMBER.map(lambda number: number.to_bytes(4, "little"))),
    st.tuples(st.just("overwrite"), PLACE, NUMBER.map(lambda number: number.to_bytes(8, "little")[:2])),
    st.tuples(st.just("splice"), PLACE, st.tuples(PLACE, LENGTH)),
    st.tuples(st.just("replace"), PLACE, st.tuples(PLACE, LENGTH)),
)
CHANGES = st.lists(CHANGE, min_size=1, max_size=5)


def _changed(data, changes, other):
    """Apply changes to bytes; pieces for splicing come from `other`."""
    for kind, place, what in changes:
        at = place % (len(data) + 1)
        if kind == "flip" and at < len(data):
            data = data[:at] + bytes([data[at] ^ what]) + data[at + 1 :]
        elif kind == "cut":
            data = data[:at] + data[at + what :]
        elif kind == "zero":
            data = data[:at] + bytes(min(what, len(data) - at)) + data[at + what :]
        elif kind == "end":
            data = data[:at]
        elif kind in ("insert", "overwrite"):
            data = data[:at] + what + data[at + (kind == "overwrite") * len(what) :]
        elif kind in ("splice", "replace"):
            piece = other[what[0] : what[0] + what[1]]
            data = data[:at] + piece + data[at + (kind == "replace") * len(piece) :]
    return data


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fuzz")
    write_archive(folder / "whole", MANIFEST, ARRAYS)
    write_archive(folder / "other", {"name": "other"}, {"mean": ARRAYS["mean"] + 1})
    return folder


@EXAMPLES
@given(changes=CHANGES)
def test_changed_bytes_are_refused(folder, changes):
    whole, other = (folder / "whole").read_bytes(), (folder / "other").read_bytes()
    data = _changed(whole, changes, other + whole)
    (folder / "changed").write_bytes(data)
    if data in (whole, other):  # changes may undo each other
        read_archive(folder / "changed", SCHEMA)
    else:
        with pytest.raises(ModelFileError):
            read_archive(folder / "changed", SCHEMA)


VALUE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["<f4", "|O", ">i2"]),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)
KEYS = st.sampled_from(
    [["name"], ["marks"], ["format"], ["format_version"], ["arrays"], ["arrays", "few"], ["arrays", "new"]]
    + [["arrays", name, key] for name in ARRAYS for key in ("dtype", "shape", "sha256", "more")]
)


def _put(value, keys, new):
    for key in keys[:-1]:
        value = value.get(key) if isinstance(value, dict) else None
    if isinstance(value, dict):
        value[keys[-1]] = new


@EXAMPLES
@given(
    values=st.lists(st.tuples(KEYS, VALUE), max_size=3),
    name=st.sampled_from(["manifest.json", *(f"arrays/{name}.npy" for name in ARRAYS)]),
    changes=st.lists(CHANGE, max_size=3),
)
def test_content_that_was_made_up_with_the_right_digests_is_refused_or_sound(folder, values, name, changes):
    members = members_of(folder / "whole")
    manifest = json.loads(members["manifest.json"])
    if name != "manifest.json":
        members[name] = _changed(members[name], changes, members["arrays/mean.npy"])
        _put(manifest, ["arrays", name[7:-4], "sha256"], hashlib.sha256(members[name]).hexdigest())
    for keys, value in values:
        _put(manifest, keys, value)
    text = json.dumps(manifest).encode()
    members["manifest.json"] = _changed(text, changes, text) if name == "manifest.json" else text
    _pack(folder / "made up", list(members.items()))
    try:
        read, arrays = read_archive(folder / "made up", SCHEMA)
    except ModelFileError:
        return
    assert read == json.loads(members["manifest.json"])
    assert set(members) == {"manifest.json", *(f"arrays/{name}.npy" for name in arrays)}
    for array_name, array in arrays.items():
        stored = np.load(io.BytesIO(members[f"arrays/{array_name}.npy"]), allow_pickle=False)
        np.testing.assert_array_equal(array, stored, strict=True)
        assert np.isfinite(array).all()


JSON_VALUE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@EXAMPLES
@given(value=JSON_VALUE, numbers=st.lists(st.floats(allow_nan=False, allow_infinity=False, width=32)))
def test_whatever_is_written_comes_back(folder, value, numbers):
    array = np.array(numbers, np.float32)
    write_archive(folder / "written", {"value": value}, {"numbers": array})
    manifest, arrays = read_archive(folder / "written", {})
    assert manifest["value"] == value
    np.testing.assert_array_equal(arrays["numbers"], array, strict=True)
