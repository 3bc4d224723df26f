"""Every name given is judged and has its line; names of one file, and copies, say so."""

import csv
import json
import os

import pytest
from command_line import SETTINGS, run, run_alone
from parts import save_parts


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    place = tmp_path_factory.mktemp("names")
    save_parts(place / "good", 24)
    assert run("train", place / "good", "--out", place / "m.anomaly", *SETTINGS).returncode == 0
    return place


@pytest.fixture
def images(tmp_path):
    folder = save_parts(tmp_path / "images", 3, 1)
    os.link(folder / "part_0.png", folder / "hard.png")
    (folder / "link.png").symlink_to("part_1.png")
    (folder / "z_copy.png").write_bytes((folder / "part_2.png").read_bytes())
    (folder / "DSC0001").write_bytes((folder / "part_2.png").read_bytes()[:-1] + b"\0")
    return folder


def scored(place, tmp_path, *given):
    ran = run(
        "score", place / "m.anomaly", *given, "--csv", tmp_path / "t.csv", "--json", tmp_path / "t.json"
    )
    with (tmp_path / "t.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["path"]: row for row in csv.DictReader(file)}
    told = json.loads((tmp_path / "t.json").read_text("utf-8"))["images"]
    assert [image["path"] for image in told] == list(rows)
    return ran, rows


@pytest.mark.parametrize("order", [1, -1])
def test_links_copies_and_files_in_a_folder_named_too(place, images, tmp_path, order):
    again = f"{images}/../images/part_0.png"
    given = [images, images / "link.png", images / "part_2.png", images / "DSC0001", again]
    _, rows = scored(place, tmp_path, *given[::order])
    names = {
        str(images / name) for name in ("part_0.png", "part_1.png", "part_2.png", "hard.png", "link.png")
    }
    assert set(rows) == {*names, str(images / "z_copy.png"), str(images / "DSC0001"), again}
    assert {row["verdict"] for path, row in rows.items() if not path.endswith("DSC0001")} <= {
        "good",
        "defect",
    }
    remarks = [row["reason"] for row in rows.values() if "same file as" in row["reason"]]
    assert len(remarks) == 4  # two more names of part_0, one of part_1, one of part_2
    firsts = {row["reason"].partition("same file as ")[2] for row in rows.values()} - {""}
    assert firsts <= set(rows) and not any(rows[first]["reason"] for first in firsts)


def test_a_file_named_twice_has_one_line_and_that_is_said(place, images, tmp_path):
    ran, rows = scored(place, tmp_path, images / "part_0.png", images / "part_0.png")
    assert list(rows) == [str(images / "part_0.png")]
    assert "Given more than once: 1 name" in ran.stdout


def test_unreadable_names_of_one_file_have_lines_too(place, tmp_path):
    (tmp_path / "a.png").write_bytes(b"")
    (tmp_path / "b.png").symlink_to("a.png")
    ran, rows = scored(place, tmp_path, tmp_path / "a.png", tmp_path / "b.png")
    assert ran.returncode == 3
    assert [row["verdict"] for row in rows.values()] == ["cannot judge"] * 2


def test_evaluate_has_every_name_and_says_which_count_twice(place, images, tmp_path):
    bent = save_parts(tmp_path / "bent", 3, 2, defect=True)
    words = ["--normal", images, "--normal", images / "link.png", "--anomalous", bent]
    ran = run("evaluate", place / "m.anomaly", *words, "--json", tmp_path / "e.json")
    told = json.loads((tmp_path / "e.json").read_text("utf-8"))
    assert len(told["images"]) == 6 + 3
    assert any("3 of the good images have the bytes of another" in warning for warning in told["warnings"])
    assert ran.returncode == 0
    assert sum("same file as" in image["reason"] for image in told["images"]) == 3


def test_training_uses_each_file_once_and_names_the_others(place, tmp_path):
    good = save_parts(tmp_path / "good", 12)
    (good / "link.png").symlink_to("part_3.png")
    given = [good, good / ".." / "good" / "part_4.png", good / "part_5.png"]
    ran = run("train", *given, "--out", tmp_path / "m.anomaly", "--json", tmp_path / "t.json", *SETTINGS)
    told = json.loads((tmp_path / "t.json").read_text("utf-8"))
    assert ran.returncode == 0 and told["n_images"] == 12
    assert len(told["duplicates"]) == 2
    assert told["given_more_than_once"] == 1 and "used once: 1 name or link" in ran.stdout


def test_left_out_folders_are_said_everywhere(place, tmp_path):
    good = save_parts(tmp_path / "root" / "train" / "good", 12)
    save_parts(tmp_path / "root" / "test" / "good", 4, 1)
    save_parts(tmp_path / "root" / "test" / "bent", 3, 2, defect=True)
    save_parts(tmp_path / "root" / "#recycle", 2, 3)
    root, model = tmp_path / "root", tmp_path / "m.anomaly"
    ran = run("train", root, "--calibration", root, "--out", model, "--json", tmp_path / "t.json", *SETTINGS)
    assert ran.returncode == 2 and "was used already" in ran.stderr
    ran = run("train", root, "--out", model, "--json", tmp_path / "t.json", *SETTINGS)
    told = json.loads((tmp_path / "t.json").read_text("utf-8"))
    assert told["n_images"] == len(list(good.iterdir()))
    assert {(one["name"], one["images"], one["kind"]) for one in told["left_out_folders"]} == {
        ("test", 7, "images to be tested"),
        ("#recycle", 0, "what was thrown away, or thumbnails"),
    }
    sentence = "Not learned from: test (7 images), since their names say"
    assert sentence in ran.stdout and any(sentence in warning for warning in told["warnings"])
    assert "#recycle" in ran.stdout
    ran = run("score", model, root, "--json", tmp_path / "s.json")
    assert "Not looked into" in ran.stdout and "#recycle" in ran.stdout
    assert len(json.loads((tmp_path / "s.json").read_text("utf-8"))["images"]) == 12 + 7
    words = ["--normal", root, "--anomalous", root / "test", "--json", tmp_path / "e.json"]
    ran = run("evaluate", model, *words)
    told = json.loads((tmp_path / "e.json").read_text("utf-8"))
    assert (told["n_normal"], told["n_anomalous"]) == (12, 3)
    assert "Not taken for known defects: good (4 images)" in ran.stdout
    assert {one["name"] for one in told["left_out_folders"]} == {"test", "#recycle", "good"}


def test_a_place_with_nothing_to_learn_from_says_what_was_left_out(tmp_path):
    save_parts(tmp_path / "root" / "NG", 3)
    ran = run("train", tmp_path / "root", "--out", tmp_path / "m.anomaly", *SETTINGS)
    assert ran.returncode == 2 and "NG (3 images)" in ran.stderr


def test_exclusions_that_match_nothing_are_refused_before_any_work(tmp_path):
    good = save_parts(tmp_path / "good", 12)
    (tmp_path / "other.png").write_bytes(b"x")
    words = ["train", good, "--out", tmp_path / "m.anomaly", *SETTINGS]
    for wrong in (good / "gone.png", tmp_path / "other.png", tmp_path):
        ran = run(*words, "--exclude", wrong)
        if wrong == tmp_path:  # all of them: then there is nothing left
            assert ran.returncode == 2 and "There is no image" in ran.stderr
            continue
        assert ran.returncode == 2 and f"{wrong} cannot be excluded" in ran.stderr
        assert ran.stderr.count("\n") == 1
    ran = run_alone(*words, "--exclude", "good/../good/part_1.png", cwd=tmp_path)
    assert ran.returncode == 0 and "Learned from 11 images" in ran.stdout
