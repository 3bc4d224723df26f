"""What arrives in a folder, however it is written, is taken whole, in order and once."""

import io
import os
import time
from contextlib import closing

import pytest
from line import make_picture, save_picture, wait_until
from PIL import Image

from anomaly_gui.station.capture.decoding import find_trouble
from anomaly_gui.station.capture.folder import FolderCapture
from anomaly_gui.station.capture.sightings import is_picture_name
from anomaly_gui.station.settings.station_settings import FolderSettings


def find_troubles(files):
    return [find_trouble(*pair) for pair in files]


EVERY, PATIENCE = 0.1, 1.0


@pytest.fixture
def capture(tmp_path):
    yield from _open_capture(tmp_path)


def _open_capture(folder, **more):
    settings = FolderSettings(folder, folder, every=EVERY, patience=PATIENCE, **more)
    with closing(FolderCapture(settings, lambda *_: False, find_troubles)) as capture:
        yield capture


def _encode(kind="PNG"):
    content = io.BytesIO()
    Image.fromarray(make_picture()).save(content, kind)
    return content.getvalue()


def _take(capture, count=1, seconds=10):
    taken = []

    def take_more():
        taken.extend(capture.take_pictures(16))
        capture.wait_for_more(0.02)
        return len(taken) >= count

    wait_until(take_more, seconds)
    return taken


def _take_for(capture, seconds):
    taken, until = [], time.monotonic() + seconds
    while time.monotonic() < until:
        taken += capture.take_pictures(16)
        capture.wait_for_more(0.02)
    return taken


def test_a_whole_picture_is_taken_once(capture, tmp_path):
    save_picture(tmp_path / "a.png")
    (picture,) = _take(capture)
    assert picture.path == tmp_path / "a.png"
    assert (picture.size, len(picture.sha256)) == (len(picture.data), 64)
    assert set(picture.milliseconds) == {"wait", "read"}
    assert _take_for(capture, 3 * EVERY) == []


def test_a_picture_has_to_stay_the_same_for_a_while(capture, tmp_path):
    began = time.monotonic()
    save_picture(tmp_path / "a.png")
    _take(capture)
    assert time.monotonic() - began >= EVERY


@pytest.mark.parametrize("done", ["a.png.done", "a.done"])
def test_a_file_beside_it_says_that_it_is_whole(tmp_path, done):
    settings = FolderSettings(tmp_path, tmp_path, every=30)
    save_picture(tmp_path / "a.png")
    (tmp_path / done).touch()
    with closing(FolderCapture(settings, lambda *_: False, find_troubles)) as capture:
        assert len(capture.take_pictures(16)) == 1


def test_half_a_picture_waits_for_the_rest(capture, tmp_path):
    content = _encode("JPEG")
    half = len(content) // 2
    (tmp_path / "a.jpg").write_bytes(content[:half])
    assert _take_for(capture, 4 * EVERY) == []
    with (tmp_path / "a.jpg").open("ab") as file:
        file.write(content[half:])
    assert _take(capture)[0].data == content


def test_what_never_decodes_is_bad_after_a_while(capture, tmp_path):
    (tmp_path / "a.png").write_bytes(_encode()[:500])
    (tmp_path / "empty.png").touch()
    began = time.monotonic()
    pictures = _take(capture, 2)
    assert time.monotonic() - began >= PATIENCE
    assert all(picture.trouble for picture in pictures)


def test_what_is_no_picture_or_not_yet_is_left(capture, tmp_path):
    names = ("a.tmp", "a.png.tmp", "a.png.part", ".a.png", "notes.txt", "a.png.done", "folder.png")
    for name in names[:-1]:
        (tmp_path / name).write_bytes(_encode())
    (tmp_path / names[-1]).mkdir()
    assert not any(is_picture_name(name) for name in names[:-1])
    assert _take_for(capture, 4 * EVERY) == []


def test_the_oldest_comes_first_then_the_name(capture, tmp_path):
    for name, when in (("c", 30), ("b", 20), ("a", 20), ("d", 10)):
        save_picture(tmp_path / f"{name}.png")
        os.utime(tmp_path / f"{name}.png", (when, when))
    assert [picture.path.stem for picture in _take(capture, 4)] == ["d", "a", "b", "c"]


def test_never_more_than_asked_for_and_the_rest_waits(capture, tmp_path):
    for number in range(5):
        save_picture(tmp_path / f"{number}.png")
    wait_until(
        lambda: (capture.wait_for_more(0.02), capture.take_pictures(0), capture.measure_backlog().count == 5)[
            2
        ]
    )
    taken = []
    wait_until(
        lambda: taken.extend(capture.take_pictures(2)) or capture.wait_for_more(0.02) or len(taken) >= 2
    )
    assert len(taken) == 2
    backlog = capture.measure_backlog()
    assert backlog.count == 3
    assert 0 <= backlog.oldest_seconds < 30


def test_what_is_given_back_is_taken_again(capture, tmp_path):
    save_picture(tmp_path / "a.png")
    first = _take(capture)
    capture.give_back(first)
    assert _take(capture)[0].identity == first[0].identity


def test_a_new_picture_under_a_name_that_was_moved_away(capture, tmp_path):
    save_picture(tmp_path / "a.png", seed=1)
    (first,) = _take(capture)
    kept = (tmp_path / "a.png").stat()
    (tmp_path / "a.png").unlink()
    capture.let_go([tmp_path / "a.png"])
    save_picture(tmp_path / "a.png", seed=1)
    os.utime(tmp_path / "a.png", ns=(kept.st_mtime_ns, kept.st_mtime_ns))
    assert _take(capture)[0].identity == first.identity


def test_part_and_lot_by_the_name(tmp_path):
    capture = next(opened := _open_capture(tmp_path, name_rule=r"^(?P<lot>\w+?)-(?P<part>\w+)"))
    save_picture(tmp_path / "L7-4711.png")
    save_picture(tmp_path / "other.png")
    named = {picture.path.name: (picture.part, picture.lot) for picture in _take(capture, 2)}
    assert named == {"L7-4711.png": ("4711", "L7"), "other.png": (None, None)}
    opened.close()


def test_a_folder_that_goes_away_and_comes_back(capture, tmp_path):
    tmp_path.rename(tmp_path.with_name(f"{tmp_path.name}-away"))
    try:
        wait_until(lambda: capture.take_pictures(16) == [] and capture.trouble)
        assert "cannot be listed" in capture.trouble
    finally:
        tmp_path.with_name(f"{tmp_path.name}-away").rename(tmp_path)
    save_picture(tmp_path / "a.png")
    assert len(_take(capture)) == 1
    assert capture.trouble == ""


def test_a_file_that_may_not_be_read_is_bad_after_a_while(capture, tmp_path, monkeypatch):
    def refuse(path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("anomaly_gui.station.files.read_whole", refuse)
    save_picture(tmp_path / "a.png")
    (picture,) = _take(capture)
    assert "Permission denied" in picture.trouble
    assert (picture.sha256, picture.data) == ("", b"")
