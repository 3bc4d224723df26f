"""Image files changed at random, of each format: no crash, no hang, a reason each."""

import io
import os
import struct
import sys
import time
import zlib
from collections import Counter

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from anomaly_gui.detection.images.folders import list_images
from anomaly_gui.detection.images.loading import DETAIL_SIDE, ReadingOptions, load_image
from anomaly_gui.errors import ImageRefusedError

FORMATS = ("PNG", "JPEG", "BMP", "TIFF", "WEBP")
OPTIONS = ReadingOptions((32, 32), pixel_limit=1_000_000, detail=True)
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
    exif = Image.Exif()
    exif[274] = 6
    pages = {"save_all": True, "append_images": [noise]}
    options = {
        "PNG": [{}, {"exif": exif}, pages],
        "JPEG": [{}, {"progressive": True}, {"exif": exif}],
        "TIFF": [
            {"compression": way} for way in (None, "tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg")
        ],
        "WEBP": [{}, {"lossless": True}, pages],
    }
    options["TIFF"] += [pages, {"big_tiff": True}]
    files = []
    for image in images:
        for option in options.get(kind, [{}]):
            if option.get("compression") == "jpeg" and image.mode not in ("L", "RGB"):
                continue
            file = io.BytesIO()
            image.save(file, kind, **option)
            files.append(file.getvalue())
    return files


VALID = {kind: _variants(kind) for kind in FORMATS}
HEADERS = [files[0][:64] for files in VALID.values()]
_PLACE = st.floats(0, 1, exclude_max=True)
_EDGES = (0, 1, 2, 3, 8, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
_FIELDS = st.builds(
    lambda order, width, value: struct.pack(order + width, value & (0xFFFF if width == "H" else 0xFFFFFFFF)),
    st.sampled_from("<>"),
    st.sampled_from("HL"),
    st.sampled_from(_EDGES) | st.integers(0, 2**32 - 1),
)
_CHANGE = st.one_of(
    st.tuples(st.just("field"), st.integers(0, 255), _FIELDS),
    st.tuples(st.just("set"), st.just(0.0), st.sampled_from(HEADERS)),
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
    at = place if kind == "field" else int(place * len(data))
    if kind in ("set", "field"):
        return data[:at] + what + data[at + len(what) :]
    if kind == "insert":
        return data[:at] + what + data[at:]
    end = at + int(what * 0.3 * len(data))
    return data[:at] + data[end:] if kind == "drop" else data[:end] + data[at:]


def _with_checksums(data):
    """Mend the checksums of a PNG's chunks, so that its changes are looked at and not only found."""
    mended, at = bytearray(data), 8
    while at + 12 <= len(data):
        end = at + 8 + struct.unpack_from(">L", data, at)[0]
        if end + 4 > len(data):
            break
        struct.pack_into(">L", mended, end, zlib.crc32(data[at + 4 : end]))
        at = end + 4
    return bytes(mended)


def _attempt(path, data):
    """Return how reading ends: "read" or "refused"."""
    path.write_bytes(data)
    began, end = time.monotonic(), "read"
    try:
        image = load_image(path, OPTIONS)
    except ImageRefusedError as refused:
        end = "refused"
        assert refused.path == path
        assert "\n" not in refused.reason
        assert all(part.strip() for part in refused.reason.rsplit("; ", 1))
        assert "; " in refused.reason  # what is wrong; what to do
    else:
        assert image.pixels.shape == (32, 32, 3)
        assert image.detail.shape == (DETAIL_SIDE, DETAIL_SIDE)
        assert 0 < image.record.width * image.record.height <= OPTIONS.pixel_limit
    assert time.monotonic() - began < _LONGEST
    return end


def _fuzz(path, kind, examples):
    ends = Counter()

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(
        valid=st.sampled_from(VALID[kind]),
        changes=st.lists(_CHANGE, min_size=1, max_size=6),
        kept=st.sampled_from([0, 4, 8, 12]),  # without its signature, a file is soon refused
        mend=st.booleans() if kind == "PNG" else st.just(False),
    )
    def attempt(valid, changes, kept, mend):
        data = valid
        for change in changes:
            data = _changed(data, change)
        data = valid[:kept] + data[kept:]
        ends[_attempt(path, _with_checksums(data) if mend else data)] += 1

    attempt()
    assert min(ends["read"], ends["refused"]) > examples // 50  # else the changes are too mild or too wild


@pytest.mark.parametrize("kind", FORMATS)
def test_changed_files_end_as_an_image_or_a_reason(tmp_path, kind):
    _fuzz(tmp_path / f"a.{kind.lower()}", kind, 150)


@pytest.mark.slow
@pytest.mark.parametrize("kind", FORMATS)
def test_changed_files_in_great_number(tmp_path, kind):
    _fuzz(tmp_path / f"a.{kind.lower()}", kind, 20_000)


_LETTERS = st.binary(min_size=1, max_size=30) | st.text(min_size=1, max_size=20).map(
    lambda text: text.encode("utf-8", "surrogatepass")
)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems allow fewer names")
@settings(max_examples=100, deadline=None, database=None)
@given(names=st.sets(_LETTERS.filter(lambda name: not {0, 47} & set(name)), max_size=12))
def test_no_name_is_lost(tmp_path_factory, names):
    folder = tmp_path_factory.mktemp("names")
    names = {b"x" + name + b".png" for name in names}
    for name in names:
        (folder / os.fsdecode(name)).write_bytes(b"x")
    listing = list_images([folder])
    assert {os.fsencode(path.name) for path in listing.files} == names
    assert list_images([folder]).files == listing.files
