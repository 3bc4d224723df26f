"""Names and places: files that cannot be reached are refused by name, and the rest goes on."""

import os
import socket
import sys
from pathlib import Path

import pytest
from bad_images import REFUSED, bytes_of, check_reason
from PIL import Image

from anomaly_gui.detection.images.folders import list_images
from anomaly_gui.detection.images.loading import LoadedImage, ReadingOptions, load_image
from anomaly_gui.detection.images.reading import read_images
from anomaly_gui.errors import ImageRefusedError

OPTIONS = ReadingOptions((32, 32))


def _paths_of(results):
    return [one.path if isinstance(one, ImageRefusedError) else one.record.path for one in results]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the root user may read anything")
def test_files_and_folders_without_permission(tmp_path):
    path, folder = tmp_path / "a.png", tmp_path / "closed"
    path.write_bytes(bytes_of("PNG"))
    folder.mkdir()
    path.chmod(0)
    folder.chmod(0)
    with pytest.raises(ImageRefusedError, match="may not be opened"):
        load_image(path, OPTIONS)
    assert "may not be opened" in list_images([folder]).refused[0].reason
    folder.chmod(0o700)


def test_a_refusal_by_the_system_is_put_into_words(tmp_path, monkeypatch):
    path = tmp_path / "a.png"
    path.write_bytes(bytes_of("PNG"))

    def refuse(self):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(path), "read_bytes", refuse)
    with pytest.raises(ImageRefusedError, match="ask for permission"):
        load_image(path, OPTIONS)


def test_names_as_long_as_the_system_allows(tmp_path):
    name = "ü" * 125 + ".png"  # 254 bytes
    folder = tmp_path
    for _ in range(12):
        folder = folder / ("Ordner_" + "x" * 230)
    folder.mkdir(parents=True)
    (folder / name).write_bytes(bytes_of("PNG"))
    listing = list_images([tmp_path])
    assert [path.name for path in listing.files] == [name]
    assert load_image(listing.files[0], OPTIONS).record.width == 160
    assert len(str(listing.files[0])) > 2900


def test_names_that_are_too_long_are_refused(tmp_path):
    for path in (tmp_path / ("x" * 300 + ".png"), tmp_path.joinpath(*["x" * 200] * 30)):
        with pytest.raises(ImageRefusedError) as refused:
            load_image(path, OPTIONS)
        check_reason(refused.value, path)
        assert len(list_images([path]).refused) == 1


def test_folders_nested_deeper_than_python_calls(tmp_path):
    depth, folder, made = sys.getrecursionlimit() * 6 // 10, tmp_path, []
    try:
        for _ in range(depth):
            folder = folder / "d"
            folder.mkdir()
            made.append(folder)
        (folder / "a.png").write_bytes(b"x")
        assert list_images([tmp_path]).files == (folder / "a.png",)
    except OSError:
        pytest.skip("the system allows no path as long as that")
    finally:  # what clears up after the tests calls itself at every depth
        (folder / "a.png").unlink(missing_ok=True)
        for folder in reversed(made):
            folder.rmdir()


@pytest.mark.parametrize("name", ["a\0b.png", "\ud800.png"])
def test_names_that_cannot_be(name):
    path = Path(name)
    with pytest.raises(ImageRefusedError) as refused:
        load_image(path, OPTIONS)
    check_reason(refused.value, path)
    check_reason(list_images([path]).refused[0], path)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems allow no such names")
def test_names_of_bytes_that_are_no_text(tmp_path):
    name = os.fsdecode(b"\xff\xfe_7.png")
    (tmp_path / name).write_bytes(bytes_of("PNG"))
    (tmp_path / os.fsdecode(b"\xff\xfe_8.png")).write_bytes(b"")
    files = list_images([tmp_path]).files
    image, refused = read_images(files, OPTIONS)
    assert image.record.path.name == name
    check_reason(refused, files[1])


def test_links_folders_and_devices_in_the_place_of_images(tmp_path):
    (tmp_path / "a.png").write_bytes(bytes_of("PNG"))
    (tmp_path / "folder.png").mkdir()
    (tmp_path / "loop.png").symlink_to(tmp_path / "loop.png")
    (tmp_path / "nowhere.png").symlink_to(tmp_path / "gone.png")
    (tmp_path / "same.png").symlink_to(tmp_path / "a.png")
    odd = _odd_files(tmp_path)
    listing = list_images([tmp_path])
    results = list(read_images(listing.files, OPTIONS))
    assert [result.record.path.name for result in results if isinstance(result, LoadedImage)] == [
        "a.png",
        "same.png",
    ]
    reasons = {error.path.name: error.reason for error in listing.refused}
    assert {"loop.png", "nowhere.png"} <= set(reasons)
    refused = [result for result in results if isinstance(result, ImageRefusedError)]
    assert {result.path.name for result in refused} == odd
    for result in (*refused, *listing.refused):
        check_reason(result, result.path)
    with pytest.raises(ImageRefusedError, match="is not a file"):
        load_image(tmp_path / "folder.png", OPTIONS)


def _odd_files(folder):
    """Make what is neither file nor folder, as far as the system has it; return the names."""
    if not hasattr(os, "mkfifo"):
        return set()
    os.mkfifo(folder / "pipe.png")
    (folder / "zero.png").symlink_to("/dev/zero")
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(folder / "door.png"))
    return {"pipe.png", "zero.png", "door.png"}


def test_files_that_go_or_shrink_between_listing_and_reading(tmp_path):
    for index in range(6):
        (tmp_path / f"{index}.png").write_bytes(bytes_of("PNG", Image.new("RGB", (50, 50), (index, 0, 0))))
    files = list_images([tmp_path]).files
    files[1].unlink()
    files[3].write_bytes(files[3].read_bytes()[:60])
    results = list(read_images(files, OPTIONS))
    assert _paths_of(results) == list(files)
    assert [isinstance(result, ImageRefusedError) for result in results] == [False, True] * 2 + [False] * 2


def test_no_bad_file_holds_up_the_others(tmp_path):
    for index, content in enumerate(content for content, _ in REFUSED.values()):
        (tmp_path / f"{index:03}_bad.png").write_bytes(content)
        (tmp_path / f"{index:03}_good.png").write_bytes(bytes_of("PNG", Image.new("L", (20, 20), index)))
    files = list_images([tmp_path]).files
    results = list(read_images(files, OPTIONS))
    assert _paths_of(results) == list(files)
    good = [result for result in results if isinstance(result, LoadedImage)]
    assert [int(image.pixels[0, 0, 0]) for image in good] == list(range(len(REFUSED)))
