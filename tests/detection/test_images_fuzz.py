"""Image files changed at random, of each format: no crash, no hang, a reason each."""

import io
import time

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from anomaly_gui.detection.images import ReadingOptions, load_image
from anomaly_gui.errors import ImageRefusedError

FORMATS = ("PNG", "JPEG", "BMP", "TIFF", "WEBP")
OPTIONS = ReadingOptions(32, pixel_limit=1_000_000)
_LONGEST = 10  # seconds


def _variants(kind):
    """Return small files of a format that differ in how their pixels are stored."""
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 256, (24, 32, 3), np.uint8))
    images = [noise, noise.convert("L"), *([] if kind == "JPEG" else [noise.convert("RGBA")])]
    if kind in ("PNG", "TIFF"):
        images += [
            noise.convert("P"),
            noise.convert("1"),
            Image.fromarray(np.arange(768, dtype=np.uint16).reshape(24, 32)),
        ]
    options = {"TIFF": [{}, {"compression": "tiff_lzw"}, {"compression": "tiff_adobe_deflate"}]}
    options |= {"JPEG": [{}, {"progressive": True}], "WEBP": [{}, {"lossless": True}]}
    files = []
    for image in images:
        for option in options.get(kind, [{}]):
            file = io.BytesIO()
            image.save(file, kind, **option)
            files.append(file.getvalue())
    return files


VALID = {kind: _variants(kind) for kind in FORMATS}
HEADERS = [files[0][:64] for files in VALID.values()]
_PLACE = st.floats(0, 1, exclude_max=True)
_CHANGE = st.one_of(
    st.tuples(st.just("set"), _PLACE, st.binary(min_size=1, max_size=4)),
    st.tuples(st.just("set"), st.floats(0, 0.1), st.binary(min_size=1, max_size=4)),  # headers matter most
    st.tuples(st.just("set"), _PLACE, st.sampled_from([b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", bytes(4)])),
    st.tuples(st.just("insert"), _PLACE, st.binary(min_size=1, max_size=40)),
    st.tuples(st.just("insert"), _PLACE, st.sampled_from(HEADERS)),
    st.tuples(st.just("drop"), _PLACE, _PLACE),
    st.tuples(st.just("double"), _PLACE, _PLACE),
)


def _changed(data, change):
    kind, place, what = change
    at = int(place * len(data))
    if kind == "set":
        return data[:at] + what + data[at + len(what) :]
    if kind == "insert":
        return data[:at] + what + data[at:]
    end = at + int(what * 0.3 * len(data))
    return data[:at] + data[end:] if kind == "drop" else data[:end] + data[at:]


def _attempt(path, data):
    path.write_bytes(data)
    began = time.monotonic()
    try:
        image = load_image(path, OPTIONS)
    except ImageRefusedError as refused:
        assert refused.path == path
        assert refused.reason
        assert "\n" not in refused.reason
    else:
        assert image.pixels.shape == (32, 32, 3)
        assert image.width * image.height <= OPTIONS.pixel_limit
    assert time.monotonic() - began < _LONGEST


def _fuzz(path, kind, examples):
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(valid=st.sampled_from(VALID[kind]), changes=st.lists(_CHANGE, min_size=1, max_size=6))
    def attempt(valid, changes):
        for change in changes:
            valid = _changed(valid, change)
        _attempt(path, valid)

    attempt()


@pytest.mark.parametrize("kind", FORMATS)
def test_changed_files_end_as_an_image_or_a_reason(tmp_path, kind):
    _fuzz(tmp_path / f"a.{kind.lower()}", kind, 200)


@pytest.mark.slow
@pytest.mark.parametrize("kind", FORMATS)
def test_changed_files_in_great_number(tmp_path, kind):
    _fuzz(tmp_path / f"a.{kind.lower()}", kind, 20_000)
