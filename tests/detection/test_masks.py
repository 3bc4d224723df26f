import errno
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from anomaly_gui.detection.masks import MaskFolder, read_mask
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


def test_16_bits_are_read_unless_defects_would_turn_black(tmp_path):
    white = saved(tmp_path / "a.png", MARKS.astype(np.uint16) * 257)
    np.testing.assert_array_equal(read_mask(white, 20, 12), MARKS > 0)
    with pytest.raises(ImageRefusedError, match=r"b\.png: .*save the mask with 8 bits"):
        read_mask(saved(tmp_path / "b.png", (MARKS // 255).astype(np.uint16)), 20, 12)


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
    assert MaskFolder(masks).find(tmp_path / "test" / "crack" / "001.jpg") == masks / IN_ORDER[first]


@given(st.sets(st.sampled_from(IN_ORDER)))
def test_of_any_of_them_the_first_is_found(tmp_path_factory, names):
    masks = touched(tmp_path_factory.mktemp("masks"), *names)
    expected = next((masks / name for name in IN_ORDER if name in names), None)
    assert MaskFolder(masks).find(Path("test/crack/001.png")) == expected


def test_other_files_are_no_masks(tmp_path):
    names = ("crack/001_mask.jpg", "crack/002_mask.png", "cut/001_mask.png", "crack/001_mask.png/x", "1.png")
    masks = touched(tmp_path / "masks", *names)
    assert MaskFolder(masks).find(tmp_path / "test" / "crack" / "001.png") is None


def test_an_image_is_not_its_own_mask(tmp_path):
    test = touched(tmp_path / "test", "crack/001.png")
    for masks in (test, test / "crack"):
        assert MaskFolder(masks).find(test / "crack" / "001.png") is None
    touched(test, "crack/001_mask.png")
    assert MaskFolder(test).find(test / "crack" / "001.png") == test / "crack" / "001_mask.png"


def test_the_defect_is_known_from_inside_its_folder(tmp_path, monkeypatch):
    masks = touched(tmp_path / "masks", "crack/001_mask.png")
    inside = touched(tmp_path / "test", "crack/more/x") / "crack"
    monkeypatch.chdir(inside)
    assert MaskFolder(masks).find(Path("001.png")) == masks / "crack" / "001_mask.png"
    monkeypatch.chdir(inside / "more")
    assert MaskFolder(masks).find(Path("../001.png")) == masks / "crack" / "001_mask.png"


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
