"""Every kind of bad file we could name: refused by its name with a reason, and the rest goes on."""

import io
import os
import struct
import subprocess
import sys
import zipfile
import zlib

import numpy as np
import pytest
from PIL import Image

from anomaly_gui.detection.folders import list_images
from anomaly_gui.detection.images import LoadedImage, ReadingOptions, load_image
from anomaly_gui.detection.reading import read_images
from anomaly_gui.errors import ImageRefusedError

OPTIONS = ReadingOptions(size=32)
FORMATS = ("PNG", "JPEG", "BMP", "TIFF", "WEBP")


def _noise(height=120, width=160):
    return Image.fromarray(np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8))


def _bytes(kind, image=None, **options):
    file = io.BytesIO()
    (image or _noise()).save(file, kind, **options)
    return file.getvalue()


def _chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _png(width, height, *chunks, data=b"", depth=8, colour=2):
    header = _chunk(b"IHDR", struct.pack(">2I5B", width, height, depth, colour, 0, 0, 0))
    pixels = _chunk(b"IDAT", zlib.compress(data))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + pixels + _chunk(b"IEND", b"")


def _tiff(*entries, tail=b""):
    """Return a little-endian TIFF of one directory with (tag, type, count, value) entries."""
    ifd = struct.pack("<H", len(entries)) + b"".join(struct.pack("<2H2L", *entry) for entry in entries)
    return b"II*\0" + struct.pack("<L", 8) + ifd + struct.pack("<L", 0) + tail


def _zip():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.png", b"x")
    return file.getvalue()


def _looping_tiff():
    whole = bytearray(_bytes("TIFF"))
    start = struct.unpack_from("<L", whole, 4)[0]
    count = struct.unpack_from("<H", whole, start)[0]
    struct.pack_into("<L", whole, start + 2 + 12 * count, start)  # the next directory is this one
    return bytes(whole)


REFUSED = {
    "zero bytes": b"",
    "one byte": b"\x89",
    "text": b"Teil 7 ist gut\n",
    "html": b"<!doctype html><title>Login</title>",
    "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n",
    "zip": _zip(),
    "gif": _bytes("GIF"),
    "icon": _bytes("ICO", Image.new("RGB", (16, 16))),
    "photoshop": b"8BPS" + struct.pack(">H6xHLLHH", 1, 3, 4, 4, 8, 3) + bytes(100),
    "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n",
    "only a png signature": b"\x89PNG\r\n\x1a\n",
    "only a jpeg start": b"\xff\xd8\xff\xe0",
    "png without pixels": _png(100, 100),
    "png of no width": _png(0, 100),
    "png of impossible colours": _png(4, 4, colour=5, data=bytes(80)),
    "png with a wrong checksum": _bytes("PNG").replace(b"IDAT", b"IDAX"),
    "png of 3,600 megapixels": _png(60_000, 60_000, data=bytes(10)),
    "png of the largest size": _png(2**31 - 1, 2**31 - 1),
    "bmp of 3,600 megapixels": b"BM"
    + struct.pack("<L4xL", 54, 54)
    + struct.pack("<L2l2H6L", 40, 60_000, 60_000, 1, 24, 0, 0, 0, 0, 0, 0),
    "bmp of negative width": b"BM"
    + struct.pack("<L4xL", 54, 54)
    + struct.pack("<L2l2H6L", 40, -4, 4, 1, 24, 0, 0, 0, 0, 0, 0),
    "tiff without tags": _tiff(),
    "tiff of 3,600 megapixels": _tiff(
        (256, 4, 1, 60_000), (257, 4, 1, 60_000), (258, 3, 1, 8), (262, 3, 1, 1)
    ),
    "tiff whose strips lie beyond its end": _tiff(
        (256, 4, 1, 8), (257, 4, 1, 8), (258, 3, 1, 8), (262, 3, 1, 1), (273, 4, 1, 10**9), (279, 4, 1, 64)
    ),
    "tiff with a directory beyond its end": b"II*\0" + struct.pack("<L", 2**31),
    "floating-point tiff": _bytes("TIFF", Image.fromarray(np.array([[np.nan, np.inf]], np.float32))),
    "32-bit tiff": _bytes("TIFF", Image.fromarray(np.array([[0, 2**30]], np.int32))),
    "webp of no frame": b"RIFF" + struct.pack("<L", 4) + b"WEBP",
    "tiny png that unpacks to a gigabyte of text": _png(
        4, 4, _chunk(b"zTXt", b"key\0\0" + zlib.compress(bytes(10**8))), data=bytes(52)
    ),
}


@pytest.mark.parametrize("kind", REFUSED)
@pytest.mark.parametrize("ending", ["png", "jpg"])
def test_bad_content_is_refused_with_a_reason(tmp_path, kind, ending):
    path = tmp_path / f"部品.{ending}"
    path.write_bytes(REFUSED[kind])
    with pytest.raises(ImageRefusedError) as refused:
        load_image(path, OPTIONS)
    _check(refused.value, path)


def _check(refused, path):
    assert refused.path == path
    assert refused.reason
    assert "\n" not in refused.reason
    assert "Error" not in refused.reason
    assert len(refused.reason) < 300


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("share", [0.02, 0.3, 0.7, 0.97])
def test_cut_files_are_refused(tmp_path, kind, share):
    whole, path = _bytes(kind), tmp_path / "a.png"
    path.write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(ImageRefusedError) as refused:
        load_image(path, OPTIONS)
    _check(refused.value, path)


GOOD = {
    "one pixel": _bytes("PNG", Image.new("RGB", (1, 1))),
    "very thin": _bytes("PNG", Image.new("RGB", (20_000, 1))),
    "very tall": _bytes("TIFF", Image.new("RGB", (1, 20_000))),
    "looping directories": _looping_tiff(),
    "bytes after its end": _bytes("PNG") + b"more",
    "progressive": _bytes("JPEG", progressive=True),
    "lossless": _bytes("WEBP", lossless=True),
    "packed": _bytes("TIFF", compression="tiff_lzw"),
    "top down": _bytes("BMP", _noise().transpose(Image.Transpose.FLIP_TOP_BOTTOM)),
    "animated": _bytes("WEBP", save_all=True, append_images=[Image.new("RGB", (160, 120))]),
}


@pytest.mark.parametrize("kind", GOOD)
def test_unusual_content_is_read(tmp_path, kind):
    path = tmp_path / "a.png"
    path.write_bytes(GOOD[kind])
    assert load_image(path, OPTIONS).pixels.shape == (32, 32, 3)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the root user may read anything")
def test_files_and_folders_without_permission(tmp_path):
    path, folder = tmp_path / "a.png", tmp_path / "closed"
    path.write_bytes(_bytes("PNG"))
    folder.mkdir()
    path.chmod(0)
    folder.chmod(0)
    with pytest.raises(ImageRefusedError, match="may not be opened"):
        load_image(path, OPTIONS)
    assert "may not be opened" in list_images([folder]).refused[0].reason
    folder.chmod(0o700)


def test_a_refusal_by_the_system_is_put_into_words(tmp_path, monkeypatch):
    path = tmp_path / "a.png"
    path.write_bytes(_bytes("PNG"))

    def refuse(self):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(path), "read_bytes", refuse)
    with pytest.raises(ImageRefusedError, match="ask for permission"):
        load_image(path, OPTIONS)


def test_names_as_long_as_the_system_allows(tmp_path):
    name = "ü" * 125 + ".png"  # 254 bytes
    folder = tmp_path
    for _ in range(12):
        folder = folder / ("Ordner_" + "x" * 230)
    folder.mkdir(parents=True)
    (folder / name).write_bytes(_bytes("PNG"))
    listing = list_images([tmp_path])
    assert [path.name for path in listing.files] == [name]
    assert load_image(listing.files[0], OPTIONS).width == 160
    assert len(str(listing.files[0])) > 2900


def test_names_that_are_too_long_are_refused(tmp_path):
    for path in (tmp_path / ("x" * 300 + ".png"), tmp_path.joinpath(*["x" * 200] * 30)):
        with pytest.raises(ImageRefusedError) as refused:
            load_image(path, OPTIONS)
        _check(refused.value, path)
        assert len(list_images([path]).refused) == 1


def test_links_folders_and_devices_in_the_place_of_images(tmp_path):
    (tmp_path / "a.png").write_bytes(_bytes("PNG"))
    (tmp_path / "folder.png").mkdir()
    (tmp_path / "loop.png").symlink_to(tmp_path / "loop.png")
    (tmp_path / "nowhere.png").symlink_to(tmp_path / "gone.png")
    (tmp_path / "same.png").symlink_to(tmp_path / "a.png")
    if os.path.exists("/dev/zero"):  # noqa: PTH110 - a device
        (tmp_path / "zero.png").symlink_to("/dev/zero")
    listing = list_images([tmp_path])
    results = list(read_images(listing.files, OPTIONS))
    assert [result.path.name for result in results if isinstance(result, LoadedImage)] == ["a.png"]
    reasons = {error.path.name: error.reason for error in listing.refused}
    assert {"loop.png", "nowhere.png"} <= set(reasons)
    for result in results:
        if isinstance(result, ImageRefusedError):
            assert result.path.name == "zero.png"
            assert result.reason == "is not a file"


def test_files_that_go_or_shrink_between_listing_and_reading(tmp_path):
    for index in range(6):
        (tmp_path / f"{index}.png").write_bytes(_bytes("PNG", Image.new("RGB", (50, 50), (index, 0, 0))))
    files = list_images([tmp_path]).files
    files[1].unlink()
    files[3].write_bytes(files[3].read_bytes()[:60])
    results = list(read_images(files, OPTIONS))
    assert [result.path for result in results] == list(files)
    assert [isinstance(result, ImageRefusedError) for result in results] == [False, True] * 2 + [False] * 2


def test_no_bad_file_holds_up_the_others(tmp_path):
    for index, content in enumerate(REFUSED.values()):
        (tmp_path / f"{index:03}_bad.png").write_bytes(content)
        (tmp_path / f"{index:03}_good.png").write_bytes(_bytes("PNG", Image.new("L", (20, 20), index)))
    files = list_images([tmp_path]).files
    results = list(read_images(files, OPTIONS))
    assert [result.path for result in results] == list(files)
    good = [result for result in results if isinstance(result, LoadedImage)]
    assert [int(image.pixels[0, 0, 0]) for image in good] == list(range(len(REFUSED)))


@pytest.mark.skipif(sys.platform != "linux", reason="counts memory as Linux does, and needs a sparse file")
def test_a_file_of_many_gigabytes_is_not_read_into_memory(tmp_path):
    path = tmp_path / "huge.png"
    with path.open("wb") as file:
        file.write(_bytes("PNG"))
        file.truncate(20 << 30)
    code = f"""
from pathlib import Path
from anomaly_gui.detection.images import ReadingOptions, load_image
from anomaly_gui.errors import ImageRefusedError
try:
    load_image(Path({str(path)!r}), ReadingOptions())
except ImageRefusedError as refused:
    status = Path("/proc/self/status").read_text().split()
    print(int(status[status.index("VmHWM:") + 1]) // 1024, refused.reason)
"""
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    peak, reason = said.split(" ", 1)
    assert int(peak) < 300
    assert "too many for an image" in reason
