import errno
from pathlib import Path

import pytest

from anomaly_gui.detection.images.mvtec import read_mvtec
from anomaly_gui.errors import UserError


def category(root, *folders):
    for folder in folders or ("train/good", "test/good", "test/crack", "test/cut", "ground_truth/crack"):
        (root / folder).mkdir(parents=True)
    return root


def test_category_is_read(tmp_path):
    bottle = category(tmp_path / "bottle")
    found = read_mvtec(bottle)
    assert found.train_good == bottle / "train" / "good"
    assert found.test_good == bottle / "test" / "good"
    assert list(found.defects.items()) == [(name, bottle / "test" / name) for name in ("crack", "cut")]
    assert found.masks == bottle / "ground_truth"


def test_training_images_and_masks_may_be_missing(tmp_path):
    found = read_mvtec(category(tmp_path, "test/good", "test/crack"))
    assert found.train_good is None and found.masks is None


def test_hidden_folders_and_files_are_no_defects(tmp_path):
    category(tmp_path, "test/good", "test/crack", "test/.ipynb_checkpoints")
    (tmp_path / "test" / "readme.txt").write_text("hello")
    assert list(read_mvtec(tmp_path).defects) == ["crack"]


def test_folder_of_categories_asks_for_one(tmp_path):
    category(tmp_path / "bottle")
    category(tmp_path / "screw")
    (tmp_path / "papers").mkdir()
    with pytest.raises(UserError) as caught:
        read_mvtec(tmp_path)
    text = str(caught.value)
    assert "bottle, screw" in text and str(tmp_path / "bottle") in text and "papers" not in text


@pytest.mark.parametrize("folders", [("images",), ("test/crack",), ("train/good",)])
def test_other_layouts_are_told_what_is_expected(tmp_path, folders):
    with pytest.raises(UserError, match="expected train/good, test/good"):
        read_mvtec(category(tmp_path, *folders))


def test_category_without_defects_says_so(tmp_path):
    with pytest.raises(UserError, match="no folder of defects"):
        read_mvtec(category(tmp_path, "train/good", "test/good"))


def test_what_is_no_folder_is_named(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    for path in (tmp_path / "file", tmp_path / "nowhere"):
        with pytest.raises(UserError, match=f"{path.name} is not a folder"):
            read_mvtec(path)


def test_unreadable_folder_is_named(tmp_path, monkeypatch):
    def refuse(path):
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "iterdir", refuse)  # a real one would still open for the superuser
    with pytest.raises(UserError, match=rf"{tmp_path.name} cannot be read: Permission denied"):
        read_mvtec(tmp_path)
