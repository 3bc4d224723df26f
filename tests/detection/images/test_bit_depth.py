"""Files of 16 bits of which a camera uses 10, 12 or 14: read by their own word, or by what their set uses."""

import numpy as np
import pytest
from bad_images import check_reason
from image_files import GREY, at_depth, packed_12, plain_tiff, png, png_chunk, saved, scene, tiff, with_alpha
from PIL import Image

from anomaly_gui.detection.datasets.input_shape import settle_depth
from anomaly_gui.detection.images.bit_depth import find_bit_depth, find_deeper_depth
from anomaly_gui.detection.images.decoding.depth import OWN_DEPTH
from anomaly_gui.detection.images.decoding.refusals import DepthExceededError
from anomaly_gui.detection.images.loading import ReadingOptions, decode_full, decode_small, load_image
from anomaly_gui.detection.images.survey import Survey
from anomaly_gui.detection.settings.train_settings import TrainSettings
from anomaly_gui.errors import ImageRefusedError

TWELVE, TEN, FOURTEEN = (at_depth(scene(), bits) for bits in (12, 10, 14))
S_BIT = png_chunk(b"sBIT", b"\x0c")
TELLING = {
    "png, 12 bits at the low end": png(TWELVE, S_BIT),
    "png, 12 bits spread": png(TWELVE << 4, S_BIT),
    "png, 12 bits repeated": png(TWELVE << 4 | TWELVE >> 8, S_BIT),
    "png in colour, 12 bits": png(np.stack([TWELVE] * 3, -1), png_chunk(b"sBIT", b"\x0c\x0c\x0c")),
    "tiff, 12 bits packed": plain_tiff(12, packed_12(TWELVE)),
    "tiff of MaxSampleValue": tiff(TWELVE, extratags=[(281, 3, 1, 4095, True)]),
    "tiff of OME": tiff(TWELVE, description='<OME><Pixels SignificantBits="12" Type="uint16"/></OME>'),
    "jpeg of 12 bits": None,
    "pgm of 12 bits": b"P5 70 50 4095\n" + TWELVE.astype(">u2").tobytes(),
    "ppm of 12 bits": b"P6 70 50 4095\n" + np.stack([TWELVE] * 3, -1).astype(">u2").tobytes(),
}
OPEN = {
    "png": png,
    "png in colour": lambda values: png(np.stack([values] * 3, -1)),
    "png with transparency": lambda values: png(with_alpha(values, 65535)),
    "tiff": tiff,
    "tiff, packed": lambda values: tiff(values, compression="zlib", tile=(16, 16)),
    "tiff in colour": lambda values: tiff(np.stack([values] * 3, -1), photometric="rgb"),
    "tiff of a maximum that is statistics": lambda values: tiff(values, extratags=[(281, 3, 1, 3001, True)]),
    "pgm": lambda values: b"P5 70 50 65535\n" + values.astype(">u2").tobytes(),
}


def _written(tmp_path, content, name="a.png"):
    path = tmp_path / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("kind", TELLING)
@pytest.mark.parametrize("depth", [None, 10, 16, OWN_DEPTH])
def test_a_files_own_word_goes_before_the_sets(tmp_path, kind, depth):
    import imagecodecs

    content = TELLING[kind] or imagecodecs.jpeg_encode(TWELVE, bitspersample=12, level=99)
    pixels = decode_full(_written(tmp_path, content), depth=depth)[..., 0].astype(int)
    assert np.abs(pixels - GREY).max() <= (3 if "jpeg" in kind else 1)


@pytest.mark.parametrize("kind", OPEN)
@pytest.mark.parametrize(("values", "depth"), [(TEN, 10), (TWELVE, 12), (FOURTEEN, 14)])
def test_files_that_say_nothing_are_read_at_the_depth_of_their_set(tmp_path, kind, values, depth):
    path = _written(tmp_path, OPEN[kind](values))
    pixels = decode_full(path, depth=depth)[..., 0].astype(int)
    assert np.abs(pixels - GREY).max() <= 1
    np.testing.assert_array_equal(decode_full(path, depth=OWN_DEPTH)[..., 0], pixels)
    assert decode_full(path, depth=16)[..., 0].max() < 70


@pytest.mark.parametrize("kind", OPEN)
def test_what_exceeds_the_depth_of_its_set_is_refused(tmp_path, kind):
    path = _written(tmp_path, OPEN[kind](FOURTEEN))
    reason = r"has values up to 14,\d\d\d, where the good images use 12 bits \(4,095\)"
    with pytest.raises(DepthExceededError, match=reason) as refused:
        load_image(path, ReadingOptions((32, 32), depth=12))
    check_reason(refused.value, path)
    assert refused.value.bits == 14


@pytest.mark.parametrize("kind", OPEN)
def test_dark_files_of_16_bits_are_refused_where_the_good_images_have_8(tmp_path, kind):
    path = _written(tmp_path, OPEN[kind](TWELVE))
    with pytest.raises(DepthExceededError, match="would be read as far too dark") as refused:
        load_image(path, ReadingOptions((32, 32), depth=None))
    check_reason(refused.value, path)
    assert refused.value.bits == 12
    fourteen = _written(tmp_path, OPEN[kind](FOURTEEN))
    with pytest.raises(DepthExceededError, match="would be read as far too dark"):
        load_image(fourteen, ReadingOptions((32, 32), depth=None))
    full = _written(tmp_path, OPEN[kind](GREY.astype(np.uint16) * 257))
    np.testing.assert_array_equal(decode_full(full, depth=None)[..., 0], GREY)


def test_a_word_that_cannot_be_true_is_refused(tmp_path):
    path = _written(tmp_path, tiff(FOURTEEN, extratags=[(281, 3, 1, 4095, True)]))
    with pytest.raises(ImageRefusedError, match="says that 4,095 is white, but has values up to"):
        decode_full(path)


def test_the_depth_of_a_set(tmp_path):
    eight = [_written(tmp_path, saved(GREY, "PNG"), f"{number}.png") for number in range(50)]
    assert find_bit_depth([]) is None
    assert find_bit_depth(eight) is None
    assert find_bit_depth([*eight, _written(tmp_path, png(TEN), "a.png")]) == 10
    assert find_bit_depth([_written(tmp_path, png(TWELVE, S_BIT), "b.png")]) is None
    dark = _written(tmp_path, png(TWELVE // 32), "c.png")
    assert find_bit_depth([dark, *eight, _written(tmp_path, tiff(TWELVE), "d.tif")]) == 12
    assert find_bit_depth([_written(tmp_path, b"nothing", "e.png"), tmp_path / "gone.png"]) is None
    refused = [DepthExceededError(dark, "x; y", 14), ImageRefusedError(dark, "x; y")]
    assert find_deeper_depth(refused, 12) == 14
    assert find_deeper_depth(refused[1:], 12) is None


def test_settings_settle_on_the_depth_of_all_sets(tmp_path):
    one, other = _written(tmp_path, png(TEN), "a.png"), _written(tmp_path, png(TWELVE), "b.png")
    assert settle_depth(TrainSettings(detector="pooled"), [[one], [other], []]).used_depth == 12
    assert settle_depth(TrainSettings(detector="pooled", depth="14"), [[one]]).used_depth == 14
    assert settle_depth(TrainSettings(detector="pooled"), [[]]).used_depth is None


def test_the_survey_says_the_depth(tmp_path):
    survey = Survey()
    survey.look_at(_written(tmp_path, png(TWELVE)))
    assert survey.list_warnings() == ("16-bit files: 12 bits used, white is 4,095.",)
    full = Survey()
    full.look_at(_written(tmp_path, png(TWELVE << 4)))
    assert full.list_warnings() == ()


def test_small_pictures_at_a_depth(tmp_path):
    path = _written(tmp_path, png(TWELVE))
    expected = Image.fromarray(GREY)
    expected.thumbnail((35, 35), Image.Resampling.BILINEAR)
    assert np.abs(decode_small(path, 35, depth=12)[..., 0].astype(int) - np.asarray(expected)).max() <= 1
