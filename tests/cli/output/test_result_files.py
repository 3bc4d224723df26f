"""Result files: into pipes, devices and links, over no input, and as spreadsheets take them."""

import csv
import json
import os
import threading
from pathlib import Path

import pytest

from anomaly_gui.cli.output.result_files import check_result_files
from anomaly_gui.errors import ReaderGoneError, UserError
from anomaly_gui.paths import atomic_write, is_special
from anomaly_gui.results import write_csv, write_json

posix = pytest.mark.skipif(os.name == "nt", reason="pipes and devices have no names there")
NAMES = ["=1+1.png", "+x.png", "-rf.png", "@a.png", "\ttab.png", "＝1.png", "'quoted.png", 'a,b;"c".png']
NAMES += ["new\nline.png", "cr\rline.png", "  spaces  .png", "émoji_🔩_零件.png", "\u202egnp.exe.png"]


def rows_of(path):
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        return list(csv.reader(file))


# --- tables


def test_a_table_opens_in_a_spreadsheet_as_it_is(tmp_path):
    write_csv(tmp_path / "t.csv", ("path", "score"), [(Path("ü.png"), -1.5)])
    assert (tmp_path / "t.csv").read_bytes() == b"\xef\xbb\xbfpath,score\r\n\xc3\xbc.png,-1.5\r\n"


@pytest.mark.parametrize("name", NAMES)
def test_no_cell_is_a_formula_and_every_path_comes_back(tmp_path, name):
    rows = [(Path(name), -2.0, name), (Path("folder") / name, 3.0, "plain")]
    write_csv(tmp_path / "t.csv", ("path", "score", "text"), rows)
    _, first, second = rows_of(tmp_path / "t.csv")
    assert Path(first[0]) == Path(name) and Path(second[0]) == Path("folder") / name
    assert first[1] == "-2.0"
    assert first[0][0] not in "=+-@\t\r＝" and first[2][0] not in "=+-@\t\r＝"
    assert first[2].removeprefix("'") == name
    write_json(tmp_path / "t.json", {"path": name})
    assert json.loads((tmp_path / "t.json").read_text("utf-8")) == {"path": name}


@posix
def test_names_that_are_no_text_come_back(tmp_path):
    name = os.fsdecode(b"\xff\xfe_7.png")
    write_csv(tmp_path / "t.csv", ("path",), [(Path(name),)])
    write_json(tmp_path / "t.json", {"path": name})
    assert rows_of(tmp_path / "t.csv")[1] == [name]
    assert json.loads((tmp_path / "t.json").read_text("utf-8")) == {"path": name}


# --- places


def test_links_stay_links_and_what_they_lead_to_is_written(tmp_path):
    (tmp_path / "far").mkdir()
    (tmp_path / "old.csv").write_text("old")
    for link, target in (("a.csv", "old.csv"), ("b.csv", "far/new.csv"), ("c.csv", "b.csv")):
        (tmp_path / link).symlink_to(target)
        check_result_files(tmp_path / link)
        write_csv(tmp_path / link, ("path",), [(link,)])
        assert (tmp_path / link).is_symlink()
        assert rows_of(tmp_path / target)[1] == [link]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "b.csv", "c.csv", "far", "old.csv"]


def test_files_of_several_names_stay_one_file(tmp_path):
    (tmp_path / "a.csv").write_text("old and longer than what is new")
    os.link(tmp_path / "a.csv", tmp_path / "b.csv")
    write_csv(tmp_path / "a.csv", ("path",), [])
    assert (tmp_path / "b.csv").read_bytes() == b"\xef\xbb\xbfpath\r\n"


@posix
def test_pipes_and_devices_are_written_into(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    heard = []
    reader = threading.Thread(target=lambda: heard.append((tmp_path / "pipe").read_bytes()))
    reader.start()
    check_result_files(tmp_path / "pipe")
    write_csv(tmp_path / "pipe", ("path",), [("a",)])
    reader.join(10)
    assert heard == [b"\xef\xbb\xbfpath\r\na\r\n"]
    assert is_special(tmp_path / "pipe") and [path.name for path in tmp_path.iterdir()] == ["pipe"]
    null = Path(os.devnull)
    check_result_files(null, null)
    write_json(null, {"a": 1})
    assert null.is_char_device()


@posix
def test_of_a_writing_that_fails_nothing_gets_into_a_pipe(tmp_path):
    (tmp_path / "old").write_text("old")
    os.link(tmp_path / "old", tmp_path / "also")
    with pytest.raises(KeyError), atomic_write(tmp_path / "old") as file:
        file.write(b"half")
        raise KeyError
    assert (tmp_path / "also").read_text() == "old"


@posix
def test_a_pipe_nobody_reads_and_a_full_device(tmp_path):
    read, write = os.pipe()
    os.close(read)
    with pytest.raises(ReaderGoneError):
        write_csv(Path(f"/dev/fd/{write}"), ("path",), [])
    os.close(write)
    if Path("/dev/full").exists():
        with pytest.raises(UserError, match="cannot be written"):
            write_csv(Path("/dev/full"), ("path",), [])


def test_what_is_read_is_not_written_over(tmp_path):
    model, image, odd = tmp_path / "m.anomaly", tmp_path / "a.png", tmp_path / "DSC0001"
    for path in (model, image, odd):
        path.write_bytes(b"x")
    (tmp_path / "t.csv").symlink_to("a.png")
    (tmp_path / "m.csv").symlink_to("m.anomaly")
    os.link(odd, tmp_path / "hard")
    inputs = (model, tmp_path, image, odd, None)
    for place in (model, image, odd, tmp_path / "t.csv", tmp_path / "m.csv", tmp_path / "hard"):
        with pytest.raises(UserError) as refused:
            check_result_files(place, inputs=inputs)
        assert str(place) in str(refused.value)
    check_result_files(tmp_path / "new.csv", None, inputs=inputs)


def test_two_results_are_not_written_to_one_file(tmp_path):
    (tmp_path / "link").symlink_to("t.csv")
    for other in (tmp_path / "t.csv", tmp_path / "link", tmp_path / ".." / tmp_path.name / "t.csv"):
        with pytest.raises(UserError, match="written twice"):
            check_result_files(tmp_path / "t.csv", other)


def test_links_to_where_nothing_can_be_written(tmp_path):
    (tmp_path / "a.csv").symlink_to("none/a.csv")
    (tmp_path / "b.csv").symlink_to("b.csv")
    with pytest.raises(UserError, match="does not exist"):
        check_result_files(tmp_path / "a.csv")
    with pytest.raises(UserError, match="circle"):
        check_result_files(tmp_path / "b.csv")
    with pytest.raises(UserError, match="cannot be written"):
        write_csv(tmp_path / "b.csv", (), [])
    assert (tmp_path / "b.csv").is_symlink()
