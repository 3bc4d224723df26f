"""What is excluded is, however it is spelled; what excludes nothing is refused."""

import os
import unicodedata
from pathlib import Path

import pytest
from parts import save_parts

from anomaly_gui.detection.datasets.exclusions import check_exclusions, files_excluded
from anomaly_gui.detection.datasets.train_request import TrainRequest
from anomaly_gui.detection.images.folders import Purpose, list_images
from anomaly_gui.detection.settings.train_settings import TrainSettings
from anomaly_gui.detection.training import train
from anomaly_gui.errors import ParameterError
from anomaly_gui.progress import SilentProgress

NFC, NFD = (unicodedata.normalize(form, "é.png") for form in ("NFC", "NFD"))


@pytest.fixture
def good(tmp_path):
    folder = tmp_path / "good"
    for name in ("a.png", "b.png", "sub/c.png", NFC, "NG/x.png"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(name.encode())
    (folder / "link.png").symlink_to("b.png")
    return folder


def names(good, excluded, given=None):
    listings = (list_images([given or good], Purpose.GOOD),)
    check_exclusions([excluded], listings)
    return {path.name for path in files_excluded([excluded], listings)}


@pytest.mark.parametrize(
    ("excluded", "expected"),
    [
        ("a.png", {"a.png"}),
        ("sub/../a.png", {"a.png"}),
        ("sub", {"c.png"}),
        ("sub/", {"c.png"}),
        ("b.png", {"b.png", "link.png"}),
        ("link.png", {"b.png", "link.png"}),
        (NFC, {NFC}),
        (NFD, {NFC}),
        ("../good/sub/c.png", {"c.png"}),
        (".", {"a.png", "b.png", "c.png", "link.png", NFC}),
    ],
)
def test_other_spellings(good, excluded, expected):
    assert names(good, Path(f"{good}/{excluded}")) == expected


def test_relative_and_absolute_paths(good, monkeypatch):
    monkeypatch.chdir(good.parent)
    assert names(good, Path("good/a.png")) == names(good, good / "a.png", Path("good")) == {"a.png"}


def test_folders_reached_by_links(good, tmp_path):
    (tmp_path / "door").symlink_to(good, target_is_directory=True)
    assert names(good, tmp_path / "door" / "a.png") == {"a.png"}
    assert names(good, good / "a.png", tmp_path / "door") == {"a.png"}


@pytest.mark.skipif(os.name == "nt", reason="has no two such names")
def test_of_two_names_that_differ_in_unicode_only_the_one_is_meant(good):
    (good / NFD).write_bytes(b"other")
    assert names(good, good / NFD) == {NFD}
    assert names(good, good / NFC) == {NFC}


def test_small_and_capital_letters_where_the_system_takes_them_for_one(good, monkeypatch):
    with pytest.raises(ParameterError):
        names(good, good / "A.PNG")
    monkeypatch.setattr("os.path.exists", lambda path: True)  # as on Windows and most Macs
    assert names(good, good / "A.PNG") == {"a.png"}


@pytest.mark.parametrize(("name", "why"), [("z.png", "no such file"), ("../other.png", "none of the images")])
def test_what_excludes_nothing_is_refused(good, name, why):
    (good / "../other.png").write_bytes(b"x")
    with pytest.raises(ParameterError, match=why) as refused:
        names(good, good / name)
    assert str(good / name) in str(refused.value)


def test_what_is_left_out_anyway_may_be_excluded(good):
    assert names(good, good / "NG" / "x.png") == names(good, good / "NG") == set()


def test_training_uses_neither_an_excluded_image_nor_its_copies(tmp_path):
    good = save_parts(tmp_path / "good", 12)
    (good / "copy.png").write_bytes((good / "part_3.png").read_bytes())
    settings = TrainSettings(detector="pooled", layer="block2_pool", size=32, false_alarm_rate=0.1)
    excluded = (good / ".." / "good" / "part_3.png", good / "gone.png")  # the window's may have gone
    result = train(TrainRequest((good,), settings=settings, excluded=excluded), SilentProgress())
    assert len(result.model.training.images) == 11
    assert not result.findings.duplicates
    assert any("1 image has the bytes of an excluded one" in warning for warning in result.findings.warnings)
