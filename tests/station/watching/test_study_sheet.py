"""A study at the screen: planned, filled in and taken up again; every answer is on the disk at once."""

import pytest
from line import save_picture

from anomaly_gui.errors import UserError
from anomaly_gui.station.watching.study.agreement import Rating
from anomaly_gui.station.watching.study.files import StudyPart, read_parts, write_parts
from anomaly_gui.station.watching.study.sheet import find_parts, list_sheets, make_sheet, open_sheet


@pytest.fixture
def known(tmp_path):
    folder = tmp_path / "known"
    for kind, count in (("good", 7), ("defect", 5)):
        (folder / kind).mkdir(parents=True)
        for number in range(count):
            save_picture(folder / kind / f"{kind}_{number}.png", defect=kind == "defect")
        (folder / kind / "notes.txt").write_text("no picture")
    return folder


def test_pictures_of_a_folder_get_numbers_that_tell_nothing(known):
    parts = find_parts(known, 3)
    assert sorted(part.name for part in parts) == [f"P{number:02}" for number in range(1, 13)]
    assert sum(part.is_defect for part in parts) == 5
    assert all(part.picture.parent.name == ("defect" if part.is_defect else "good") for part in parts)
    kinds = [part.is_defect for part in parts]
    assert kinds != sorted(kinds)
    assert find_parts(known, 3) == parts


def test_pictures_of_a_table_are_beside_it_or_named_in_it(tmp_path, known):
    table = tmp_path / "known" / "parts.csv"
    rows = [f"good/good_{number}.png,good" for number in range(6)] + [f"X{n},defect" for n in range(5)]
    table.write_text("part,standard\n" + "\n".join(rows))
    parts = read_parts(table)
    assert parts[0].picture == known / "good" / "good_0.png"
    assert parts[-1] == StudyPart("X4", True, None)
    other = tmp_path / "other.csv"
    write_parts(other, parts)
    assert read_parts(other) == parts


def test_answers_are_on_the_disk_and_taken_up_again(tmp_path, known):
    records = tmp_path / "records"
    sheet = make_sheet(records, find_parts(known, 1), ["Anna", "=Bo"], 2, 1)
    assert list_sheets(records) == [sheet.folder]
    assert (sheet.operators, sheet.trials) == (("Anna", "=Bo"), ("1", "2"))
    assert len(sheet.list_turn(0)) == 12
    assert "defect_" not in (sheet.folder / "answers.csv").read_text()  # who judges should not know
    for place in range(5):
        sheet = sheet.set_answer(sheet.find_next(), place == 3)
        sheet.save()
    again = open_sheet(sheet.folder)
    assert again.questions == sheet.questions
    assert again.parts == sheet.parts
    assert again.find_next() == 5
    assert again.find_next("=Bo") == 12
    assert again.count_answers() == (5, 48)
    assert again.count_answers("Anna", "1") == (5, 12)
    assert again.set_answer(4, None).find_next() == 4
    with pytest.raises(UserError, match="nothing is in the column answer"):
        again.measure_agreement()


def test_a_study_that_is_filled_in_is_measured(tmp_path, known):
    sheet = make_sheet(tmp_path / "records", find_parts(known, 1), ["Anna"], 2, 1)
    while (place := sheet.find_next()) is not None:
        sheet = sheet.set_answer(place, sheet.parts[sheet.questions[place].part].is_defect)
    sheet.save()
    assert sheet.is_complete
    study = sheet.measure_agreement()
    assert (study.parts, study.defects, study.trials, study.rating) == (12, 5, 2, Rating.ACCEPTABLE)


def test_what_cannot_be_planned_is_said_and_leaves_nothing(tmp_path, known):
    records = tmp_path / "records"
    parts = find_parts(known, 1)
    with pytest.raises(UserError, match="Name each operator once"):
        make_sheet(records, parts, ["Anna", "Anna"], 1, 1)
    assert list_sheets(records) == []
    assert list((records / "studies").iterdir()) == []
    with pytest.raises(UserError, match="the folders good and defect"):
        find_parts(known / "good", 1)
    for path in (known / "defect").glob("*.png"):
        path.unlink()
    with pytest.raises(UserError, match="at least 10 parts"):
        find_parts(known, 1)


def test_a_plan_that_was_changed_is_refused(tmp_path, known):
    sheet = make_sheet(tmp_path / "records", find_parts(known, 1), ["Anna"], 1, 1)
    file = sheet.folder / "answers.csv"
    whole = file.read_text("utf-8-sig")
    file.write_text(whole.replace("P01", "P99"))
    with pytest.raises(UserError, match="no plan of these parts"):
        open_sheet(sheet.folder)
    file.write_text(whole.replace("P01,", "P01,maybe", 1))
    with pytest.raises(UserError, match="maybe is no answer"):
        open_sheet(sheet.folder)
