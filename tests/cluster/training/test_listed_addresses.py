"""Good images at addresses: by the rules of folders, and read again after a change of any kind."""

import numpy as np
import pytest
from image_places import folder_place
from parts import save_parts
from PIL import Image
from plain_engine import PlainEngine

from anomaly_gui.cluster.places.url_paths import as_path
from anomaly_gui.cluster.training import collecting
from anomaly_gui.cluster.training.training import train_on_cluster
from anomaly_gui.detection.datasets.train_request import TrainRequest
from anomaly_gui.detection.settings.train_settings import TrainSettings
from anomaly_gui.errors import TrainingError
from anomaly_gui.progress import SilentProgress

IMAGES, PART = 12, 4


@pytest.fixture
def place(tmp_path, monkeypatch):
    good = save_parts(tmp_path / "line" / "good", IMAGES)
    for file in sorted(good.iterdir()):
        Image.open(file).convert("RGB").save(file.with_suffix(".bmp"))
        file.unlink()
    save_parts(tmp_path / "line" / "NG", 3, seed=9, defect=True)
    save_parts(tmp_path / "line" / "ground_truth", 2, seed=8)
    with folder_place(monkeypatch, tmp_path) as system:
        yield system


@pytest.fixture
def collected(monkeypatch):
    """The names of the images of each part that was read."""
    found, collect = [], collecting.collect_features

    def note(files, *arguments, **options):
        found.append([file.name for file in files])
        return collect(files, *arguments, **options)

    monkeypatch.setattr(collecting, "collect_features", note)
    return found


def learn(tmp_path, *places):
    settings = TrainSettings(detector="pooled", size=32, group_by="none")
    request = TrainRequest(tuple(map(as_path, places)), settings=settings)
    return train_on_cluster(request, PlainEngine(), tmp_path / "parts", SilentProgress(), images_a_part=PART)


def test_defects_and_masks_at_an_address_are_not_learned(place, tmp_path):
    found = learn(tmp_path, "s3://line")
    assert found.model.training.count == IMAGES
    assert [(one.name, one.images) for one in found.findings.left_out] == [("ground_truth", 2), ("NG", 3)]
    assert any("Not learned from: ground_truth (2 images)" in said for said in found.findings.warnings)
    own = TrainRequest(
        (tmp_path / "line",), settings=TrainSettings(detector="pooled", size=32, group_by="none")
    )
    here = train_on_cluster(own, PlainEngine(), tmp_path / "own", SilentProgress(), images_a_part=PART)
    assert np.array_equal(found.model.training.held_out, here.model.training.held_out)
    assert found.findings.warnings == here.findings.warnings


def test_an_image_that_two_addresses_hold_counts_once(place, tmp_path):
    found = learn(tmp_path, "s3://line/good/part_3.bmp", "s3://line", "s3://line/good")
    assert found.model.training.count == IMAGES and found.findings.seen_before == 1
    assert not found.findings.duplicates


def test_of_an_address_without_images_its_name_is_said(place, tmp_path):
    (tmp_path / "line" / "empty" / "bad").mkdir(parents=True)
    save_parts(tmp_path / "line" / "empty" / "bad", 2)
    with pytest.raises(
        TrainingError, match=r"no image in s3://line/empty: .* Not learned from: bad \(2 images\)"
    ):
        learn(tmp_path, "s3://line/empty")


def test_an_image_that_was_overwritten_is_read_again(place, tmp_path, collected):
    first = learn(tmp_path, "s3://line")
    assert len(collected) == 3
    collected.clear()
    learn(tmp_path, "s3://line")
    assert not collected
    file = tmp_path / "line" / "good" / "part_5.bmp"
    size = file.stat().st_size
    pixels = np.array(Image.open(file))
    Image.fromarray(pixels // 2).save(file)
    assert file.stat().st_size == size
    found = learn(tmp_path, "s3://line")
    assert collected == [[f"part_{number}.bmp" for number in range(4, 8)]]
    assert not np.array_equal(found.model.training.held_out, first.model.training.held_out)


def test_sizes_are_known_from_the_listing(place, tmp_path, monkeypatch):
    learn(tmp_path, "s3://line")
    before = place.asked["info"]
    read = place.asked["cat_file"]
    for file in (tmp_path / "line" / "good").iterdir():
        file.write_bytes(file.read_bytes() + b"\0")
    learn(tmp_path, "s3://line")
    assert place.asked["cat_file"] >= read + IMAGES
    assert place.asked["info"] - before < IMAGES
