import errno
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from anomaly_gui.detection.images.masks import MaskFolder, read_mask, read_masks
from anomaly_gui.errors import ImageRefusedError, UserError

MARKS = np.zeros((12, 20), np.uint8)
MARKS[3:5, 7:15] = 255


def saved(path, pixels=MARKS, **options):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path, **options)
    return path


def touched(folder, *names):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    return folder


@pytest.mark.parametrize("ending", ["png", "bmp", "tif", "tiff"])
def test_reads_each_format(tmp_path, ending):
    mask = read_mask(saved(tmp_path / f"Fehler_Ü.{ending}"), 20, 12)
    assert mask.dtype == np.bool_ and mask.shape == (12, 20)
    np.testing.assert_array_equal(mask, MARKS > 0)


@pytest.mark.parametrize("value", [1, 128, 255])
def test_any_grey_but_black_is_a_defect(tmp_path, value):
    mask = read_mask(saved(tmp_path / "a.png", np.where(MARKS > 0, value, 0).astype(np.uint8)), 20, 12)
    np.testing.assert_array_equal(mask, MARKS > 0)


@pytest.mark.parametrize("mode", ["1", "P", "RGB", "RGBA", "LA"])
def test_reads_each_kind_of_pixels(tmp_path, mode):
    Image.fromarray(MARKS).convert(mode).save(tmp_path / "a.png")
    np.testing.assert_array_equal(read_mask(tmp_path / "a.png", 20, 12), MARKS > 0)


def test_one_channel_is_enough(tmp_path):
    coloured = np.stack([MARKS * 0, MARKS * 0, MARKS // 255], axis=2)
    np.testing.assert_array_equal(read_mask(saved(tmp_path / "a.png", coloured), 20, 12), MARKS > 0)


@pytest.mark.parametrize("kind", [np.uint16, np.int32, np.float32])
def test_numbers_of_any_width_count_where_they_are_not_0(tmp_path, kind):
    for name, value in (("a.tif", 1), ("b.tif", 200)):
        file = saved(tmp_path / name, (MARKS // 255 * value).astype(kind))
        np.testing.assert_array_equal(read_mask(file, 20, 12), MARKS > 0)


def test_numbers_that_are_none_are_refused(tmp_path):
    with pytest.raises(ImageRefusedError, match="no numbers"):
        read_mask(saved(tmp_path / "a.tif", np.where(MARKS > 0, np.nan, 0).astype(np.float32)), 20, 12)


def test_a_palette_tells_by_its_colours_or_where_those_are_one_by_its_numbers(tmp_path):
    drawn = Image.fromarray(MARKS // 255)
    for name, colours in (("red.png", [0, 0, 0, 128, 0, 0]), ("black.png", [0, 0, 0] * 256)):
        image = drawn.convert("P")
        image.putdata(list((MARKS // 255).ravel()))
        image.putpalette(colours)
        image.save(tmp_path / name)
        np.testing.assert_array_equal(read_mask(tmp_path / name, 20, 12), MARKS > 0)


@pytest.mark.parametrize(("pixels", "reason"), [(MARKS * 0, "marks nothing"), (255 - MARKS, "swapped")])
def test_a_mask_that_marks_nothing_or_nearly_all_is_refused(tmp_path, pixels, reason):
    with pytest.raises(ImageRefusedError, match=reason):
        read_mask(saved(tmp_path / "a.png", pixels), 20, 12)


def test_a_large_defect_is_no_swapped_mask(tmp_path):
    large = np.zeros((12, 20), np.uint8)
    large[1:11, 2:18] = 255  # two thirds, but not the frame
    assert read_mask(saved(tmp_path / "a.png", large), 20, 12).sum() == 160


def test_several_masks_of_one_image_are_laid_over_each_other(tmp_path):
    kind = tmp_path / "masks" / "logical"
    saved(kind / "001" / "000.png")
    saved(kind / "001" / "001.png", np.roll(MARKS, 5, 0))
    found = MaskFolder(tmp_path / "masks").find_masks(Path("test/logical/001.png"))
    assert [path.name for path in found] == ["000.png", "001.png"]
    np.testing.assert_array_equal(read_masks(found, 20, 12), (MARKS > 0) | (np.roll(MARKS, 5, 0) > 0))


@pytest.mark.parametrize("name", ["crack/001_label.png", "001_gt.png", "crack/001_mask.jpg", "001.webp"])
def test_other_names_of_masks(tmp_path, name):
    masks = touched(tmp_path / "masks", name)
    assert MaskFolder(masks).find_masks(Path("test/crack/001.bmp")) == (masks / name,)


def test_transparency_is_refused(tmp_path):
    drawn = np.dstack([MARKS, MARKS, MARKS, MARKS])  # on nothing, which would be laid on white
    with pytest.raises(ImageRefusedError, match=r"a\.png: .*save it without transparency"):
        read_mask(saved(tmp_path / "a.png", drawn), 20, 12)


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_lossy_formats_are_refused_whatever_their_name(tmp_path, kind):
    with pytest.raises(ImageRefusedError, match=rf"a\.png: is a {kind} file.*save the mask as PNG"):
        read_mask(saved(tmp_path / "a.png", format=kind), 20, 12)


def test_another_size_is_refused(tmp_path):
    with pytest.raises(ImageRefusedError) as caught:
        read_mask(saved(tmp_path / "a.png"), 12, 20)
    text = str(caught.value)
    assert "a.png" in text and "20 x 12" in text and "12 x 20" in text and "save the mask" in text


def test_what_is_no_image_is_refused(tmp_path):
    (tmp_path / "a.png").write_text("hello")
    for name in ("a.png", "gone.png"):
        with pytest.raises(ImageRefusedError, match=name):
            read_mask(tmp_path / name, 20, 12)


IN_ORDER = [
    "crack/001_mask.png",
    "crack/001_mask.TIF",
    "crack/001.png",
    "crack/001.Bmp",
    "001_mask.png",
    "001_mask.tiff",
    "001.PNG",
    "001.tif",
]


@pytest.mark.parametrize("first", range(len(IN_ORDER)))
def test_the_most_specific_mask_is_found(tmp_path, first):
    masks = touched(tmp_path / "masks", *IN_ORDER[first:])
    assert MaskFolder(masks).find_masks(tmp_path / "test" / "crack" / "001.jpg") == (masks / IN_ORDER[first],)


@given(st.sets(st.sampled_from(IN_ORDER)))
def test_of_any_of_them_the_first_is_found(tmp_path_factory, names):
    masks = touched(tmp_path_factory.mktemp("masks"), *names)
    expected = next(((masks / name,) for name in IN_ORDER if name in names), ())
    assert MaskFolder(masks).find_masks(Path("test/crack/001.png")) == expected


def test_other_files_are_no_masks(tmp_path):
    names = ("crack/001_mask.txt", "crack/002_mask.png", "cut/001_mask.png", "crack/001_mask.png/x", "1.png")
    masks = touched(tmp_path / "masks", *names)
    assert MaskFolder(masks).find_masks(tmp_path / "test" / "crack" / "001.png") == ()


def test_an_image_is_not_its_own_mask(tmp_path):
    test = touched(tmp_path / "test", "crack/001.png")
    for masks in (test, test / "crack"):
        assert MaskFolder(masks).find_masks(test / "crack" / "001.png") == ()
    touched(test, "crack/001_mask.png")
    assert MaskFolder(test).find_masks(test / "crack" / "001.png") == (test / "crack" / "001_mask.png",)


def test_the_defect_is_known_from_inside_its_folder(tmp_path, monkeypatch):
    masks = touched(tmp_path / "masks", "crack/001_mask.png")
    inside = touched(tmp_path / "test", "crack/more/x") / "crack"
    monkeypatch.chdir(inside)
    assert MaskFolder(masks).find_masks(Path("001.png")) == (masks / "crack" / "001_mask.png",)
    monkeypatch.chdir(inside / "more")
    assert MaskFolder(masks).find_masks(Path("../001.png")) == (masks / "crack" / "001_mask.png",)


def test_what_is_no_folder_is_named(tmp_path):
    for path in (touched(tmp_path, "file") / "file", tmp_path / "nowhere"):
        with pytest.raises(UserError, match=f"{path.name} is not a folder; give"):
            MaskFolder(path)


def test_unreadable_folder_is_named(tmp_path, monkeypatch):
    def refuse(path):
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "iterdir", refuse)  # a real one would still open for the superuser
    with pytest.raises(UserError, match=rf"{tmp_path.name} cannot be read: Permission denied"):
        MaskFolder(tmp_path)
