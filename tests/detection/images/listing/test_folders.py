"""Which images are in folders: every name of them, and none of folders that are for something else."""

import os

import pytest

from anomaly_gui.detection.datasets.left_out_folders import not_counted, not_learned_from, not_looked_into
from anomaly_gui.detection.images.folder_names import FolderKind, classify_folder
from anomaly_gui.detection.images.folders import Purpose, list_images

BINS = (
    "#recycle",
    "$RECYCLE.BIN",
    "@eaDir",
    "lost+found",
    ".Trash-1000",
    "@Recycle",
    ".@__thumb",
    "#snapshot",
    "System Volume Information",
    "RECYCLER",
    "Network Trash Folder",
)


def laid(folder, *names):
    """Make files of these names in a folder, and return it."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x")
    return folder


def names_in(listing, folder):
    return [path.relative_to(folder).as_posix() for path in listing.files]


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        (FolderKind.BIN, BINS),
        (FolderKind.GOOD, ("good", "OK", "Normal", "i.O.", "Gutteile", "0.normal", "defect-free", "良品")),
        (
            FolderKind.DEFECT,
            ("NG", "nok", "Bad", "scratch", "scratch_head", "1.abnormal", "n.i.O.", "BadParts"),
        ),
        (FolderKind.DEFECT, ("structural_anomalies", "not good", "NG_2024-05-01", "reject", "ko", "不良品")),
        (FolderKind.TEST, ("test", "Test_2", "test_images", "testing", "validation", "unlabeled")),
        (FolderKind.MASKS, ("ground_truth", "GroundTruth", "ground-truth", "masks", "Label", "GT")),
        (
            FolderKind.OTHER,
            ("train", "monday", "2024-05-01", "test bench 3", "goodyear", "parts", "notch", ""),
        ),
    ],
)
def test_names_of_folders(kind, names):
    assert {name: classify_folder(name) for name in names} == dict.fromkeys(names, kind)


def test_recycle_bins_and_thumbnails_are_not_looked_into_and_said(tmp_path):
    laid(tmp_path, "a.png", *(f"{name}/b.png" for name in BINS), "@eaDir/a.png/SYNOPHOTO_THUMB_M.jpg")
    for purpose in Purpose:
        listing = list_images([tmp_path], purpose)
        assert names_in(listing, tmp_path) == ["a.png"]
        assert {one.name for one in listing.left_out} == set(BINS)
        assert listing.hidden == 0
    (said,) = not_looked_into(listing.left_out)
    assert "Not looked into" in said and "#recycle" in said and "5 more" in said


def test_a_recycle_bin_named_itself_is_looked_into(tmp_path):
    laid(tmp_path, "a.png", "#recycle/b.png", "#recycle/sub/c.png")
    listing = list_images([tmp_path / "#recycle", tmp_path])
    assert names_in(listing, tmp_path) == ["#recycle/b.png", "#recycle/sub/c.png", "a.png"]
    assert listing.left_out == ()


ROOT = (
    "train/good/1.png",
    "train/good/2.png",
    "test/good/1.png",
    "test/bent/1.png",
    "ground_truth/bent/1_mask.png",
)


def test_of_a_data_set_only_what_is_to_be_learned_from_is_good(tmp_path):
    listing = list_images([laid(tmp_path, *ROOT)], Purpose.GOOD)
    assert names_in(listing, tmp_path) == ["train/good/1.png", "train/good/2.png"]
    assert [(one.name, one.images) for one in listing.left_out] == [("ground_truth", 1), ("test", 2)]
    (said,) = not_learned_from(listing.left_out)
    assert said.startswith("Not learned from: ground_truth (1 image), test (2 images), since their names say")
    assert "give them by themselves" in said


@pytest.mark.parametrize("name", ["NG", "bad", "defects", "scratch", "anomalous", "masks", "test", "reject"])
def test_folders_of_other_things_among_good_parts_are_left_out(tmp_path, name):
    laid(tmp_path, "1.png", "monday/2.png", f"monday/{name}/deep/3.png", f"{name}/4.png", f"{name}/notes.txt")
    listing = list_images([tmp_path], Purpose.GOOD)
    assert names_in(listing, tmp_path) == ["1.png", "monday/2.png"]
    assert {(one.name, one.images) for one in listing.left_out} == {(name, 1), (f"monday/{name}", 1)}
    assert len(list_images([tmp_path]).files) == 4  # to be scored they all are


@pytest.mark.parametrize("name", ["NG", "test", "masks", "scratch"])
def test_what_is_named_itself_and_what_it_lies_under_count_nothing(tmp_path, name):
    folder = laid(tmp_path / name / name, "1.png", "deep/2.png")
    assert len(list_images([folder], Purpose.GOOD).files) == 2
    assert len(list_images([folder.parent, folder], Purpose.GOOD).files) == 2


def test_kinds_of_defects_beside_a_folder_of_good_parts_are_left_out(tmp_path):
    laid(tmp_path, "0.png", "good/1.png", "good_tuesday/2.png", "flip/3.png", "colour/4.png", "train/5.png")
    listing = list_images([tmp_path], Purpose.GOOD)
    assert names_in(listing, tmp_path) == ["0.png", "good/1.png", "good_tuesday/2.png", "train/5.png"]
    assert [(one.name, one.beside) for one in listing.left_out] == [("colour", True), ("flip", True)]
    assert "beside a folder of good parts" in not_learned_from(listing.left_out)[0]


def test_masks_beside_their_images_are_no_good_parts(tmp_path):
    laid(tmp_path, "Part0.jpg", "Part0_label.bmp", "Part1.jpg", "part1_LABEL.bmp", "white_label.png")
    listing = list_images([tmp_path], Purpose.GOOD)
    assert names_in(listing, tmp_path) == ["Part0.jpg", "Part1.jpg", "white_label.png"]
    assert [(one.name, one.images) for one in listing.left_out] == [("Part0_label.bmp and the like", 2)]


def test_good_parts_and_masks_are_no_defects(tmp_path):
    laid(tmp_path, "good/1.png", "bent/2.png", "odd/3.png", "masks/2_mask.png")
    listing = list_images([tmp_path], Purpose.DEFECT)
    assert names_in(listing, tmp_path) == ["bent/2.png", "odd/3.png"]
    assert (
        "Not taken for known defects: good (1 image), masks"
        in not_counted(listing.left_out, Purpose.DEFECT)[0]
    )


def test_every_name_has_its_line(tmp_path):
    folder = laid(tmp_path / "f", "a.png", "b.png")
    (folder / "link.png").symlink_to("a.png")
    os.link(folder / "b.png", folder / "hard.png")
    again = folder / ".." / "f" / "a.png"
    for given in ([folder, folder / "link.png", again], [again, folder / "link.png", folder]):
        listing = list_images(given)
        assert set(listing.files) == {
            folder / name for name in ("a.png", "b.png", "hard.png", "link.png")
        } | {again}
        assert len(listing.files) == 5
    assert listing.seen_before == 1


def test_two_files_that_share_an_inode_number_are_two(tmp_path, monkeypatch):
    laid(tmp_path, "a.png", "b.png", "sub/c.png", "sub2/d.png")
    real = os.stat

    def numbered(path, **options):
        return os.stat_result((*real(path, **options)[:1], 7, 7, *real(path, **options)[3:10]))

    monkeypatch.setattr("pathlib.Path.stat", lambda self, **options: numbered(self, **options))
    assert len(list_images([tmp_path, tmp_path / "a.png", tmp_path / "sub"]).files) == 4


@pytest.mark.parametrize("order", [1, -1])
def test_files_of_odd_names_beside_their_folder(tmp_path, order):
    laid(tmp_path, "a.png", "DSC0001", "b.jpg_large", ".hidden.png", "notes.txt")
    odd = [tmp_path / name for name in ("DSC0001", "b.jpg_large", ".hidden.png")]
    listing = list_images([tmp_path, *odd][::order])
    assert set(listing.files) == {tmp_path / "a.png", *odd} and len(listing.files) == 4
    assert (listing.passed_over, listing.seen_before) == (1, 0)


def test_loops_of_links_end_and_linked_folders_are_looked_into_once(tmp_path):
    laid(tmp_path / "one", "a.png")
    laid(tmp_path / "two", "b.png")
    for here, there in (("one", "two"), ("two", "one"), ("one", "one")):
        (tmp_path / here / f"to_{there}").symlink_to(tmp_path / there, target_is_directory=True)
    listing = list_images([tmp_path / "one"])
    assert [path.name for path in listing.files] == ["a.png", "b.png"]
    assert listing.seen_before == 2


def test_links_that_lead_nowhere_are_named_whatever_they_are_called(tmp_path):
    for name in ("gone.png", "share", "loop.png"):
        (tmp_path / name).symlink_to(tmp_path / ("loop.png" if name == "loop.png" else "nowhere"))
    listing = list_images([tmp_path])
    assert {error.path.name for error in listing.refused} == {"gone.png", "share", "loop.png"}
