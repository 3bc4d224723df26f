import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from anomaly_gui.detection.images.path_list import ChosenPaths, JoinedPaths, PathList, find_common

FILES = [Path("a/一.png"), Path("a/part 2.png"), Path("b/part\udce9.png"), Path("a/x"), Path("y.png")]


@pytest.fixture
def paths():
    made = PathList()
    for file in FILES:
        made.append(file)
    return made


def test_paths_come_out_as_they_went_in(paths):
    assert list(paths) == FILES and len(paths) == len(FILES)
    assert paths[-1] == FILES[-1] and paths[1:3] == tuple(FILES[1:3])
    with pytest.raises(IndexError):
        paths[len(FILES)]


def test_names_take_next_to_nothing_beside_their_letters():
    made = PathList()
    tracemalloc.start()
    for number in range(5000):
        made.append(Path("folder", f"{number:08}.png"))
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert len(made) == 5000
    assert held < 5000 * 40  # a string of as many letters takes 61 bytes, and 8 in a list


def test_chosen_and_joined_paths_are_those_of_others(paths):
    chosen = ChosenPaths(paths, np.array([4, 0, 2]))
    assert list(chosen) == [FILES[4], FILES[0], FILES[2]] and list(chosen[1:]) == [FILES[0], FILES[2]]
    joined = JoinedPaths(paths, chosen)
    assert (
        list(joined) == [*FILES, *chosen] and joined[-1] == FILES[2] and joined[4:6] == (FILES[4], FILES[4])
    )
    with pytest.raises(IndexError):
        joined[8]


def test_common_files_are_found_through_links(tmp_path):
    for name in "abc":
        (tmp_path / name).touch()
    (tmp_path / "link").symlink_to(tmp_path / "b")
    first, second = [tmp_path / "a", tmp_path / "b"], [tmp_path / "link", tmp_path / "c"]
    assert find_common(first, second) == {(tmp_path / "b").resolve()}
    assert find_common(first, second[1:]) == find_common(first, []) == set()
