import io
import os

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from anomaly_gui.detection.images.decoding.jpeg import JpegFile
from anomaly_gui.detection.images.folders import list_images
from anomaly_gui.detection.images.loading import (
    LoadedImage,
    ReadingOptions,
    decode_full,
    decode_small,
    load_image,
)
from anomaly_gui.detection.images.reading import read_images
from anomaly_gui.errors import ImageRefusedError

OPTIONS = ReadingOptions((32, 32))


def _paths_of(results):
    return [one.path if isinstance(one, ImageRefusedError) else one.record.path for one in results]


def _gradient(width=60, height=40):
    x, y = np.meshgrid(np.linspace(0, 255, width), np.linspace(0, 255, height))
    return np.stack([x, y, 255 - x], axis=-1).astype(np.uint8)


def _bytes(format_, image=None, **options):
    file = io.BytesIO()
    (image or Image.fromarray(_gradient())).save(file, format_, **options)
    return file.getvalue()


@pytest.mark.parametrize("ending", ["png", "jpg", "bmp", "tif", "webp"])
def test_reads_each_format(tmp_path, ending):
    path = tmp_path / f"Teil_Ü_部品.{ending}"
    Image.fromarray(_gradient()).save(path)
    image = load_image(path, OPTIONS)
    assert image.pixels.shape == (32, 32, 3)
    assert image.pixels.dtype == np.uint8
    assert (image.record.width, image.record.height) == (60, 40)
    assert image.record.notes == ()


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "CMYK"])
def test_reads_each_mode(tmp_path, mode):
    path = tmp_path / "a.tif"
    Image.fromarray(_gradient()).convert(mode).save(path)
    assert decode_full(path).shape == (40, 60, 3)


@pytest.mark.parametrize("ending", ["png", "tif"])
def test_sixteen_bits_are_mapped_by_a_fixed_factor(tmp_path, ending):
    path = tmp_path / f"a.{ending}"
    Image.fromarray(np.array([[0, 257, 1000, 65535]], np.uint16)).save(path)
    assert decode_full(path)[0, :, 0].tolist() == [0, 1, 4, 255]


def test_transparency_is_laid_on_white(tmp_path):
    path = tmp_path / "a.png"
    pixels = np.full((4, 4, 4), (10, 20, 30, 0), np.uint8)
    pixels[0, 0, 3] = 255
    Image.fromarray(pixels).save(path)
    assert (decode_full(path)[1:] == 255).all()
    assert decode_full(path)[0, 0].tolist() == [10, 20, 30]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation(tmp_path, orientation):
    upright, path = Image.fromarray(_gradient()), tmp_path / "a.png"
    back = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # Pillow's transpositions that undo each orientation
    stored = upright.transpose(back[orientation]) if orientation > 1 else upright
    exif = Image.Exif()
    exif[274] = orientation
    stored.save(path, exif=exif)
    np.testing.assert_array_equal(decode_full(path), _gradient())
    image = load_image(path, OPTIONS)
    assert (image.record.width, image.record.height) == (60, 40)


@pytest.mark.parametrize("size", [32, 224])
def test_training_and_scoring_see_the_same_pixels(tmp_path, size):
    path = tmp_path / "a.jpg"
    noise = np.random.default_rng(0).integers(0, 256, (1200, 1600, 3), np.uint8)
    Image.fromarray(noise).save(path)
    trained = load_image(path, ReadingOptions((size, size), detail=True))
    scored = load_image(path, ReadingOptions((size, size)))
    np.testing.assert_array_equal(trained.pixels, scored.pixels)
    assert trained.detail.shape == (192, 192)
    assert scored.detail is None


def test_nearly_square_jpeg_keeps_its_sides_apart(tmp_path):
    path = tmp_path / "a.jpg"
    Image.new("RGB", (1600, 1599)).save(path)  # at reduced scale both sides are the same
    image = load_image(path, OPTIONS)
    assert (image.record.width, image.record.height) == (1600, 1599)


@pytest.mark.parametrize("exif", [b"Exif\0\0garbage", b"Exif\0\0II*\0\xff\xff\xff\xff"])
def test_damaged_exif_loses_no_image(tmp_path, exif):
    path = tmp_path / "a.jpg"
    Image.fromarray(_gradient()).save(path, exif=exif)
    assert load_image(path, OPTIONS).record.width == 60


@pytest.mark.parametrize("orientation", [1, 6])
def test_large_jpeg_is_read_at_reduced_scale_and_keeps_its_size(tmp_path, orientation):
    path = tmp_path / "a.jpg"
    exif = Image.Exif()
    exif[274] = orientation
    Image.fromarray(_gradient(1600, 1200)).save(path, quality=95, exif=exif)
    image = load_image(path, OPTIONS)
    assert (image.record.width, image.record.height) == ((1600, 1200) if orientation == 1 else (1200, 1600))
    whole = Image.fromarray(decode_full(path)).resize((32, 32), Image.Resampling.BILINEAR)
    assert np.abs(image.pixels.astype(int) - np.asarray(whole)).mean() < 1


@pytest.mark.parametrize(("height", "width"), [(352, 128), (64, 640)])
def test_an_image_is_resized_to_any_shape(tmp_path, height, width):
    path = tmp_path / "a.png"
    Image.fromarray(_gradient(200, 600)).save(path)
    image = load_image(path, ReadingOptions((height, width), detail=True))
    assert (image.record.width, image.record.height) == (200, 600)
    assert image.detail.shape == (192, 192)
    whole = Image.fromarray(_gradient(200, 600)).resize((width, height), Image.Resampling.BILINEAR)
    np.testing.assert_array_equal(image.pixels, np.asarray(whole))


@pytest.mark.parametrize("spare", [1, 2])
@pytest.mark.parametrize(("width", "height"), [(2400, 1000), (1000, 2400), (1600, 1600), (800, 3200)])
@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_a_jpeg_is_decoded_as_small_as_both_sides_of_the_shape_allow(
    tmp_path, monkeypatch, spare, width, height, orientation
):
    path, exif, decoded = tmp_path / "a.jpg", Image.Exif(), []
    exif[274] = orientation
    Image.fromarray(_gradient(width, height)).save(path, exif=exif)
    decode = JpegFile.decode

    def noted(*asked):
        raster = decode(*asked)
        decoded.append(raster.image.size)
        return raster

    monkeypatch.setattr(JpegFile, "decode", noted)
    options = ReadingOptions((224, 672), spare=spare)
    assert options.needed == (224 * spare, 672 * spare)
    image = load_image(path, options)
    wide, high = decoded[0] if orientation in (1, 3) else decoded[0][::-1]
    assert (wide >= 672 * spare and high >= 224 * spare) or decoded[0] == (width, height)
    at_half = wide / 2 >= 672 * spare and high / 2 >= 224 * spare
    assert not at_half or wide == image.record.width / 8
    assert image.pixels.shape == (224, 672, 3)


@pytest.mark.parametrize("ending", ["jpg", "png"])
def test_small_pictures_keep_their_shape(tmp_path, ending):
    path = tmp_path / f"a.{ending}"
    Image.fromarray(_gradient(3000, 1500)).save(path)
    assert decode_small(path, 96).shape == (48, 96, 3)
    Image.fromarray(_gradient(30, 15)).save(path)
    assert decode_small(path, 96).shape == (15, 30, 3)


def test_first_frame_and_said_so(tmp_path):
    path = tmp_path / "a.tif"
    frames = [Image.new("L", (8, 8), value) for value in (10, 200)]
    frames[0].save(path, save_all=True, append_images=frames[1:])
    image = load_image(path, OPTIONS)
    assert (image.pixels == 10).all()
    assert image.record.notes == ("has 2 frames; the first is used and is blank",)
    Image.fromarray(_gradient()).save(path, save_all=True, append_images=frames)
    assert load_image(path, OPTIONS).record.notes == ("has 3 frames; the first is used",)


def test_image_under_another_images_ending_is_read_and_said(tmp_path):
    path = tmp_path / "a.jpg"
    path.write_bytes(_bytes("PNG"))
    assert load_image(path, OPTIONS).record.notes == ("is a PNG file named .jpg; read as what it is",)


def _bad(kind):
    whole = _bytes("PNG")
    return {
        "empty": b"",
        "text": b"not an image at all",
        "truncated": whole[: len(whole) // 2],
        "truncated jpeg": _bytes("JPEG")[:400],
        "float": _bytes("TIFF", Image.new("F", (4, 4))),
    }[kind]


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("empty", "is empty"),
        ("text", "is not a PNG, JPEG"),
        ("truncated", "ends too early|is damaged"),
        ("truncated jpeg", "ends too early|is damaged"),
        ("float", "floating-point"),
    ],
)
def test_bad_files_are_refused_with_a_reason(tmp_path, kind, reason):
    path = tmp_path / "a.png"
    path.write_bytes(_bad(kind))
    with pytest.raises(ImageRefusedError, match=reason) as refused:
        load_image(path, OPTIONS)
    assert refused.value.path == path


def test_pixel_limit(tmp_path):
    path = tmp_path / "a.png"
    Image.new("L", (2000, 1000)).save(path)
    with pytest.raises(ImageRefusedError, match="has 2 megapixels, more than the limit of 1"):
        load_image(path, ReadingOptions((32, 32), pixel_limit=1_000_000))


def test_missing_file_and_pipe(tmp_path):
    with pytest.raises(ImageRefusedError, match="is gone"):
        load_image(tmp_path / "a.png", OPTIONS)
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "b.png")
        with pytest.raises(ImageRefusedError, match="is not a file"):
            load_image(tmp_path / "b.png", OPTIONS)


_VALID = [_bytes(name) for name in ("PNG", "JPEG", "BMP", "TIFF", "WEBP")]


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    valid=st.sampled_from(_VALID),
    changes=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=4))),
    cut=st.floats(0.01, 1),
)
def test_mutated_files_end_as_an_image_or_a_reason(tmp_path, valid, changes, cut):
    data = bytearray(valid)
    for place, new in changes:
        at = int(place * len(data))
        data[at : at + len(new)] = new
    path = tmp_path / "a.png"
    path.write_bytes(data[: max(1, int(cut * len(data)))])
    try:
        image = load_image(path, ReadingOptions((32, 32), pixel_limit=1_000_000))
    except ImageRefusedError as refused:
        assert refused.reason
    else:
        assert image.pixels.shape == (32, 32, 3)


def test_folders_in_natural_order_each_file_once(tmp_path):
    for name in ("part_10.png", "part_2.png", "sub/part_1.PNG", "notes.txt", ".hidden/a.png", ".b.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "sub" / "loop").symlink_to(tmp_path, target_is_directory=True)
    listing = list_images([tmp_path, tmp_path / "sub", tmp_path / "gone"])
    names = [path.relative_to(tmp_path).as_posix() for path in listing.files]
    assert names == ["part_2.png", "part_10.png", "sub/part_1.PNG"]
    assert (listing.passed_over, listing.hidden) == (1, 2)
    assert "does not exist" in listing.refused[0].reason


def test_reading_keeps_order_and_every_file(tmp_path):
    paths = []
    for index in range(40):
        paths.append(tmp_path / f"{index}.png")
        paths[-1].write_bytes(b"" if index % 7 == 0 else _bytes("PNG", Image.new("L", (8, 8), index)))
    results = list(read_images(paths, OPTIONS, ahead=5))
    assert _paths_of(results) == paths
    for index, result in enumerate(results):
        if index % 7:
            assert isinstance(result, LoadedImage)
            assert (result.pixels == index).all()
        else:
            assert isinstance(result, ImageRefusedError)


def test_closing_early_stops_reading(tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(_bytes("PNG"))
    results = read_images([path] * 10_000, OPTIONS, ahead=4)
    next(results)
    results.close()
    assert next(results, None) is None
