"""A file that is damaged or cut is refused, whatever its kind; one that is only filled up is read."""

import io

import imagecodecs
import numpy as np
import pytest
import tifffile
from bad_images import check_reason
from image_files import COLOUR, GREY, HEIGHT, WIDE, WIDE_COLOUR, decode_bytes, png, saved, tiff
from PIL import Image

from anomaly_gui.detection.images.loading import ReadingOptions, load_image
from anomaly_gui.errors import ImageRefusedError


def _jpeg(**options):
    return saved(GREY, "JPEG", quality=95, **options)


def _part(whole):
    return whole[: len(whole) * 2 // 3]


def _damaged_jpegs():
    whole = _jpeg()
    half = len(whole) // 2
    scrambled = bytearray(whole)
    scrambled[half : half + 640 : 16] = (
        np.random.default_rng(0).integers(0, 255, 40).astype(np.uint8).tobytes()
    )
    return {
        "second half of zeros": whole[:half] + bytes(len(whole) - half),
        "second half of zeros, closed": whole[:half] + bytes(len(whole) - half - 2) + whole[-2:],
        "cut and closed": whole[:half] + whole[-2:],
        "a piece lost": whole[:half] + whole[half + 256 :],
        "scrambled": bytes(scrambled),
        "cut": whole[:-100],
        "progressive, cut and closed": _jpeg(progressive=True)[:1500] + whole[-2:],
        "in colour, cut and closed": _part(saved(COLOUR, "JPEG")) + whole[-2:],
        "inks, cut and closed": _part(saved(Image.fromarray(COLOUR).convert("CMYK"), "JPEG")) + whole[-2:],
        "12 bits, cut": imagecodecs.jpeg_encode(WIDE // 16, bitspersample=12)[:2000],
    }


@pytest.mark.parametrize("kind", _damaged_jpegs())
@pytest.mark.parametrize("size", [32, 224])
def test_damaged_jpeg_is_refused(tmp_path, kind, size):
    path = tmp_path / "a.jpg"
    path.write_bytes(_damaged_jpegs()[kind])
    with pytest.raises(ImageRefusedError, match=r"is damaged|ends too early") as refused:
        load_image(path, ReadingOptions((size, size)))
    check_reason(refused.value, path)


@pytest.mark.parametrize(
    "change",
    [
        lambda whole: whole[:-2],  # closed by nothing
        lambda whole: whole + bytes(4096),
        lambda whole: whole[:2] + b"\xff\xff\xff" + whole[2:],
        lambda whole: whole[:-2] + bytes(6) + whole[-2:],  # filled up to a multiple of eight
    ],
)
def test_whole_jpeg_with_padding_is_read(tmp_path, change):
    np.testing.assert_array_equal(decode_bytes(tmp_path, change(_jpeg())), decode_bytes(tmp_path, _jpeg()))


@pytest.mark.parametrize("way", ["lzw", "zlib", "packbits", "zstd", "lzma"])
def test_damaged_tiff_is_refused_without_a_word_on_stderr(tmp_path, way, capfd):
    content = bytearray(tiff(GREY, compression=way, extratags=[(65000, 2, 0, "camera", True)]))
    content[1000:1400] = bytes(400)
    with pytest.raises(ImageRefusedError, match="is damaged"):
        decode_bytes(tmp_path, bytes(content))
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("values", [GREY, COLOUR, WIDE, WIDE_COLOUR])
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_damaged_png_is_refused(tmp_path, values, share, capfd):
    content = bytearray(png(values))
    at = int(len(content) * share)
    content[at : at + 8] = bytes(byte ^ 0x55 for byte in content[at : at + 8])
    with pytest.raises(ImageRefusedError, match="is damaged"):
        decode_bytes(tmp_path, bytes(content))
    assert capfd.readouterr().err == ""


def test_the_checksum_of_pixels_is_looked_at_and_nothing_said_on_stderr(tmp_path, capfd):
    content = bytearray(png(WIDE_COLOUR))
    end = content.rindex(b"IEND") - 8  # behind it the chunk's checksum
    content[end - 1] ^= 0xFF
    with pytest.raises(ImageRefusedError, match="is damaged"):
        decode_bytes(tmp_path, bytes(content))
    assert capfd.readouterr().err == ""


def test_strips_filled_up_to_full_ones_are_read(tmp_path):
    whole = tiff(GREY, compression="zlib", rowsperstrip=32)
    filled = tiff(np.concatenate([GREY, GREY[:14]]), compression="zlib", rowsperstrip=32)
    assert HEIGHT == 50
    shorter = bytearray(filled)
    for offset in range(8, 400):  # the height, 64, becomes 50
        if (
            shorter[offset : offset + 4] == b"\x01\x01\x04\0"
            or shorter[offset : offset + 4] == b"\x01\x01\x03\0"
        ):
            shorter[offset + 8 : offset + 10] = HEIGHT.to_bytes(2, "little")
            break
    np.testing.assert_array_equal(decode_bytes(tmp_path, bytes(shorter)), decode_bytes(tmp_path, whole))


def test_missing_strips_are_not_filled_up(tmp_path):
    content = bytearray(tiff(GREY, rowsperstrip=10, compression="zlib"))
    with tifffile.TiffFile(io.BytesIO(bytes(content))) as file:
        entry = file.pages[0].tags[279]
    content[entry.valueoffset : entry.valueoffset + 2] = bytes(2)
    with pytest.raises(ImageRefusedError, match="ends too early"):
        decode_bytes(tmp_path, bytes(content))
