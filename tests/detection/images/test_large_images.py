"""Very large images are read in strips, to the same pixels as at once, and damaged ones are refused."""

import numpy as np
import pytest
import tifffile
from PIL import Image

from anomaly_gui.detection.images import loading
from anomaly_gui.detection.images.decoding import png_rows, tiff_samples
from anomaly_gui.detection.images.loading import ReadingOptions, load_image
from anomaly_gui.detection.images.region_of_interest import RegionOfInterest, Shape
from anomaly_gui.errors import ImageRefusedError

HEIGHT, WIDTH = 331, 203
OPTIONS = ReadingOptions((64, 96), detail=True)


def _write(path, name):
    pixels = np.random.default_rng(0).integers(0, 256, (HEIGHT, WIDTH, 3), np.uint8)
    pixels[: HEIGHT // 2] //= 3
    if name == "grey":
        Image.fromarray(pixels[..., 0]).save(path / "a.png")
    elif name == "colour":
        Image.fromarray(pixels).save(path / "a.png")
    elif name == "packed.tif":
        tifffile.imwrite(path / "a.tif", pixels, compression="zlib", rowsperstrip=17)
    elif name == "lzw.tif":
        Image.fromarray(pixels).save(path / "a.tif", compression="tiff_lzw")
    else:
        tifffile.imwrite(path / "a.tif", pixels if name == "plain.tif" else pixels[..., 0])
    return next(path.iterdir())


@pytest.fixture
def in_strips(monkeypatch):
    """Read everything in strips, and small ones; returns what was streamed."""
    streamed, stream = [], loading._stream

    def note(path, picture, options):
        streamed.append(stream(path, picture, options))
        return streamed[-1]

    monkeypatch.setattr(loading, "LARGE", 0)
    monkeypatch.setattr(png_rows, "_STRIP_BYTES", 9000)
    monkeypatch.setattr(tiff_samples, "_ROWS", 10)
    monkeypatch.setattr(loading, "_stream", note)
    return streamed


@pytest.mark.parametrize("name", ["grey", "colour", "plain.tif", "grey.tif", "packed.tif", "lzw.tif"])
def test_strips_yield_the_same_pixels(tmp_path, name, request):
    file = _write(tmp_path, name)
    at_once = load_image(file, OPTIONS)
    streamed = request.getfixturevalue("in_strips")
    one = load_image(file, OPTIONS)
    assert streamed[0] is not None
    for strips, whole in ((one.pixels, at_once.pixels), (one.detail, at_once.detail)):
        assert strips.shape == whole.shape
        assert np.abs(strips.astype(int) - whole).max() <= 1  # rows or columns first: rounded once more
    assert one.record == at_once.record
    assert load_image(file, ReadingOptions((64, 96))).detail is None


def test_a_region_of_interest_and_turned_images_are_read_at_once(tmp_path, in_strips):
    file = _write(tmp_path, "colour")
    some = RegionOfInterest((Shape("rectangle", ((0.2, 0.2), (0.7, 0.9)), keep=True),))
    load_image(file, ReadingOptions((64, 96), interest=some))
    assert in_strips == [None]
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.open(file).save(tmp_path / "turned.png", exif=exif)
    load_image(tmp_path / "turned.png", OPTIONS)
    assert in_strips == [None, None]


@pytest.mark.parametrize("name", ["colour", "packed.tif", "plain.tif"])
def test_what_is_cut_off_is_refused(tmp_path, in_strips, name):
    file = _write(tmp_path, name)
    file.write_bytes(file.read_bytes()[:-40000])
    with pytest.raises(ImageRefusedError):
        load_image(file, OPTIONS)


def test_what_is_damaged_is_refused(tmp_path, in_strips):
    file = _write(tmp_path, "colour")
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 0x55
    file.write_bytes(data)
    with pytest.raises(ImageRefusedError, match="damaged"):
        load_image(file, OPTIONS)
