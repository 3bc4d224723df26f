import json

import pytest
from command_line import SETTINGS, run
from parts import save_parts


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    place = tmp_path_factory.mktemp("update")
    save_parts(place / "good", 16)
    save_parts(place / "more", 4, 1, name="more")
    (place / "more" / "broken.png").write_bytes(b"")
    trained = run("train", place / "good", "--out", place / "first.anomaly", *SETTINGS, "--suspects", "keep")
    assert trained.returncode == 0, trained.stderr
    return place


def test_adds_and_takes_out_and_says_so(place):
    told, gone = place / "told.json", place / "good" / "part_3.png"
    gone_too = place / "good" / "part_5.png"
    ran = run(
        *(
            "update",
            place / "first.anomaly",
            "--add",
            place / "more",
            "--without",
            gone,
            "--without",
            gone_too,
        ),
        *("--out", place / "second.anomaly", "--json", told),
    )
    assert ran.returncode == 3, ran.stderr
    assert "Added 4 images, took out 2." in ran.stdout
    assert "Learned from 18 images of 18 parts" in ran.stdout
    assert "broken.png" in ran.stderr
    result = json.loads(told.read_text("utf-8"))
    assert result["taken_out"] == [str(gone), str(gone_too)]
    assert (result["n_images"], len(result["added"])) == (18, 4)
    listed = run("info", place / "second.anomaly", "--files").stdout
    assert str(gone) not in listed
    assert str(place / "more" / "more_2.png") in listed


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "Nothing is to be added or taken out"),
        (("--without", "nowhere.png"), "the model did not learn from it"),
        (("--add", "more", "--suspects", "perhaps"), "--suspects cannot be 'perhaps'"),
        (("--add", "more", "--exclude", "nowhere"), "cannot be excluded"),
        (("--add", "good"), "was used already"),
    ],
)
def test_mistakes_are_told_in_a_sentence(place, arguments, sentence):
    given = [place / one if one in ("more", "good") else one for one in arguments]
    ran = run("update", place / "first.anomaly", "--out", place / "third.anomaly", *given)
    assert ran.returncode == 2
    assert sentence in ran.stderr
    assert not (place / "third.anomaly").exists()


def test_the_model_to_begin_with_is_not_written_over(place):
    model = place / "first.anomaly"
    ran = run("update", model, "--add", place / "more", "--out", model)
    assert ran.returncode == 2
    assert "is read by this command" in ran.stderr
