"""Addresses are listed by the rules of folders, each image once, and what is fetched is asked for once."""

import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor

import pytest
from image_places import folder_place

from anomaly_gui.cluster.manifest import make_manifest
from anomaly_gui.cluster.places.url_paths import as_path
from anomaly_gui.cluster.scored.prefetching import _Fetching, prefetched
from anomaly_gui.detection.images.folders import Purpose, list_images

FILES = (
    "line/good/1.png",
    "line/good/1_mask.png",
    "line/good/2.png",
    "line/good/10.png",
    "line/good/notes.txt",
    "line/good/.hidden.png",
    "line/NG/1.png",
    "line/NG/deep/2.png",
    "line/ground_truth/1.png",
    "line/lot 7/1.png",
    "line/.cache/1.png",
    "line/#recycle/1.png",
    "line/3.png",
)


@pytest.fixture
def place(tmp_path, monkeypatch):
    for name in FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(name.encode())
    with folder_place(monkeypatch, tmp_path) as system:
        yield system


def list_both(tmp_path, names, purpose):
    """Return what is found at addresses and in folders, as names."""
    there = make_manifest([as_path(f"s3://{name}") for name in names], purpose).listing
    here = list_images([tmp_path / name for name in names], purpose)
    for listing, root in ((there, "s3://"), (here, f"{tmp_path}/")):
        yield (
            [str(file).removeprefix(root) for file in listing.files],
            [
                (str(one.path).removeprefix(root), one.name, one.images, one.kind, one.beside)
                for one in listing.left_out
            ],
            (listing.passed_over, listing.hidden, listing.seen_before),
        )


@pytest.mark.parametrize("purpose", list(Purpose))
@pytest.mark.parametrize(
    "names",
    [
        ("line",),
        ("line/NG",),
        ("line", "line/NG"),
        ("line/good", "line"),
        ("line", "line/good/1.png", "line/good"),
        ("line/good/2.png", "line/good"),
        ("line", "line"),
    ],
)
def test_addresses_are_listed_as_folders(place, tmp_path, names, purpose):
    there, here = list_both(tmp_path, names, purpose)
    assert there == here and there[0]
    assert len(set(there[0])) == len(there[0])


def test_defects_at_an_address_are_not_taken_for_good(place):
    found = make_manifest([as_path("s3://line")], Purpose.GOOD).listing
    assert [str(file) for file in found.files] == [
        "s3://line/3.png",
        "s3://line/good/1.png",
        "s3://line/good/2.png",
        "s3://line/good/10.png",
    ]
    assert {one.name for one in found.left_out} >= {
        "NG",
        "ground_truth",
        "lot 7",
        "good/1_mask.png and the like",
    }


def test_the_size_of_what_is_fetched_is_not_asked_for(place):
    paths = [as_path(f"s3://{name}") for name in FILES[:3]]
    with prefetched(paths) as fetched:
        found = [(path.stat().st_size, path.read_bytes()) for path in fetched]
    assert found == [(len(name), name.encode()) for name in FILES[:3]]
    assert place.asked["info"] == 0 and place.asked["cat_file"] == 3


def test_what_cannot_be_fetched_makes_room_for_the_next(place, monkeypatch):
    monkeypatch.setattr("anomaly_gui.cluster.scored.prefetching._AHEAD", 1)
    paths = [as_path("s3://line/gone.png"), as_path("s3://line/3.png")]
    with prefetched(paths) as (gone, there):
        with pytest.raises(FileNotFoundError):
            gone.stat()
        assert there.read_bytes() == b"line/3.png"
    assert place.asked["cat_file"] == 2 and place.asked["info"] == 0


def test_what_is_no_longer_wanted_is_not_fetched(place, monkeypatch):
    monkeypatch.setattr(place._system, "cat_file", lambda _: time.sleep(0.3), raising=False)
    paths = [as_path(f"s3://{FILES[0]}?{number}") for number in range(40)]
    with pytest.raises(KeyError), prefetched(paths):
        raise KeyError("of who reads")
    assert place.asked["cat_file"] <= 16  # what was under way


class _SlowDeque(deque):
    """Lets other threads go on between the question whether something is in it and the answer."""

    def __len__(self):
        found = super().__len__()
        time.sleep(0.02)
        return found


def test_threads_take_what_is_fetched_at_once(place, monkeypatch):
    monkeypatch.setattr("anomaly_gui.cluster.scored.prefetching._AHEAD", 8)
    urls = [f"s3://{FILES[number % 3]}?{number}" for number in range(9)]  # one waits, eight are taken at once
    monkeypatch.setattr(place._system, "cat_file", lambda path: path.encode(), raising=False)
    with ThreadPoolExecutor(16) as pool:
        fetching = _Fetching([as_path(url) for url in urls], pool)
        fetching._waiting = _SlowDeque(fetching._waiting)
        found = list(pool.map(fetching.take, urls[:8]))
    assert found == [url.removeprefix("s3://").encode() for url in urls[:8]]
