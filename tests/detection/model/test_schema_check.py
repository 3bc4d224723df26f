"""Long lists are checked quickly and just as strictly: what the validator says stands."""

import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from anomaly_gui.detection.model.archive import schema_check
from anomaly_gui.detection.model.archive.schema_check import find_schema_error
from anomaly_gui.paths import resource

LONG = schema_check.LONG
SCHEMA = json.loads(resource("schemas", "model.schema.json").read_text("utf-8"))
LISTS = {key: SCHEMA["properties"][key] for key in ("training", "calibration")}
OF_LISTS = {"type": "object", "properties": LISTS, "$defs": SCHEMA["$defs"]}
GOOD = {"path": "a.png", "sha256": "0" * 64, "width": 3, "height": 4, "notes": ["16-bit"]}
ENTRIES = {
    "one more key": {**GOOD, "more": 1},
    "a key less": {key: GOOD[key] for key in GOOD if key != "notes"},
    "no object": ["path"],
    "nothing": None,
    "a path that is no text": {**GOOD, "path": 3},
    "a digest too short": {**GOOD, "sha256": "0" * 63},
    "a digest in capitals": {**GOOD, "sha256": "A" * 64},
    "a digest with a line's end": {**GOOD, "sha256": "0" * 64 + "\n"},
    "no pixels": {**GOOD, "width": 0},
    "true for a number": {**GOOD, "width": True},
    "a whole number with a point": {**GOOD, "height": 4.0},
    "a broken number": {**GOOD, "height": 4.5},
    "notes that are a text": {**GOOD, "notes": "16-bit"},
    "a note that is no text": {**GOOD, "notes": ["a", None]},
    "in order": GOOD,
}


@pytest.fixture(autouse=True)
def few_are_many(monkeypatch):
    monkeypatch.setattr(schema_check, "LONG", 5)


def _said(error):
    return None if error is None else (error.json_path, error.message)


def _manifest(entry, place, among="training"):
    manifest = {"training": {"images": [GOOD] * 20, "grouped_by": "x"}, "calibration": {"images": [GOOD] * 9}}
    manifest = copy.deepcopy(manifest)
    manifest[among]["images"][place] = entry
    return manifest


def _assert_as_the_validator(manifest):
    expected = next(Draft202012Validator(OF_LISTS).iter_errors(manifest), None)
    assert _said(find_schema_error(manifest, OF_LISTS)) == _said(expected)


@pytest.mark.parametrize("name", ENTRIES)
@pytest.mark.parametrize("place", [0, 7, -1])
@pytest.mark.parametrize("among", ["training", "calibration"])
def test_an_entry_is_judged_as_by_the_validator(name, place, among):
    _assert_as_the_validator(_manifest(ENTRIES[name], place, among))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.floats(-2, 2) | st.sampled_from(["", "0" * 64, "a"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*GOOD, "x"]), inner),
    max_leaves=8,
)


@given(VALUES, st.dictionaries(st.sampled_from([*GOOD, "x"]), VALUES), st.integers(0, 19))
def test_any_entry_is_judged_as_by_the_validator(value, changed, place):
    _assert_as_the_validator(_manifest(value, place))
    _assert_as_the_validator(_manifest({**GOOD, **changed}, place))


@pytest.mark.parametrize("odd", [None, [], {"images": None}, {"images": {}}, {"images": [GOOD]}, "images"])
def test_what_is_no_list_of_images_is_left_to_the_validator(odd):
    _assert_as_the_validator({"training": odd})


def test_of_a_long_list_in_order_the_validator_sees_little():
    shortened = schema_check._shorten_lists(_manifest(GOOD, 0))
    assert [len(shortened[among]["images"]) for among in ("training", "calibration")] == [5, 5]


def test_a_list_with_one_image_out_of_order_is_left_to_the_validator_as_it_is():
    manifest = _manifest({**GOOD, "width": 4.0}, 7)  # which fits the schema
    shortened = schema_check._shorten_lists(manifest)
    assert shortened["training"] == manifest["training"]
    assert len(shortened["calibration"]["images"]) == 5


def test_the_schema_says_nothing_of_a_list_that_its_first_images_do_not_tell():
    assert SCHEMA["$defs"]["image_list"].keys() == {"description", "type", "items"}
    assert SCHEMA["properties"]["training"]["properties"]["images"]["minItems"] <= LONG


@pytest.mark.parametrize("paths", [["a"] * 3, ["a", 3], "a", None])
def test_columns_are_checked_as_they_are(paths):
    _assert_as_the_validator({"training": {"images": {"paths": paths, "notes": {}}, "grouped_by": "x"}})
