import pytest
from parts import save_parts
from PIL import ExifTags, Image

from anomaly_gui.detection.images.folders import list_images
from anomaly_gui.detection.images.survey import Survey


@pytest.fixture
def folder(tmp_path):
    return save_parts(tmp_path / "parts", 6)


def _surveyed(folder):
    survey = Survey()
    for file in list_images((folder,)).files:
        survey.look_at(file)
    return survey


def test_whole_folders_get_no_warning(folder):
    survey = _surveyed(folder)
    assert survey.looked_at == 6
    assert survey.list_warnings() == ()


def test_each_kind_of_trouble_is_said_once_with_an_example(folder):
    (folder / "empty.png").write_bytes(b"")
    (folder / "torn.png").write_bytes((folder / "part_1.png").read_bytes()[:900])
    (folder / "x_copy.png").write_bytes((folder / "part_0.png").read_bytes())
    Image.new("RGB", (64, 48)).save(folder / "wide.png")
    survey = _surveyed(folder)
    assert survey.looked_at == 10
    unusable, copies, sizes = survey.list_warnings()
    assert unusable.startswith("2 files cannot be used, such as empty.png: is empty")
    assert copies.startswith("1 copy of other files count once, such as x_copy.png, the same as part_0.png")
    assert "6 48 x 48, 1 64 x 48" in sizes


def test_a_copy_in_another_format_comes_from_another_source(folder):
    with Image.open(folder / "part_2.png") as image:
        image.convert("L").save(folder / "grey.jpg")
    (warning,) = _surveyed(folder).list_warnings()
    assert "6 colour PNG, 1 grey JPEG" in warning


def test_cameras_tell_sources_apart(tmp_path):
    for index in range(4):
        exif = Image.Exif()
        exif[ExifTags.Base.Make], exif[ExifTags.Base.Model] = "Maker", f"M{index // 2}"
        Image.new("RGB", (32, 32), (40 * index, 0, 0)).save(tmp_path / f"{index}.jpg", exif=exif)
    (warning,) = _surveyed(tmp_path).list_warnings()
    assert "2 Maker M0, 2 Maker M1" in warning


def test_sixteen_bit_is_another_source_than_eight(folder):
    Image.new("I;16", (48, 48), 3000).save(folder / "deep.png")
    assert any("1 16-bit grey PNG" in warning for warning in _surveyed(folder).list_warnings())
