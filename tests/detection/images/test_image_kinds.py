"""Each kind of image file gives the right pixels, or is refused by its right name: never a wrong picture."""

import subprocess
import sys

import imagecodecs
import numpy as np
import pytest
from bad_images import check_reason
from image_files import (
    COLOUR,
    GREY,
    HEIGHT,
    WIDE,
    WIDE_COLOUR,
    WIDTH,
    bmp,
    decode_bytes,
    interlaced_png,
    palette_tiff,
    plain_tiff,
    planes,
    png,
    png_chunk,
    saved,
    several,
    tiff,
    with_alpha,
)
from PIL import Image, features

from anomaly_gui.detection.images.decoding.kinds import describe_passed_over
from anomaly_gui.detection.images.decoding.refusals import ImageUnlikeError
from anomaly_gui.detection.images.loading import ReadingOptions, load_image
from anomaly_gui.errors import ImageRefusedError

SMALL = GREY[::2, ::2]
_WAYS = ("lzw", "zlib", "packbits", "zstd", "lzma", "lerc", "jpeg2000", "png", "jpegxl")
_ARGUMENTS = {"jpeg2000": {"reversible": True, "level": 0}, "jpegxl": {"lossless": True}}


def _packed(values, way, **options):
    return tiff(values, compression=way, compressionargs=_ARGUMENTS.get(way), **options)


GREY_FILES = {
    **{f"tiff {way}": _packed(GREY, way) for way in _WAYS},
    "tiff plain": tiff(GREY),
    "tiff big": tiff(GREY, bigtiff=True),
    "tiff tiled": tiff(GREY, tile=(16, 16)),
    "tiff of single rows": tiff(GREY, rowsperstrip=1),
    "tiff white is zero": tiff(255 - GREY, photometric="miniswhite"),
    "tiff white is zero, lzw": tiff(255 - GREY, photometric="miniswhite", compression="lzw"),
    "tiff wide": tiff(WIDE),
    "tiff wide white is zero": tiff(65535 - WIDE, photometric="miniswhite"),
    "tiff wide white is zero, packed": tiff(65535 - WIDE, photometric="miniswhite", compression="zlib"),
    "tiff wide predictor big-endian": tiff(WIDE, compression="lzw", predictor=True, byteorder=">"),
    "tiff wide tiled": tiff(WIDE, compression="zlib", tile=(16, 32)),
    "tiff unspecified channel": tiff(with_alpha(GREY, 0), photometric="minisblack", planarconfig="contig"),
    "tiff by ImageJ": tiff(GREY, imagej=True, metadata={}),
    "tiff thumbnail first": several((SMALL, {"subfiletype": 1}), (GREY, {})),
    "tiff thumbnail first that does not say so": several((SMALL, {}), (GREY, {})),
    "tiff pyramid": several((GREY, {"tile": (16, 16)}), (SMALL, {"subfiletype": 1})),
    "tiff mask second": several((GREY, {}), (GREY // 128 * 255, {})),
    "png": png(GREY),
    "png interlaced": interlaced_png(GREY),
    "png wide": png(WIDE),
    "png wide interlaced": interlaced_png(WIDE),
    "bitmap without the header of its file": saved(GREY, "DIB"),
    "png wide transparent": png(with_alpha(WIDE, 65535)),
    "png wide, a colour transparent": png(WIDE, png_chunk(b"tRNS", b"\0\5")),
    "jpeg 2000": saved(GREY, "JPEG2000"),
    "jpeg-ls": imagecodecs.jpegls_encode(GREY),
    "jpeg lossless": imagecodecs.jpeg_encode(GREY, lossless=True),
    "gif": saved(GREY, "GIF"),
    "pgm": saved(GREY, "PPM"),
    "pgm of 16 bits": b"P5 %d %d 65535\n" % (WIDTH, HEIGHT) + WIDE.astype(">u2").tobytes(),
}
COLOUR_FILES = {
    **{f"tiff {way}": _packed(COLOUR, way, photometric="rgb") for way in (*_WAYS, "webp") if way != "webp"},
    "tiff webp": tiff(COLOUR, photometric="rgb", compression="webp", compressionargs={"lossless": True}),
    "tiff planes": tiff(planes(COLOUR), photometric="rgb", planarconfig="separate"),
    "tiff planes, lzw": tiff(planes(COLOUR), photometric="rgb", planarconfig="separate", compression="lzw"),
    "tiff planes, tiled": tiff(planes(COLOUR), photometric="rgb", planarconfig="separate", tile=(16, 16)),
    "tiff wide": tiff(WIDE_COLOUR, photometric="rgb"),
    "tiff wide planes": tiff(planes(WIDE_COLOUR), photometric="rgb", planarconfig="separate"),
    "tiff wide planes, packed": tiff(
        planes(WIDE_COLOUR), photometric="rgb", planarconfig="separate", compression="zlib", predictor=True
    ),
    "tiff unspecified channel": tiff(with_alpha(COLOUR, 0), photometric="rgb", extrasamples=["unspecified"]),
    "tiff unspecified plane": tiff(
        planes(with_alpha(COLOUR, 0)),
        photometric="rgb",
        planarconfig="separate",
        extrasamples=["unspecified"],
    ),
    "tiff opaque": tiff(with_alpha(COLOUR, 255), photometric="rgb", extrasamples=["unassalpha"]),
    "tiff opaque, multiplied": tiff(with_alpha(COLOUR, 255), photometric="rgb", extrasamples=["assocalpha"]),
    "tiff transparent throughout": tiff(
        with_alpha(COLOUR, 0), photometric="rgb", extrasamples=["unassalpha"]
    ),
    "tiff wide, a channel more": tiff(
        with_alpha(WIDE_COLOUR, 0), photometric="rgb", extrasamples=["unspecified"]
    ),
    "png": png(COLOUR),
    "png wide": png(WIDE_COLOUR),
    "png wide interlaced": interlaced_png(WIDE_COLOUR),
    "png wide opaque": png(with_alpha(WIDE_COLOUR, 65535)),
    "png transparent throughout": png(with_alpha(COLOUR, 0)),
    "png wide, a colour transparent": png(WIDE_COLOUR, png_chunk(b"tRNS", bytes((0, 5, 0, 5, 0, 5)))),
    "bmp of zeros for transparency, version 4": bmp(COLOUR, 0, 108),
    "bmp of zeros for transparency, version 5": bmp(COLOUR, 0, 124),
    "bmp opaque, version 4": bmp(COLOUR, 255, 108),
    "webp": saved(COLOUR, "WEBP", lossless=True),
    "jpeg 2000": saved(COLOUR, "JPEG2000"),
    "ppm": saved(COLOUR, "PPM"),
}


@pytest.mark.parametrize("kind", GREY_FILES)
def test_one_grey_picture_in_many_containers(tmp_path, kind):
    pixels = decode_bytes(tmp_path, GREY_FILES[kind])
    np.testing.assert_array_equal(pixels, np.stack([GREY] * 3, -1))


@pytest.mark.parametrize("kind", COLOUR_FILES)
def test_one_colour_picture_in_many_containers(tmp_path, kind):
    np.testing.assert_array_equal(decode_bytes(tmp_path, COLOUR_FILES[kind]), COLOUR)


@pytest.mark.parametrize("eight_bit_entries", [True, False])
def test_palettes_of_8_and_of_16_bits(tmp_path, eight_bit_entries):
    expected = np.stack([GREY, 255 - GREY, GREY], -1)
    np.testing.assert_array_equal(decode_bytes(tmp_path, palette_tiff(eight_bit_entries)), expected)


@pytest.mark.parametrize("bits", [1, 2, 4])
def test_few_bits_reach_from_black_to_white(tmp_path, bits):
    values = np.tile(np.arange(1 << bits, dtype=np.uint8), 16)[None, : 8 // bits * 4]
    packed = np.packbits(np.unpackbits(values.T, axis=1)[:, 8 - bits :])
    pixels = decode_bytes(tmp_path, plain_tiff(bits, packed.tobytes(), width=values.size, height=1))
    assert pixels[0, :, 0].tolist() == [value * 255 // ((1 << bits) - 1) for value in values[0].tolist()]


def test_multiplied_transparency_is_laid_on_white(tmp_path):
    half = np.full((4, 4, 4), (60, 30, 0, 128), np.uint8)
    pixels = decode_bytes(tmp_path, tiff(half, photometric="rgb", extrasamples=["assocalpha"]))
    assert pixels[0, 0].tolist() == [187, 157, 127]


@pytest.mark.parametrize("kind", ["CMYK", "YCbCr", "LAB"])
def test_colours_of_other_spaces(tmp_path, kind):
    smooth = Image.fromarray(COLOUR).resize((16, 12)).resize((WIDTH, HEIGHT))
    if kind == "LAB":
        from PIL import ImageCms

        profiles = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
        stored = ImageCms.applyTransform(smooth, ImageCms.buildTransform(*profiles, "RGB", "LAB"))
    else:
        stored = smooth.convert(kind)
    pixels = decode_bytes(tmp_path, saved(stored, "TIFF"))
    assert np.abs(pixels - np.asarray(smooth)).mean() < 2


@pytest.mark.parametrize("way", [{}, {"compression": "lzw"}, {"tile": (16, 16), "compression": "zlib"}])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_of_tiff(tmp_path, orientation, way):
    back = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # Pillow's transpositions that undo each orientation
    upright = Image.fromarray(WIDE)
    stored = upright.transpose(back[orientation]) if orientation > 1 else upright
    content = tiff(np.asarray(stored), extratags=[(274, 3, 1, orientation, True)], **way)
    np.testing.assert_array_equal(decode_bytes(tmp_path, content)[..., 0], GREY)


def test_orientation_that_only_xmp_knows_counts_and_exif_goes_before_it(tmp_path):
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:Description tiff:Orientation=\"6\"/></x:xmpmeta>"
    lying = Image.fromarray(GREY).transpose(Image.Transpose.ROTATE_90)
    assert decode_bytes(tmp_path, saved(lying, "JPEG", xmp=xmp)).shape == (HEIGHT, WIDTH, 3)
    exif = Image.Exif()
    exif[274] = 1
    assert decode_bytes(tmp_path, saved(lying, "JPEG", xmp=xmp, exif=exif)).shape == (WIDTH, HEIGHT, 3)


REFUSED = {
    "floats": (tiff(GREY.astype(np.float32)), "has floating-point pixels"),
    "floats of 16 bits": (tiff(GREY.astype(np.float16)), "has floating-point pixels"),
    "floats in colour": (tiff(COLOUR.astype(np.float32), photometric="rgb"), "has floating-point pixels"),
    "signed 8 bits": (tiff(GREY.astype(np.int8)), "has signed 8-bit pixels"),
    "signed 16 bits": (tiff(WIDE.astype(np.int16)), "has signed 16-bit pixels"),
    "32 bits": (tiff(GREY.astype(np.uint32)), "has 32-bit pixels"),
    "five channels": (
        tiff(np.stack([GREY] * 5, -1), photometric="minisblack", planarconfig="contig"),
        "has 5 channels",
    ),
    "other inks": (
        tiff(with_alpha(COLOUR, 0), photometric="separated", extratags=[(332, 3, 1, 2, True)]),
        "stores other inks",
    ),
    "a mosaic": (tiff(WIDE, photometric="cfa"), "is a camera's raw file"),
    "a DNG": (tiff(SMALL, extratags=[(50706, 1, 4, (1, 4, 0, 0), True)]), "is a camera's raw file"),
    "Canon raw": (b"II*\0\x10\0\0\0CR\2\0" + bytes(200), "raw|damaged"),
    "heic": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100), "is a HEIC photo.*export it as JPEG or PNG"),
    "heif by its second brand": (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic" + bytes(100), "is a HEIC photo"),
    "video": (b"\0\0\0\x18ftypisom\0\0\0\0isommp41" + bytes(100), "is a video"),
    "dicom": (bytes(128) + b"DICM" + bytes(100), "is a DICOM file"),
    "jpeg xl": (b"\xff\x0a" + bytes(100), "is a JPEG XL image"),
    "svg": (b"<?xml version='1.0'?><svg xmlns='x'></svg>", "is a drawing"),
    "exr": (b"v/1\x01" + bytes(100), "is an OpenEXR image"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_cannot_be_read_rightly_is_refused_by_its_name(tmp_path, kind):
    content, reason = REFUSED[kind]
    path = tmp_path / "a.tif"
    path.write_bytes(content)
    with pytest.raises(ImageRefusedError, match=reason) as refused:
        load_image(path, ReadingOptions((32, 32)))
    check_reason(refused.value, path)


def test_raw_pixels_are_named_by_their_ending(tmp_path):
    path = tmp_path / "Image__0.raw"
    path.write_bytes(GREY.tobytes())
    with pytest.raises(ImageRefusedError, match=r"raw file.*export it as TIFF or PNG"):
        load_image(path, ReadingOptions((32, 32)))


@pytest.mark.skipif(not features.check("avif"), reason="this Pillow reads no AVIF")
def test_avif(tmp_path):
    pixels = decode_bytes(tmp_path, saved(COLOUR, "AVIF", quality=95))
    assert np.abs(pixels - COLOUR).mean() < 6


@pytest.mark.parametrize("mode", ["L", "RGB"])
@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"subsampling": 2}])
@pytest.mark.parametrize("spare", [1, 2])
def test_jpeg_has_the_pixels_that_pillow_gives_at_each_scale(tmp_path, mode, options, spare):
    random = np.random.default_rng(0).integers(0, 256, (90, 130, 3), np.uint8)
    image, path = Image.fromarray(random).convert(mode).resize((1301, 907)), tmp_path / "a.jpg"
    image.save(path, quality=90, **options)
    for size in (32, 192, 400):
        with Image.open(path) as opened:
            opened.draft(None, (spare * max(size, 192),) * 2)
            expected = np.asarray(opened.convert("RGB").resize((size, size), Image.Resampling.BILINEAR))
        read = load_image(path, ReadingOptions((size, size), spare=spare))
        np.testing.assert_array_equal(read.pixels, expected)


def test_inks_with_and_without_adobes_marker(tmp_path):
    adobe = saved(Image.fromarray(COLOUR).convert("CMYK"), "JPEG", quality=98)
    inverted = Image.fromarray(255 - np.asarray(Image.fromarray(COLOUR).convert("CMYK")), "CMYK")
    plain = saved(inverted, "JPEG", quality=98)
    at = plain.index(b"\xff\xee")
    plain = plain[:at] + plain[at + 2 + int.from_bytes(plain[at + 2 : at + 4], "big") :]
    assert np.abs(decode_bytes(tmp_path, adobe) - COLOUR).mean() < 5
    assert np.abs(decode_bytes(tmp_path, plain) - COLOUR).mean() < 5


@pytest.mark.parametrize("wide", [False, True])
def test_linear_light_is_brought_to_the_curve_of_screens(tmp_path, wide):
    share = COLOUR / 255
    light = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    values = (light * 65535 + 0.5).astype(np.uint16) if wide else (light * 255 + 0.5).astype(np.uint8)
    gamma = png_chunk(b"gAMA", (100_000).to_bytes(4, "big"))
    difference = np.abs(decode_bytes(tmp_path, png(values, gamma)) - COLOUR)
    assert difference.max() <= (0 if wide else 8)
    usual = png_chunk(b"gAMA", (45_455).to_bytes(4, "big"))
    np.testing.assert_array_equal(decode_bytes(tmp_path, png(COLOUR, usual)), COLOUR)
    srgb = png_chunk(b"sRGB", b"\0")
    np.testing.assert_array_equal(decode_bytes(tmp_path, png(COLOUR, gamma, srgb)), COLOUR)


def test_profiles_other_than_srgb_are_said(tmp_path):
    from PIL import ImageCms

    path = tmp_path / "a.png"
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    Image.fromarray(COLOUR).save(path, icc_profile=srgb)
    assert load_image(path, ReadingOptions((32, 32))).record.notes == ()
    other = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()
    Image.fromarray(COLOUR).save(path, icc_profile=other)
    (note,) = load_image(path, ReadingOptions((32, 32))).record.notes
    assert note.startswith("has the colour profile XYZ")


def test_frames_are_said(tmp_path):
    path = tmp_path / "a.tif"
    path.write_bytes(several((SMALL, {"subfiletype": 1}), (GREY, {})))
    assert load_image(path, ReadingOptions((32, 32))).record.notes == (
        "has 2 frames; frame 2, the full-size one, is used",
    )
    path.write_bytes(several((GREY * 0, {}), (GREY, {})))
    assert load_image(path, ReadingOptions((32, 32))).record.notes == (
        "has 2 frames; the first is used and is blank",
    )


def test_an_image_that_a_model_may_not_judge_is_not_decoded(tmp_path):
    path = tmp_path / "a.tif"
    whole = tiff(np.zeros((3000, 4000), np.uint16), compression="zlib")
    path.write_bytes(whole)

    def objection(width, height):
        return f"is {width} x {height}, far larger" if width > 1000 else None

    with pytest.raises(ImageUnlikeError, match="4000 x 3000, far larger") as refused:
        load_image(path, ReadingOptions((32, 32), objection=objection))
    assert len(refused.value.sha256) == 64
    assert load_image(path, ReadingOptions((32, 32))).record.width == 4000


_PEAK = """
import sys
from pathlib import Path
from anomaly_gui.detection.images.loading import ReadingOptions, load_image
load_image(Path(sys.argv[1]), ReadingOptions((32, 32)))
status = Path("/proc/self/status").read_text().split()
print(int(status[status.index("VmHWM:") + 1]) // 1024)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="counts memory as Linux does")
@pytest.mark.parametrize("kind", ["tif", "png"])
def test_large_files_of_16_bits_take_little_more_than_their_pixels(tmp_path, kind):
    values = np.zeros((6000, 5000), np.uint16)  # 60 MB
    path = tmp_path / f"a.{kind}"
    path.write_bytes(tiff(values, compression="zlib") if kind == "tif" else saved(values, "PNG"))
    command = [sys.executable, "-c", _PEAK]
    base = tmp_path / "b.png"
    base.write_bytes(png(GREY))
    peaks = [
        int(subprocess.run([*command, str(one)], capture_output=True, text=True, check=True).stdout)
        for one in (base, path)
    ]
    assert peaks[1] - peaks[0] < (90 if kind == "tif" else 130)


def test_files_passed_over_are_named_by_kind():
    assert describe_passed_over({}) == ""
    assert describe_passed_over({".heic": 1}) == "1 .heic file is not read: export it as JPEG or PNG."
    assert describe_passed_over({".cr2": 2, ".heic": 3}) == (
        "3 .heic files are not read: export them as JPEG or PNG. "
        "2 .cr2 files are not read: export them as TIFF or PNG with the camera's program."
    )


def test_importing_the_images_loads_no_decoder_that_is_not_asked_for():
    code = "import sys, anomaly_gui.detection.images; print(set(sys.argv[1:]) & set(sys.modules))"
    names = ["tifffile", "imagecodecs", "simplejpeg", "tensorflow", "sklearn"]
    said = subprocess.run(
        [sys.executable, "-c", code, *names], capture_output=True, text=True, check=True
    ).stdout
    assert said.strip() == "set()"
