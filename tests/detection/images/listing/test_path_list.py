import tracemalloc
from pathlib import Path

import pytest

from anomaly_gui.detection.images.path_list import PathList

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
